using System.Collections.Frozen;

namespace GrpoOperator.Training.Verl;

/// <summary>Environment variables that the operator sets itself, or that no job may have.</summary>
public static class OwnedVariables
{
    /// <summary>It makes a failing task wait for a debugger for ever.</summary>
    public const string PostMortem = "RAY_DEBUG_POST_MORTEM";

    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        "MASTER_ADDR", "MASTER_PORT", "NNODES", "NODE_RANK", "NPROC_PER_NODE", "WORLD_SIZE", "RANK", "LOCAL_RANK", "LOCAL_WORLD_SIZE",
        "RAY_ADDRESS", "POD_NAME", "POD_NAMESPACE", "POD_IP", "HOST_IP", "ASCEND_VISIBLE_DEVICES", PostMortem);

    /// <summary>True when a job's <c>env</c> may not set the variable.</summary>
    public static bool Contains(string name) => Names.Contains(name) || name.StartsWith("GRPO_", StringComparison.Ordinal);
}
