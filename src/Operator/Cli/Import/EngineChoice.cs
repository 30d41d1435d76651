using GrpoOperator.Crds;
using GrpoOperator.Training.Verl.Hydra;

namespace GrpoOperator.Operator.Cli.Import;

/// <summary>Which training engine a launch uses, and how Megatron gets its weights.</summary>
internal static class EngineChoice
{
    private const string Actor = "actor_rollout_ref.actor";

    /// <summary>The engine by what verl decides it by: the actor's strategy, the group of engines, the configuration's name, then the keys.</summary>
    public static Strategy StrategyOf(LaunchArguments launch)
    {
        if (Text(launch, $"{Actor}.strategy") is { } strategy)
            return strategy switch { "megatron" => Strategy.Megatron, "fsdp" => Strategy.FSDP, "fsdp2" => Strategy.FSDP2, _ => Strategy.Custom };
        if (Text(launch, "model_engine") is { } engine)
            return engine switch { "megatron" => Strategy.Megatron, "dp" or "fsdp" => Strategy.FSDP, _ => Strategy.Custom };
        var name = launch.ConfigName ?? "";
        if (name.Contains("megatron", StringComparison.Ordinal))
            return Strategy.Megatron;
        if (name.Contains("mindspeed", StringComparison.Ordinal) || name.Contains("veomni", StringComparison.Ordinal) || name.Contains("torchtitan", StringComparison.Ordinal))
            return Strategy.Custom;
        return launch.Assignments.Any(argument => argument.Key.StartsWith($"{Actor}.megatron.", StringComparison.Ordinal)) ? Strategy.Megatron : Strategy.FSDP;
    }

    /// <summary>How Megatron gets its weights: a distributed checkpoint only where the launch asks for it.</summary>
    public static WeightsMode WeightsOf(LaunchArguments launch) =>
        launch.Assignments.LastOrDefault(argument => argument.Key == $"{Actor}.megatron.use_dist_checkpointing")?.Assignment.Value is HydraValue.Bool { Value: true }
            ? WeightsMode.DistCheckpoint
            : WeightsMode.MBridge;

    private static string? Text(LaunchArguments launch, string key) =>
        (launch.Assignments.LastOrDefault(argument => argument.Key == key)?.Assignment.Value as HydraValue.Text)?.Value;
}
