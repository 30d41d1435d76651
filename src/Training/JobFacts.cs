using GrpoOperator.Crds;
using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Policies;

namespace GrpoOperator.Training;

/// <summary>What is true of a job whatever is decided: which generation was looked at, how large it is.</summary>
internal static class JobFacts
{
    public static void Note(Observation observation, Draft draft)
    {
        var status = draft.Status;
        draft.Status = status with
        {
            ObservedGeneration = observation.Job.Generation,
            StartTime = status.StartTime ?? observation.Now,
            Incarnation = Math.Max(1, status.Incarnation),
        };
        if (observation.Job.Spec is not { } spec) return;

        var hash = SpecHash.Of(spec);
        if (status.SpecHash is not null && status.SpecHash != hash && !OutOfSync.MayChange(status)) return;
        var shape = JobShape.Of(spec);
        draft.Status = draft.Status with { Nodes = shape.Nodes, Npus = shape.TotalNpus };
        NoteSpec(hash, draft);
        if (status.ResumeHash is null) ResumeEpoch.Note(observation, draft);
    }

    /// <summary>A changed spec makes what was found and prepared for the old one worthless.</summary>
    private static void NoteSpec(string hash, Draft draft)
    {
        if (draft.Status.SpecHash == hash) return;
        draft.Status = draft.Status with { SpecHash = hash, Inspection = null, DataTries = 0, ConversionTries = 0 };
        draft.Clear(ConditionTypes.Inspected);
        draft.Clear(ConditionTypes.DataReady);
        draft.Clear(ConditionTypes.WeightsReady);
    }
}
