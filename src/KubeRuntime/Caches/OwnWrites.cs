using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>What this process wrote and the watch hasn't shown yet.</summary>
/// <remarks>
/// <para>A watch runs some milliseconds behind, and after trouble some seconds. A reconcile that ran on the bare cache would then not see
/// the pod that the last one created. So the answer of each of our own writes lies over the cache:</para>
/// <list type="bullet">
/// <item>the answer of a POST or PATCH <b>stands until</b> the watch shows that uid at an equal or higher resourceVersion, or has come past
/// that version without showing it (it is gone again, or outside the scope);</item>
/// <item>a DELETE leaves a <b>tombstone</b> by uid until the watch says DELETED, or a list comes without it.</item>
/// </list>
/// <para>Neither ends by time alone: an old cache doesn't get truer by waiting. What has stood for <see cref="Patience"/> is asked for.</para>
/// <para>Not safe for threads by itself: the <see cref="Store{TView}"/> it lies over guards it.</para>
/// </remarks>
internal sealed class OwnWrites<TView>(TimeProvider time)
    where TView : class, IView
{
    /// <summary>How long an own write stands before the object is asked for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<NamespacedName, Write> _writes = [];
    private readonly Dictionary<string, Tombstone> _tombstones = [];

    /// <summary>Whether the cache alone tells it all.</summary>
    public bool IsEmpty => _writes.Count == 0 && _tombstones.Count == 0;

    /// <summary>The views that we wrote.</summary>
    public IEnumerable<TView> Writes => _writes.Values.Select(write => write.View);

    /// <summary>Puts down the answer of a write.</summary>
    public void Written(TView view)
    {
        var isOlder = _writes.TryGetValue(view.NamespacedName, out var before) && ResourceVersions.Before(view.ResourceVersion, before.View.ResourceVersion);
        if (!isOlder) // Answers of two writes may come in either order.
            _writes[view.NamespacedName] = new Write(view, time.GetTimestamp());
    }

    /// <summary>Puts down that an object is gone. What we wrote of it before stays: whatever older bearer of the name the watch may still come to
    /// show is gone too.</summary>
    public void Deleted(NamespacedName name, string uid) => _tombstones[uid] = new Tombstone(name, time.GetTimestamp());

    /// <summary>What there is under a key, given what the cache says.</summary>
    public TView? Over(NamespacedName name, TView? cached)
    {
        var newest = cached;
        if (_writes.TryGetValue(name, out var write) && (cached is null || !ResourceVersions.Before(write.View.ResourceVersion, cached.ResourceVersion)))
            newest = write.View;
        return newest is not null && _tombstones.ContainsKey(newest.Uid) ? null : newest;
    }

    /// <summary>The watch shows an object.</summary>
    public void Shown(TView view)
    {
        if (_writes.TryGetValue(view.NamespacedName, out var write)
            && !ResourceVersions.Before(view.ResourceVersion, write.View.ResourceVersion))
            _writes.Remove(view.NamespacedName);
    }

    /// <summary>The watch says that an object is gone.</summary>
    public void ShownGone(string uid) => _tombstones.Remove(uid);

    /// <summary>The watch has told everything up to a version, for the objects of one scope.</summary>
    public void Reached(Func<NamespacedName, bool> scope, string version)
    {
        if (_writes.Count == 0)
            return;
        foreach (var (name, write) in _writes)
        {
            if (scope(name) && ResourceVersions.Number(version) is not null && !ResourceVersions.Before(version, write.View.ResourceVersion))
                _writes.Remove(name);
        }
    }

    /// <summary>A list is complete: what it doesn't show is gone.</summary>
    public void Listed(Func<NamespacedName, bool> scope, string version, IReadOnlySet<string> uids)
    {
        foreach (var (uid, tombstone) in _tombstones)
        {
            if (scope(tombstone.NamespacedName) && !uids.Contains(uid))
                _tombstones.Remove(uid);
        }

        Reached(scope, version);
    }

    /// <summary>Objects that should have been shown by now. Each is given out once per <see cref="Patience"/>.</summary>
    public IReadOnlyList<OverdueWrite> Overdue()
    {
        List<OverdueWrite> overdue = [];
        foreach (var (name, write) in _writes.ToList())
        {
            if (time.GetElapsedTime(write.Since) < Patience)
                continue;
            _writes[name] = write with { Since = time.GetTimestamp() };
            overdue.Add(new OverdueWrite(name, write.View.Uid));
        }

        foreach (var (uid, tombstone) in _tombstones.ToList())
        {
            if (time.GetElapsedTime(tombstone.Since) < Patience)
                continue;
            _tombstones[uid] = tombstone with { Since = time.GetTimestamp() };
            overdue.Add(new OverdueWrite(tombstone.NamespacedName, uid));
        }

        return overdue;
    }

    /// <summary>What an overdue object turned out to be.</summary>
    /// <param name="name">The key asked for.</param>
    /// <param name="uid">The uid expected there.</param>
    /// <param name="found">What is there now; null: nothing.</param>
    /// <param name="cached">What the cache shows there.</param>
    public void Found(NamespacedName name, string uid, TView? found, TView? cached)
    {
        if (found?.Uid == uid)
        {
            _tombstones.Remove(uid);
            Written(found);
        }
        else if (cached?.Uid == uid)
        {
            Deleted(name, uid); // Gone, but the cache doesn't know yet.
        }
        else
        {
            _tombstones.Remove(uid);
            if (_writes.TryGetValue(name, out var write) && write.View.Uid == uid)
                _writes.Remove(name);
        }
    }

    /// <summary>Leadership has ended: another process writes now.</summary>
    public void Clear()
    {
        _writes.Clear();
        _tombstones.Clear();
    }

    private readonly record struct Write(TView View, long Since);

    private readonly record struct Tombstone(NamespacedName NamespacedName, long Since);
}

/// <summary>An own write that the watch should have shown by now.</summary>
internal readonly record struct OverdueWrite(NamespacedName NamespacedName, string Uid);
