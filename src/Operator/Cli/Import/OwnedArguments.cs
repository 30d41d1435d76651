using System.Text.Json.Nodes;
using GrpoOperator.Operator.Cli.Script;
using GrpoOperator.Training.Verl;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary>
/// The assignments that only the operator may make: sizes become fields, and what no field can say is refused. Their sign
/// means nothing, and of several only the last does.
/// </summary>
internal sealed class OwnedArguments
{
    /// <summary>verl's own default of <c>trainer.nnodes</c>.</summary>
    public static int DefaultNodes => VerlDefaults.Of("trainer.nnodes");

    /// <summary>verl's own default of <c>trainer.n_gpus_per_node</c>.</summary>
    public static int DefaultNpus => VerlDefaults.Of("trainer.n_gpus_per_node");

    private readonly List<ImportProblem> problems = [];
    private readonly Dictionary<string, ScriptArgument> last = new(StringComparer.Ordinal);

    public OwnedArguments(LaunchArguments launch, JobTree job)
    {
        foreach (var argument in launch.Assignments)
        {
            if (OwnedKeys.All.Contains(argument.Key, StringComparer.Ordinal))
                last[argument.Key] = argument with { Text = $"{argument.Key}={argument.Assignment.RawValue}", Assignment = argument.Assignment with { Sign = AssignmentSign.Set } };
            else if (OwnedKeys.ChangesHydra(argument.Assignment))
                problems.Add(new ImportProblem(argument.Line, $"{Excerpt.Of(argument.Text)} changes Hydra itself, which the operator relies on; take it out of the script"));
            else if (argument.Key == OwnedKeys.Logger && !OwnedKeys.HasConsole(argument.Assignment.Value))
                problems.Add(new ImportProblem(argument.Line, $"{Excerpt.Of(argument.Text)} leaves out console, which progress is read from; add it in the script"));
        }

        Nodes = Number("trainer.nnodes") ?? DefaultNodes;
        NpusPerNode = Number("trainer.n_gpus_per_node") ?? DefaultNpus;
        if (Take("trainer.device", keep: true) is { } device && device.Assignment.Value is not HydraValue.Text { Value: "npu" })
            Refuse(device, "trains on another device; the operator runs NPUs only");
        if (Take("ray_kwargs.ray_init.address") is { } address && address.Assignment.Value is not HydraValue.Null)
            Refuse(address, "leads to another Ray cluster than the job's own; take it out of the script");
        Cpus(job);
        Resume(job);
        Arguments = [.. launch.Assignments.Where(argument => !OwnedKeys.All.Contains(argument.Key, StringComparer.Ordinal)), .. last.Values];
    }

    /// <summary>Nodes that verl trains on.</summary>
    public int Nodes { get; }

    /// <summary>NPUs that verl trains on per node.</summary>
    public int NpusPerNode { get; }

    /// <summary>The launch's assignments as the operator would make them.</summary>
    public IReadOnlyList<ScriptArgument> Arguments { get; }

    /// <summary>What no field can say.</summary>
    public IReadOnlyList<ImportProblem> Problems => problems;

    private int? Number(string key)
    {
        if (Take(key, keep: true) is not { } argument)
            return null;
        if (argument.Assignment.Value is HydraValue.Int { Value: var number } && number >= 1 && number <= 4096)
            return (int)number;
        Refuse(argument, "is not a number of 1 to 4096");
        return null;
    }

    private void Cpus(JobTree job)
    {
        if (Take("ray_kwargs.ray_init.num_cpus") is not { Assignment.Value: not HydraValue.Null } argument)
            return;
        if (argument.Assignment.Value is not HydraValue.Int { Value: var cpus } || cpus < 1 || cpus > int.MaxValue)
        {
            Refuse(argument, "is not a number of CPUs");
            return;
        }

        job.Set("ray.cpusPerNode", JsonValue.Create((int)cpus));
        job.Comment("ray.cpusPerNode", $"line {argument.Line}: ray_kwargs.ray_init.num_cpus, which verl may not pass to a running cluster");
    }

    // verl reads the path in that mode only: in another it changes nothing, and the operator has no place for it.
    private void Resume(JobTree job)
    {
        var mode = (last.GetValueOrDefault("trainer.resume_mode")?.Assignment.Value as HydraValue.Text)?.Value;
        if (last.TryGetValue("trainer.resume_mode", out var argument) && mode is not ("auto" or "disable" or "resume_path"))
            Refuse(argument, "is no mode that verl knows");
        if (mode != "resume_path" && Take("trainer.resume_from_path") is { Assignment.Value: not (HydraValue.Null or HydraValue.Bool { Value: false }) } path)
            job.Comment("", $"line {path.Line}: {Excerpt.Of(path.Text)} is left out: verl reads it with trainer.resume_mode=resume_path only");
    }

    private ScriptArgument? Take(string key, bool keep = false)
    {
        var argument = last.GetValueOrDefault(key);
        if (!keep)
            last.Remove(key);
        return argument;
    }

    private void Refuse(ScriptArgument argument, string why) => problems.Add(new ImportProblem(argument.Line, $"{Excerpt.Of(argument.Text)} {why}"));
}
