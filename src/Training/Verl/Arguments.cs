using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Verl;

/// <summary>The trainer's command line, made from a job's spec.</summary>
public static class Arguments
{
    /// <summary>Directory of verl's own configuration, relative to its trainer module.</summary>
    public const string VerlConfigPath = "config";

    /// <summary>The Megatron configuration by its name, which every version knows; <c>model_engine=megatron</c> only from 0.8 on.</summary>
    public const string MegatronConfigName = "ppo_megatron_trainer.yaml";

    /// <summary>
    /// The arguments after <c>python3</c>, one element each and exactly as they are passed; with <c>launch.command</c> that
    /// whole command. A spec that breaks a structural rule gives some list, which nobody may start.
    /// </summary>
    public static IReadOnlyList<string> For(
        GrpoTrainingJobSpec spec, string @namespace, string jobName, JobShape shape, ResumeArgument resume) =>
        spec.Launch.Command is { Count: > 0 } command
            ? command
            : [.. Head(spec), .. Assignments(spec, @namespace, jobName, shape, resume)];

    /// <summary>
    /// The arguments of later attempts that resume this job's own checkpoint; null where they equal those of the first.
    /// </summary>
    public static IReadOnlyList<string>? Later(GrpoTrainingJobSpec spec, string @namespace, string jobName, JobShape shape)
    {
        var first = For(spec, @namespace, jobName, shape, ResumeArgument.First);
        var later = For(spec, @namespace, jobName, shape, ResumeArgument.Later);
        return later.SequenceEqual(first, StringComparer.Ordinal) ? null : later;
    }

    /// <summary>The Hydra assignments alone: the generated ones, then the overrides that replace none of them.</summary>
    public static IReadOnlyList<string> Assignments(
        GrpoTrainingJobSpec spec, string @namespace, string jobName, JobShape shape, ResumeArgument resume)
    {
        var generated = Generated(new ArgumentContext(spec, @namespace, jobName, shape, resume));
        var texts = generated.ConvertAll(argument => argument.ToString());
        var places = generated.Select((argument, at) => (argument.Key, at)).ToDictionary(pair => pair.Key, pair => pair.at, StringComparer.Ordinal);
        foreach (var text in spec.Overrides ?? [])
        {
            // Only the first one for a key takes the generated place: of several, the last still wins.
            if (Assignment.Read(text).Result is { IsGroupChoice: false } assignment && places.Remove(assignment.Key, out var place))
                texts[place] = text;
            else
                texts.Add(text);
        }

        return texts;
    }

    private static List<Argument> Generated(ArgumentContext job)
    {
        var omitted = (job.Spec.Launch.OmitArguments ?? []).ToHashSet(StringComparer.Ordinal);
        return [.. ArgumentTable.All.SelectMany(row => row.Write(job)).Where(argument => !omitted.Contains(argument.Key))];
    }

    // Hydra's parser wants its --config options together, before the first assignment.
    private static IEnumerable<string> Head(GrpoTrainingJobSpec spec)
    {
        var launch = spec.Launch;
        var module = launch.Module ?? LaunchSpec.DefaultModule;
        var megatron = spec.Strategy is Strategy.Megatron && module is LaunchSpec.DefaultModule;
        yield return "-m";
        yield return module;
        if ((launch.ConfigPath ?? (megatron ? VerlConfigPath : null)) is { Length: > 0 } path)
            yield return $"--config-path={path}";
        if ((launch.ConfigName ?? (megatron ? MegatronConfigName : null)) is { Length: > 0 } name)
            yield return $"--config-name={name}";
        foreach (var argument in launch.Args ?? [])
            yield return argument;
    }
}
