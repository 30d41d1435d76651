using CsCheck;
using GrpoOperator.KubeRuntime.Queue;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.KubeRuntime.Tests.Queue;

/// <summary>Random histories of the queue beside a model that is nothing but its promises.</summary>
public sealed class WorkQueueModelTests
{
    private static readonly Gen<Step> Steps = Gen.Frequency(
        (5, Gen.Select(Gen.Int[0, 4], Gen.Enum<Lane>()).Select((key, lane) => (Step)new Step.Add(key, lane))),
        (4, Gen.Const((Step)new Step.Take())),
        (4, Gen.Int[0, 4].Select(key => (Step)new Step.Done(key))),
        (3, Gen.Int[1, 150].Select(ms => (Step)new Step.Wait(ms))),
        (2, Gen.Select(Gen.Int[0, 4], Gen.Int[0, 400]).Select((key, ms) => (Step)new Step.Look(key, ms))),
        (1, Gen.Int[0, 4].Select(key => (Step)new Step.Clear(key))),
        (1, Gen.Int[0, 4].Select(key => (Step)new Step.Retry(key))));

    [Fact]
    public Task No_request_is_lost_no_key_runs_twice_at_once_rest_and_lanes_are_kept() =>
        Steps.Array[0, 80].SampleAsync(
            async steps =>
            {
                using var history = new History();
                await history.PlayAsync(steps);
            },
            iter: 2000);

    private abstract record Step
    {
        public sealed record Add(int Key, Lane Lane) : Step;

        public sealed record Take : Step;

        public sealed record Done(int Key) : Step;

        public sealed record Wait(int Milliseconds) : Step;

        public sealed record Look(int Key, int Milliseconds) : Step;

        public sealed record Clear(int Key) : Step;

        public sealed record Retry(int Key) : Step;
    }

    private sealed class Model
    {
        public Lane? Wanted { get; set; }

        public bool Running { get; set; }

        public DateTimeOffset? StartedAt { get; set; }

        public DateTimeOffset? Due { get; set; }
    }

    private sealed class History : IDisposable
    {
        private readonly FakeTimeProvider _time = new();
        private readonly WorkQueue<int> _queue;
        private readonly Model[] _models = [.. Enumerable.Range(0, 5).Select(_ => new Model())];

        public History() => _queue = new WorkQueue<int>("model", _time, new Random(7), NoMetrics.Instance);

        public void Dispose() => _queue.Dispose();

        public async Task PlayAsync(Step[] steps)
        {
            foreach (var step in steps)
                await DoAsync(step);
            await DrainAsync();
        }

        private async Task DoAsync(Step step)
        {
            switch (step)
            {
                case Step.Add(var key, var lane):
                    _queue.Add(key, lane);
                    Want(_models[key], lane);
                    break;
                case Step.Take:
                    await TakeAsync();
                    break;
                case Step.Done(var key) when _models[key].Running:
                    _models[key].Running = false;
                    _queue.Done(key);
                    break;
                case Step.Wait(var milliseconds):
                    for (var i = 0; i < milliseconds; i++)
                        Tick();
                    break;
                case Step.Look(var key, var milliseconds):
                    _models[key].Due = _time.GetUtcNow().AddMilliseconds(milliseconds);
                    _queue.LookAgainAt(key, _models[key].Due);
                    Ring(_models[key]);
                    break;
                case Step.Clear(var key):
                    _models[key].Due = null;
                    _queue.LookAgainAt(key, null);
                    break;
                case Step.Retry(var key):
                    _queue.Retry(key); // When exactly it rings is the queue's secret: the model replaces it at once.
                    _models[key].Due = _time.GetUtcNow().AddMilliseconds(50);
                    _queue.LookAgainAt(key, _models[key].Due);
                    break;
            }

            Assert.Equal(_models.Count(IsReady), _queue.Depth);
        }

        private void Tick()
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            foreach (var model in _models)
                Ring(model);
        }

        private void Ring(Model model)
        {
            if (model.Due > _time.GetUtcNow() || model.Due is null)
                return;
            model.Due = null;
            Want(model, Lane.Child);
        }

        private static void Want(Model model, Lane lane) => model.Wanted = model.Wanted is { } already && already < lane ? already : lane;

        private bool IsReady(Model model) =>
            model is { Running: false, Wanted: { } lane }
            && (lane == Lane.Urgent || model.StartedAt is null || _time.GetUtcNow() - model.StartedAt >= WorkQueue<int>.Spacing);

        private async Task TakeAsync()
        {
            if (_queue.Depth == 0)
                return;
            var take = _queue.TakeAsync(CancellationToken.None);
            Assert.True(take.IsCompleted, "A ready key was not given out.");
            var taken = _models[await take];
            Assert.True(IsReady(taken), "A key was given out that is not ready.");
            Assert.Equal(_models.Where(IsReady).Min(model => model.Wanted), taken.Wanted);
            taken.Running = true;
            taken.Wanted = null;
            taken.StartedAt = _time.GetUtcNow();
        }

        /// <summary>Whatever is wanted, or will be, runs in the end; then nothing is remembered but failures.</summary>
        private async Task DrainAsync()
        {
            for (var i = 0; i < 1000; i++)
            {
                for (var key = 0; key < _models.Length; key++)
                    await DoAsync(new Step.Done(key));
                await DoAsync(new Step.Take());
                Tick();
            }

            Assert.All(_models, model => Assert.True(model is { Wanted: null, Running: false, Due: null }));
            for (var key = 0; key < _models.Length; key++)
                _queue.Forget(key);
            Assert.Equal(0, _queue.Known);
        }
    }
}
