using System.Text.Json;
using System.Text.RegularExpressions;
using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>Paths: their form, and where what is written comes to lie.</summary>
internal static partial class PathRules
{
    public static IEnumerable<Rule> All { get; } =
    [
        Rule.Structural(RuleNames.PathForm, "this operator: paths mean the same in every pod", Forms),
        Rule.Structural(RuleNames.MountedPath, "this operator: every pod sees what one has written, and a mount's root may hold lost+found", Mounted),
        Rule.Structural(RuleNames.UncoveredPath, "this operator: what no volume holds is in the image, or nowhere", Uncovered),
        Rule.Structural(RuleNames.UnsharedVolume, "Kubernetes: each pod has an emptyDir or ephemeral volume of its own", Unshared),
        Rule.Structural(RuleNames.UnknownVolume, "Kubernetes: a mount names a volume of its pod", UnknownVolumes),
        Rule.Structural(RuleNames.ResumePath, "verl, ray_trainer: resume_from_path contains global_step_", Resume),
    ];

    private static IEnumerable<Breach> Forms(CheckedJob job)
    {
        foreach (var path in TextFields.OfPaths(job.Spec))
        {
            if (!path.Value.StartsWith('/'))
                yield return new Breach($"{path.Field} '{path.Value}' is not absolute");
            else if (!IsPlain(path.Value))
                yield return new Breach($"{path.Field} '{path.Value}' holds $, a glob or '..'; nobody expands those");
        }

        var model = job.Spec.Model.Path;
        if (model.StartsWith('~') || model.StartsWith('.') || !IsPlain(model))
            yield return new Breach($"model.path '{model}' is neither an absolute directory nor a hub id nor a URI");
    }

    private static bool IsPlain(string path) =>
        path.AsSpan().IndexOfAny("$*?[]") < 0 && !path.Split('/').Contains("..", StringComparer.Ordinal);

    private static IEnumerable<Breach> Mounted(CheckedJob job)
    {
        var spec = job.Spec;
        var mounts = Mounts(spec);
        if (mounts.Count == 0)
            yield break;
        var converts = spec.Strategy is Strategy.Megatron && spec.Model.Weights is not WeightsMode.MBridge;
        foreach (var (field, path, isWritten) in new[]
        {
            ("model.distCheckpointPath", converts ? spec.Model.DistCheckpointPath : null, spec.Conversion.Policy is ConversionPolicy.IfMissing),
            ("trainer.checkpointDir", spec.Trainer.CheckpointDir, true),
            ("data.prepare.outputDir", spec.Data.Prepare?.OutputDir, true),
        })
        {
            if (path is not null && Problem(path, mounts, isWritten) is { } problem)
                yield return new Breach($"{field} '{path}' {problem}");
        }
    }

    private static string? Problem(string path, IEnumerable<JsonElement?> mounts, bool isWritten)
    {
        var mount = MountOf(path, mounts);
        if (mount is null) return "lies on no volume of volumeMounts, so no two pods would see the same there";
        if (RootOf(mount).Equals(path.TrimEnd('/'), StringComparison.Ordinal)) return "is the root of a mount; name a directory below it";
        return isWritten && mount.Member("readOnly") is { ValueKind: JsonValueKind.True } ? "lies on a volume that is mounted read-only" : null;
    }

    // A template may mount more; what it does is not looked through.
    private static IEnumerable<Breach> Uncovered(CheckedJob job)
    {
        var mounts = Mounts(job.Spec);
        if (mounts.Count == 0 && job.Spec.Workers.Template is not null)
            return [];
        return from path in TextFields.OfInputs(job.Spec)
               where path.Value.StartsWith('/') && MountOf(path.Value, mounts) is null
               select new Breach($"{path.Field} '{path.Value}' lies on no volume of volumeMounts: only what the image holds is there", FindingSeverity.Warning);
    }

    private static IEnumerable<Breach> Unshared(CheckedJob job)
    {
        var mounts = Mounts(job.Spec);
        return from path in TextFields.OfInputs(job.Spec).Concat(TextFields.OfPaths(job.Spec)).DistinctBy(path => path.Field)
               let name = MountOf(path.Value, mounts).Text("name")
               let volume = (job.Spec.Volumes ?? []).Cast<JsonElement?>().FirstOrDefault(volume => volume.Text("name") == name)
               let kind = volume.Member("emptyDir") is not null ? "emptyDir" : volume.Member("ephemeral") is not null ? "ephemeral" : null
               where name is not null && kind is not null
               select new Breach($"{path.Field} '{path.Value}' lies on volume '{name}' ({kind}), of which every pod has its own", FindingSeverity.Warning);
    }

    private static List<JsonElement?> Mounts(GrpoTrainingJobSpec spec) =>
        [.. (spec.VolumeMounts ?? []).Cast<JsonElement?>().Where(mount => mount.Text("mountPath") is not null)];

    /// <summary>The innermost mount around a path.</summary>
    private static JsonElement? MountOf(string path, IEnumerable<JsonElement?> mounts)
    {
        var plain = path.TrimEnd('/');
        return mounts
            .OrderByDescending(mount => RootOf(mount).Length)
            .FirstOrDefault(mount => plain.Equals(RootOf(mount), StringComparison.Ordinal) || plain.StartsWith(RootOf(mount) + "/", StringComparison.Ordinal));
    }

    private static string RootOf(JsonElement? mount) => mount.Text("mountPath")!.TrimEnd('/');

    private static IEnumerable<Breach> UnknownVolumes(CheckedJob job)
    {
        var volumes = (job.Spec.Volumes ?? []).Select(volume => ((JsonElement?)volume).Text("name")).ToHashSet(StringComparer.Ordinal);
        return from mount in job.Spec.VolumeMounts ?? []
               let name = ((JsonElement?)mount).Text("name")
               where !volumes.Contains(name)
               select new Breach($"volumeMounts names the volume '{name}', which is not among volumes");
    }

    private static IEnumerable<Breach> Resume(CheckedJob job)
    {
        if (job.Spec.Trainer.Resume is not { } resume)
            yield break;
        if (resume.Mode is ResumeMode.FromPath != resume.Path is not null)
            yield return new Breach("trainer.resume.path is required with mode FromPath and refused with any other");
        else if (resume.Path is not null && !CheckpointPath().IsMatch(resume.Path))
            yield return new Breach($"trainer.resume.path '{resume.Path}' does not end in /global_step_<n>");
    }

    // No time limit: it would be one by the wall clock, which a paused process exceeds with any pattern.
    [GeneratedRegex(@"/global_step_[0-9]+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex CheckpointPath();
}
