using System.Text.Json.Nodes;
using GrpoOperator.Crds;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary>
/// A script can't say which storage holds its paths: each gets a mount at its topmost directory, without a volume, so that
/// validation asks for one.
/// </summary>
internal static class VolumeFields
{
    /// <summary>Writes the mounts.</summary>
    public static void Write(JobTree job)
    {
        var roots = Paths(job.Spec()).Where(path => path.StartsWith('/')).Select(Root).Where(root => root.Length > 1)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (roots.Count == 0)
            return;
        job.Set("volumes", new JsonArray());
        job.Comment("volumes", "to be filled in: one volume that every node can mount for each name below, such as");
        job.Comment("volumes", $"  {{name: {Name(roots[0])}, persistentVolumeClaim: {{claimName: …}}}}");
        job.Set("volumeMounts", new JsonArray([.. roots.Select(root => (JsonNode)new JsonObject { ["name"] = Name(root), ["mountPath"] = root })]));
    }

    private static IEnumerable<string> Paths(GrpoTrainingJobSpec spec) =>
        new[] { spec.Model.Path, spec.Model.DistCheckpointPath, spec.Reward?.Path, spec.Trainer.CheckpointDir, spec.Trainer.Resume?.Path, spec.Trainer.LogDir }
            .Concat(spec.Data.TrainFiles).Concat(spec.Data.ValFiles).OfType<string>()
            .Where(path => !path.StartsWith(spec.Launch.WorkDir.TrimEnd('/') + "/", StringComparison.Ordinal));

    private static string Root(string path)
    {
        var end = path.IndexOf('/', 1);
        return end < 0 ? path : path[..end];
    }

    private static string Name(string root)
    {
        var name = string.Concat(root.ToLowerInvariant().Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-')).Trim('-');
        return name.Length is 0 or > 50 ? "data" : char.IsAsciiLetter(name[0]) && !name.StartsWith("grpo", StringComparison.Ordinal) ? name : $"v-{name}";
    }
}
