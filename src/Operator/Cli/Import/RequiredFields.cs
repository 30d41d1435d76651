using System.Text.Json.Nodes;
using GrpoOperator.Training.Verl;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary>
/// Fields that every job has. Where the script says nothing, a number is verl's own default (and left out of the arguments),
/// and a path stays empty, which validation refuses.
/// </summary>
internal static class RequiredFields
{
    private static readonly (string Field, string Key, bool HasDefault)[] All =
    [
        ("model.path", "actor_rollout_ref.model.path", false),
        ("data.trainFiles", "data.train_files", false),
        ("data.valFiles", "data.val_files", false),
        ("data.trainBatchSize", "data.train_batch_size", true),
        ("actor.ppoMiniBatchSize", "actor_rollout_ref.actor.ppo_mini_batch_size", true),
        ("rollout.samplesPerPrompt", "actor_rollout_ref.rollout.n", true),
    ];

    /// <summary>Writes them.</summary>
    /// <param name="job">The job.</param>
    /// <param name="arguments">The launch's assignments.</param>
    /// <param name="workDir">The directory that relative paths count from.</param>
    public static void Write(JobTree job, IReadOnlyList<ScriptArgument> arguments, string workDir)
    {
        Length(job, arguments);
        Weights(job, arguments, workDir);
        foreach (var (field, key, hasDefault) in All)
        {
            var given = arguments.LastOrDefault(argument => argument.Key == key);
            var value = given is null ? null : ArgumentFields.Of(given.Assignment).Select(candidate => candidate.Value).FirstOrDefault();
            if (value is not null)
                job.Set(field, Absolute(value, field, workDir));
            else if (hasDefault)
                Missing(job, field, JsonValue.Create(VerlDefaults.Of(key)), given is null ? $"the script doesn't set {key}: verl's default" : $"the script's {key} is no plain number; see overrides");
            else
                Missing(job, field, field == "model.path" ? "" : new JsonArray(""), $"to be filled in: the script has no path for {key}");
        }
    }

    // A job has an end; what verl takes where the script says none.
    private static void Length(JobTree job, IReadOnlyList<ScriptArgument> arguments)
    {
        const string epochs = "trainer.total_epochs";
        if (!arguments.Any(argument => argument.Key is epochs or "trainer.total_training_steps"))
            Missing(job, "trainer.totalEpochs", JsonValue.Create(VerlDefaults.Of(epochs)), $"the script sets neither {epochs} nor trainer.total_training_steps: verl's default");
    }

    // The field is absolute, since the conversion Job writes there; the arguments stay as the script has them.
    private static void Weights(JobTree job, IReadOnlyList<ScriptArgument> arguments, string workDir)
    {
        var given = arguments.LastOrDefault(argument => argument.Key == "actor_rollout_ref.actor.megatron.dist_checkpointing_path");
        if (given?.Assignment.Value is HydraValue.Text { Value: { Length: > 0 } path } && !path.StartsWith('/'))
            job.Set("model.distCheckpointPath", Under(workDir, path));
    }

    private static void Missing(JobTree job, string field, JsonNode value, string comment)
    {
        job.Set(field, value);
        job.Comment(field, comment);
    }

    // verl runs in the working directory; the argument itself stays as the script has it, among the overrides.
    private static JsonNode Absolute(JsonNode value, string field, string workDir) => value switch
    {
        JsonArray paths => new JsonArray([.. paths.Select(path => (JsonNode)Under(workDir, path!.GetValue<string>()))]),
        JsonValue path when field == "model.path" && path.GetValue<string>().StartsWith('.') => Under(workDir, path.GetValue<string>()),
        _ => value,
    };

    private static string Under(string workDir, string path)
    {
        if (path.StartsWith('/') || path.Length == 0 || path.Contains("://", StringComparison.Ordinal))
            return path;
        while (path.StartsWith("./", StringComparison.Ordinal))
            path = path[2..];
        return $"{workDir.TrimEnd('/')}/{path}";
    }
}
