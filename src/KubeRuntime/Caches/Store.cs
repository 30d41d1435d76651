using System.Collections.Immutable;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>The cache of one resource: views by key and by index, with this process' own writes laid over what the watch has shown.</summary>
/// <remarks>
/// <para>Read by many, written by the scopes of one <see cref="Informer{TView}"/>; a simulation may stand in for that and write by itself.
/// Every answer is an immutable snapshot.</para>
/// <para>Subscribers are told, in order and after the store shows it, of changes that a reader can see: a version with the same
/// <see cref="IView.Hash"/> is put in silently. A key that changes its uid is told as one object gone and another come.</para>
/// </remarks>
public sealed class Store<TView>
    where TView : class, IView
{
    private readonly Lock _lock = new();
    private readonly Dictionary<NamespacedName, TView> _objects = [];
    private readonly Dictionary<string, StoreIndex<TView>> _indexes = [];
    private readonly Dictionary<string, string> _reached = [];
    private readonly OwnWrites<TView> _own;
    private ImmutableArray<Action<StoreChange<TView>>> _subscribers = [];

    /// <summary>Makes an empty store.</summary>
    /// <param name="time">Tells how long own writes have stood.</param>
    public Store(TimeProvider time) => _own = new OwnWrites<TView>(time);

    /// <summary>Objects that the watch has shown.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _objects.Count;
        }
    }

    /// <summary>The object of that key; null when there is none.</summary>
    public TView? Get(NamespacedName name)
    {
        lock (_lock)
            return _own.Over(name, _objects.GetValueOrDefault(name));
    }

    /// <summary>All objects.</summary>
    public ImmutableArray<TView> All()
    {
        lock (_lock)
            return Overlaid(_objects.Values, _ => true);
    }

    /// <summary>The objects that an index files under a value.</summary>
    public ImmutableArray<TView> ByIndex(string index, string value)
    {
        lock (_lock)
        {
            var filed = _indexes[index];
            return _own.IsEmpty ? filed[value] : Overlaid(filed[value], view => filed.Files(view, value));
        }
    }

    /// <summary>Adds an index, before the first object comes in.</summary>
    /// <param name="name">What <see cref="ByIndex"/> is asked by.</param>
    /// <param name="values">The values that a view is filed under.</param>
    public void AddIndex(string name, Func<TView, IEnumerable<string>> values)
    {
        lock (_lock)
        {
            if (_objects.Count > 0)
                throw new InvalidOperationException($"Index {name} comes after the first object.");
            _indexes.Add(name, new StoreIndex<TView>(values));
        }
    }

    /// <summary>Calls back on every visible change. The callback must not block: the watch waits for it.</summary>
    public void Subscribe(Action<StoreChange<TView>> onChange)
    {
        lock (_lock)
            _subscribers = _subscribers.Add(onChange);
    }

    /// <summary>The watch shows an object.</summary>
    public void Apply(TView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        TView? old;
        lock (_lock)
        {
            if (!Put(view, out old))
                return; // Told late, or twice: the store is further.
        }

        Tell(old, view, initial: false);
    }

    /// <summary>The watch says that an object is gone. Another object of the same name stays.</summary>
    public void Remove(NamespacedName name, string uid)
    {
        TView? old;
        lock (_lock)
        {
            _own.ShownGone(uid);
            old = _objects.GetValueOrDefault(name);
            if (old is null || old.Uid != uid)
                return;
            TakeOut(old);
        }

        Tell(old, null, initial: false);
    }

    /// <summary>A list of a scope is complete: puts in what it shows and takes out what it doesn't, all at once.</summary>
    /// <param name="scopeNamespace">The namespace listed; null: all.</param>
    /// <param name="version">The list's resourceVersion.</param>
    /// <param name="views">The objects.</param>
    /// <param name="unreadable">Keys of objects that are there but couldn't be decoded: their last view stays.</param>
    /// <param name="initial">Whether this is the scope's first list.</param>
    public void Replace(
        string? scopeNamespace, string version, IReadOnlyCollection<TView> views, IReadOnlySet<NamespacedName> unreadable, bool initial)
    {
        ArgumentNullException.ThrowIfNull(views);
        ArgumentNullException.ThrowIfNull(unreadable);
        List<(TView? Old, TView? New)> changes = [];
        lock (_lock)
        {
            var names = views.Select(view => view.NamespacedName).Concat(unreadable).ToHashSet();
            foreach (var gone in _objects.Values.Where(view => InScope(view.NamespacedName) && !names.Contains(view.NamespacedName)).ToList())
            {
                TakeOut(gone);
                changes.Add((gone, null));
            }

            foreach (var view in views)
            {
                Put(view, out var old, evenIfOlder: true); // A list is what there is, also after a server's restore from a backup.
                changes.Add((old, view));
            }

            var uids = _objects.Values.Select(view => view.Uid).ToHashSet(StringComparer.Ordinal);
            _own.Listed(InScope, version, uids);
            _reached[scopeNamespace ?? ""] = version;
        }

        foreach (var (old, @new) in changes)
            Tell(old, @new, initial);

        bool InScope(NamespacedName name) => scopeNamespace is null || name.Namespace == scopeNamespace;
    }

    /// <summary>The watch of a scope has told everything up to a version.</summary>
    /// <param name="scopeNamespace">The namespace watched; null: all.</param>
    /// <param name="version">Version of an event or bookmark.</param>
    public void Reached(string? scopeNamespace, string version)
    {
        lock (_lock)
        {
            _reached[scopeNamespace ?? ""] = version;
            _own.Reached(name => scopeNamespace is null || name.Namespace == scopeNamespace, version);
        }
    }

    /// <summary>This process wrote the object, and the server answered this.</summary>
    public void Written(TView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        lock (_lock)
        {
            if (!HasReached(view))
                _own.Written(view);
        }
    }

    /// <summary>This process deleted the object, and it is gone (not: will go after a grace period or its finalizers).</summary>
    public void Deleted(NamespacedName name, string uid)
    {
        lock (_lock)
            _own.Deleted(name, uid);
    }

    /// <summary>Leadership has ended: this process' writes are no longer the newest.</summary>
    public void ForgetOwnWrites()
    {
        lock (_lock)
            _own.Clear();
    }

    internal IReadOnlyList<OverdueWrite> OverdueWrites()
    {
        lock (_lock)
            return _own.IsEmpty ? [] : _own.Overdue();
    }

    /// <summary>An overdue own write was asked for; <paramref name="found"/> is what bears its name now.</summary>
    internal void Asked(OverdueWrite overdue, TView? found)
    {
        TView? before, after;
        lock (_lock)
        {
            var cached = _objects.GetValueOrDefault(overdue.NamespacedName);
            before = _own.Over(overdue.NamespacedName, cached);
            _own.Found(overdue.NamespacedName, overdue.Uid, found, cached);
            if (cached is not null)
                _own.Shown(cached);
            after = _own.Over(overdue.NamespacedName, cached);
        }

        if (!ReferenceEquals(before, after))
            Tell(before, after, initial: false);
    }

    /// <summary>Whether the watch must already have shown that version, had it been there to show.</summary>
    private bool HasReached(TView view)
    {
        return IsPast(_objects.GetValueOrDefault(view.NamespacedName)?.ResourceVersion)
            || IsPast(_reached.GetValueOrDefault(""))
            || IsPast(_reached.GetValueOrDefault(view.NamespacedName.Namespace));

        bool IsPast(string? version) =>
            ResourceVersions.Number(version) is { } reached && ResourceVersions.Number(view.ResourceVersion) is { } written && reached >= written;
    }

    private bool Put(TView view, out TView? old, bool evenIfOlder = false)
    {
        old = _objects.GetValueOrDefault(view.NamespacedName);
        if (!evenIfOlder && old is not null && ResourceVersions.Before(view.ResourceVersion, old.ResourceVersion))
            return false;
        _objects[view.NamespacedName] = view;
        foreach (var index in _indexes.Values)
            index.Move(old, view);
        _own.Shown(view);
        return true;
    }

    private void TakeOut(TView view)
    {
        _objects.Remove(view.NamespacedName);
        foreach (var index in _indexes.Values)
            index.Move(view, null);
    }

    private ImmutableArray<TView> Overlaid(IReadOnlyCollection<TView> cached, Func<TView, bool> belongs)
    {
        if (_own.IsEmpty)
            return [.. cached];
        var seen = new HashSet<NamespacedName>(cached.Count);
        var result = ImmutableArray.CreateBuilder<TView>(cached.Count);
        foreach (var view in cached.Concat(_own.Writes))
        {
            if (seen.Add(view.NamespacedName)
                && _own.Over(view.NamespacedName, _objects.GetValueOrDefault(view.NamespacedName)) is { } shown && belongs(shown))
                result.Add(shown);
        }

        return result.DrainToImmutable();
    }

    private void Tell(TView? old, TView? @new, bool initial)
    {
        if (old is not null && @new is not null)
        {
            if (old.Uid == @new.Uid && old.Hash == @new.Hash)
                return;
            if (old.Uid != @new.Uid)
            {
                Tell(old, null, initial);
                old = null;
            }
        }

        foreach (var subscriber in _subscribers)
            subscriber(new StoreChange<TView>(old, @new, initial));
    }
}
