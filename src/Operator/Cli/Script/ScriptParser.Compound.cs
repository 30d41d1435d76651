namespace GrpoOperator.Operator.Cli.Script;

/// <content>Commands that hold commands.</content>
internal sealed partial class ScriptParser
{
    private static readonly string[] TestMarks = ["&&", "||", "(", ")", "<", ">"];

    private ScriptCommand? Compound()
    {
        var line = cursor.Line;
        if (cursor.TryTakeWord("if"))
            return If(line);
        if (cursor.ComesWord("while") || cursor.ComesWord("until"))
            return While(line);
        if (cursor.TryTakeWord("for"))
            return For(line);
        if (cursor.TryTakeWord("case"))
            return Case(line);
        if (cursor.TryTakeWord("function"))
            return NamedFunction(line);
        if (cursor.TryTakeWord("[["))
            return Test(line);
        if (cursor.TryTake("(("))
            return new ScriptCommand.Arithmetic(line, words.Expression(line));
        if (cursor.TryTakeWord("{"))
            return Closed(Sequence(), "}");
        if (cursor.TryTake("("))
            return new ScriptCommand.Subshell(line, Closed(Sequence(), ")"));
        return cursor.ComesWord("select") || cursor.ComesWord("coproc") ? throw new ScriptException(line, "select and coproc are not understood") : null;
    }

    private ScriptCommand.If If(int line)
    {
        var branches = new List<(ScriptCommand Condition, ScriptCommand Body)>();
        do
        {
            var condition = Closed(Sequence(), "then");
            branches.Add((condition, Sequence()));
        }
        while (cursor.TryTakeWord("elif"));
        var otherwise = cursor.TryTakeWord("else") ? Sequence() : null;
        Expect(line, "if", "fi");
        return new ScriptCommand.If(line, branches, otherwise);
    }

    private ScriptCommand.While While(int line)
    {
        var isUntil = cursor.TryTakeWord("until") || !cursor.TryTakeWord("while");
        var condition = Closed(Sequence(), "do");
        return new ScriptCommand.While(line, condition, isUntil, Closed(Sequence(), "done"));
    }

    private ScriptCommand.For For(int line)
    {
        cursor.SkipBlanks();
        if (cursor.TryTake("(("))
        {
            words.Expression(line);
            return new ScriptCommand.For(line, null, null, LoopBody(line));
        }

        var name = words.TakeName();
        if (name.Length == 0)
            throw new ScriptException(line, "for has no variable");
        cursor.SkipLines();
        var taken = cursor.TryTakeWord("in") ? new List<Word>() : null;
        while (taken is not null)
        {
            cursor.SkipBlanks();
            if (words.TryWord() is not { } word)
                break;
            taken.Add(word);
        }

        return new ScriptCommand.For(line, name, taken, LoopBody(line));
    }

    private ScriptCommand.Sequence LoopBody(int line)
    {
        cursor.SkipBlanks();
        cursor.TryTake(";");
        cursor.SkipLines();
        if (!cursor.TryTakeWord("do"))
            throw new ScriptException(line, "for has no do");
        return Closed(Sequence(), "done");
    }

    private ScriptCommand.Case Case(int line)
    {
        cursor.SkipBlanks();
        var subject = words.TryWord() ?? throw new ScriptException(line, "case has no word");
        cursor.SkipLines();
        if (!cursor.TryTakeWord("in"))
            throw new ScriptException(line, "case has no in");
        var items = new List<(IReadOnlyList<Word> Patterns, ScriptCommand Body)>();
        while (true)
        {
            cursor.SkipLines();
            if (cursor.TryTakeWord("esac"))
                return new ScriptCommand.Case(line, subject, items);
            var patterns = Patterns();
            var body = Sequence();
            items.Add((patterns, body));
            if (cursor.Comes(";&") || cursor.Comes(";;&"))
                throw new ScriptException(cursor.Line, "a case that falls through is not understood");
            if (!cursor.TryTake(";;") && !cursor.ComesWord("esac"))
                throw new ScriptException(cursor.Line, $"case of line {line}: ;; or esac is expected here");
        }
    }

    private List<Word> Patterns()
    {
        cursor.TryTake("(");
        var patterns = new List<Word>();
        do
        {
            cursor.SkipBlanks();
            patterns.Add(words.TryWord() ?? throw new ScriptException(cursor.Line, "case has a branch without a pattern"));
            cursor.SkipBlanks();
        }
        while (cursor.TryTake("|"));
        return cursor.TryTake(")") ? patterns : throw new ScriptException(cursor.Line, "a pattern of case is not closed");
    }

    private ScriptCommand.Function NamedFunction(int line)
    {
        cursor.SkipBlanks();
        return Function(line, words.TryWord()?.Plain ?? throw new ScriptException(line, "function has no name"));
    }

    private ScriptCommand.Function Function(int line, string name)
    {
        cursor.SkipBlanks();
        if (cursor.TryTake("("))
        {
            cursor.SkipBlanks();
            if (!cursor.TryTake(")"))
                throw new ScriptException(line, "( is not expected here");
        }

        cursor.SkipLines();
        return new ScriptCommand.Function(line, name, Compound() ?? throw new ScriptException(line, $"function {name} has no body"));
    }

    private ScriptCommand.Test Test(int line)
    {
        var taken = new List<Word>();
        while (true)
        {
            cursor.SkipLines();
            if (cursor.TryTakeWord("]]"))
                return new ScriptCommand.Test(line, taken);
            if (cursor.IsAtEnd)
                throw new ScriptException(line, "[[ has no end");
            var mark = TestMarks.FirstOrDefault(cursor.TryTake);
            var isPattern = taken.Count > 0 && taken[^1].Plain is "=~";
            taken.Add(mark is not null ? new Word(cursor.Line, [new WordPart.Text(mark, false)])
                : isPattern ? words.Until(character => character is ' ' or '\t' or '\n', isQuoted: false)
                : words.TryWord() ?? throw new ScriptException(cursor.Line, $"'{cursor.Next}' is not expected here"));
        }
    }

    private ScriptCommand.Sequence Closed(ScriptCommand.Sequence body, string end)
    {
        Expect(body.Line, "what begins", end);
        return body;
    }

    private void Expect(int line, string construct, string end)
    {
        if (end == ")" ? !cursor.TryTake(end) : !cursor.TryTakeWord(end))
            throw new ScriptException(cursor.Line, $"{construct} on line {line} has no '{end}' before {(cursor.IsAtEnd ? "the end" : $"'{cursor.Next}'")}");
    }
}
