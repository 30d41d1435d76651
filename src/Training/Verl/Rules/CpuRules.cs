using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl.Keys;

namespace GrpoOperator.Training.Verl.Rules;

/// <summary>verl's version, and what every version of it needs beside NPUs.</summary>
internal static class CpuRules
{
    public static IEnumerable<Rule> All { get; } =
    [
        new(RuleNames.UnsupportedVerlVersion, RuleKind.Verl, "this operator: keys and defaults are known for 0.6 to 0.10", Version),
        new(RuleNames.RayCpus, RuleKind.Verl, "verl ≥ 0.7, single_controller/ray/base.py: three CPUs in the bundle of each NPU", Cpus),
    ];

    private static IEnumerable<Breach> Version(CheckedJob job)
    {
        if (job.Version is not { } version)
            yield break;
        if (version < VerlVersion.Oldest)
            yield return new Breach($"verlVersion {version} is older than {VerlVersion.Oldest}, the first that is supported");
        else if (version >= VerlVersion.Unknown)
            yield return new Breach($"verlVersion {version} is newer than {VerlRelease.All[^1].Version}, the last that is known; it is checked like that one", FindingSeverity.Warning);
    }

    private static IEnumerable<Breach> Cpus(CheckedJob job)
    {
        var (shape, least) = (job.Shape, JobShape.LeastCpus(job.Shape.NpusPerNode));
        if (shape.CpusPerNode < least && job.Version?.IsAtLeast(0, 7) is not false)
        {
            yield return new Breach(
                $"{(job.Spec.Ray.CpusPerNode is null ? "the cpu of workers.template or workers.resources" : "ray.cpusPerNode")} is {shape.CpusPerNode}, below 3 × {shape.NpusPerNode} NPUs + 4 = {least}: verl would wait for ever, without a message",
                job.RunsVerl ? FindingSeverity.Error : FindingSeverity.Warning);
        }
    }
}
