using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>Identifies what a job computes: a hash of its spec without the fields that may change at any time.</summary>
public static class SpecHash
{
    // A spec never changes, and its job is looked at again and again.
    private static readonly ConditionalWeakTable<GrpoTrainingJobSpec, string> Known = [];

    /// <summary>Sixteen hexadecimal digits.</summary>
    public static string Of(GrpoTrainingJobSpec spec) => Known.GetValue(spec, Hash);

    private static string Hash(GrpoTrainingJobSpec spec)
    {
        var defaults = new GrpoTrainingJobSpec
        {
            Image = spec.Image,
            Model = spec.Model,
            Data = spec.Data,
            Actor = spec.Actor,
            Rollout = spec.Rollout,
            Workers = spec.Workers,
        };
        // The fields that may change at any time, all at their defaults.
        var fixedPart = spec with
        {
            Suspend = defaults.Suspend,
            FailurePolicy = defaults.FailurePolicy,
            StartupDeadlineSeconds = defaults.StartupDeadlineSeconds,
            FirstStepDeadlineSeconds = defaults.FirstStepDeadlineSeconds,
            StallDeadlineSeconds = defaults.StallDeadlineSeconds,
            ActiveDeadlineSeconds = defaults.ActiveDeadlineSeconds,
            TtlSecondsAfterFinished = defaults.TtlSecondsAfterFinished,
            CleanPodPolicy = defaults.CleanPodPolicy,
            Scheduling = spec.Scheduling with
            {
                PendingDeadlineSeconds = defaults.Scheduling.PendingDeadlineSeconds,
                GangTimeoutSeconds = defaults.Scheduling.GangTimeoutSeconds,
            },
        };
        var json = JsonSerializer.SerializeToUtf8Bytes(fixedPart, CrdJsonContext.Default.GrpoTrainingJobSpec);
        return Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 8));
    }
}
