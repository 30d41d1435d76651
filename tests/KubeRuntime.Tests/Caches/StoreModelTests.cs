using CsCheck;
using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.KubeRuntime.Tests.Caches;

/// <summary>Random histories of a server that we and others write to, and of a watch that lags behind it.</summary>
/// <remarks>The promise: a reader sees, for each key, the outcome of our last write to it if the watch hasn't come past that, and else what the
/// watch has shown. When the watch has caught up, the store is the server.</remarks>
public sealed class StoreModelTests
{
    private static readonly HashSet<NamespacedName> None = [];

    private static readonly Gen<(int What, int Key, int Job)> Steps = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 3], Gen.Int[0, 2]);

    [Fact]
    public void A_reader_sees_its_own_writes_and_never_anything_older_than_the_watch() =>
        Steps.Array[0, 60].Sample(steps => new World().Play(steps), iter: 5000);

    private sealed class World
    {
        private readonly Store<PodView> _store = new(new FakeTimeProvider());
        private readonly PodView?[] _server = new PodView?[4];
        private readonly List<(int Version, int Key, PodView? Before, PodView? After)> _history = [];
        private readonly (int Version, PodView? After)?[] _ownLast = new (int, PodView?)?[4];
        private int _version = 100;
        private int _shown = 100;
        private int _uids;

        public World() => _store.AddIndex("job", view => [view.Job]);

        public void Play((int What, int Key, int Job)[] steps)
        {
            foreach (var (what, key, job) in steps)
            {
                Do(what, key, job);
                Check();
            }

            while (Deliver())
                Check();
            for (var key = 0; key < _server.Length; key++)
                Assert.Equal(_server[key], _store.Get(Name(key)));
            Assert.Equal(_server.Count(view => view is not null), _store.Count);
        }

        private void Do(int what, int key, int job)
        {
            switch (what)
            {
                case 0:
                    Write(key, job, own: false);
                    break;
                case 1:
                    Remove(key, own: false);
                    break;
                case 2 or 3:
                    Write(key, job, own: true);
                    break;
                case 4:
                    Remove(key, own: true);
                    break;
                case 9:
                    Relist();
                    break;
                default:
                    Deliver();
                    break;
            }
        }

        private void Write(int key, int job, bool own)
        {
            var before = _server[key];
            if (own && before is not null && Expected(key)?.Uid != before.Uid)
                return; // We write by uid: of what we haven't seen, the server refuses it.
            var after = new PodView(Name(key), before?.Uid ?? $"u{++_uids}", $"{++_version}", "", $"{job}");
            _history.Add((_version, key, before, _server[key] = after));
            if (!own)
                return;
            _ownLast[key] = (_version, after);
            _store.Written(after);
        }

        private void Remove(int key, bool own)
        {
            if (_server[key] is not { } before || (own && Expected(key)?.Uid != before.Uid))
                return;
            _server[key] = null;
            _history.Add((++_version, key, before, null));
            if (!own)
                return;
            _ownLast[key] = (_version, null);
            _store.Deleted(before.NamespacedName, before.Uid);
        }

        private bool Deliver()
        {
            var next = _history.Find(happened => happened.Version > _shown);
            if (next.Version == 0)
                return false;
            _shown = next.Version;
            if (next.After is not null)
                _store.Apply(next.After);
            else
                _store.Remove(next.Before!.NamespacedName, next.Before.Uid);
            _store.Reached(null, $"{_shown}");
            return true;
        }

        private void Relist()
        {
            _shown = _version;
            _store.Replace(null, $"{_version}", [.. _server.OfType<PodView>()], None, initial: false);
        }

        private PodView? Expected(int key)
        {
            if (_ownLast[key] is { } own && own.Version > _shown)
                return own.After;
            return _history.FindLast(happened => happened.Key == key && happened.Version <= _shown).After;
        }

        private void Check()
        {
            var expected = Enumerable.Range(0, _server.Length).Select(Expected).ToList();
            for (var key = 0; key < _server.Length; key++)
                Assert.Equal(expected[key], _store.Get(Name(key)));
            Assert.Equal(Sorted(expected.OfType<PodView>()), Sorted(_store.All()));
            for (var job = 0; job < 3; job++)
                Assert.Equal(Sorted(expected.OfType<PodView>().Where(view => view.Job == $"{job}")), Sorted(_store.ByIndex("job", $"{job}")));
        }

        private static List<PodView> Sorted(IEnumerable<PodView> views) => [.. views.OrderBy(view => view.NamespacedName.Name, StringComparer.Ordinal)];

        private static NamespacedName Name(int key) => new("default", $"{key}");
    }
}
