using System.Security.Cryptography;
using System.Text.Json;
using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>
/// Which of the job's lives the checkpoints belong to. When <c>trainer.resume</c> or <c>trainer.checkpointDir</c> was changed
/// while the job was suspended, the next attempt is a first one again: the launcher stores verl's tracker file anew.
/// </summary>
internal static class ResumeEpoch
{
    /// <summary>Keeps the hash of the two fields, and raises the epoch when they differ from what the last incarnation had.</summary>
    public static void Note(Observation observation, Draft draft)
    {
        if (observation.Job.Spec is not { } spec) return;
        var hash = Hash(spec);
        if (draft.Status.ResumeHash == hash) return;
        var changed = draft.Status is { ResumeHash: not null, AttemptsUsed: > 0 };
        draft.Status = draft.Status with { ResumeHash = hash, ResumeEpoch = draft.Status.ResumeEpoch + (changed ? 1 : 0) };
    }

    private static string Hash(GrpoTrainingJobSpec spec)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new TrainerSpec { Resume = spec.Trainer.Resume, CheckpointDir = spec.Trainer.CheckpointDir }, CrdJsonContext.Default.TrainerSpec);
        return Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 4));
    }
}
