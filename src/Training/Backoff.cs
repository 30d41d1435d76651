using System.Security.Cryptography;
using System.Text;
using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>
/// The wait before the next StatefulSet: initial × 2ⁿ, with jitter so that jobs which failed together don't come back
/// together, and capped. The jitter is made of the job's uid and incarnation: the same decision always gives the same wait.
/// </summary>
internal static class Backoff
{
    private const int LargestExponent = 20;

    /// <summary>When the next StatefulSet may be made.</summary>
    public static DateTime Next(Observation observation, int exponent)
    {
        var policy = observation.Job.Spec?.FailurePolicy.Backoff ?? new BackoffSpec();
        var wait = policy.InitialSeconds * Math.Pow(2, Math.Min(exponent, LargestExponent)) * Jitter(observation);
        return observation.Now.AddSeconds(Math.Ceiling(Math.Min(wait, policy.MaxSeconds)));
    }

    /// <summary>From 0.5 to 1.5.</summary>
    private static double Jitter(Observation observation)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{observation.Job.Uid}/{observation.Job.Status.Incarnation}"));
        return 0.5 + (BitConverter.ToUInt32(hash) / (double)uint.MaxValue);
    }
}
