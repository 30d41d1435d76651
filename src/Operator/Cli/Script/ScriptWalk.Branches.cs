namespace GrpoOperator.Operator.Cli.Script;

/// <content>Where bash goes one of several ways.</content>
internal sealed partial class ScriptWalk
{
    private Outcome If(ScriptCommand.If command)
    {
        var ways = new List<ScriptCommand>();
        var causes = new List<Unknown>();
        var isDecided = false;
        foreach (var (condition, body) in command.Branches)
        {
            if (isDecided)
            {
                Skip(body, Outcome.Success);
                continue;
            }

            var outcome = Run(condition);
            causes.AddRange(outcome.Causes);
            if (outcome.Succeeds is false)
                Skip(body, outcome);
            else
                ways.Add(body);
            isDecided = outcome.Succeeds is true;
        }

        return Ways(command.Line, causes, ways, isDecided, command.Else);
    }

    private Outcome Case(ScriptCommand.Case command)
    {
        var subject = expansion.Text(command.Subject);
        var ways = new List<ScriptCommand>();
        var isDecided = false;
        foreach (var (patterns, body) in command.Items)
        {
            var fits = isDecided ? false : Fits(command.Line, subject, patterns);
            if (fits is false)
                Skip(body, Outcome.Success);
            else
                ways.Add(body);
            isDecided |= fits is true;
        }

        return Ways(command.Line, subject.Unknowns, ways, isDecided, null);
    }

    private bool? Fits(int line, ScriptValue subject, IReadOnlyList<Word> patterns)
    {
        bool? fits = false;
        foreach (var word in patterns)
        {
            if (word.Plain is "*")
                return true;
            var pattern = expansion.Pattern(word);
            if (!subject.IsKnown || !pattern.IsKnown)
            {
                fits = null;
                continue;
            }

            budget.Work(line, (long)pattern.Text.Length * (subject.Text.Length + 1));
            if (ShellPattern.Matches(pattern.Text, subject.Text))
                return true;
        }

        return fits;
    }

    // Decided: one of the ways is gone for certain, the last one if no other.
    private Outcome Ways(int line, IReadOnlyList<Unknown> causes, List<ScriptCommand> ways, bool isDecided, ScriptCommand? otherwise)
    {
        if (otherwise is not null && !isDecided)
            ways.Add(otherwise);
        else if (otherwise is not null)
            Skip(otherwise, Outcome.Success);
        var isCertain = isDecided || otherwise is not null;
        if (ways.Count == 0)
            return Outcome.Success;
        if (ways is [var only] && isCertain)
            return Run(only);
        var bodies = ways.Select(body => (Action)(() => Run(body))).ToList();
        if (!isCertain)
            bodies.Add(() => { });
        Branches(line, causes, bodies);
        return Outcome.NotKnown;
    }

    /// <summary>Goes several ways from here; what differs behind them is unknown.</summary>
    private void Branches(int line, IReadOnlyList<Unknown> causes, IReadOnlyList<Action> ways)
    {
        var (before, directory) = (variables.Now, workDir);
        var ends = new List<(Variables.Moment Moment, ScriptValue? Directory)>();
        var endings = new List<Ending>();
        variables.Watch();
        foreach (var way in ways)
        {
            (variables.Now, workDir, ending) = (before, directory, Ending.None);
            way();
            endings.Add(ending);
            if (ending == Ending.None)
                ends.Add((variables.Now, workDir));
        }

        var names = variables.Watched();
        if (ends.Count == 0)
        {
            ending = endings.Min();
            return;
        }

        (variables.Now, workDir) = ends[0];
        ending = Ending.None;
        if (ends.Exists(end => end.Directory != workDir))
            workDir = new ScriptValue(line, "", [new Unknown(line, "the working directory differs between branches")]);
        foreach (var name in names)
        {
            var first = ends[0].Moment.Values.GetValueOrDefault(name);
            if (ends.TrueForAll(end => Variable.Same(first, end.Moment.Values.GetValueOrDefault(name))))
                continue;
            var unknown = new Unknown(line, $"${name} depends on a condition that only running the script would tell; give --set {name}=…");
            var isExported = ends.Exists(end => end.Moment.Values.GetValueOrDefault(name)?.IsExported == true);
            variables.Set(name, new Variable([new ScriptValue(line, $"${name}", WordExpansion.Few([unknown, .. causes]))], IsExported: isExported));
        }
    }

    /// <summary>Passes over a branch that isn't taken, and notes a launch in it.</summary>
    private Outcome Skip(ScriptCommand command, Outcome outcome)
    {
        if (rehearsals == 0)
            skipped.AddRange(PlainLaunches.In(command, budget));
        return outcome;
    }
}
