using System.Collections.Immutable;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>Files views under values that a function reads off them. A bucket is immutable: handing it out is a snapshot, and costs nothing.</summary>
internal sealed class StoreIndex<TView>(Func<TView, IEnumerable<string>> values)
    where TView : class, IView
{
    private readonly Dictionary<string, ImmutableArray<TView>> _buckets = [];

    public ImmutableArray<TView> this[string value] => _buckets.TryGetValue(value, out var bucket) ? bucket : [];

    public bool Files(TView view, string value) => values(view).Contains(value, StringComparer.Ordinal);

    public void Move(TView? old, TView? @new)
    {
        if (old is not null)
        {
            foreach (var value in values(old))
                TakeOut(value, old);
        }

        if (@new is not null)
        {
            foreach (var value in values(@new))
                _buckets[value] = this[value].Add(@new);
        }
    }

    private void TakeOut(string value, TView view)
    {
        var rest = this[value].Remove(view, ReferenceEqualityComparer.Instance);
        if (rest.IsEmpty)
            _buckets.Remove(value);
        else
            _buckets[value] = rest;
    }
}
