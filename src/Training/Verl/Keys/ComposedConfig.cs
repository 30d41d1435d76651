using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Verl.Keys;

/// <summary>
/// The configuration that verl would see: the defaults of a release with a job's assignments on top, in their order, and
/// interpolations followed. Nothing is checked here; what can't be known is null.
/// </summary>
public sealed class ComposedConfig
{
    /// <summary>Interpolations of interpolations: verl's defaults need three.</summary>
    private const int MaximumDepth = 16;

    private readonly Dictionary<string, HydraValue> _set = new(StringComparer.Ordinal);
    private readonly HashSet<string> _deleted = new(StringComparer.Ordinal);

    /// <summary>Every key around one that was ever set.</summary>
    private readonly HashSet<string> _parents = new(StringComparer.Ordinal);

    /// <summary>Composes <paramref name="assignments"/> onto <paramref name="table"/>; choices of config groups change nothing here.</summary>
    public ComposedConfig(KeyTable table, IEnumerable<Assignment> assignments)
    {
        Table = table;
        foreach (var assignment in assignments.Where(assignment => !assignment.IsGroupChoice))
        {
            if (assignment.Sign is AssignmentSign.Delete)
                Delete(assignment.Key);
            else
                Set(assignment.Key, assignment.Value!);
        }
    }

    /// <summary>The keys and defaults beneath.</summary>
    public KeyTable Table { get; }

    /// <summary>
    /// The value of <paramref name="key"/>; null when there is no such key, or when it holds other keys or an interpolation
    /// that only verl can resolve. Python's None is <see cref="HydraValue.Null"/>.
    /// </summary>
    public HydraValue? Get(string key) => Get(key, 0);

    /// <summary>The int at <paramref name="key"/>; null when it isn't one.</summary>
    public long? Int(string key) =>
        Get(key) is HydraValue.Int { Value: var value } && value >= long.MinValue && value <= long.MaxValue ? (long)value : null;

    /// <summary>The number at <paramref name="key"/>; null when it isn't one.</summary>
    public double? Number(string key) => Get(key)?.Number;

    /// <summary>True when a boolean true stands at <paramref name="key"/>.</summary>
    public bool IsTrue(string key) => Get(key) is HydraValue.Bool { Value: true };

    /// <summary>The string at <paramref name="key"/>; null when it isn't one.</summary>
    public string? Text(string key) => Get(key) is HydraValue.Text { Value: var text } ? text : null;

    /// <summary>True when a value other than None stands at <paramref name="key"/>.</summary>
    public bool IsGiven(string key) => Get(key) is not (null or HydraValue.Null);

    /// <summary>True when an assignment decides over <paramref name="key"/>.</summary>
    public bool IsAssigned(string key) => _set.ContainsKey(key) || IsHidden(key);

    private HydraValue? Get(string key, int depth)
    {
        if (depth > MaximumDepth)
            return null;
        if (_set.TryGetValue(key, out var value))
            return value is HydraValue.Interpolation live ? Follow(live.Raw, key, depth + 1) : value;
        if (Table.Find(key) is not { } entry || IsHidden(key) || _parents.Contains(key))
            return null;
        return entry.Interpolation is { } text ? Follow(text, key, depth + 1) : entry.Default;
    }

    // A dict is merged into what is there; everything else replaces it.
    private void Set(string key, HydraValue value)
    {
        if (value is HydraValue.Mapping { Items.Count: > 0 } mapping)
        {
            if (!Table.IsContainer(key))
                Hide(key);
            foreach (var (name, item) in mapping.Items)
                Set($"{key}.{name}", item);
            return;
        }

        if (value is HydraValue.Mapping)
            return;
        Delete(key);
        _deleted.Remove(key);
        _set[key] = value;
        foreach (var parent in KeyTable.Ancestors(key))
            _parents.Add(parent);
    }

    private void Delete(string key)
    {
        if (_parents.Remove(key))
        {
            foreach (var child in _set.Keys.Where(name => name.StartsWith(key + ".", StringComparison.Ordinal)).ToList())
                _set.Remove(child);
        }

        Hide(key);
    }

    private void Hide(string key)
    {
        _set.Remove(key);
        _deleted.Add(key);
    }

    private bool IsHidden(string key) =>
        _deleted.Contains(key) || KeyTable.Ancestors(key).Any(parent => _deleted.Contains(parent) || _set.ContainsKey(parent));

    // verl's defaults use ${path} and ${oc.select:path,default}, the default being one of these again at times.
    private HydraValue? Follow(string text, string key, int depth)
    {
        if (depth > MaximumDepth || !IsOneInterpolation(text))
            return null;
        var inner = text[2..^1];
        const string select = "oc.select:";
        if (!inner.StartsWith(select, StringComparison.Ordinal))
            return inner.AsSpan().IndexOfAny(':', '{') >= 0 ? null : Get(Absolute(inner, key), depth);
        var parts = inner[select.Length..].Split(',', 2);
        if (Get(Absolute(parts[0].Trim(), key), depth) is { } selected)
            return selected;
        return parts.Length == 1 ? new HydraValue.Null() : HydraReader.Read(parts[1]).Result switch
        {
            HydraValue.Interpolation live => Follow(live.Raw, key, depth + 1),
            null => Follow(parts[1], key, depth + 1),
            var other => other,
        };
    }

    private static bool IsOneInterpolation(string text)
    {
        if (!text.StartsWith("${", StringComparison.Ordinal))
            return false;
        var open = 0;
        for (var at = 0; at < text.Length; at++)
        {
            open += text[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (at > 1 && open == 0)
                return at == text.Length - 1;
        }

        return false;
    }

    // ".x" is a sibling, "..x" one of the parent's.
    private static string Absolute(string path, string key)
    {
        var dots = path.Length - path.TrimStart('.').Length;
        if (dots == 0)
            return path;
        var parent = KeyTable.Ancestors(key).Skip(dots - 1).FirstOrDefault();
        return parent is null ? path[dots..] : $"{parent}.{path[dots..]}";
    }
}
