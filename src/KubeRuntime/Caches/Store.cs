using System.Collections.Immutable;
using GrpoOperator.KubeRuntime.Api;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>The cache of one resource. TODO</summary>
public sealed class Store<TView>
    where TView : class, IView
{
    /// <summary>The object of that key, own writes included; null when there is none.</summary>
    public TView? Get(NamespacedName name) => throw new NotSupportedException(name.ToString());

    /// <summary>All objects, own writes included.</summary>
    public ImmutableArray<TView> All() => throw new NotSupportedException();

    /// <summary>The objects that an index files under a value, own writes included.</summary>
    public ImmutableArray<TView> ByIndex(string index, string value) => throw new NotSupportedException(index + value);

    /// <summary>Adds an index; only before the first object is put in.</summary>
    public void AddIndex(string name, Func<TView, IEnumerable<string>> values) => throw new NotSupportedException(name);

    /// <summary>Calls back on every visible change, in order, after the store shows it.</summary>
    public void Subscribe(Action<StoreChange<TView>> onChange) => throw new NotSupportedException();

    /// <summary>Puts in what the watch says about an object (for the informer, and for simulations that are one).</summary>
    public void Apply(TView view) => throw new NotSupportedException(view?.ToString());

    /// <summary>Takes out an object that the watch says is gone.</summary>
    public void Remove(NamespacedName name, string uid) => throw new NotSupportedException(name + uid);

    /// <summary>Overlay: the answer of our own POST or PATCH.</summary>
    public void Written(TView view) => throw new NotSupportedException(view?.ToString());

    /// <summary>Overlay: our own DELETE took the object away.</summary>
    public void Deleted(NamespacedName name, string uid) => throw new NotSupportedException(name + uid);

    /// <summary>Overlay: forgets all own writes (leadership has ended).</summary>
    public void ForgetOwnWrites() => throw new NotSupportedException();
}
