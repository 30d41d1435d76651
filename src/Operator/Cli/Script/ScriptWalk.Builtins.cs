namespace GrpoOperator.Operator.Cli.Script;

/// <content>The shell's own commands.</content>
internal sealed partial class ScriptWalk
{
    /// <summary>What a command of the shell's own does; null for every other command.</summary>
    private Outcome? Builtin(ScriptCommand.Simple command, List<ScriptValue> fields)
    {
        switch (fields[0].Text)
        {
            case "true" or ":" or "echo" or "printf" or "wait" or "trap" or "shopt" or "alias":
                return Outcome.Success;
            case "false":
                return new Outcome(false, []);
            case "set":
                return Set(fields);
            case "[" or "test":
                return Test(fields);
            case "exit" or "return" or "break" or "continue":
                ending = fields[0].Text switch { "exit" => Ending.Script, "return" => callers.Count > 0 ? Ending.Function : Ending.Script, _ => Ending.Loop };
                return fields is [_, { Text: "0" }] or [_] ? Outcome.Success : Outcome.NotKnown;
            case "cd" or "pushd":
                return ChangeDirectory(command.Line, fields);
            case "shift":
                variables.Positional = [.. variables.Positional.Skip(fields.Count > 1 && int.TryParse(fields[1].Text, out var count) ? count : 1)];
                return Outcome.Success;
            case "unset":
                foreach (var name in fields.Skip(1).Where(field => !field.Text.StartsWith('-')))
                    variables.Set(name.Text, null);
                return Outcome.Success;
            case "read" or "mapfile" or "readarray" or "let" or "getopts":
                Forget(command.Line, fields.Skip(1).Select(field => field.Text.Split('=')[0]).Where(name => name.Length > 0 && name[0] != '-'), $"is set by {fields[0].Text}");
                return Outcome.NotKnown;
            case "source" or "." or "mkdir" or "ulimit":
                Note(command.Line, command.Source);
                return Outcome.Success;
            default:
                return null;
        }
    }

    private Outcome Set(List<ScriptValue> fields)
    {
        for (var at = 1; at < fields.Count; at++)
        {
            if (fields[at].Text is "--")
            {
                variables.Positional = fields[(at + 1)..];
                break;
            }

            if (fields[at].Text is ['-', .. var on] && (on.Contains('a') || (at + 1 < fields.Count && fields[at + 1].Text is "allexport")))
                exportsAll = true;
            else if (fields[at].Text is ['+', .. var off] && (off.Contains('a') || (at + 1 < fields.Count && fields[at + 1].Text is "allexport")))
                exportsAll = false;
        }

        return Outcome.Success;
    }

    private Outcome Test(List<ScriptValue> fields)
    {
        var words = fields[0].Text == "[" && fields[^1].Text == "]" ? fields[1..^1] : fields[1..];
        return new Condition([.. words.Select(word => new Condition.Operand(word, ShellPattern.Literal(word.Text)))], expansion, budget).Outcome();
    }

    // A relative directory says nothing about the image's.
    private Outcome ChangeDirectory(int line, List<ScriptValue> fields)
    {
        if (fields is [_, { IsKnown: true } path])
            workDir = path.Text.StartsWith('/') ? path : new ScriptValue(line, path.Text, [new Unknown(line, $"cd {Excerpt.Of(path.Text)} is relative")]);
        else
            workDir = new ScriptValue(line, "", fields.Count > 1 ? fields[1].Unknowns : [new Unknown(line, "cd goes home")]);
        return Outcome.Success;
    }
}
