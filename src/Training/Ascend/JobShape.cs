using System.Text.Json;
using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Ascend;

/// <summary>
/// Nodes, NPUs and CPUs of a job, with every default resolved. An incomplete spec (a custom accelerator without resource or
/// count) gives an empty name or zero NPUs; the rules refuse such a job before anything is built from its shape.
/// </summary>
/// <param name="Nodes">Pods, one per node.</param>
/// <param name="NpusPerNode">NPUs of each pod.</param>
/// <param name="ResourceName">The device plugin's extended resource.</param>
/// <param name="Preset">The machine.</param>
/// <param name="CpusPerNode">Whole CPUs that Ray may hand out on each node (<c>--num-cpus</c>).</param>
/// <param name="TrainerNodes">Nodes that verl trains on (<c>trainer.nnodes</c>).</param>
/// <param name="TrainerNpusPerNode">NPUs that verl trains on per node (<c>trainer.n_gpus_per_node</c>).</param>
/// <param name="SpBlock">NPUs of a logical super pod (annotation <c>sp-block</c>); null without super pods.</param>
public sealed record JobShape(
    int Nodes,
    int NpusPerNode,
    string ResourceName,
    AcceleratorPreset Preset,
    int CpusPerNode,
    int TrainerNodes,
    int TrainerNpusPerNode,
    int? SpBlock)
{
    /// <summary>NPUs of all pods.</summary>
    public int TotalNpus => Nodes * NpusPerNode;

    /// <summary>NPUs that verl trains on.</summary>
    public int TrainerNpus => TrainerNodes * TrainerNpusPerNode;

    /// <summary>
    /// CPUs that a pod asks for unless the spec says otherwise: four per NPU as in verl's own multi-node tests, and never
    /// fewer than verl needs, see <see cref="LeastCpus"/>.
    /// </summary>
    public static int DefaultCpus(int npusPerNode) => Math.Max(4 * npusPerNode, LeastCpus(npusPerNode));

    /// <summary>
    /// CPUs without which verl ≥ 0.7 waits for ever: three in the placement group's bundle of each NPU, and four for the
    /// task runner and its like.
    /// </summary>
    public static int LeastCpus(int npusPerNode) => (3 * npusPerNode) + 4;

    /// <summary>The shape of <paramref name="spec"/>.</summary>
    public static JobShape Of(GrpoTrainingJobSpec spec)
    {
        var workers = spec.Workers;
        var preset = AcceleratorPreset.Of(workers.Accelerator);
        var npus = workers.NpusPerNode ?? preset.NpusPerNode ?? 0;
        return new JobShape(
            workers.Nodes,
            npus,
            workers.ResourceName ?? preset.ResourceName ?? "",
            preset,
            spec.Ray.CpusPerNode ?? PodCpus(workers) ?? DefaultCpus(npus),
            spec.Trainer.Nodes ?? workers.Nodes,
            spec.Trainer.NpusPerNode ?? npus,
            SuperPodBlock(workers.Template) ?? (preset.IsSuperPod ? workers.Nodes * npus : null));
    }

    /// <summary>The whole CPUs of the limit, else of the request, the template's before the field's; null when none is given or readable.</summary>
    private static int? PodCpus(WorkersSpec workers)
    {
        var overlay = PodTemplates.Container(workers.Template, Names.TrainerContainer).Member("resources");
        return Cpus(overlay, "limits") ?? Cpus(workers.Resources, "limits") ?? Cpus(overlay, "requests") ?? Cpus(workers.Resources, "requests");
    }

    private static int? Cpus(JsonElement? resources, string list)
    {
        var text = resources.Member(list).Member("cpu") switch
        {
            { ValueKind: JsonValueKind.String } value => value.GetString(),
            { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
            _ => null,
        };
        return Quantity.Parse(text) is { } cpus and >= 0 and <= int.MaxValue ? (int)cpus : null;
    }

    private static int? SuperPodBlock(JsonElement? template) =>
        template.Member("metadata").Member("annotations").Member("sp-block") is { ValueKind: JsonValueKind.String } text
        && int.TryParse(text.GetString(), out var block) && block > 0
            ? block
            : null;
}
