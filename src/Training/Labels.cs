namespace GrpoOperator.Training;

/// <summary>Label and annotation keys of the job and its children.</summary>
public static class Labels
{
    /// <summary>The job's name.</summary>
    public const string Job = "grpo-operator.dev/job";

    /// <summary>The job's uid; selectors contain it.</summary>
    public const string JobUid = "grpo-operator.dev/job-uid";

    /// <summary>The incarnation that an object was made for.</summary>
    public const string Incarnation = "grpo-operator.dev/incarnation";

    /// <summary>The attempt that a StatefulSet or trainer pod belongs to.</summary>
    public const string Attempt = "grpo-operator.dev/attempt";

    /// <summary>Annotation of a Job: which try of which spec it is (<see cref="BatchTry"/>).</summary>
    public const string Try = "grpo-operator.dev/try";

    /// <summary>Annotation of the launch ConfigMap: hash of its content.</summary>
    public const string ContentHash = "grpo-operator.dev/content-hash";

    /// <summary>Annotation of the job: any new text restarts the gang once, uncounted.</summary>
    public const string RestartRequested = "grpo-operator.dev/restart-requested";

    /// <summary>The component: <c>inspector</c>, <c>data</c>, <c>converter</c> or <c>trainer</c>.</summary>
    public const string Component = "app.kubernetes.io/component";

    /// <summary>Kueue's queue, copied from the job.</summary>
    public const string KueueQueue = "kueue.x-k8s.io/queue-name";

    /// <summary>Kueue's priority class, copied from the job.</summary>
    public const string KueuePriority = "kueue.x-k8s.io/priority-class";

    /// <summary>Value of <c>app.kubernetes.io/name</c> on every child.</summary>
    public const string AppName = "grpo-training-job";

    /// <summary>Value of <c>app.kubernetes.io/managed-by</c> on every child.</summary>
    public const string ManagedBy = "grpo-operator";

    /// <summary>
    /// The value of <see cref="Try"/>: a Job's result counts only for the spec and the try that it was made for, so that a
    /// result of an earlier spec, or of a try that was given up, is never taken.
    /// </summary>
    public static string BatchTry(string specHash, int @try) => $"{specHash}.{@try}";
}
