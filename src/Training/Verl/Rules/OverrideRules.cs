using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>Overrides and what else of verl's command line a user may not take over.</summary>
internal static class OverrideRules
{
    public static IEnumerable<Rule> All { get; } =
    [
        Rule.Structural(RuleNames.OverrideForm, "Hydra's grammar; options belong to launch.args", Forms),
        Rule.Structural(RuleNames.OwnedKey, "this operator: it knows the pods and the attempts", Taken),
        Rule.Structural(RuleNames.ConsoleLogger, "this operator: progress is read from the console", Console),
    ];

    private static IEnumerable<Breach> Forms(CheckedJob job) =>
        from text in job.Spec.Overrides ?? []
        where Assignment.ReadForm(text) is null
        select new Breach($"the override '{text}' is not of the form key=value, +key=value, ++key=value or ~key" + (text.StartsWith('-') ? "; options belong to launch.args" : ""));

    private static IEnumerable<Breach> Taken(CheckedJob job)
    {
        foreach (var assignment in job.Assignments)
        {
            if (OwnedKeys.ChangesHydra(assignment))
                yield return new Breach($"the override of {assignment.Key} changes Hydra itself, which the operator relies on");
            foreach (var key in AssignedKeys.Of(assignment))
            {
                if (OwnedKeys.All.FirstOrDefault(owned => AssignedKeys.Touches(key.Key, owned)) is { } owned)
                    yield return new Breach($"the override of {key.Key} changes {owned}, which the operator sets{Instead(owned)}");
            }
        }

        foreach (var key in (job.Spec.Launch.OmitArguments ?? []).Where(key => key is not "trainer.device" && OwnedKeys.All.Contains(key, StringComparer.Ordinal)))
            yield return new Breach($"launch.omitArguments names {key}, which the operator sets");
    }

    private static string Instead(string owned) => owned switch
    {
        "trainer.nnodes" => "; use trainer.nodes",
        "trainer.n_gpus_per_node" => "; use trainer.npusPerNode",
        "trainer.device" => "; launch.omitArguments can leave it out",
        "trainer.resume_mode" or "trainer.resume_from_path" => "; use trainer.resume",
        "ray_kwargs.ray_init.num_cpus" => "; use ray.cpusPerNode",
        _ => "",
    };

    private static IEnumerable<Breach> Console(CheckedJob job)
    {
        if (job.Spec.Trainer.Loggers is { } loggers && !loggers.Contains(OwnedKeys.Console, StringComparer.Ordinal))
            yield return new Breach($"trainer.loggers [{string.Join(", ", loggers)}] leaves out console, which progress is read from");
        foreach (var key in job.Assignments.SelectMany(AssignedKeys.Of))
        {
            if (AssignedKeys.Touches(key.Key, OwnedKeys.Logger) && !OwnedKeys.HasConsole(key.Value))
                yield return new Breach($"the override of {key.Key} leaves out console, which progress is read from");
        }
    }
}
