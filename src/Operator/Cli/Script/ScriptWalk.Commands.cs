namespace GrpoOperator.Operator.Cli.Script;

/// <content>Commands of words.</content>
internal sealed partial class ScriptWalk
{
    private const int MostNotes = 2000;
    private const int MostLaunches = 64;
    private readonly Stack<Dictionary<string, Variable?>> callers = new();

    private Outcome Simple(ScriptCommand.Simple command)
    {
        if (command.Words.Count == 0)
        {
            foreach (var assignment in command.Assignments)
                Assign(assignment, exportsAll);
            return Outcome.Success;
        }

        var fields = command.Words.SelectMany(expansion.Fields).ToList();
        if (fields.Count == 0)
            return Outcome.Success;
        if (fields[0].IsKnown && functions.TryGetValue(fields[0].Text, out var body))
            return Call(body, fields);
        if (fields[0].IsKnown && Builtin(command, fields) is { } outcome)
            return outcome;
        if (LaunchReader.Read(command.Line, fields) is not { } launch)
            Note(command.Line, command.Source);
        else if (rehearsals == 0)
            Found(launch with { Environment = Environment(command, launch), WorkDir = launch.WorkDir ?? workDir });
        return Outcome.NotKnown;
    }

    private void Found(Launch launch)
    {
        if (launches.Count == MostLaunches)
            throw new ScriptException(launch.Line, $"the script has more than {MostLaunches} launches");
        launches.Add(launch);
    }

    /// <summary>The script's exports, what stands before the command, and what the command itself sets.</summary>
    private Dictionary<string, ScriptValue> Environment(ScriptCommand.Simple command, Launch launch)
    {
        var environment = variables.Now.Values
            .Where(pair => pair.Value is { IsExported: true, IsArray: false, Items: [_] })
            .ToDictionary(pair => pair.Key, pair => pair.Value.Items[0], StringComparer.Ordinal);
        foreach (var assignment in command.Assignments.Where(assignment => assignment.Value is not null))
            environment[assignment.Name] = expansion.Text(assignment.Value!);
        foreach (var (name, value) in launch.Environment)
            environment[name] = value;
        return environment;
    }

    private Outcome Declare(ScriptCommand.Declaration declaration)
    {
        var options = string.Concat(declaration.Options.Select(word => word.Plain is ['-', .. var letters] ? letters : ""));
        var isExport = (declaration.Keyword is "export" && !options.Contains('n')) || options.Contains('x');
        foreach (var assignment in declaration.Assignments)
        {
            if (declaration.Keyword is "local" or "declare" or "typeset" && !options.Contains('g'))
                KeepForCaller(assignment.Name);
            if (options.Contains('A') || options.Contains('n') && declaration.Keyword is not "export")
                Forget(declaration.Line, [assignment.Name], "is a table or another name, which isn't followed");
            else if (assignment.Value is not null || assignment.Items is not null)
                Assign(assignment, isExport || exportsAll);
            else if (declaration.Keyword is "export")
                variables.Set(assignment.Name, (variables.Find(assignment.Name) ?? new Variable([])) with { IsExported = isExport });
            else if (declaration.Keyword is "local")
                variables.Set(assignment.Name, new Variable(new ScriptValue(assignment.Line, "")));
        }

        if (declaration.Options.Any(word => word.Plain is null))
            Note(declaration.Line, $"{declaration.Keyword} of names that only running the script would tell");
        return Outcome.Success;
    }

    private void Assign(ScriptAssignment assignment, bool isExport)
    {
        if (assignment.Name is "IFS")
            throw new ScriptException(assignment.Line, "IFS is assigned, and words are split at blanks only; set it for one command, or take it out of the script");
        var old = variables.Find(assignment.Name);
        var isExported = isExport || old?.IsExported == true;
        if (assignment.IsElement)
        {
            Forget(assignment.Line, [assignment.Name], "is an array whose elements are set one by one");
            return;
        }

        if (assignment.Items is { } words)
        {
            var items = words.SelectMany(expansion.Fields);
            variables.Set(assignment.Name, new Variable([.. assignment.IsAppend && old is not null ? old.Items.Concat(items) : items], true, isExported));
            budget.Value(assignment.Line, variables.Find(assignment.Name)?.Items.Count ?? 0);
            return;
        }

        var value = Advised(assignment.Name, expansion.Text(assignment.Value!));
        if (assignment.IsAppend && old is { Items: [var first, ..] })
        {
            value = new ScriptValue(assignment.Line, first.Text + value.Text, WordExpansion.Few(first.Unknowns.Concat(value.Unknowns)));
            budget.Value(assignment.Line, value.Text.Length);
        }

        variables.Set(assignment.Name, new Variable([value], IsExported: isExported));
    }

    // What only running would tell can be given by the name of the variable that holds it.
    private static ScriptValue Advised(string name, ScriptValue value) => value.IsKnown ? value : value with
    {
        Unknowns = [.. value.Unknowns.Select(unknown => unknown.What.Contains("give --", StringComparison.Ordinal) ? unknown : unknown with { What = $"{unknown.What}; give --set {name}=…" })],
    };

    private Outcome Call(ScriptCommand body, List<ScriptValue> fields)
    {
        var positional = variables.Positional;
        variables.Positional = fields[1..];
        callers.Push(new Dictionary<string, Variable?>(StringComparer.Ordinal));
        var outcome = Run(body);
        foreach (var (name, value) in callers.Pop())
            variables.Set(name, value);
        variables.Positional = positional;
        if (ending == Ending.Function)
            ending = Ending.None;
        return outcome;
    }

    private void KeepForCaller(string name)
    {
        if (callers.TryPeek(out var kept))
            kept.TryAdd(name, variables.Find(name));
    }

    private void Note(int line, string text)
    {
        if (rehearsals == 0 && notes.Count < MostNotes)
            notes.Add(new ScriptNote(line, Excerpt.Of(text)));
    }
}
