using GrpoOperator.Crds;

namespace GrpoOperator.Training.Verl;

/// <summary>
/// verl 0.7.0 and older asks for a module that NPU images lack when it loads a Megatron checkpoint: what was saved there
/// can't be resumed from.
/// </summary>
internal static class ResumeSupport
{
    /// <summary>Whether the declared version is known not to resume.</summary>
    public static bool IsBroken(GrpoTrainingJobSpec spec) =>
        spec.Strategy == Strategy.Megatron && VerlVersion.Parse(spec.VerlVersion) is { } version && !version.IsAtLeast(0, 7, 1);
}
