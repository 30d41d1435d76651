namespace GrpoOperator.Operator.Cli.Script;

/// <summary>Finds launches in commands that aren't gone through, by their plain words alone.</summary>
internal static class PlainLaunches
{
    /// <summary>The lines of commands that start a Python module.</summary>
    public static IEnumerable<int> In(ScriptCommand command, Budget budget)
    {
        budget.Step(command.Line);
        if (command is ScriptCommand.Simple simple)
            return simple.Words.Any(word => word.Plain is { } text && Programs.IsPython(text)) && simple.Words.Any(word => word.Plain is "-m") ? [simple.Line] : [];
        return Parts(command).SelectMany(part => In(part, budget));
    }

    private static IEnumerable<ScriptCommand> Parts(ScriptCommand command) => command switch
    {
        ScriptCommand.Sequence sequence => sequence.Items,
        ScriptCommand.Chain chain => [chain.First, .. chain.Rest.Select(rest => rest.Next)],
        ScriptCommand.Pipeline pipeline => pipeline.Parts,
        ScriptCommand.Subshell subshell => [subshell.Body],
        ScriptCommand.If branches => [.. branches.Branches.Select(branch => branch.Body), .. branches.Else is { } other ? new[] { other } : []],
        ScriptCommand.Case branches => branches.Items.Select(item => item.Body),
        ScriptCommand.While loop => [loop.Body],
        ScriptCommand.For loop => [loop.Body],
        _ => [],
    };
}
