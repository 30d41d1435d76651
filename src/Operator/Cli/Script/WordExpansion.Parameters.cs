using System.Globalization;

namespace GrpoOperator.Operator.Cli.Script;

/// <content>Parameters.</content>
internal sealed partial class WordExpansion
{
    /// <summary>The several values of <c>$@</c>, <c>${A[@]}</c> and their slices; null for a parameter with one value.</summary>
    private IReadOnlyList<ScriptValue>? Items(WordPart part)
    {
        if (part is not WordPart.Parameter { IsLength: false, IsIndirect: false } parameter)
            return null;
        var items = (parameter.Name, parameter.Index) switch
        {
            ("@", null) => variables.Positional,
            ("*", null) when !parameter.IsQuoted => variables.Positional,
            (var name, "@") => Array(name, parameter.Line),
            (var name, "*") when !parameter.IsQuoted => Array(name, parameter.Line),
            _ => null,
        };
        return items is null ? null : parameter.Operator switch
        {
            "" => items,
            ":" => Slice(parameter, items),
            ":-" or "-" => items.Count > 0 ? items : Fields(parameter.Argument!),
            ":+" or "+" => items.Count > 0 ? Fields(parameter.Argument!) : [],
            _ => [NotUnderstood(parameter)],
        };
    }

    private IReadOnlyList<ScriptValue> Array(string name, int line) =>
        variables.Find(name) is { } variable ? variable.Items : [Unset(name, line)];

    private IReadOnlyList<ScriptValue> Slice(WordPart.Parameter parameter, IReadOnlyList<ScriptValue> items)
    {
        var from = Evaluate(Text(parameter.Argument!).Text, out _);
        var count = parameter.Second is { } second ? Evaluate(Text(second).Text, out _) : int.MaxValue;
        if (from is not >= 0 || count is not >= 0)
            return [NotUnderstood(parameter)];

        // $0 stands before the positional parameters.
        var skip = parameter.Index is null ? Math.Max(from.Value - 1, 0) : from.Value;
        return [.. items.Skip((int)Math.Min(skip, int.MaxValue)).Take((int)Math.Min(count.Value, int.MaxValue))];
    }

    private ScriptValue Parameter(WordPart.Parameter parameter)
    {
        var name = parameter.Name;
        if (parameter.IsIndirect)
        {
            var named = Named(name, parameter.Line);
            if (!named.IsKnown)
                return named;
            return parameter is { Operator: "", Index: null, IsLength: false } && named.Text.Length > 0 ? Named(named.Text, parameter.Line) : NotUnderstood(parameter);
        }

        if (parameter.IsLength)
            return Length(parameter);
        var value = Found(parameter);
        return parameter.Operator.Length == 0 ? value ?? Unset(name, parameter.Line) : Operated(parameter, value);
    }

    private ScriptValue Length(WordPart.Parameter parameter)
    {
        if (parameter is { Operator: not "" })
            return NotUnderstood(parameter);
        if (parameter.Index is "@" or "*" && variables.Find(parameter.Name) is { } array)
            return Text(array.Items.Count);
        var value = Found(parameter) ?? Unset(parameter.Name, parameter.Line);
        return value.IsKnown ? Text(value.Text.Length) : value;

        ScriptValue Text(int number) => new(parameter.Line, number.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The value of a parameter; null when it isn't set.</summary>
    private ScriptValue? Found(WordPart.Parameter parameter)
    {
        if (parameter.Index is not null)
            return Element(parameter);
        return parameter.Name switch
        {
            "@" or "*" => variables.Positional.Count == 0 ? null : Join(parameter.Line, variables.Positional),
            "#" => new ScriptValue(parameter.Line, variables.Positional.Count.ToString(CultureInfo.InvariantCulture)),
            "0" or "?" or "$" or "!" or "-" =>
                new ScriptValue(parameter.Line, $"${parameter.Name}", [new Unknown(parameter.Line, $"${parameter.Name} is known only when the script runs")]),
            [>= '1' and <= '9', ..] number => int.TryParse(number, out var at) && at <= variables.Positional.Count ? variables.Positional[at - 1] : null,
            var name => variables.Find(name) is { Items: [var first, ..] } ? first : null,
        };
    }

    private ScriptValue? Element(WordPart.Parameter parameter)
    {
        if (parameter.Name is "BASH_SOURCE")
            return new ScriptValue(parameter.Line, "${BASH_SOURCE}", [new Unknown(parameter.Line, "${BASH_SOURCE} is known only when the script runs")]);
        if (variables.Find(parameter.Name) is not { } variable)
            return null;
        if (parameter.Index is "@" or "*")
            return variable.Items.Count == 0 ? null : Join(parameter.Line, variable.Items);
        if (variable is { IsArray: false, Items: [{ IsKnown: false } whole] })
            return whole;
        return Evaluate(parameter.Index!, out var unknowns) switch
        {
            null => NotUnderstood(parameter) is var value && unknowns.Count > 0 ? value with { Unknowns = unknowns } : value,
            var at and >= 0 => at < variable.Items.Count ? variable.Items[(int)at] : null,
            var at => -at <= variable.Items.Count ? variable.Items[^(int)-at.Value] : null,
        };
    }

    /// <summary>The word that stands in place of an unquoted parameter; null where its own value does.</summary>
    private Word? Alternative(WordPart part) =>
        part is WordPart.Parameter { IsQuoted: false, IsLength: false, IsIndirect: false, Operator: ":-" or "-" or ":+" or "+" } parameter
        && IsGiven(parameter, Found(parameter)) == parameter.Operator.EndsWith('+')
            ? parameter.Argument
            : null;

    private static bool IsGiven(WordPart.Parameter parameter, ScriptValue? value) =>
        value is not null && (parameter.Operator[0] != ':' || value.Text.Length > 0);

    private ScriptValue Operated(WordPart.Parameter parameter, ScriptValue? value)
    {
        var isGiven = IsGiven(parameter, value);
        switch (parameter.Operator)
        {
            case ":-" or "-":
                return isGiven ? value! : Text(parameter.Argument!);
            case ":=" or "=":
                if (isGiven)
                    return value!;
                var assigned = Text(parameter.Argument!);
                variables.Set(parameter.Name, new Variable(assigned));
                return assigned;
            case ":+" or "+":
                return isGiven ? Text(parameter.Argument!) : new ScriptValue(parameter.Line, "");
            case ":?" or "?":
                return isGiven ? value! : Unset(parameter.Name, parameter.Line);
        }

        var known = value ?? Unset(parameter.Name, parameter.Line);
        return known.IsKnown ? Changed(parameter, known) : known;
    }

    private ScriptValue Changed(WordPart.Parameter parameter, ScriptValue value)
    {
        var text = value.Text;
        var argument = parameter.Operator is ":" ? Text(parameter.Argument!) : Pattern(parameter.Argument!);
        if (!argument.IsKnown)
            return argument with { Text = text };
        var changed = parameter.Operator switch
        {
            "%" or "%%" or "#" or "##" => Trimmed(parameter, text, argument.Text),
            "^^" when argument.Text.Length == 0 => text.ToUpperInvariant(),
            ",," when argument.Text.Length == 0 => text.ToLowerInvariant(),
            "^" when argument.Text.Length == 0 && text.Length > 0 => char.ToUpperInvariant(text[0]) + text[1..],
            "," when argument.Text.Length == 0 && text.Length > 0 => char.ToLowerInvariant(text[0]) + text[1..],
            "/" or "//" => Replaced(parameter, text, argument.Text),
            ":" => Cut(parameter, text, argument.Text),
            _ => null,
        };
        return changed is null ? NotUnderstood(parameter) : new ScriptValue(parameter.Line, changed);
    }

    // Each end that is tried is compared as a whole.
    private string Trimmed(WordPart.Parameter parameter, string text, string pattern)
    {
        budget.Work(parameter.Line, (long)text.Length * text.Length * pattern.Length);
        return ShellPattern.Without(text, pattern, parameter.Operator[0] == '%', parameter.Operator.Length == 2);
    }

    // Only plain text is replaced: where a pattern begins and ends is its own art.
    private string? Replaced(WordPart.Parameter parameter, string text, string pattern)
    {
        var plain = Text(parameter.Argument!).Text;
        var by = parameter.Second is { } second ? Text(second) : new ScriptValue(parameter.Line, "");
        if (!by.IsKnown || plain.Length == 0 || plain.Length > 256 || plain.AsSpan().IndexOfAny("*?[") >= 0 || !ShellPattern.Matches(pattern, plain))
            return null;
        var at = text.IndexOf(plain, StringComparison.Ordinal);
        var changed = parameter.Operator is "//" ? text.Replace(plain, by.Text, StringComparison.Ordinal)
            : at < 0 ? text : string.Concat(text.AsSpan(0, at), by.Text, text.AsSpan(at + plain.Length));
        budget.Value(parameter.Line, changed.Length);
        return changed;
    }

    private string? Cut(WordPart.Parameter parameter, string text, string from)
    {
        var start = Evaluate(from, out _);
        var length = parameter.Second is { } second ? Evaluate(Text(second).Text, out _) : text.Length;
        if (start is null || length is not >= 0)
            return null;
        var begin = Math.Clamp(start.Value < 0 ? text.Length + start.Value : start.Value, 0, text.Length);
        return text.Substring((int)begin, (int)Math.Min(length.Value, text.Length - begin));
    }

    private ScriptValue Named(string name, int line) => Found(new WordPart.Parameter(line, name, true)) ?? Unset(name, line);

    private static ScriptValue Unset(string name, int line)
    {
        var advice = name is "HOME" ? "give --home" : $"give --set {name}=…";
        return new ScriptValue(line, $"${name}", [new Unknown(line, $"${name} is set by nothing in the script; {advice}", name)]);
    }

    private static ScriptValue NotUnderstood(WordPart.Parameter parameter) =>
        new(parameter.Line, $"${{{parameter.Name}{parameter.Operator}…}}",
            [new Unknown(parameter.Line, $"the expansion ${{{parameter.Name}{parameter.Operator}…}} is not understood; give --set with its outcome")]);
}
