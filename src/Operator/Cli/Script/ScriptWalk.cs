namespace GrpoOperator.Operator.Cli.Script;

/// <summary>
/// Goes through a script's commands as bash would, with variables but without running anything. Where only running would tell
/// which way bash goes, every way is gone, and a variable that differs afterwards is unknown.
/// </summary>
internal sealed partial class ScriptWalk
{
    private readonly Budget budget = new();
    private readonly Variables variables;
    private readonly WordExpansion expansion;
    private readonly Dictionary<string, ScriptCommand> functions = new(StringComparer.Ordinal);
    private readonly List<Launch> launches = [];
    private readonly List<ScriptNote> notes = [];
    private readonly List<int> skipped = [];
    private ScriptValue? workDir;
    private Ending ending;
    private int depth;
    private int rehearsals;
    private bool exportsAll;

    public ScriptWalk(Variables variables)
    {
        this.variables = variables;
        expansion = new WordExpansion(variables, budget);
    }

    /// <summary>How far what ended reaches.</summary>
    private enum Ending
    {
        None,
        Loop,
        Function,
        Script,
    }

    /// <summary>The launches found so far.</summary>
    public IReadOnlyList<Launch> Launches => launches;

    /// <summary>What is done beside.</summary>
    public IReadOnlyList<ScriptNote> Notes => notes;

    /// <summary>Lines of launches in branches that aren't taken.</summary>
    public IReadOnlyList<int> Skipped => skipped;

    /// <summary>Goes through a whole script.</summary>
    public void Script(ScriptCommand script) => Run(script);

    private Outcome Run(ScriptCommand command)
    {
        budget.Step(command.Line);
        if (++depth > 4 * Budget.Depth)
            throw new ScriptException(command.Line, "functions call each other too deeply");
        var outcome = command switch
        {
            ScriptCommand.Simple simple => Simple(simple),
            ScriptCommand.Declaration declaration => Declare(declaration),
            ScriptCommand.Sequence sequence => Sequence(sequence),
            ScriptCommand.Chain chain => Chain(chain),
            ScriptCommand.Pipeline pipeline => Pipeline(pipeline),
            ScriptCommand.Subshell subshell => Apart(subshell.Body),
            ScriptCommand.If branches => If(branches),
            ScriptCommand.Case branches => Case(branches),
            ScriptCommand.While loop => While(loop),
            ScriptCommand.For loop => For(loop),
            ScriptCommand.Test test => Test(test),
            ScriptCommand.Arithmetic arithmetic => Arithmetically(arithmetic),
            ScriptCommand.Function function => Define(function),
            _ => throw new InvalidOperationException(),
        };
        depth--;
        return outcome;
    }

    private Outcome Define(ScriptCommand.Function function)
    {
        functions[function.Name] = function.Body;
        return Outcome.Success;
    }

    private Outcome Sequence(ScriptCommand.Sequence sequence)
    {
        var outcome = Outcome.Success;
        foreach (var item in sequence.Items)
        {
            if (ending != Ending.None)
                break;
            outcome = Run(item);
        }

        return outcome;
    }

    private Outcome Chain(ScriptCommand.Chain chain)
    {
        var outcome = Run(chain.First);
        foreach (var (isAnd, next) in chain.Rest)
        {
            if (ending != Ending.None)
                break;
            if (outcome.Succeeds is { } known)
            {
                outcome = known == isAnd ? Run(next) : Skip(next, outcome);
                continue;
            }

            // When the next command leaves the script, going on means that it wasn't reached.
            var (causes, leaves) = (outcome.Causes, false);
            Branches(chain.Line, causes, [() => { Run(next); leaves = ending != Ending.None; }, () => { }]);
            outcome = leaves ? new Outcome(!isAnd, []) : new Outcome(null, causes);
        }

        return outcome;
    }

    // Every part runs in a shell of its own.
    private Outcome Pipeline(ScriptCommand.Pipeline pipeline)
    {
        if (pipeline.Parts is [var only])
            return Run(only).Negated;
        var outcome = Outcome.NotKnown;
        foreach (var part in pipeline.Parts)
            outcome = Apart(part);
        return pipeline.IsNegated ? outcome.Negated : outcome;
    }

    private Outcome Apart(ScriptCommand body)
    {
        var (before, directory) = (variables.Now, workDir);
        var outcome = Run(body);
        (variables.Now, workDir, ending) = (before, directory, Ending.None);
        return outcome;
    }

    private Outcome Test(ScriptCommand.Test test)
    {
        var operands = test.Words.Select(word => new Condition.Operand(expansion.Text(word), expansion.Pattern(word).Text)).ToList();
        return new Condition(operands, expansion, budget).Outcome();
    }

    private Outcome Arithmetically(ScriptCommand.Arithmetic arithmetic)
    {
        var text = expansion.Text(arithmetic.Expression);
        Forget(arithmetic.Line, AssignedIn(text.Text), "is changed by an arithmetic command");
        return text.IsKnown && expansion.Evaluate(text.Text, out _) is { } value ? new Outcome(value != 0, []) : new Outcome(null, text.Unknowns);
    }

    // What ((i++)) and ((n += 2)) change isn't followed.
    private static IEnumerable<string> AssignedIn(string expression) =>
        expression.AsSpan().IndexOfAny("=+-") < 0
            ? []
            : expression.Split((char[])[' ', '\t', '\n', '(', ')', '=', '+', '-', '*', '/', '%', '<', '>', '!', '&', '|', ',', ';'], StringSplitOptions.RemoveEmptyEntries)
                .Where(word => !char.IsAsciiDigit(word[0]));

    private void Forget(int line, IEnumerable<string> names, string why)
    {
        foreach (var name in names)
        {
            var unknown = new ScriptValue(line, $"${name}", [new Unknown(line, $"${name} {why}; give --set {name}=…")]);
            variables.Set(name, new Variable([unknown], IsExported: variables.Find(name)?.IsExported == true));
        }
    }
}
