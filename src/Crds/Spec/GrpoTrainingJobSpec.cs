using System.Text.Json;
using System.Text.Json.Serialization;

namespace GrpoOperator.Crds;

/// <summary>What the user asked for. Where a field has a default here, the CRD schema has the same one.</summary>
public sealed record GrpoTrainingJobSpec
{
    /// <summary>The CRD's defaults: a parameter stands for each field whose default isn't its type's zero.</summary>
    /// <remarks>Generated JSON readers know the defaults of parameters but not those of init-only properties.</remarks>
    [JsonConstructor]
    public GrpoTrainingJobSpec(
        InspectionSpec? inspection = null,
        ConversionSpec? conversion = null,
        TrainerSpec? trainer = null,
        LaunchSpec? launch = null,
        RaySpec? ray = null,
        SchedulingSpec? scheduling = null,
        FailurePolicySpec? failurePolicy = null,
        int startupDeadlineSeconds = 3600,
        int firstStepDeadlineSeconds = 7200)
    {
        Inspection = inspection ?? new();
        Conversion = conversion ?? new();
        Trainer = trainer ?? new();
        Launch = launch ?? new();
        Ray = ray ?? new();
        Scheduling = scheduling ?? new();
        FailurePolicy = failurePolicy ?? new();
        StartupDeadlineSeconds = startupDeadlineSeconds;
        FirstStepDeadlineSeconds = firstStepDeadlineSeconds;
    }

    /// <summary>Training image; also of the inspection, data and conversion Jobs unless they name their own.</summary>
    public required string Image { get; init; }

    /// <summary>When the image is pulled, as in a pod.</summary>
    public ImagePullPolicy? ImagePullPolicy { get; init; }

    /// <summary>Pull secrets (objects with <c>name</c>), as in a pod.</summary>
    public IReadOnlyList<JsonElement>? ImagePullSecrets { get; init; }

    /// <summary>verl's version in the image, such as <c>0.7.1</c>; null: only what holds for every supported version.</summary>
    public string? VerlVersion { get; init; }

    /// <summary>No pods while true.</summary>
    public bool Suspend { get; init; }

    /// <summary>Training engine; picks verl's configuration.</summary>
    public Strategy Strategy { get; init; } = Strategy.Megatron;

    /// <summary>The model and its weights.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>The look at paths, data and image before any NPU is asked for.</summary>
    public InspectionSpec Inspection { get; init; }

    /// <summary>The Job that converts Hugging Face weights to a Megatron distributed checkpoint.</summary>
    public ConversionSpec Conversion { get; init; }

    /// <summary>Prompts.</summary>
    public required DataSpec Data { get; init; }

    /// <summary>Custom reward function; null: verl's own for the data source.</summary>
    public RewardSpec? Reward { get; init; }

    /// <summary>Algorithm settings beside the group size.</summary>
    public AlgorithmSpec? Algorithm { get; init; }

    /// <summary>The policy that is trained.</summary>
    public required ActorSpec Actor { get; init; }

    /// <summary>The frozen policy that KL is measured against.</summary>
    public ReferenceSpec? Reference { get; init; }

    /// <summary>Generation of the samples.</summary>
    public required RolloutSpec Rollout { get; init; }

    /// <summary>Length, checkpoints, validation, loggers.</summary>
    public TrainerSpec Trainer { get; init; }

    /// <summary>Ordered Hydra overrides, verbatim, one argument each.</summary>
    public IReadOnlyList<string>? Overrides { get; init; }

    /// <summary>How the trainer is started.</summary>
    public LaunchSpec Launch { get; init; }

    /// <summary>The pods that train.</summary>
    public required WorkersSpec Workers { get; init; }

    /// <summary>Volumes of every pod of the job, as in a pod.</summary>
    public IReadOnlyList<JsonElement>? Volumes { get; init; }

    /// <summary>Mounts of every pod of the job, as in a container.</summary>
    public IReadOnlyList<JsonElement>? VolumeMounts { get; init; }

    /// <summary>Environment of every pod of the job, as in a container.</summary>
    public IReadOnlyList<JsonElement>? Env { get; init; }

    /// <summary>Environment sources of every pod of the job, as in a container.</summary>
    public IReadOnlyList<JsonElement>? EnvFrom { get; init; }

    /// <summary>The Ray cluster inside the job.</summary>
    public RaySpec Ray { get; init; }

    /// <summary>Scheduler, queue and gang.</summary>
    public SchedulingSpec Scheduling { get; init; }

    /// <summary>What happens after a failure.</summary>
    public FailurePolicySpec FailurePolicy { get; init; }

    /// <summary>Seconds from all pods bound to the trainer's launch.</summary>
    public int StartupDeadlineSeconds { get; init; }

    /// <summary>Seconds from launch to the first step.</summary>
    public int FirstStepDeadlineSeconds { get; init; }

    /// <summary>Seconds without a new step that count as a stall; null: adaptive, 0: off.</summary>
    public int? StallDeadlineSeconds { get; init; }

    /// <summary>Seconds with pods bound, over all attempts; null: no limit.</summary>
    public int? ActiveDeadlineSeconds { get; init; }

    /// <summary>Seconds after which a finished job is deleted; null: never.</summary>
    public int? TtlSecondsAfterFinished { get; init; }

    /// <summary>What becomes of the pods after the end.</summary>
    public CleanPodPolicy CleanPodPolicy { get; init; } = CleanPodPolicy.All;

    /// <summary>Copies of the logs on a volume; null: none.</summary>
    public LogsSpec? Logs { get; init; }

    /// <summary>Rules that are only warned of.</summary>
    public ValidationSpec? Validation { get; init; }
}
