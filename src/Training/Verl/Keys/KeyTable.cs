using System.Collections.Frozen;

namespace GrpoOperator.Training.Verl.Keys;

/// <summary>The keys of verl's configuration in one release, composed from one root.</summary>
public sealed class KeyTable
{
    private readonly FrozenDictionary<string, KeyEntry> _entries;
    private readonly FrozenSet<string> _containers;
    private readonly FrozenDictionary<string, bool> _groups;

    /// <summary>
    /// A table of <paramref name="entries"/>, and of config groups (<c>group</c>) and their options (<c>group/option</c>), each
    /// with whether the configuration has it. An option that isn't listed counts as there.
    /// </summary>
    public KeyTable(IEnumerable<KeyEntry> entries, IReadOnlyDictionary<string, bool> groups)
    {
        _entries = entries.ToFrozenDictionary(entry => entry.Key, StringComparer.Ordinal);
        _containers = _entries.Keys.SelectMany(Ancestors)
            .Concat(_entries.Values.Where(entry => entry.Type is KeyType.Dict).Select(entry => entry.Key))
            .ToFrozenSet(StringComparer.Ordinal);
        _groups = groups.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Every key with a default; containers that hold others are left out.</summary>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <summary>The entry of <paramref name="key"/>; null when there is none, or when it only holds other keys.</summary>
    public KeyEntry? Find(string key) => _entries.GetValueOrDefault(key);

    /// <summary>True when <paramref name="key"/> holds other keys, or could.</summary>
    public bool IsContainer(string key) => _containers.Contains(key);

    /// <summary>True when <paramref name="name"/> is a config group.</summary>
    public bool IsGroup(string name) => _groups.GetValueOrDefault(name);

    /// <summary>False when the group is known to lack that option.</summary>
    public bool HasOption(string group, string? option) => _groups.GetValueOrDefault($"{group}/{option}", defaultValue: true);

    /// <summary>The keys that hold <paramref name="key"/>, innermost first.</summary>
    public static IEnumerable<string> Ancestors(string key)
    {
        for (var dot = key.LastIndexOf('.'); dot > 0; dot = key.LastIndexOf('.', dot - 1))
            yield return key[..dot];
    }
}
