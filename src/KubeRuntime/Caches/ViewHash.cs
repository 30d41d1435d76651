using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace GrpoOperator.KubeRuntime.Caches;

/// <summary>Builds <see cref="IView.Hash"/> field by field. Each field is framed by its length, so neighbours can't run into each other.</summary>
public sealed class ViewHash
{
    private readonly XxHash3 _hash = new();

    /// <summary>The hash of all fields so far.</summary>
    public ulong Value => _hash.GetCurrentHashAsUInt64();

    /// <summary>Adds raw bytes, e.g. a subtree as it came.</summary>
    public ViewHash Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        _hash.Append(bytes);
        return this;
    }

    /// <summary>Adds a string; null and empty differ.</summary>
    public ViewHash Add(string? text)
    {
        if (text is null)
            return Add(-1L);
        Add(text.Length);
        _hash.Append(MemoryMarshal.AsBytes(text.AsSpan()));
        return this;
    }

    /// <summary>Adds a number.</summary>
    public ViewHash Add(long number)
    {
        _hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in number)));
        return this;
    }

    /// <summary>Adds a truth value.</summary>
    public ViewHash Add(bool value) => Add(value ? 1L : 0L);

    /// <summary>Adds a point in time, or its absence.</summary>
    public ViewHash Add(DateTimeOffset? time) => Add(time?.UtcTicks ?? -1L);

    /// <summary>Adds pairs in the order given.</summary>
    public ViewHash Add(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        foreach (var (key, value) in pairs)
            Add(key).Add(value);
        return Add(-2L);
    }
}
