namespace GrpoOperator.Operator.Cli.Script;

/// <content>Loops.</content>
internal sealed partial class ScriptWalk
{
    private Outcome While(ScriptCommand.While loop)
    {
        var before = variables.Now;
        var enters = Run(loop.Condition).Succeeds is var holds && loop.IsUntil ? !holds : holds;
        if (enters is false)
            return Skip(loop.Body, Outcome.Success);
        variables.Now = before;
        Repeat(loop.Line, enters is true, () =>
        {
            Run(loop.Condition);
            Run(loop.Body);
        });
        return Outcome.NotKnown;
    }

    private Outcome For(ScriptCommand.For loop)
    {
        var fields = loop.Words?.SelectMany(expansion.Fields).ToList() ?? [.. variables.Positional];
        if (loop.Name is not null && fields.Count == 0)
            return Skip(loop.Body, Outcome.Success);
        Repeat(loop.Line, false, () =>
        {
            if (loop.Name is { } name)
                Take(loop.Line, name, fields);
            Run(loop.Body);
        });
        return Outcome.NotKnown;
    }

    private void Take(int line, string name, List<ScriptValue> fields)
    {
        if (fields is [{ IsKnown: true } only])
            variables.Set(name, new Variable(only));
        else
            Forget(line, [name], $"takes several values in the loop of line {line}");
    }

    // A body is gone once to see what it assigns, and once for real with all of that unknown, as in any round but the first.
    private void Repeat(int line, bool isEntered, Action body)
    {
        var (before, directory) = (variables.Now, workDir);
        variables.Watch();
        rehearsals++;
        body();
        rehearsals--;
        var names = variables.Watched();
        (variables.Now, workDir, ending) = (before, directory, Ending.None);
        if (rehearsals > 0)
        {
            Forget(line, names, Changes(line));
            return;
        }

        Forget(line, names, Changes(line));
        body();
        var leaves = ending is Ending.Function or Ending.Script && isEntered;
        Forget(line, names, Changes(line));
        if (!leaves)
            ending = Ending.None;
    }

    private static string Changes(int line) => $"changes in the loop of line {line}";
}
