using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Operator.Cli.Script;

/// <summary>
/// Tells a launch from other commands: Python with <c>-m</c> and arguments of Hydra's, alone, behind programs that start
/// another one, or behind <c>ray job submit</c>.
/// </summary>
internal static class LaunchReader
{
    /// <summary>The launch that a command is; null when it is something else.</summary>
    /// <param name="line">The command's line.</param>
    /// <param name="fields">Its words.</param>
    public static Launch? Read(int line, IReadOnlyList<ScriptValue> fields)
    {
        var python = 0;
        while (python < fields.Count && !Programs.IsPython(fields[python].Text))
            python++;
        if (python == fields.Count)
            return Hidden(line, fields);
        if (python > 0 && Programs.TakesText(fields[0].Text))
            return Hidden(line, fields);
        var isSubmitted = fields is [{ Text: "ray" }, { Text: "job" }, { Text: "submit" }, ..];
        if (python > 0 && !isSubmitted && !Programs.Starts(fields[0].Text))
            return null;
        var notes = new List<ScriptNote>();
        if (Module(line, fields, python + 1, notes) is not { } launch)
            return null;
        return isSubmitted
            ? RaySubmission.Read(launch, fields.Take(python).Skip(3).ToList(), notes)
            : launch with { Environment = Assigned(fields.Take(python)), Notes = notes };
    }

    private static Launch? Module(int line, IReadOnlyList<ScriptValue> fields, int from, List<ScriptNote> notes)
    {
        var at = from;
        while (at < fields.Count && fields[at].Text is ['-', ..] option && option is not "-m" and not "-c" and not "-")
        {
            notes.Add(new ScriptNote(line, $"Python's option {Excerpt.Of(option)}"));
            at += option is "-W" or "-X" ? 2 : 1;
        }

        if (at >= fields.Count)
            return null;
        var rest = fields.Skip(at + 1).ToList();
        if (fields[at].Text is "-m" && rest.Count > 0)
            return rest.Skip(1).Any(IsHydra) ? new Launch(line, rest[0], rest[1..]) : null;
        if (!fields[at].Text.EndsWith(".py", StringComparison.Ordinal) || !rest.Exists(IsHydra))
            return null;
        return new Launch(line, fields[at], rest)
        {
            Problems = [new Unknown(line, $"python starts the file {Excerpt.Of(fields[at].Text)}; the operator starts modules, with -m")],
        };
    }

    // A command whose program is unknown, or which stands in a text of its own, may be a launch all the same.
    private static Launch? Hidden(int line, IReadOnlyList<ScriptValue> fields)
    {
        var at = fields.Select(field => field.Text).ToList().IndexOf("-m");
        if (at > 0 && fields.Take(at).FirstOrDefault(field => !field.IsKnown) is { } program && at + 1 < fields.Count && fields.Skip(at + 2).Any(IsHydra))
            return new Launch(line, fields[at + 1], [.. fields.Skip(at + 2)]) { Problems = program.Unknowns };
        var text = string.Join(' ', fields.Select(field => field.Text));
        return Programs.TakesText(fields[0].Text) && text.Contains("main_", StringComparison.Ordinal) && text.Contains('=')
            ? new Launch(line, fields[0], [])
            {
                Problems = [new Unknown(line, $"{Excerpt.Of(fields[0].Text)} is given the launch as a text or for another machine; write the command itself")],
            }
            : null;
    }

    private static bool IsHydra(ScriptValue field) =>
        field.Text.StartsWith("--config-", StringComparison.Ordinal) || (field.IsKnown ? Assignment.Read(field.Text).Result : Assignment.ReadForm(field.Text)) is not null;

    private static Dictionary<string, ScriptValue> Assigned(IEnumerable<ScriptValue> fields)
    {
        var environment = new Dictionary<string, ScriptValue>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            var equal = field.Text.IndexOf('=');
            if (equal > 0 && field.Text.AsSpan(0, equal).IndexOfAnyExcept(NameCharacters) < 0)
                environment[field.Text[..equal]] = field with { Text = field.Text[(equal + 1)..] };
        }

        return environment;
    }

    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
}
