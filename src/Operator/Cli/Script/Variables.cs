using System.Collections.Immutable;

namespace GrpoOperator.Operator.Cli.Script;

/// <summary>
/// The script's variables and positional parameters at one moment. The environment that the script would start in is taken as
/// empty but for what the caller names; a variable that the caller names keeps its value whatever the script assigns.
/// </summary>
internal sealed class Variables
{
    private readonly ImmutableHashSet<string> pinned;
    private readonly Stack<HashSet<string>> journals = new();
    private Moment now;

    public Variables(IReadOnlyDictionary<string, string> given, string? home)
    {
        pinned = [.. given.Keys];
        var values = ImmutableDictionary.CreateBuilder<string, Variable>(StringComparer.Ordinal);
        if (home is not null)
            values["HOME"] = new Variable(new ScriptValue(0, home));
        foreach (var (name, value) in given)
            values[name] = new Variable(new ScriptValue(0, value));
        var positional = new List<ScriptValue>();
        while (given.TryGetValue($"{positional.Count + 1}", out var value))
            positional.Add(new ScriptValue(0, value));
        now = new Moment(values.ToImmutable(), positional);
    }

    /// <summary>Everything at this moment.</summary>
    public Moment Now
    {
        get => now;
        set => now = value;
    }

    /// <summary><c>$1</c>, <c>$2</c>, …</summary>
    public IReadOnlyList<ScriptValue> Positional
    {
        get => now.Positional;
        set => now = now with { Positional = value };
    }

    /// <summary>The variable; null when it isn't set.</summary>
    public Variable? Find(string name) => now.Values.GetValueOrDefault(name);

    /// <summary>Sets a variable, or takes it away with null; one that the caller named stays.</summary>
    public void Set(string name, Variable? value)
    {
        if (pinned.Contains(name))
        {
            if (value?.IsExported == true && now.Values.TryGetValue(name, out var kept))
                now = now with { Values = now.Values.SetItem(name, kept with { IsExported = true }) };
            return;
        }

        if (journals.TryPeek(out var journal))
            journal.Add(name);
        now = now with { Values = value is null ? now.Values.Remove(name) : now.Values.SetItem(name, value) };
    }

    /// <summary>Begins to note which variables are assigned.</summary>
    public void Watch() => journals.Push(new HashSet<string>(StringComparer.Ordinal));

    /// <summary>The variables that were assigned since the last <see cref="Watch"/>.</summary>
    public IReadOnlyCollection<string> Watched()
    {
        var names = journals.Pop();
        if (journals.TryPeek(out var outer))
            outer.UnionWith(names);
        return names;
    }

    /// <summary>What the script's variables are at one moment.</summary>
    internal sealed record Moment(ImmutableDictionary<string, Variable> Values, IReadOnlyList<ScriptValue> Positional);
}
