using GrpoOperator.Crds;
using GrpoOperator.Training.Children;

namespace GrpoOperator.Training.Policies;

/// <summary>Converts Hugging Face weights to Megatron's distributed checkpoint, once per model and path. Claims until they are there.</summary>
internal static class ConvertWeights
{
    public static bool Apply(Observation observation, Draft draft)
    {
        if (draft.Status.Is(ConditionTypes.WeightsReady)) return false;
        var spec = observation.Job.Spec!;
        if (spec.Strategy != Strategy.Megatron || spec.Model.Weights == WeightsMode.MBridge)
        {
            draft.Set(ConditionTypes.WeightsReady, true, Reasons.ConversionNotNeeded, "verl loads the Hugging Face weights itself.");
            return false;
        }

        switch (draft.Status.Inspection?.Weights)
        {
            case WeightsState.Complete:
                Hit(draft, Reasons.CacheHit, $"The converted weights of this model are in {spec.Model.DistCheckpointPath}: nothing is converted.");
                return false;
            case WeightsState.Unverified:
                Hit(draft, Reasons.WeightsUnverified, $"{spec.Model.DistCheckpointPath} holds converted weights, but nothing says of which model; they are used.");
                return false;
            default:
                return spec.Conversion.Policy == ConversionPolicy.IfMissing ? !BatchWork.Run(observation, draft, Work(draft, spec)) : TrustLauncher(draft, spec);
        }
    }

    private static BatchWork Work(Draft draft, GrpoTrainingJobSpec spec) => new()
    {
        Kind = ChildKind.ConversionJob,
        Phase = JobPhase.Converting,
        Condition = ConditionTypes.WeightsReady,
        Started = Reasons.ConvertingWeights,
        StartedMessage = $"{spec.Model.Path} is converted into {spec.Model.DistCheckpointPath}.",
        Done = Reasons.WeightsConverted,
        FailedReason = Reasons.ConversionFailed,
        Retries = spec.Conversion.Retries,
        Tries = draft.Status.ConversionTries,
        SetTries = (status, tries) => status with { ConversionTries = tries },
        Build = ConversionJob.Build,
    };

    /// <summary>With <c>Never</c> and no inspection nobody has looked: the launcher does, before it trains.</summary>
    private static bool TrustLauncher(Draft draft, GrpoTrainingJobSpec spec)
    {
        draft.Set(ConditionTypes.WeightsReady, true, Reasons.WeightsUnverified, $"conversion.policy is Never and {spec.Model.DistCheckpointPath} was not inspected; the launcher checks it.");
        return false;
    }

    private static void Hit(Draft draft, string reason, string message)
    {
        draft.Set(ConditionTypes.WeightsReady, true, reason, message);
        draft.Tell(warning: reason != Reasons.CacheHit, reason, message);
    }
}
