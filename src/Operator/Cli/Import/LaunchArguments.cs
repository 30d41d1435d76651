using GrpoOperator.Operator.Cli.Script;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary>The arguments of a launch, told apart by what the operator makes of them.</summary>
internal sealed class LaunchArguments
{
    /// <summary>Arguments at most: a job has no place for more.</summary>
    private const int Most = 512;

    // Hydra's options whose value may be an argument of its own.
    private static readonly string[] OptionsWithValue = ["--config-dir", "-cd", "-cp", "-cn", "--package", "-p", "--experimental-rerun"];

    private readonly List<ImportProblem> problems = [];
    private readonly List<ScriptArgument> assignments = [];
    private readonly List<string> options = [];

    private LaunchArguments(string module) => Module = module;

    /// <summary>The module.</summary>
    public string Module { get; }

    /// <summary>Whether the module's arguments are known to be Hydra's: verl's own entry points and recipes.</summary>
    private bool IsHydra => Module.StartsWith("verl.", StringComparison.Ordinal) || Module.StartsWith("recipe.", StringComparison.Ordinal);

    /// <summary>Hydra's <c>--config-path</c>; null without.</summary>
    public string? ConfigPath { get; private set; }

    /// <summary>Hydra's <c>--config-name</c>; null without.</summary>
    public string? ConfigName { get; private set; }

    /// <summary>Every other argument that is no assignment.</summary>
    public IReadOnlyList<string> Options => options;

    /// <summary>Hydra's assignments in order.</summary>
    public IReadOnlyList<ScriptArgument> Assignments => assignments;

    /// <summary>What can't be carried over.</summary>
    public IReadOnlyList<ImportProblem> Problems => problems;

    /// <summary>Takes the arguments of a launch apart.</summary>
    public static LaunchArguments Of(Launch launch)
    {
        var arguments = new LaunchArguments(launch.Module.Text);
        arguments.Check(launch);
        if (arguments.problems.Count == 0)
            arguments.Read(launch.Arguments);
        return arguments;
    }

    private void Check(Launch launch)
    {
        problems.AddRange(launch.Problems.Concat(launch.Module.Unknowns).Select(unknown => new ImportProblem(unknown.Line, unknown.What)));
        foreach (var argument in launch.Arguments)
        {
            foreach (var unknown in argument.Unknowns)
                problems.Add(new ImportProblem(unknown.Line, $"{unknown.What}; {Name(argument)} needs it"));
        }

        if (launch.Arguments.Count > Most)
            problems.Add(new ImportProblem(launch.Line, $"the launch has {launch.Arguments.Count} arguments; {Most} are the most that a job can hold"));
    }

    private static string Name(ScriptValue argument)
    {
        var equal = argument.Text.IndexOf('=');
        return $"the argument {Excerpt.Of(equal > 0 ? argument.Text[..equal] : argument.Text)}{(argument.Line > 0 ? $" of line {argument.Line}" : "")}";
    }

    private void Read(IReadOnlyList<ScriptValue> values)
    {
        for (var at = 0; at < values.Count; at++)
        {
            var text = values[at].Text;
            if (TakeConfig(text, "--config-path", at + 1 < values.Count ? values[at + 1].Text : null, value => ConfigPath = value, ref at)
                || TakeConfig(text, "--config-name", at + 1 < values.Count ? values[at + 1].Text : null, value => ConfigName = value, ref at))
            {
                continue;
            }

            if (text.AsSpan().IndexOfAny("\r\n\0") >= 0)
                problems.Add(new ImportProblem(values[at].Line, $"{Name(values[at])} holds a line break"));
            else if (text.StartsWith('-') || (Assignment.ReadForm(text) is null && (!IsHydra || (at > 0 && OptionsWithValue.Contains(values[at - 1].Text, StringComparer.Ordinal)))))
                options.Add(text);
            else if (Assignment.ReadForm(text) is null)
                problems.Add(new ImportProblem(values[at].Line, $"Hydra would refuse {Excerpt.Of(text)}: it is neither key=value, ~key nor an option" + (string.IsNullOrWhiteSpace(text) ? "; is there a blank behind a backslash?" : "")));
            else if (Assignment.Read(text) is { Result: { } assignment })
                assignments.Add(new ScriptArgument(values[at].Line, text, assignment));
            else
                problems.Add(new ImportProblem(values[at].Line, $"Hydra would refuse {Excerpt.Of(text)}: {Assignment.Read(text).Error}"));
        }
    }

    // Hydra takes --config-name=x and --config-name x.
    private static bool TakeConfig(string text, string option, string? next, Action<string> take, ref int at)
    {
        if (text.StartsWith(option + "=", StringComparison.Ordinal))
        {
            take(text[(option.Length + 1)..]);
            return true;
        }

        if (text != option || next is null)
            return false;
        take(next);
        at++;
        return true;
    }
}
