using GrpoOperator.Crds;

namespace GrpoOperator.Training;

/// <summary>The class and reason of a container's end.</summary>
internal sealed record FailureClassification(FailureClass Class, string Reason, bool Follower)
{
    /// <summary>
    /// Reads the class from, in this order: the kernel's out-of-memory kill, the launcher's code, the signature in the
    /// trainer's last lines, the exit code.
    /// </summary>
    public static FailureClassification Of(ContainerEnd end, TrainerVerdict? verdict)
    {
        if (end.Reason == "OOMKilled") return new(FailureClass.OutOfMemory, Reasons.OutOfMemoryKilled, Follower: false);
        var code = LauncherCodes.Find(verdict?.Code);
        if (code is { Class: { } name } && Enum.TryParse<FailureClass>(name, out var known)) return new(known, code.Code, code.Follower);
        var shown = verdict is null ? LogSignatures.In(end.Message) : LogSignatures.Find(verdict.Signature);
        if (shown is { } signature && Enum.TryParse<FailureClass>(signature.Class, out var read))
            return new(read, signature.Signature, signature.Follower);

        var reason = code?.Code ?? verdict?.Code ?? Reasons.TrainerFailed;
        return new(end.ExitCode >= 128 ? FailureClass.Runtime : FailureClass.Unknown, reason, code?.Follower ?? false);
    }
}
