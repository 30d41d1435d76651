using GrpoOperator.Crds;
using GrpoOperator.Training.Children;

namespace GrpoOperator.Training.Policies;

/// <summary>The data Job makes the training files when that was asked for and they are not all there.</summary>
internal static class PreparingData
{
    public static bool IsDone(Observation observation, Draft draft)
    {
        if (draft.Status.Is(ConditionTypes.DataReady)) return true;
        var prepare = observation.Job.Spec!.Data.Prepare;
        var found = draft.Status.Inspection?.Data;
        if (found == DataState.Present)
        {
            draft.Set(ConditionTypes.DataReady, true, Reasons.DataPresent, $"All data files are there ({draft.Status.Inspection?.TrainRows} training rows).");
            return true;
        }

        if (prepare is null)
        {
            draft.Set(ConditionTypes.DataReady, true, Reasons.DataNotChecked, "No data preparation was asked for, and the files were not looked at.");
            return true;
        }

        return BatchWork.Run(observation, draft, new BatchWork
        {
            Kind = ChildKind.DataJob,
            Phase = JobPhase.Preparing,
            Condition = ConditionTypes.DataReady,
            Started = Reasons.PreparingData,
            StartedMessage = $"The data Job runs {prepare.Script}.",
            Done = Reasons.DataPrepared,
            FailedReason = Reasons.DataFailed,
            Retries = prepare.Retries,
            Tries = draft.Status.DataTries,
            SetTries = (status, tries) => status with { DataTries = tries },
            Build = DataJob.Build,
        });
    }
}
