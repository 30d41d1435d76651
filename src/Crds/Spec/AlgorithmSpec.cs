namespace GrpoOperator.Crds;

/// <summary>Algorithm settings; the estimator is always GRPO.</summary>
public sealed record AlgorithmSpec
{
    /// <summary>Whether KL is subtracted from the reward.</summary>
    public bool? UseKlInReward { get; init; }
}
