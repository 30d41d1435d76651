namespace GrpoOperator.Crds;

/// <summary>
/// Every reason of conditions, failures and events that isn't the name of a rule or a code of the launcher.
/// A closed list, one constant each; a reason is CamelCase, as the API conventions ask.
/// </summary>
public static class Reasons
{
    // Valid, Warned, SpecInSync

    /// <summary>Every rule holds.</summary>
    public const string AllRulesHold = "AllRulesHold";

    /// <summary>The object can't be read as a GrpoTrainingJob of this version.</summary>
    public const string Undecodable = "Undecodable";

    /// <summary>The spec was changed while it may not be.</summary>
    public const string SpecChanged = "SpecChanged";

    /// <summary>The server dropped a field of a pod template.</summary>
    public const string TemplateFieldDropped = "TemplateFieldDropped";

    /// <summary>The operator lacks a right or a resource, so a feature is off.</summary>
    public const string FeatureOff = "FeatureOff";

    /// <summary>Ray's ports are open on the host's network.</summary>
    public const string RayExposed = "RayExposed";

    /// <summary>Training started from nothing although this job had saved.</summary>
    public const string ResumeLost = "ResumeLost";

    // Children

    /// <summary>An object of a child's name is there that isn't ours.</summary>
    public const string ChildNameConflict = "ChildNameConflict";

    /// <summary>The server forbids the operator to create a child.</summary>
    public const string Forbidden = "Forbidden";

    /// <summary>A quota doesn't admit a child or its pods.</summary>
    public const string QuotaExceeded = "QuotaExceeded";

    /// <summary>The server refuses a child as invalid.</summary>
    public const string ChildRefused = "ChildRefused";

    // Inspected

    /// <summary>The inspection Job is made or running.</summary>
    public const string Inspecting = "Inspecting";

    /// <summary>No error finding.</summary>
    public const string InspectionPassed = "InspectionPassed";

    /// <summary>Error findings, when the first one's rule has no name.</summary>
    public const string InspectionFailed = "InspectionFailed";

    /// <summary>The inspection itself broke; it is tried again, then the job goes on without.</summary>
    public const string InspectionBroken = "InspectionBroken";

    /// <summary><c>inspection.policy</c> is Skip.</summary>
    public const string InspectionSkipped = "InspectionSkipped";

    // DataReady, WeightsReady

    /// <summary>What a Job would make is there already.</summary>
    public const string CacheHit = "CacheHit";

    /// <summary>The data files are there and nobody was asked to make them.</summary>
    public const string DataPresent = "DataPresent";

    /// <summary>Nobody has looked at the data files.</summary>
    public const string DataNotChecked = "DataNotChecked";

    /// <summary>The data Job is made or running.</summary>
    public const string PreparingData = "PreparingData";

    /// <summary>The data Job made the files.</summary>
    public const string DataPrepared = "DataPrepared";

    /// <summary>The data Job failed.</summary>
    public const string DataFailed = "DataFailed";

    /// <summary>This strategy or weights mode converts nothing.</summary>
    public const string ConversionNotNeeded = "ConversionNotNeeded";

    /// <summary>The conversion Job is made or running.</summary>
    public const string ConvertingWeights = "ConvertingWeights";

    /// <summary>The conversion Job made the weights.</summary>
    public const string WeightsConverted = "WeightsConverted";

    /// <summary>The conversion Job failed.</summary>
    public const string ConversionFailed = "ConversionFailed";

    /// <summary>Complete weights without a recorded source are reused.</summary>
    public const string WeightsUnverified = "WeightsUnverified";

    /// <summary>The converted weights were made from another model.</summary>
    public const string WeightsOfOtherModel = "WeightsOfOtherModel";

    /// <summary>The directory of converted weights is incomplete or holds foreign content.</summary>
    public const string WeightsIncomplete = "WeightsIncomplete";

    /// <summary>The converted weights are missing and may not be made.</summary>
    public const string WeightsMissing = "WeightsMissing";

    // PodsScheduled, PodsReady, Running

    /// <summary>The StatefulSet is made, its pods aren't all there or bound.</summary>
    public const string PodsPending = "PodsPending";

    /// <summary>The scheduler says that a pod fits nowhere.</summary>
    public const string Unschedulable = "Unschedulable";

    /// <summary>Pods wait for a queue's admission.</summary>
    public const string WaitingForQueue = "WaitingForQueue";

    /// <summary>A claim that a pod mounts isn't there or isn't bound.</summary>
    public const string ClaimMissing = "ClaimMissing";

    /// <summary>Admission, quota or policy refused pods of a child.</summary>
    public const string PodsRefused = "PodsRefused";

    /// <summary>Only part of the gang was bound in time; it was released and is tried again.</summary>
    public const string GangReleased = "GangReleased";

    /// <summary>Pods of an earlier incarnation are still there.</summary>
    public const string WaitingForOldPods = "WaitingForOldPods";

    /// <summary>The next incarnation waits for its back-off.</summary>
    public const string BackingOff = "BackingOff";

    /// <summary>All pods are bound.</summary>
    public const string AllPodsBound = "AllPodsBound";

    /// <summary>No pods are wanted now.</summary>
    public const string NoPods = "NoPods";

    /// <summary>Pods start.</summary>
    public const string PodsStarting = "PodsStarting";

    /// <summary>An image can't be pulled.</summary>
    public const string ImagePullFailed = "ImagePullFailed";

    /// <summary>A container can't be configured: a missing Secret, ConfigMap or key.</summary>
    public const string ContainerConfigError = "ContainerConfigError";

    /// <summary>All pods are ready.</summary>
    public const string AllPodsReady = "AllPodsReady";

    /// <summary>The trainer runs.</summary>
    public const string TrainerLaunched = "TrainerLaunched";

    /// <summary>The Ray cluster is up and no trainer is wanted.</summary>
    public const string RayClusterReady = "RayClusterReady";

    // StepStalled, TrainingHealthy

    /// <summary>Steps come in time.</summary>
    public const string StepsInTime = "StepsInTime";

    /// <summary>Rank 0's log can't be read.</summary>
    public const string LogUnreadable = "LogUnreadable";

    // Suspended

    /// <summary>Pods are being removed because the job is suspended.</summary>
    public const string Suspending = "Suspending";

    /// <summary>Suspended, and no pod is left.</summary>
    public const string SuspendedByUser = "SuspendedByUser";

    /// <summary>Not suspended, or not any more.</summary>
    public const string Resumed = "Resumed";

    // Failures: what was seen

    /// <summary>The trainer ended with a non-zero code.</summary>
    public const string TrainerFailed = "TrainerFailed";

    /// <summary>The kernel killed the container for memory.</summary>
    public const string OutOfMemoryKilled = "OOMKilled";

    /// <summary>A pod was evicted for its own limits.</summary>
    public const string EvictedForLimits = "EvictedForLimits";

    /// <summary>A pod was evicted by node pressure or a taint.</summary>
    public const string Evicted = "Evicted";

    /// <summary>A pod was preempted.</summary>
    public const string Preempted = "Preempted";

    /// <summary>A pod was evicted through the API, as a drain does.</summary>
    public const string Drained = "Drained";

    /// <summary>A pod is being deleted by somebody else.</summary>
    public const string PodDeleted = "PodDeleted";

    /// <summary>A pod is gone.</summary>
    public const string PodVanished = "PodVanished";

    /// <summary>Another pod stands in a lost one's place.</summary>
    public const string PodReplaced = "PodReplaced";

    /// <summary>The kubelet refused a pod: the device plugin or a resource said no.</summary>
    public const string PodRefused = "PodRefused";

    /// <summary>A pod on a node that doesn't answer was removed by force.</summary>
    public const string PodForced = "PodForced";

    /// <summary>A node went away with its pod.</summary>
    public const string NodeLost = "NodeLost";

    /// <summary>The trainer's container was restarted and its first end is unknown.</summary>
    public const string Killed = "Killed";

    /// <summary>A worker lost the head.</summary>
    public const string HeadGone = "HeadGone";

    /// <summary>A trainer of an older incarnation found a newer one.</summary>
    public const string StaleIncarnation = "StaleIncarnation";

    /// <summary>Another job uses the checkpoint directory.</summary>
    public const string CheckpointDirInUse = "CheckpointDirInUse";

    /// <summary>This verl can't resume what it saved.</summary>
    public const string ResumeUnsupported = "ResumeUnsupported";

    /// <summary>The trainer wasn't launched in time.</summary>
    public const string StartupDeadlineExceeded = "StartupDeadlineExceeded";

    /// <summary>No first step in time.</summary>
    public const string FirstStepDeadlineExceeded = "FirstStepDeadlineExceeded";

    /// <summary>No further step in time.</summary>
    public const string StallDeadlineExceeded = "StallDeadlineExceeded";

    /// <summary>The job had pods for longer than it may.</summary>
    public const string ActiveDeadlineExceeded = "ActiveDeadlineExceeded";

    /// <summary>The job waited for its pods for longer than it may.</summary>
    public const string PendingDeadlineExceeded = "PendingDeadlineExceeded";

    // Failures: what is done

    /// <summary>A new attempt is made.</summary>
    public const string Restarting = "Restarting";

    /// <summary>The user asked for a restart.</summary>
    public const string RestartRequested = "RestartRequested";

    /// <summary><c>maxRestarts</c> is used up.</summary>
    public const string RestartsExhausted = "RestartsExhausted";

    /// <summary>The same unknown failure came twice without a step between.</summary>
    public const string SameFailureAgain = "SameFailureAgain";

    // Succeeded

    /// <summary>Rank 0's trainer ended with 0.</summary>
    public const string TrainerSucceeded = "TrainerSucceeded";

    /// <summary>Rank 0 found this job's own mark of success.</summary>
    public const string AlreadySucceeded = "AlreadySucceeded";
}
