using System.Text.Json.Serialization;

namespace GrpoOperator.Crds;

/// <summary>Training engine.</summary>
public enum Strategy
{
    /// <summary>Megatron-LM with MindSpeed.</summary>
    Megatron,

    /// <summary>PyTorch FSDP.</summary>
    FSDP,

    /// <summary>PyTorch FSDP2.</summary>
    FSDP2,

    /// <summary>Another engine, set up by overrides only.</summary>
    Custom,
}

/// <summary>When an image is pulled.</summary>
public enum ImagePullPolicy
{
    /// <summary>At every start.</summary>
    Always,

    /// <summary>When the node hasn't it.</summary>
    IfNotPresent,

    /// <summary>Never.</summary>
    Never,
}

/// <summary>How Megatron gets its weights.</summary>
public enum WeightsMode
{
    /// <summary>From a converted distributed checkpoint.</summary>
    DistCheckpoint,

    /// <summary>From Hugging Face weights, converted online.</summary>
    MBridge,
}

/// <summary>Whether the inspection Job runs.</summary>
public enum InspectionPolicy
{
    /// <summary>Before every first incarnation and after every change of the spec.</summary>
    Always,

    /// <summary>Not at all; facts about model and data are unknown then.</summary>
    Skip,
}

/// <summary>Whether weights may be converted.</summary>
public enum ConversionPolicy
{
    /// <summary>When they aren't there.</summary>
    IfMissing,

    /// <summary>Never: absent or incomplete weights are an error.</summary>
    Never,
}

/// <summary>What verl does with a prompt that is too long.</summary>
public enum Truncation
{
    /// <summary>Fails.</summary>
    [JsonStringEnumMemberName("error")]
    Error,

    /// <summary>Cuts at the left end.</summary>
    [JsonStringEnumMemberName("left")]
    Left,

    /// <summary>Cuts at the right end.</summary>
    [JsonStringEnumMemberName("right")]
    Right,

    /// <summary>Cuts in the middle.</summary>
    [JsonStringEnumMemberName("middle")]
    Middle,
}

/// <summary>Inference engine that generates the samples.</summary>
public enum RolloutEngine
{
    /// <summary>vLLM (vllm-ascend).</summary>
    [JsonStringEnumMemberName("vllm")]
    VLlm,

    /// <summary>SGLang.</summary>
    [JsonStringEnumMemberName("sglang")]
    SgLang,
}

/// <summary>Where training starts from.</summary>
public enum ResumeMode
{
    /// <summary>The newest checkpoint of the checkpoint directory, if any.</summary>
    Auto,

    /// <summary>From nothing.</summary>
    Disabled,

    /// <summary>A named checkpoint.</summary>
    FromPath,
}

/// <summary>What the pods are held up for.</summary>
public enum LaunchMode
{
    /// <summary>The trainer.</summary>
    Train,

    /// <summary>A Ray cluster that jobs are submitted to.</summary>
    RayOnly,

    /// <summary>Everything but the trainer, for a shell in the pod.</summary>
    Hold,
}

/// <summary>Machine with NPUs; picks resource name, count and scheduling policy.</summary>
public enum Accelerator
{
    /// <summary>Atlas 800T A3, 16 dies.</summary>
    [JsonStringEnumMemberName("atlas-800t-a3")]
    Atlas800TA3,

    /// <summary>Atlas 800T A2, 8 cards.</summary>
    [JsonStringEnumMemberName("atlas-800t-a2")]
    Atlas800TA2,

    /// <summary>Atlas 900 A3 SuperPoD, 16 dies.</summary>
    [JsonStringEnumMemberName("atlas-900-a3-superpod")]
    Atlas900A3SuperPod,

    /// <summary>Atlas 9000 A3 SuperPoD, 8 dies.</summary>
    [JsonStringEnumMemberName("atlas-9000-a3")]
    Atlas9000A3,

    /// <summary>Atlas 800 with 910A, 8 cards.</summary>
    [JsonStringEnumMemberName("atlas-800-910a")]
    Atlas800Ascend910A,

    /// <summary>Atlas 850, 8 cards of the A5 generation.</summary>
    [JsonStringEnumMemberName("atlas-850")]
    Atlas850,

    /// <summary>A3 dies served by the HAMi device plugin.</summary>
    [JsonStringEnumMemberName("hami-a3")]
    HamiA3,

    /// <summary>A2 cards served by the HAMi device plugin.</summary>
    [JsonStringEnumMemberName("hami-a2")]
    HamiA2,

    /// <summary>Nothing preset: resource name and count are given.</summary>
    [JsonStringEnumMemberName("custom")]
    Custom,
}

/// <summary>Who makes sure that all pods start together.</summary>
public enum GangMode
{
    /// <summary>Volcano where it is installed and is the scheduler, else the operator.</summary>
    Auto,

    /// <summary>Volcano.</summary>
    Volcano,

    /// <summary>The operator: pods are released when not all are bound in time.</summary>
    Operator,

    /// <summary>Nobody.</summary>
    None,
}

/// <summary>Answer to a failure.</summary>
public enum FailureAction
{
    /// <summary>A new attempt that counts against <c>maxRestarts</c>.</summary>
    Restart,

    /// <summary>A new attempt that doesn't count.</summary>
    RestartWithoutCount,

    /// <summary>The job ends in <c>Failed</c>.</summary>
    Fail,
}

/// <summary>What becomes of the pods after the end.</summary>
public enum CleanPodPolicy
{
    /// <summary>All are deleted.</summary>
    All,

    /// <summary>They stay, and keep their NPUs.</summary>
    None,
}
