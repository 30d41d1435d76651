namespace GrpoOperator.Training.Verl.Rules;

/// <summary>What Ascend's device plugin and scheduler hand out.</summary>
internal static class AcceleratorRules
{
    public static IEnumerable<Rule> All { get; } =
    [
        new(RuleNames.AcceleratorCount, RuleKind.Ascend, "Ascend plugin for Volcano: counts of a node that keep modules and rings whole", Counts),
        new(RuleNames.SuperPodBlock, RuleKind.Ascend, "Ascend plugin for Volcano: sp-block divides the job's NPUs into whole pods", Blocks),
    ];

    private static IEnumerable<Breach> Counts(CheckedJob job)
    {
        var shape = job.Shape;
        var allowed = shape.Preset.Counts(shape.Nodes);
        if (allowed.Count > 0 && !allowed.Contains(shape.NpusPerNode))
        {
            yield return new Breach(
                $"workers.npusPerNode {shape.NpusPerNode} can't be had from {shape.Preset.Name} by a job of {shape.Nodes} node(s); it is one of {string.Join(", ", allowed)}");
        }
    }

    private static IEnumerable<Breach> Blocks(CheckedJob job)
    {
        var shape = job.Shape;
        if (shape.SpBlock is { } block && shape.NpusPerNode > 0 && (shape.TotalNpus % block != 0 || block % shape.NpusPerNode != 0))
        {
            yield return new Breach(
                $"sp-block {block} must be a multiple of the {shape.NpusPerNode} NPUs of a pod and divide the job's {shape.TotalNpus}; {shape.TotalNpus} would do");
        }
    }
}
