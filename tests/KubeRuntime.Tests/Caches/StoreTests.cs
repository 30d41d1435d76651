using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using Microsoft.Extensions.Time.Testing;

namespace GrpoOperator.KubeRuntime.Tests.Caches;

public sealed class StoreTests
{
    private static readonly HashSet<NamespacedName> None = [];
    private readonly Store<PodView> _store = new(new FakeTimeProvider());
    private readonly List<(PodView? Old, PodView? New, bool Initial)> _told = [];

    public StoreTests()
    {
        _store.AddIndex("job", view => [view.Job]);
        _store.Subscribe(change => _told.Add((change.Old, change.New, change.Initial)));
    }

    [Fact]
    public void A_version_with_the_same_hash_is_put_in_but_not_told()
    {
        _store.Apply(Pod("a", 10));
        _store.Apply(Pod("a", 11));
        Assert.Single(_told);
        Assert.Equal("11", _store.Get(Name("a"))!.ResourceVersion);
    }

    [Fact]
    public void A_late_event_does_not_turn_the_store_back()
    {
        _store.Apply(Pod("a", 11, phase: "Running"));
        _store.Apply(Pod("a", 10, phase: "Pending"));
        Assert.Equal("Running", _store.Get(Name("a"))!.Phase);
        Assert.Single(_told);
    }

    [Fact]
    public void Same_name_new_uid_is_one_gone_and_one_come()
    {
        _store.Apply(Pod("a", 10, uid: "u1"));
        _store.Apply(Pod("a", 12, uid: "u2"));
        Assert.Equal(3, _told.Count);
        Assert.Equal(("u1", null), (_told[1].Old?.Uid, _told[1].New?.Uid));
        Assert.Equal((null, "u2"), (_told[2].Old?.Uid, _told[2].New?.Uid));
    }

    [Fact]
    public void Removing_an_old_uid_leaves_its_successor()
    {
        _store.Apply(Pod("a", 12, uid: "u2"));
        _store.Remove(Name("a"), "u1");
        Assert.NotNull(_store.Get(Name("a")));
    }

    [Fact]
    public void A_list_takes_out_what_it_does_not_show_with_the_last_known_view()
    {
        _store.Apply(Pod("a", 10, phase: "Running"));
        _store.Apply(Pod("b", 11));
        _told.Clear();
        _store.Replace(null, "20", [Pod("b", 11), Pod("c", 19)], None, initial: false);
        Assert.Equal(2, _told.Count);
        Assert.Equal(("Running", null), (_told[0].Old?.Phase, _told[0].New?.Phase));
        Assert.Equal("c", _told[1].New?.NamespacedName.Name);
    }

    [Fact]
    public void A_list_of_one_namespace_leaves_the_others_alone()
    {
        _store.Apply(Pod("a", 10, @namespace: "x"));
        _store.Replace("y", "20", [], None, initial: false);
        Assert.NotNull(_store.Get(new NamespacedName("x", "a")));
    }

    [Fact]
    public void What_could_not_be_read_keeps_its_last_view()
    {
        _store.Apply(Pod("a", 10));
        _store.Replace(null, "20", [], new HashSet<NamespacedName> { Name("a") }, initial: false);
        Assert.NotNull(_store.Get(Name("a")));
    }

    [Fact]
    public void A_list_counts_even_when_the_server_was_turned_back_by_a_restore()
    {
        _store.Apply(Pod("a", 100, phase: "Running"));
        _store.Replace(null, "50", [Pod("a", 40, phase: "Pending")], None, initial: false);
        Assert.Equal("Pending", _store.Get(Name("a"))!.Phase);
    }

    [Fact]
    public void An_index_follows_its_objects()
    {
        _store.Apply(Pod("a", 10, job: "x"));
        _store.Apply(Pod("b", 11, job: "x"));
        var before = _store.ByIndex("job", "x");
        _store.Apply(Pod("a", 12, job: "y"));
        Assert.Equal(["a", "b"], before.Select(view => view.NamespacedName.Name));
        Assert.Equal(["b"], _store.ByIndex("job", "x").Select(view => view.NamespacedName.Name));
        Assert.Equal(["a"], _store.ByIndex("job", "y").Select(view => view.NamespacedName.Name));
        _store.Remove(Name("a"), "a");
        Assert.Empty(_store.ByIndex("job", "y"));
    }

    [Fact]
    public void An_index_added_too_late_is_an_error()
    {
        _store.Apply(Pod("a", 10));
        Assert.Throws<InvalidOperationException>(() => _store.AddIndex("late", _ => []));
    }

    internal static NamespacedName Name(string name) => new("default", name);

    internal static PodView Pod(string name, int version, string phase = "Pending", string job = "j", string? uid = null, string @namespace = "default") =>
        new(new NamespacedName(@namespace, name), uid ?? name, $"{version}", phase, job);
}
