using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Verl.Keys;

/// <summary>Why Hydra refuses an assignment.</summary>
public enum KeyProblem
{
    /// <summary>It doesn't.</summary>
    None,

    /// <summary>"Could not override": the key isn't there.</summary>
    Unknown,

    /// <summary>"Could not find": the config group has no such option.</summary>
    UnknownOption,

    /// <summary>"Could not append to config. An item is already at": the key is there and not null.</summary>
    AlreadyThere,

    /// <summary>"Could not delete from config": the key isn't there.</summary>
    NothingToDelete,
}

/// <summary>
/// Applies assignments in order to the keys of a configuration, as Hydra does, and says which it would refuse: every dict is
/// closed for plain assignments, a key can be appended only where nothing or null stands.
/// </summary>
/// <param name="table">The keys to begin with.</param>
public sealed class KeyChecker(KeyTable table)
{
    /// <summary>Keys that assignments have set; null for deleted ones.</summary>
    private readonly Dictionary<string, HydraValue?> _set = new(StringComparer.Ordinal);

    /// <summary>True once a key that holds others was set or taken out: until then the table alone decides over its keys.</summary>
    private bool _hasReplaced;

    /// <summary>What Hydra says to the next assignment. One that it refuses changes nothing.</summary>
    public KeyProblem Next(Assignment assignment)
    {
        if (assignment.IsGroupChoice)
            return KeyProblem.None;
        if (table.IsGroup(assignment.Key) && assignment.Value is not HydraValue.Mapping)
            return table.HasOption(assignment.Key, assignment.RawValue) ? KeyProblem.None : KeyProblem.UnknownOption;
        var problem = assignment.Sign switch
        {
            AssignmentSign.Delete => Exists(assignment.Key) ? KeyProblem.None : KeyProblem.NothingToDelete,
            AssignmentSign.Set => Settable(assignment.Key, assignment.Value!) ? KeyProblem.None : KeyProblem.Unknown,
            AssignmentSign.Append => Appendable(assignment) ? KeyProblem.None : KeyProblem.AlreadyThere,
            _ => KeyProblem.None,
        };
        if (problem is not KeyProblem.None)
            return problem;
        _set[assignment.Key] = assignment.Value;
        _hasReplaced |= table.IsContainer(assignment.Key);
        return KeyProblem.None;
    }

    private bool Appendable(Assignment assignment) =>
        assignment.Value is HydraValue.Sequence or HydraValue.Mapping || !Exists(assignment.Key) || IsNull(assignment.Key);

    // A dict on a dict is merged, so each of its keys must be there; on anything else it replaces.
    private bool Settable(string key, HydraValue value) =>
        value is HydraValue.Mapping { Items.Count: > 0 } mapping && IsDict(key)
            ? mapping.Items.All(item => Settable($"{key}.{item.Key}", item.Value))
            : Exists(key);

    private bool Exists(string key)
    {
        if (_set.TryGetValue(key, out var value))
            return value is not null;
        if (!_hasReplaced && table.Find(key) is not null)
            return true;
        foreach (var parent in KeyTable.Ancestors(key))
        {
            if (_set.TryGetValue(parent, out var container))
                return Holds(container, key[(parent.Length + 1)..]);
            if (IsInterpolated(parent))
                return false;
            if (table.Find(parent) is { Type: KeyType.List } list && list.Default is { } items)
                return Holds(items, key[(parent.Length + 1)..]);
        }

        return table.Find(key) is not null || table.IsContainer(key)
            || _set.Any(set => set.Value is not null && set.Key.StartsWith(key + ".", StringComparison.Ordinal));
    }

    private static bool Holds(HydraValue? container, string path)
    {
        foreach (var name in path.Split('.'))
        {
            container = container switch
            {
                HydraValue.Mapping mapping => mapping.Items.GetValueOrDefault(name),
                HydraValue.Sequence list when int.TryParse(name, out var at) && at >= 0 && at < list.Items.Count => list.Items[at],
                _ => null,
            };
        }

        return container is not null;
    }

    // Plain assignments don't reach into a dict that is an interpolation.
    private bool IsInterpolated(string key) => table.Find(key) is { Interpolation: not null };

    private bool IsDict(string key) =>
        _set.TryGetValue(key, out var value) ? value is HydraValue.Mapping : table.IsContainer(key);

    private bool IsNull(string key) =>
        _set.TryGetValue(key, out var value) ? value is HydraValue.Null : table.Find(key) is { IsOpen: true };
}
