using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training;

/// <summary>
/// Nodes that failed first. From the second time on the next attempts stay off such a node for a day, but never off more
/// than a quarter of the nodes that could run the job (one at least), and never so that the job no longer fits.
/// </summary>
internal static class SuspectNodes
{
    private const int Often = 2;

    /// <summary>Counts a node that was blamed; what is over is forgotten.</summary>
    public static IReadOnlyList<SuspectNode>? Note(IReadOnlyList<SuspectNode>? known, string? node, DateTime now, double seconds)
    {
        var current = (known ?? []).Where(suspect => suspect.Until > now).ToList();
        if (node is not null)
        {
            var count = (current.Find(suspect => suspect.Node == node)?.Count ?? 0) + 1;
            current.RemoveAll(suspect => suspect.Node == node);
            current.Add(new SuspectNode { Node = node, Count = count, Until = now.AddSeconds(seconds) });
        }

        return current.Count == 0 ? null : current;
    }

    /// <summary>Whether a failure of this class says something about the node.</summary>
    public static bool Blames(FailureClass @class) =>
        @class is FailureClass.Infrastructure or FailureClass.Runtime or FailureClass.Unknown or FailureClass.Stall;

    /// <summary>The nodes that the next attempt stays off.</summary>
    public static IReadOnlyList<string> Avoided(Observation observation)
    {
        if (observation.Job.Spec is not { FailurePolicy.AvoidFailedNodes: true } spec || !observation.Cluster.NodeAccess) return [];
        var shape = JobShape.Of(spec);
        var fit = observation.Nodes.Values.Where(node => NodeFit.Holds(node, spec, shape)).Select(node => node.Name).ToHashSet(StringComparer.Ordinal);
        var most = Math.Min(Math.Max(1, fit.Count / 4), fit.Count - shape.Nodes);
        if (most <= 0) return [];
        return
        [
            .. (observation.Job.Status.SuspectNodes ?? [])
                .Where(suspect => suspect.Count >= Often && suspect.Until > observation.Now && fit.Contains(suspect.Node))
                .OrderByDescending(suspect => suspect.Count).ThenByDescending(suspect => suspect.Until).ThenBy(suspect => suspect.Node, StringComparer.Ordinal)
                .Take(most).Select(suspect => suspect.Node),
        ];
    }
}
