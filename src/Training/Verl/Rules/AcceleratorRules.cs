using System.Globalization;
using System.Text.RegularExpressions;
using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>What Ascend's device plugin and scheduler hand out, and what fits into an NPU.</summary>
internal static partial class AcceleratorRules
{
    /// <summary>The published example: on two A2 nodes, sixteen NPUs, a model of 30 billion parameters ran out of memory.</summary>
    private const int FewA2Npus = 16;

    private const double LargeBillions = 30;

    public static IEnumerable<Rule> All { get; } =
    [
        new(RuleNames.AcceleratorCount, RuleKind.Ascend, "Ascend plugin for Volcano: counts of a node that keep modules and rings whole", Counts),
        new(RuleNames.SuperPodBlock, RuleKind.Ascend, "Ascend plugin for Volcano: sp-block divides the job's NPUs into whole pods", Blocks),
        new(RuleNames.A2Memory, RuleKind.Ascend, "the published two-node example: two A2 nodes ran out of memory with Qwen3-30B-A3B", Memory),
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

    private static IEnumerable<Breach> Memory(CheckedJob job)
    {
        var (shape, name) = (job.Shape, job.Spec.Model.Path.TrimEnd('/').Split('/')[^1]);
        if (shape.Preset.Chip is AscendChip.A2 && shape.TotalNpus <= FewA2Npus && Billions(name) is { } billions && billions >= LargeBillions)
        {
            yield return new Breach(
                $"{name} has about {billions} billion parameters, and the job {shape.TotalNpus} NPUs of {shape.Preset.Name}: the published example ran out of memory on {FewA2Npus}",
                FindingSeverity.Warning);
        }
    }

    // Before the inspection only the name tells: Qwen3-30B-A3B.
    private static double? Billions(string model) =>
        Size().Match(model) is { Success: true } match ? double.Parse(match.Groups["billions"].ValueSpan, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex(@"(\A|[-_])(?<billions>[0-9]{1,4}(\.[0-9]{1,3})?)[Bb]([-_.]|\z)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Size();

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
