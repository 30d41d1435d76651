namespace GrpoOperator.Training.Verl.Rules;

/// <summary>The name of every rule about a spec: reason of conditions and events, and what <c>validation.ignore</c> lists.</summary>
public static class RuleNames
{
    // Structural: names and required fields.

    /// <summary>A job's name is short and plain enough for the names that derive from it.</summary>
    public const string JobName = "JobName";

    /// <summary>Megatron with converted weights needs their place.</summary>
    public const string DistCheckpointPathRequired = "DistCheckpointPathRequired";

    /// <summary>Fields of another strategy are refused.</summary>
    public const string StrategyForeignField = "StrategyForeignField";

    /// <summary>verl's own entry point needs a batch.</summary>
    public const string TrainBatchSizePositive = "TrainBatchSizePositive";

    /// <summary>A micro batch size, unless batches are dynamic.</summary>
    public const string MicroBatchSizeRequired = "MicroBatchSizeRequired";

    /// <summary>Epochs or steps.</summary>
    public const string LengthRequired = "LengthRequired";

    /// <summary>Saving needs a place.</summary>
    public const string CheckpointDirRequired = "CheckpointDirRequired";

    /// <summary>Progress is read from the console.</summary>
    public const string ConsoleLogger = "ConsoleLogger";

    /// <summary>A resume path has its form, and stands with its mode only.</summary>
    public const string ResumePath = "ResumePath";

    /// <summary>A custom accelerator names resource and count.</summary>
    public const string CustomAccelerator = "CustomAccelerator";

    /// <summary>A back-off ends no lower than it begins.</summary>
    public const string BackoffOrder = "BackoffOrder";

    /// <summary>verl's version can be read.</summary>
    public const string VerlVersionForm = "VerlVersionForm";

    /// <summary>verl doesn't train on more than there is.</summary>
    public const string TrainerShape = "TrainerShape";

    /// <summary>A pattern of a failure rule runs without backtracking.</summary>
    public const string FailureRulePattern = "FailureRulePattern";

    /// <summary>Structural rules can't be ignored.</summary>
    public const string IgnoredRule = "IgnoredRule";

    /// <summary>Rules that are ignored are ones that there are.</summary>
    public const string UnknownRule = "UnknownRule";

    // Structural: texts and paths.

    /// <summary>Decimals are written as such.</summary>
    public const string DecimalForm = "DecimalForm";

    /// <summary>Quantities are Kubernetes'.</summary>
    public const string QuantityForm = "QuantityForm";

    /// <summary>No line break and no NUL in an argument or a text.</summary>
    public const string LineBreak = "LineBreak";

    /// <summary>No text that Hydra can't be given as it is.</summary>
    public const string UnwritableText = "UnwritableText";

    /// <summary>Paths are absolute and plain.</summary>
    public const string PathForm = "PathForm";

    /// <summary>What is written lies below the root of a volume that every pod mounts.</summary>
    public const string MountedPath = "MountedPath";

    /// <summary>What is read lies on a volume.</summary>
    public const string UncoveredPath = "UncoveredPath";

    /// <summary>Paths lie where all pods see the same.</summary>
    public const string UnsharedVolume = "UnsharedVolume";

    /// <summary>A mount has its volume.</summary>
    public const string UnknownVolume = "UnknownVolume";

    /// <summary>A variable's value is a text.</summary>
    public const string VariableForm = "VariableForm";

    // Structural: ownership.

    /// <summary>Keys of verl that the operator sets.</summary>
    public const string OwnedKey = "OwnedKey";

    /// <summary>Variables that the operator sets.</summary>
    public const string OwnedVariable = "OwnedVariable";

    /// <summary>Volume names that the operator uses.</summary>
    public const string ReservedVolumeName = "ReservedVolumeName";

    /// <summary>Paths in the container that the operator uses.</summary>
    public const string ReservedMountPath = "ReservedMountPath";

    /// <summary>Fields of the pod template that the operator sets.</summary>
    public const string ReservedTemplateField = "ReservedTemplateField";

    /// <summary>An overlay has the form of a pod template.</summary>
    public const string TemplateForm = "TemplateForm";

    /// <summary>Overlays hold no directives of a strategic merge.</summary>
    public const string TemplateDirective = "TemplateDirective";

    /// <summary>Labels and annotations that jobs may not put on pods.</summary>
    public const string TemplateMetadata = "TemplateMetadata";

    // Structural: the merged pods.

    /// <summary>A field that pods of jobs can't have.</summary>
    public const string PodFieldNotAllowed = "PodFieldNotAllowed";

    /// <summary>Pods stay out of their node's namespaces, and on its network only by leave.</summary>
    public const string HostNamespace = "HostNamespace";

    /// <summary>Host paths by leave, and read-only.</summary>
    public const string HostPathNotAllowed = "HostPathNotAllowed";

    /// <summary>Kinds of volume that pods of jobs can have.</summary>
    public const string VolumeTypeNotAllowed = "VolumeTypeNotAllowed";

    /// <summary>Privileges beyond the restricted profile, by leave.</summary>
    public const string PrivilegedNotAllowed = "PrivilegedNotAllowed";

    /// <summary>Capabilities by leave.</summary>
    public const string CapabilityNotAllowed = "CapabilityNotAllowed";

    /// <summary>Root where the administrator has not forbidden it.</summary>
    public const string RootNotAllowed = "RootNotAllowed";

    /// <summary>Service accounts by leave.</summary>
    public const string ServiceAccountNotAllowed = "ServiceAccountNotAllowed";

    /// <summary>A pod has some time to end, but not for ever.</summary>
    public const string GracePeriod = "GracePeriod";

    /// <summary>NPUs are asked for by the fields that count them.</summary>
    public const string NpuRequest = "NpuRequest";

    /// <summary>A set-up script by leave.</summary>
    public const string SetupNotAllowed = "SetupNotAllowed";

    /// <summary>Ports that don't meet.</summary>
    public const string RayPorts = "RayPorts";

    /// <summary>Overrides are assignments.</summary>
    public const string OverrideForm = "OverrideForm";

    /// <summary>No override contradicts <c>model.weights</c>.</summary>
    public const string WeightsContradiction = "WeightsContradiction";

    /// <summary>Entries of the transformer configuration are names with scalars or lists of them.</summary>
    public const string TransformerConfigEntry = "TransformerConfigEntry";

    // Ascend.

    /// <summary>The device plugin hands out this many NPUs.</summary>
    public const string AcceleratorCount = "AcceleratorCount";

    /// <summary>Super pods divide the job's NPUs.</summary>
    public const string SuperPodBlock = "SuperPodBlock";

    /// <summary>A model of thirty billion parameters wants more than two nodes of A2.</summary>
    public const string A2Memory = "A2Memory";

    // verl.

    /// <summary>Hydra can read an override's value.</summary>
    public const string OverrideValue = "OverrideValue";

    /// <summary>Hydra appends a key once.</summary>
    public const string RepeatedAppend = "RepeatedAppend";

    /// <summary>An override's key is one of verl's.</summary>
    public const string UnknownKey = "UnknownKey";

    /// <summary>What is appended isn't there yet.</summary>
    public const string AppendedKey = "AppendedKey";

    /// <summary>The version is one that the operator knows.</summary>
    public const string UnsupportedVerlVersion = "UnsupportedVerlVersion";

    /// <summary>Ray has the CPUs without which verl waits for ever.</summary>
    public const string RayCpus = "RayCpus";

    /// <summary>Copies of the actor fill the NPUs.</summary>
    public const string ModelParallelSize = "ModelParallelSize";

    /// <summary>Copies of the experts fill the NPUs.</summary>
    public const string ExpertParallelSize = "ExpertParallelSize";

    /// <summary>The sequences of a step make whole micro batches on every copy.</summary>
    public const string RealTrainBatchSize = "RealTrainBatchSize";

    /// <summary>A step has at least one mini batch.</summary>
    public const string TrainBatchBelowMiniBatch = "TrainBatchBelowMiniBatch";

    /// <summary>Mini batches make up the batch.</summary>
    public const string MiniBatchDivides = "MiniBatchDivides";

    /// <summary>A mini batch's sequences spread evenly over the copies.</summary>
    public const string MiniBatchShards = "MiniBatchShards";

    /// <summary>Micro batches make up a copy's share of a mini batch.</summary>
    public const string MicroBatchDivides = "MicroBatchDivides";

    /// <summary>Micro batches make up the mini batch.</summary>
    public const string MicroBatchWithinMiniBatch = "MicroBatchWithinMiniBatch";

    /// <summary>Sequences spread evenly over the agent loop's workers.</summary>
    public const string AgentWorkers = "AgentWorkers";

    /// <summary>Sequences spread evenly over the copies.</summary>
    public const string SequenceShards = "SequenceShards";

    /// <summary>Rollout replicas fill the NPUs.</summary>
    public const string RolloutParallelSize = "RolloutParallelSize";

    /// <summary>A rollout replica fills whole nodes, or fits into one.</summary>
    public const string RolloutReplicaNodes = "RolloutReplicaNodes";

    /// <summary>A group of one has no advantage to speak of.</summary>
    public const string SingleSampleGroup = "SingleSampleGroup";

    /// <summary>Experts of the rollout are spread over a whole replica, or not at all.</summary>
    public const string RolloutExpertParallel = "RolloutExpertParallel";

    /// <summary>vLLM under verl has no pipeline.</summary>
    public const string RolloutPipeline = "RolloutPipeline";

    /// <summary>A micro batch size is given in one way.</summary>
    public const string MicroBatchSizeTwice = "MicroBatchSizeTwice";

    /// <summary>Log probabilities of the samples have a batch size.</summary>
    public const string RolloutLogProbBatch = "RolloutLogProbBatch";

    /// <summary>Log probabilities of the reference have a batch size.</summary>
    public const string ReferenceLogProbBatch = "ReferenceLogProbBatch";

    /// <summary>Tokens of the longest sequence fit into a dynamic batch.</summary>
    public const string DynamicBatchTokens = "DynamicBatchTokens";

    /// <summary>Actor and rollout pack batches alike.</summary>
    public const string DynamicBatchAgreement = "DynamicBatchAgreement";

    /// <summary>verl knows the way in which losses are put together.</summary>
    public const string LossAggregation = "LossAggregation";

    /// <summary>Sampled validation has a temperature.</summary>
    public const string ValidationTemperature = "ValidationTemperature";

    /// <summary>vLLM serves LoRA up to a rank.</summary>
    public const string LoraRank = "LoraRank";

    /// <summary>A virtual pipeline has a real one.</summary>
    public const string VirtualPipeline = "VirtualPipeline";

    /// <summary>Recomputation is described whole.</summary>
    public const string Recomputation = "Recomputation";

    // verl, with what the inspection found.

    /// <summary>Attention heads are shared out whole.</summary>
    public const string AttentionHeads = "AttentionHeads";

    /// <summary>Key-value heads are shared out whole, or copied evenly.</summary>
    public const string KeyValueHeads = "KeyValueHeads";

    /// <summary>Experts are shared out whole.</summary>
    public const string ModelExperts = "ModelExperts";

    /// <summary>Layers are shared out whole.</summary>
    public const string ModelLayers = "ModelLayers";

    /// <summary>The data makes at least one step.</summary>
    public const string TrainRows = "TrainRows";

    /// <summary>Pods of several nodes can share the volumes.</summary>
    public const string ClaimAccess = "ClaimAccess";

    /// <summary>A checkpoint that verl would go on from is one that it can.</summary>
    public const string ResumedCheckpoint = "ResumedCheckpoint";

    /// <summary>Checkpoints fit where they go.</summary>
    public const string CheckpointSpace = "CheckpointSpace";
}
