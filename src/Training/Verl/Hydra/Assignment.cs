using System.Text.RegularExpressions;

namespace GrpoOperator.Training.Verl.Hydra;

/// <summary>What stands before an override's key.</summary>
public enum AssignmentSign
{
    /// <summary><c>key=value</c>: the key must exist.</summary>
    Set,

    /// <summary><c>+key=value</c>: the key must not exist, or be null.</summary>
    Append,

    /// <summary><c>++key=value</c>: either way.</summary>
    Force,

    /// <summary><c>~key</c>: the key is taken out.</summary>
    Delete,
}

/// <summary>One override of Hydra's command line.</summary>
/// <param name="Sign">What stands before the key.</param>
/// <param name="Key">The key, or config group, without <c>@package</c>.</param>
/// <param name="Package">What stands after <c>@</c>; null without one. Only a choice of a config group has it.</param>
/// <param name="RawValue">The text after <c>=</c>, as written; null without <c>=</c>, which only <c>~key</c> may be.</param>
/// <param name="Value">What Hydra reads there; null exactly when <paramref name="RawValue"/> is.</param>
public sealed partial record Assignment(AssignmentSign Sign, string Key, string? Package, string? RawValue, HydraValue? Value)
{
    /// <summary>True for <c>group/name=option</c> and <c>group@package=option</c>, which can only choose from a config group.</summary>
    public bool IsGroupChoice => Package is not null || Key.Contains('/', StringComparison.Ordinal);

    /// <summary>Reads one element of Hydra's command line.</summary>
    public static HydraReading<Assignment> Read(string text)
    {
        if (ReadForm(text) is not { } form)
            return HydraReading<Assignment>.Refused("it is not of the form key=value, +key=value, ++key=value or ~key");
        if (form.RawValue is null)
            return form;
        var value = HydraReader.Read(form.RawValue);
        return value.Error is null ? form with { Value = value.Result } : HydraReading<Assignment>.Refused(value.Error);
    }

    /// <summary>Sign and key of one element, its value not read but taken as a string; null when it isn't an override at all.</summary>
    public static Assignment? ReadForm(string text)
    {
        var equal = text.IndexOf('=', StringComparison.Ordinal);
        if (Left().Match(equal < 0 ? text : text[..equal]) is not { Success: true } match)
            return null;
        AssignmentSign? sign = match.Groups["sign"].ValueSpan switch
        {
            "" when equal >= 0 => AssignmentSign.Set,
            "+" when equal >= 0 => AssignmentSign.Append,
            "++" when equal >= 0 => AssignmentSign.Force,
            "~" => AssignmentSign.Delete,
            _ => null,
        };
        if (sign is not { } known)
            return null;
        var package = match.Groups["package"] is { Success: true, Value: var name } ? name : null;
        var raw = equal < 0 ? null : text[(equal + 1)..];
        return new Assignment(known, match.Groups["key"].Value, package, raw, raw is null ? null : new HydraValue.Text(raw));
    }

    /// <summary>Equal in sign, key and package, and in value as Hydra reads it, however it is spelt.</summary>
    public bool Equals(Assignment? other) =>
        other is not null
        && Sign == other.Sign
        && string.Equals(Key, other.Key, StringComparison.Ordinal)
        && string.Equals(Package, other.Package, StringComparison.Ordinal)
        && Equals(Value, other.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Sign, Key, Package, Value);

    // No time limit: it would be one by the wall clock, which a paused process exceeds with any pattern.
    [GeneratedRegex(
        """\A(?<sign>\+{0,2}|~)(?<key>(?:[A-Za-z_$][A-Za-z0-9_$-]*|0|[1-9](?:_?[0-9])*)(?:\.(?:[A-Za-z_$][A-Za-z0-9_$-]*|0|[1-9](?:_?[0-9])*))*|[A-Za-z_][A-Za-z0-9_-]*(?:/[A-Za-z_][A-Za-z0-9_-]*)+)(?:@(?<package>[A-Za-z0-9_$.-]*))?\z""",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Left();
}
