using GrpoOperator.Crds.Schema;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary>
/// Gives a job fields so that its arguments become the script's. A field is tried for each assignment that it could write, and
/// kept only when it writes exactly that and nothing that the script hasn't; the rest is overrides, and what the operator
/// would write beyond the script is left out by name.
/// </summary>
internal sealed class FieldFit(JobTree job, LaunchArguments launch, IReadOnlyList<ScriptArgument> arguments)
{
    /// <summary>Where the job is put later isn't known, so its namespace and name may stand for nothing that the script says.</summary>
    private const string Nowhere = "\u0001";

    private readonly HashSet<string> wanted = new(arguments.Select(argument => argument.Text), ArgumentComparer.Instance);
    private readonly List<FieldValue> kept = [];
    private HashSet<string> written = [];
    private HashSet<string> surplus = [];

    /// <summary>The arguments that the operator would make of the job as it is.</summary>
    public IReadOnlyList<string> Rendered()
    {
        var spec = job.Spec();
        return Arguments.For(spec, Nowhere, Nowhere, JobShape.Of(spec), ResumeArgument.First);
    }

    /// <summary>Finds fields for as many assignments as possible.</summary>
    public void Fit()
    {
        var repeated = Repeated();
        Accept(Rendered());
        bool changed;
        do
        {
            changed = false;
            foreach (var argument in arguments.Where(argument => !repeated.Contains(argument.Key)))
                changed |= ArgumentFields.Of(argument.Assignment).Any(field => Try(argument, field));
        }
        while (changed);
        Withdraw();
    }

    /// <summary>Writes what no field says: overrides, and generated arguments that the script hasn't.</summary>
    public void WriteRest()
    {
        var repeated = Repeated();
        Accept(Rendered());
        var overrides = new List<string>();
        foreach (var argument in arguments.DistinctBy(argument => argument.Text, ArgumentComparer.Instance))
        {
            if ((repeated.Contains(argument.Key) || !written.Contains(argument.Text)) && !OwnedKeys.All.Contains(argument.Key, StringComparer.Ordinal))
                overrides.Add(argument.Text);
        }

        if (overrides.Count > 0)
            job.Set("overrides", Nodes.Of(overrides));
        var keys = arguments.Select(argument => argument.Key).ToHashSet(StringComparer.Ordinal);
        var omitted = Generated(written).Select(assignment => assignment.Key)
            .Where(key => !keys.Contains(key) && (key == "trainer.device" || !OwnedKeys.All.Contains(key, StringComparer.Ordinal)))
            .Distinct(StringComparer.Ordinal).ToList();
        if (omitted.Count > 0)
            job.Set("launch.omitArguments", Nodes.Of(omitted));
    }

    /// <summary>Where the job's arguments still differ from the script's.</summary>
    public IEnumerable<ImportProblem> Differences()
    {
        string[] config = [.. Option("--config-path", launch.ConfigPath), .. Option("--config-name", launch.ConfigName)];
        var script = new HashSet<string>(["-m", launch.Module, .. config, .. launch.Options, .. wanted], ArgumentComparer.Instance);
        var made = new HashSet<string>(Rendered(), ArgumentComparer.Instance);
        foreach (var argument in arguments.Where(argument => !made.Contains(argument.Text)))
            yield return new ImportProblem(argument.Line, $"no field and no override can say {argument.Text}");
        foreach (var text in script.Where(text => !made.Contains(text) && !wanted.Contains(text)))
            yield return new ImportProblem(0, $"the job would not pass {text}");
        foreach (var text in made.Where(text => !script.Contains(text) && !IsDefaultSize(text)))
            yield return new ImportProblem(0, $"the job would pass {text}, which the script doesn't");
    }

    private static IEnumerable<string> Option(string name, string? value) => string.IsNullOrEmpty(value) ? [] : [$"{name}={value}"];

    // The operator always says the sizes; verl's own defaults change nothing.
    private static bool IsDefaultSize(string text) =>
        text == $"trainer.nnodes={OwnedArguments.DefaultNodes}" || text == $"trainer.n_gpus_per_node={OwnedArguments.DefaultNpus}";

    private bool Try(ScriptArgument argument, FieldValue field)
    {
        if (job.Has(field.Path))
            return false;
        if (written.Contains(argument.Text))
            return false;
        job.Set(field.Path, field.Value.DeepClone());
        var after = IsWhole(field) ? Rendered() : [];
        if (after.Contains(argument.Text, ArgumentComparer.Instance) && Surplus(after).IsSubsetOf(surplus))
        {
            kept.Add(field);
            Accept(after);
            return true;
        }

        job.Remove(field.Path);
        return false;
    }

    private void Accept(IReadOnlyList<string> rendered)
    {
        written = new HashSet<string>(rendered, ArgumentComparer.Instance);
        surplus = Surplus(rendered);
    }

    // A reward without a path is no reward.
    private bool IsWhole(FieldValue field) => field.Path[0] != "reward" || job.Has(["reward", "path"]);

    private HashSet<string> Surplus(IEnumerable<string> rendered) =>
        rendered.Where(text => !wanted.Contains(text)).ToHashSet(StringComparer.Ordinal);

    // A value that the API doesn't allow there is no field's.
    private void Withdraw()
    {
        var violations = CrdSchema.Check(Nodes.Element(job.Job())).Select(violation => violation.Path).ToList();
        foreach (var field in kept.Where(field => violations.Exists(path => path.StartsWith($"spec.{field}", StringComparison.Ordinal))))
            job.Remove(field.Path);
        if (!job.Has(["reward", "path"]))
            job.Remove(["reward"]);
    }

    private HashSet<string> Repeated() => arguments
        .DistinctBy(argument => argument.Text, ArgumentComparer.Instance)
        .GroupBy(argument => argument.Key, StringComparer.Ordinal)
        .Where(group => group.Count() > 1)
        .Select(group => group.Key)
        .ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<Assignment> Generated(IEnumerable<string> rendered) =>
        rendered.Where(text => !text.StartsWith('-')).Select(text => Assignment.Read(text).Result).OfType<Assignment>();
}
