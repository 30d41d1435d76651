using System.Text.Json;
using System.Text.Json.Serialization;

namespace GrpoOperator.Training;

/// <summary>
/// Every wait of the operator and of the launcher, in seconds, in one place. The launcher's part is handed to it whole as
/// <c>GRPO_TIMINGS</c>, so both sides always agree. <see cref="Scaled"/> serves tests only (<c>--testing</c>).
/// </summary>
public sealed record Timings
{
    /// <summary>The least time between the first status write of a failure and its final class: blame may still move.</summary>
    public double Settle { get; init; } = 5;

    /// <summary>How long a worker's <c>HeadGone</c> waits for rank 0's own verdict before the gang is removed.</summary>
    public double HeadGone { get; init; } = 120;

    /// <summary>Least adaptive stall deadline: HCCL's own timeouts must be able to speak first.</summary>
    public double StallFloor { get; init; } = 1800;

    /// <summary>After this long without a successful read, rank 0's console counts as unreadable.</summary>
    public double ConsoleUnreadable { get; init; } = 180;

    /// <summary>A node's lease that was not renewed for this long is stale; kubelets renew theirs every 10 s.</summary>
    public double LeaseStale { get; init; } = 25;

    /// <summary>How long a partly bound gang is watched before its clock is written down.</summary>
    public double GangNotice { get; init; } = 5;

    /// <summary>How long a node that failed first twice is avoided.</summary>
    public double Suspect { get; init; } = 86400;

    /// <summary>Until a refused create is tried again.</summary>
    public double RefusedRetry { get; init; } = 30;

    /// <summary>First wait until an inspection that found errors is repeated; doubles up to <see cref="InspectionRetryMax"/>.</summary>
    public double InspectionRetry { get; init; } = 60;

    /// <summary>Longest wait between inspections.</summary>
    public double InspectionRetryMax { get; init; } = 600;

    /// <summary>How often an asked fact may be asked again.</summary>
    public double AskAgain { get; init; } = 2;

    /// <summary>Shortest and longest period of reading a console.</summary>
    public double ConsoleMin { get; init; } = 5;

    /// <summary>See <see cref="ConsoleMin"/>.</summary>
    public double ConsoleMax { get; init; } = 60;

    /// <summary>Waits inside the pods.</summary>
    public LauncherTimings Launcher { get; init; } = new();

    /// <summary>All waits multiplied: for tests on real clusters, refused unless the operator runs with <c>--testing</c>.</summary>
    public Timings Scaled(double factor) => new()
    {
        Settle = Settle * factor,
        HeadGone = HeadGone * factor,
        StallFloor = StallFloor * factor,
        ConsoleUnreadable = ConsoleUnreadable * factor,
        LeaseStale = LeaseStale,
        GangNotice = GangNotice * factor,
        Suspect = Suspect,
        RefusedRetry = RefusedRetry * factor,
        InspectionRetry = InspectionRetry * factor,
        InspectionRetryMax = InspectionRetryMax * factor,
        AskAgain = AskAgain,
        ConsoleMin = ConsoleMin * factor,
        ConsoleMax = ConsoleMax * factor,
        Launcher = Launcher.Scaled(factor),
    };
}

/// <summary>The launcher's waits, in seconds; property names are the keys of <c>GRPO_TIMINGS</c>.</summary>
public sealed record LauncherTimings
{
    /// <summary>Beat of the fence's mark.</summary>
    public double FenceBeat { get; init; } = 10;

    /// <summary>No successful read of the marks for this long: the container kills itself.</summary>
    public double FenceReadFailure { get; init; } = 120;

    /// <summary>What a new rank 0 waits when an older mark of this job exists: longer than an NFS attribute cache.</summary>
    public double FenceWait { get; init; } = 120;

    /// <summary>How long another job's mark is watched for a change.</summary>
    public double FenceForeignWatch { get; init; } = 120;

    /// <summary>One <c>ray start</c>.</summary>
    public double RayStart { get; init; } = 300;

    /// <summary>Until the head admitted a worker, and until the head sees all NPUs.</summary>
    public double Join { get; init; } = 1800;

    /// <summary>A joined worker that can't reach the head's launcher for this long ends with <c>HeadGone</c>.</summary>
    public double HeadGone { get; init; } = 60;

    /// <summary>Period of handshake and status polls.</summary>
    public double Poll { get; init; } = 2;

    /// <summary>From SIGTERM to SIGKILL of the trainer.</summary>
    public double StopGrace { get; init; } = 20;

    /// <summary>The inspection's own limit from the container's start.</summary>
    public double Inspection { get; init; } = 120;

    /// <summary>Copying Ray's and CANN's logs after a failure.</summary>
    public double Collect { get; init; } = 60;

    /// <summary>The value of <c>GRPO_TIMINGS</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, TimingsJsonContext.Default.LauncherTimings);

    internal LauncherTimings Scaled(double factor) => new()
    {
        FenceBeat = FenceBeat * factor,
        FenceReadFailure = FenceReadFailure * factor,
        FenceWait = FenceWait * factor,
        FenceForeignWatch = FenceForeignWatch * factor,
        RayStart = RayStart,
        Join = Join,
        HeadGone = HeadGone * factor,
        Poll = Math.Max(0.2, Poll * factor),
        StopGrace = StopGrace * factor,
        Inspection = Inspection,
        Collect = Collect,
    };
}

/// <summary>Source-generated JSON of <see cref="LauncherTimings"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LauncherTimings))]
internal sealed partial class TimingsJsonContext : JsonSerializerContext;
