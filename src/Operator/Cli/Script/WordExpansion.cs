using System.Text;

namespace GrpoOperator.Operator.Cli.Script;

/// <summary>
/// Expands words by the script's variables. Nothing is run and no file is looked for: what that would take is unknown, and so
/// is a variable that nobody sets.
/// </summary>
internal sealed partial class WordExpansion(Variables variables, Budget budget)
{
    private int depth;

    /// <summary>What a command gets for a word: no argument, one, or several.</summary>
    public IReadOnlyList<ScriptValue> Fields(Word word)
    {
        var fields = new FieldBuilder(word.Line, budget);
        if (ManyWords.Reason(word) is { } reason)
            return [new ScriptValue(word.Line, Text(word).Text, [new Unknown(word.Line, reason)])];
        Add(fields, Leading(word), isExpanded: false);
        return fields.Done();
    }

    // Text that an expansion brought is split at its blanks, but for what is quoted in it: ${V:-"a b"} is one.
    private void Add(FieldBuilder fields, IEnumerable<WordPart> parts, bool isExpanded)
    {
        foreach (var part in parts)
        {
            if (Items(part) is { } items)
                fields.AddItems(items, part.IsQuoted);
            else if (Alternative(part) is { } alternative)
                Nested(alternative.Line, () => Add(fields, Leading(alternative), isExpanded: true));
            else
                fields.Add(Value(part), (part is WordPart.Text && !isExpanded) || part.IsQuoted, part.IsQuoted);
        }
    }

    private void Nested(int line, Action expand)
    {
        if (++depth > Budget.Depth)
            throw new ScriptException(line, $"nested deeper than {Budget.Depth} levels");
        expand();
        depth--;
    }

    /// <summary>A word as one string, as assignments take it.</summary>
    public ScriptValue Text(Word word) => Joined(word, value => value.Text);

    /// <summary>A word as a pattern: what was quoted in it stands for itself.</summary>
    public ScriptValue Pattern(Word word) => Joined(word, value => value.Text, ShellPattern.Literal);

    private ScriptValue Joined(Word word, Func<ScriptValue, string> text, Func<string, string>? quoted = null)
    {
        if (++depth > Budget.Depth)
            throw new ScriptException(word.Line, $"nested deeper than {Budget.Depth} levels");
        var joined = new StringBuilder();
        var unknowns = new List<Unknown>();
        foreach (var part in Leading(word))
        {
            var value = Items(part) is { } items ? Join(word.Line, items) : Value(part);
            joined.Append(part.IsQuoted && quoted is not null ? quoted(text(value)) : text(value));
            unknowns.AddRange(value.Unknowns);
            budget.Value(word.Line, joined.Length);
        }

        depth--;
        return new ScriptValue(word.Line, joined.ToString(), Few(unknowns));
    }

    /// <summary>The items of an array joined by blanks.</summary>
    public ScriptValue Join(int line, IReadOnlyList<ScriptValue> items)
    {
        budget.Value(line, items.Sum(item => (long)item.Text.Length + 1));
        return new ScriptValue(line, string.Join(' ', items.Select(item => item.Text)), Few(items.SelectMany(item => item.Unknowns)));
    }

    /// <summary>The first of many reasons: each is told once, and a handful is enough.</summary>
    public static IReadOnlyList<Unknown> Few(IEnumerable<Unknown> unknowns) => [.. unknowns.Distinct().Take(8)];

    // A tilde that begins the word is the home directory.
    private static IEnumerable<WordPart> Leading(Word word)
    {
        if (word.Parts is not [WordPart.Text { IsQuoted: false, Value: ['~', .. var rest] }, ..] || (rest.Length > 0 && rest[0] != '/') || (rest.Length == 0 && word.Parts.Count > 1))
            return word.Parts;
        return [new WordPart.Parameter(word.Line, "HOME", true), new WordPart.Text(rest, false), .. word.Parts.Skip(1)];
    }

    private ScriptValue Value(WordPart part) => part switch
    {
        WordPart.Text text => new ScriptValue(0, text.Value),
        WordPart.Parameter parameter => Parameter(parameter),
        WordPart.Arithmetic arithmetic => Arithmetically(arithmetic.Line, arithmetic.Expression),
        WordPart.Command command => Output(command),
        _ => throw new InvalidOperationException(),
    };

    private ScriptValue Arithmetically(int line, Word expression)
    {
        var text = Text(expression);
        var shown = $"$(({text.Text}))";
        if (!text.IsKnown)
            return new ScriptValue(line, shown, text.Unknowns);
        if (Evaluate(text.Text, out var unknowns) is { } value)
            return new ScriptValue(line, value.ToString());
        return new ScriptValue(line, shown, unknowns.Count > 0 ? unknowns : [new Unknown(line, $"the arithmetic expression {Excerpt.Of(text.Text)} is not understood")]);
    }

    /// <summary>The value of an arithmetic expression; null when it can't be known, with the reasons.</summary>
    public long? Evaluate(string expression, out IReadOnlyList<Unknown> unknowns)
    {
        var reasons = new List<Unknown>();
        var value = Arithmetic.Evaluate(expression, name => Operand(name, 0, reasons));
        unknowns = Few(reasons);
        return value;
    }

    // A variable may hold an expression itself.
    private long? Operand(string name, int level, List<Unknown> reasons)
    {
        budget.Step(0);
        var value = Named(name, 0);
        if (!value.IsKnown || level > 8)
        {
            reasons.AddRange(value.Unknowns);
            return null;
        }

        return value.Text.Length == 0 ? 0 : Arithmetic.Evaluate(value.Text, inner => Operand(inner, level + 1, reasons));
    }

    // The two text functions that launch scripts use to shorten paths; every other command would have to be run.
    private ScriptValue Output(WordPart.Command command)
    {
        if (++depth > Budget.Depth)
            throw new ScriptException(command.Line, $"nested deeper than {Budget.Depth} levels");
        var value = PathFunction(command);
        depth--;
        return value ?? new ScriptValue(
            command.Line, $"$({command.Source})", [new Unknown(command.Line, $"$({Excerpt.Of(command.Source)}) is known only when the script runs")]);
    }

    private static ScriptCommand? Parsed(string source, int line)
    {
        try
        {
            return ScriptParser.Read(source, line);
        }
        catch (ScriptException)
        {
            return null;
        }
    }

    private ScriptValue? PathFunction(WordPart.Command command)
    {
        var source = command.Source.TrimStart();
        if (!source.StartsWith("basename ", StringComparison.Ordinal) && !source.StartsWith("dirname ", StringComparison.Ordinal))
            return null;
        if (Parsed(source, command.Line) is not ScriptCommand.Sequence { Items: [ScriptCommand.Simple simple] })
            return null;
        var fields = simple.Words.SelectMany(Fields).Where(field => field.Text != "--").ToList();
        if (fields.Find(field => !field.IsKnown) is { } unknown)
            return unknown;
        return fields switch
        {
            [{ Text: "basename" }, var path] => new ScriptValue(command.Line, PathText.Base(path.Text, "")),
            [{ Text: "basename" }, var path, var suffix] => new ScriptValue(command.Line, PathText.Base(path.Text, suffix.Text)),
            [{ Text: "dirname" }, var path] => new ScriptValue(command.Line, PathText.Directory(path.Text)),
            _ => null,
        };
    }
}
