using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;

namespace GrpoOperator.Training.Verl;

/// <summary>What the rows of <see cref="ArgumentTable"/> read.</summary>
internal sealed record ArgumentContext(
    GrpoTrainingJobSpec Spec, string Namespace, string JobName, JobShape Shape, ResumeArgument Resume)
{
    /// <summary>The version that the spec names; null when it names none, or none that can be read.</summary>
    public VerlVersion? Version { get; } = VerlVersion.Parse(Spec.VerlVersion);

    public bool IsMegatron => Spec.Strategy is Strategy.Megatron;

    public bool IsFsdp => Spec.Strategy is Strategy.FSDP or Strategy.FSDP2;

    /// <summary>How Megatron gets its weights; null for every other engine.</summary>
    public WeightsMode? Weights => IsMegatron ? Spec.Model.Weights ?? WeightsMode.DistCheckpoint : null;
}
