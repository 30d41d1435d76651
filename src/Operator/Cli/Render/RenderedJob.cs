using System.Text.Json.Nodes;
using GrpoOperator.Operator.Cli.Manifests;

namespace GrpoOperator.Operator.Cli.Render;

/// <summary>A job with the objects that the operator would make for it.</summary>
/// <param name="Children">The objects, in the order in which they are made.</param>
/// <param name="Unknowns">What only a cluster can tell, and what was taken in its place.</param>
internal sealed record RenderedJob(IReadOnlyList<JsonObject> Children, IReadOnlyList<Remark> Unknowns)
{
    /// <summary>Stands for the uids that the API server gives to a job and, where a PodGroup needs it, to its StatefulSet.</summary>
    public const string PlaceholderUid = "00000000-0000-0000-0000-000000000000";

    /// <summary>Renders a job that breaks no rule.</summary>
    public static RenderedJob Of(CheckedManifest judged, ManifestCheck check)
    {
        var (given, cluster) = (judged.Job!, check.Cluster);
        var children = Rehearsal.Of(given with { Uid = given.Uid.Length > 0 ? given.Uid : PlaceholderUid }, cluster);
        var unknowns = Render.Unknowns.Of(given, children.Select(child => child.Kind).ToHashSet(), cluster)
            .Concat(judged.Manifest.Metadata("name") is null ? [new Unknown("Name", "metadata.generateName", "the API server ends the name by five characters of its own; xxxxx stands for them")] : [])
            .Select(unknown => check.Remark(judged.Manifest, unknown.Field, RemarkKind.Unknown, unknown.Name, unknown.Message));
        return new RenderedJob([.. children.Select(child => child.Body)], [.. unknowns]);
    }
}
