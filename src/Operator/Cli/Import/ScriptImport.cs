using System.Text.Json.Nodes;
using GrpoOperator.Crds;
using GrpoOperator.Operator.Cli.Script;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary>
/// A launch script as a GrpoTrainingJob whose arguments are the script's. The script is read, never run; what only running
/// would tell is refused where it reaches an argument.
/// </summary>
internal static class ScriptImport
{
    private const int MostNotes = 60;

    /// <summary>Reads the script and writes the job.</summary>
    public static ImportResult Run(ImportRequest request)
    {
        LaunchScript script;
        try
        {
            script = LaunchScript.Read(request.Script, request.Given, request.Home);
        }
        catch (ScriptException e)
        {
            return ImportResult.Refused(new ImportProblem(e.Line, e.Reason));
        }

        if (request.Given.Keys.FirstOrDefault(name => !name.All(char.IsAsciiDigit) && !Mentions(request.Script, name)) is { } strange)
            return new ImportResult(null, [], $"--set {strange}: the script has no variable of that name");
        if (request.Launch is { } number && script.Launches.Count > 0 && (number < 1 || number > script.Launches.Count))
            return new ImportResult(null, [], $"--launch {number}: the script has {script.Launches.Count} launches");
        return script.Launches switch
        {
            [] => ImportResult.Refused(Nothing(script)),
            [var only] => Written(request, script, only),
            var several when request.Launch is { } chosen => Written(request, script, several[chosen - 1]),
            var several => ImportResult.Refused(several.Select((launch, at) => new ImportProblem(launch.Line, $"launch {at + 1} of {several.Count}: {Excerpt.Of(launch.Module.Text)}; choose one with --launch"))),
        };
    }

    private static bool Mentions(string script, string name)
    {
        for (var at = script.IndexOf(name, StringComparison.Ordinal); at >= 0; at = script.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            var end = at + name.Length;
            if ((at == 0 || !IsOfName(script[at - 1])) && (end == script.Length || !IsOfName(script[end])))
                return true;
        }

        return false;
    }

    private static bool IsOfName(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';

    private static IEnumerable<ImportProblem> Nothing(LaunchScript script) =>
        script.Skipped.Count == 0
            ? [new ImportProblem(0, "the script starts no Python module with Hydra's arguments (python3 -m verl.trainer.main_ppo key=value …)")]
            : script.Skipped.Select(line => new ImportProblem(line, "a launch stands here, in a branch that the script doesn't take as it is; --set can turn its condition"));

    private static ImportResult Written(ImportRequest request, LaunchScript script, Launch launch)
    {
        var arguments = LaunchArguments.Of(launch);
        var job = new JobTree(request.Name);
        var owned = new OwnedArguments(arguments, job);
        if (arguments.Problems.Concat(owned.Problems).ToList() is { Count: > 0 } problems)
            return ImportResult.Refused(problems);
        Top(request, script, launch, job);
        Fields(request, launch, arguments, owned, job);
        var fit = new FieldFit(job, arguments, owned.Arguments);
        fit.Fit();
        KeepSaving(job);
        fit.WriteRest();
        if (fit.Differences().ToList() is { Count: > 0 } differences)
            return ImportResult.Refused(differences);
        new EnvironmentFields(job).Write(launch.Environment);
        VolumeFields.Write(job);
        return new ImportResult(CommentedYaml.Of(job), []);
    }

    private static void Top(ImportRequest request, LaunchScript script, Launch launch, JobTree job)
    {
        job.Comment("", $"Imported by grpo-operator: the launch on line {launch.Line}{(script.Launches.Count > 1 ? $", one of {script.Launches.Count}" : "")}. The script was read, not run.");
        var notes = script.Notes.Concat(launch.Notes).OrderBy(note => note.Line).ToList();
        if (notes.Count > 0)
            job.Comment("", "Lines of the script that are not part of the job:");
        foreach (var note in notes.Take(MostNotes))
            job.Comment("", $"  {note.Line}: {note.Text}");
        if (notes.Count > MostNotes)
            job.Comment("", $"  and {notes.Count - MostNotes} more");
        job.Set("image", request.Image ?? "");
        if (request.Image is null)
            job.Comment("image", "to be filled in: the script can't say which image it runs in; --image does");
        if (request.VerlVersion is not null)
            job.Set("verlVersion", request.VerlVersion);
        else
            job.Comment("image", "verlVersion is not set: the script can't say which verl the image has; with it, more is checked");
    }

    private static void Fields(ImportRequest request, Launch launch, LaunchArguments arguments, OwnedArguments owned, JobTree job)
    {
        var strategy = EngineChoice.StrategyOf(arguments);
        if (strategy is not Strategy.Megatron)
            job.Set("strategy", strategy.ToString());
        LaunchFields.Write(job, launch, arguments, strategy);
        WorkerFields.Write(job, owned, request);
        RequiredFields.Write(job, owned.Arguments, LaunchFields.WorkDirOf(launch));
        if (strategy is Strategy.Megatron)
            job.Set("model.weights", EngineChoice.WeightsOf(arguments).ToString());
    }

    // A saveFrequency needs a checkpointDir; the script's own choice, a directory that one pod has, stays an override.
    private static void KeepSaving(JobTree job)
    {
        if (job.Spec().Trainer is not { SaveFrequency: > 0, CheckpointDir: null })
            return;
        job.Remove(["trainer", "saveFrequency"]);
        job.Comment("trainer", "the script saves below its working directory, which a restart loses: to keep checkpoints, set checkpointDir to a directory");
        job.Comment("trainer", "on a volume and move trainer.save_freq from overrides to saveFrequency");
        if (!job.Has(["trainer"]))
            job.Set("trainer", new JsonObject());
    }
}
