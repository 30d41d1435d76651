using GrpoOperator.KubeRuntime.Api;
using GrpoOperator.KubeRuntime.Caches;
using Microsoft.Extensions.Time.Testing;
using static GrpoOperator.KubeRuntime.Tests.Caches.StoreTests;

namespace GrpoOperator.KubeRuntime.Tests.Caches;

public sealed class OwnWritesTests
{
    private static readonly HashSet<NamespacedName> None = [];
    private readonly FakeTimeProvider _time = new();
    private readonly Store<PodView> _store;

    public OwnWritesTests()
    {
        _store = new Store<PodView>(_time);
        _store.AddIndex("job", view => [view.Job]);
    }

    [Fact]
    public void What_we_created_is_there_before_the_watch_shows_it()
    {
        _store.Written(Pod("a", 10));
        Assert.NotNull(_store.Get(Name("a")));
        Assert.Single(_store.ByIndex("job", "j"));
        Assert.Single(_store.All());
        Assert.Equal(0, _store.Count);
    }

    [Fact]
    public void It_stands_over_older_versions_and_yields_to_equal_ones()
    {
        _store.Apply(Pod("a", 10, phase: "Pending", job: "x"));
        _store.Written(Pod("a", 15, phase: "Failed", job: "y"));
        _store.Apply(Pod("a", 12, phase: "Running", job: "x"));
        Assert.Equal("Failed", _store.Get(Name("a"))!.Phase);
        Assert.Empty(_store.ByIndex("job", "x"));
        Assert.Single(_store.ByIndex("job", "y"));
        _store.Apply(Pod("a", 15, phase: "Failed", job: "y"));
        _store.Apply(Pod("a", 16, phase: "Running", job: "y"));
        Assert.Equal("Running", _store.Get(Name("a"))!.Phase);
    }

    [Fact]
    public void The_watch_may_be_faster_than_the_answer()
    {
        _store.Apply(Pod("a", 16, phase: "Running"));
        _store.Written(Pod("a", 15, phase: "Failed"));
        Assert.Equal("Running", _store.Get(Name("a"))!.Phase);
    }

    [Fact]
    public void What_came_and_went_before_the_answer_is_no_ghost()
    {
        _store.Apply(Pod("a", 15));
        _store.Remove(Name("a"), "a");
        _store.Reached(null, "17");
        _store.Written(Pod("a", 15));
        Assert.Null(_store.Get(Name("a")));
    }

    [Fact]
    public void It_ends_when_the_watch_has_come_past_it_without_showing_it()
    {
        _store.Written(Pod("a", 15));
        _store.Reached(null, "14");
        Assert.NotNull(_store.Get(Name("a")));
        _store.Reached(null, "15");
        Assert.Null(_store.Get(Name("a")));
    }

    [Fact]
    public void Another_namespaces_progress_says_nothing()
    {
        _store.Written(Pod("a", 15));
        _store.Reached("other", "99");
        Assert.NotNull(_store.Get(Name("a")));
    }

    [Fact]
    public void A_tombstone_hides_its_uid_until_the_watch_says_deleted()
    {
        _store.Apply(Pod("a", 10));
        _store.Deleted(Name("a"), "a");
        Assert.Null(_store.Get(Name("a")));
        Assert.Empty(_store.ByIndex("job", "j"));
        Assert.Empty(_store.All());
        _store.Apply(Pod("a", 12, phase: "Running"));
        Assert.Null(_store.Get(Name("a")));
        _store.Remove(Name("a"), "a");
        _store.Apply(Pod("a", 20, uid: "next"));
        Assert.Equal("next", _store.Get(Name("a"))!.Uid);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_store.OverdueWrites()); // It isn't kept for ever.
    }

    [Fact]
    public void What_bore_the_name_before_our_object_does_not_come_back_when_ours_goes()
    {
        _store.Apply(Pod("a", 10, uid: "u1"));
        _store.Written(Pod("a", 14, uid: "u2")); // So u1 was gone by then, though the watch hasn't said so.
        _store.Deleted(Name("a"), "u2");
        Assert.Null(_store.Get(Name("a")));
        _store.Apply(Pod("a", 11, uid: "u1"));
        Assert.Null(_store.Get(Name("a")));
    }

    [Fact]
    public void A_tombstone_does_not_hide_the_successor()
    {
        _store.Apply(Pod("a", 10, uid: "u1"));
        _store.Deleted(Name("a"), "u1");
        _store.Written(Pod("a", 14, uid: "u2"));
        Assert.Equal("u2", _store.Get(Name("a"))!.Uid);
        Assert.Equal("u2", Assert.Single(_store.ByIndex("job", "j")).Uid);
        Assert.Equal("u2", Assert.Single(_store.All()).Uid);
    }

    [Fact]
    public void A_tombstone_ends_with_a_list_that_lacks_the_uid()
    {
        _store.Apply(Pod("a", 10));
        _store.Deleted(Name("a"), "a");
        _store.Replace(null, "11", [Pod("a", 10)], None, initial: false); // A list from before the delete.
        Assert.Null(_store.Get(Name("a")));
        _store.Replace(null, "30", [], None, initial: false);
        _store.Apply(Pod("a", 40)); // Were the tombstone still there, a uid seen again would stay hidden.
        Assert.NotNull(_store.Get(Name("a")));
    }

    [Fact]
    public void Neither_ends_by_time()
    {
        _store.Apply(Pod("b", 10));
        _store.Written(Pod("a", 15));
        _store.Deleted(Name("b"), "b");
        _time.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(_store.Get(Name("a")));
        Assert.Null(_store.Get(Name("b")));
    }

    [Fact]
    public void After_ten_seconds_it_is_asked_for_and_again_ten_seconds_later()
    {
        _store.Written(Pod("a", 15));
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Empty(_store.OverdueWrites());
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Single(_store.OverdueWrites());
        Assert.Empty(_store.OverdueWrites());
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Single(_store.OverdueWrites());
    }

    [Fact]
    public void Asked_and_gone_it_is_gone_and_that_is_told()
    {
        List<StoreChange<PodView>> told = [];
        _store.Subscribe(told.Add);
        _store.Written(Pod("a", 15));
        _store.Asked(new OverdueWrite(Name("a"), "a"), found: null);
        Assert.Null(_store.Get(Name("a")));
        Assert.Null(Assert.Single(told).New);
    }

    [Fact]
    public void Asked_and_gone_while_the_cache_still_shows_it_it_stays_hidden()
    {
        _store.Apply(Pod("a", 10));
        _store.Written(Pod("a", 15));
        _store.Asked(new OverdueWrite(Name("a"), "a"), found: null);
        Assert.Null(_store.Get(Name("a")));
        _store.Apply(Pod("a", 15));
        Assert.Null(_store.Get(Name("a")));
    }

    [Fact]
    public void Asked_and_there_its_newest_version_stands()
    {
        _store.Written(Pod("a", 15));
        _store.Asked(new OverdueWrite(Name("a"), "a"), Pod("a", 22, phase: "Running"));
        Assert.Equal("Running", _store.Get(Name("a"))!.Phase);
        _store.Apply(Pod("a", 15));
        Assert.Equal("Running", _store.Get(Name("a"))!.Phase);
    }

    [Fact]
    public void A_tombstone_that_was_wrong_is_taken_away()
    {
        _store.Apply(Pod("a", 10));
        _store.Deleted(Name("a"), "a");
        _store.Asked(new OverdueWrite(Name("a"), "a"), Pod("a", 12));
        Assert.NotNull(_store.Get(Name("a")));
    }

    [Fact]
    public void It_dies_with_leadership()
    {
        _store.Apply(Pod("b", 10));
        _store.Written(Pod("a", 15));
        _store.Deleted(Name("b"), "b");
        _store.ForgetOwnWrites();
        Assert.Null(_store.Get(Name("a")));
        Assert.NotNull(_store.Get(Name("b")));
    }

    [Fact]
    public void Where_versions_are_no_numbers_any_later_word_of_the_watch_counts()
    {
        _store.Written(Pod("a", 15) with { ResourceVersion = "x1" });
        Assert.NotNull(_store.Get(Name("a")));
        _store.Apply(Pod("a", 15, phase: "Running") with { ResourceVersion = "x0" });
        Assert.Equal("Running", _store.Get(Name("a"))!.Phase);
    }
}
