using GrpoOperator.Training.Ascend;
using GrpoOperator.Training.Verl.Rules;

namespace GrpoOperator.Training.Verl.Figures;

/// <summary>
/// What the shape puts into an NPU's memory, in GB (10⁹ bytes): weights in bf16, and Adam's state, which Megatron's distributed
/// optimizer spreads over all NPUs. Activations, caches and communication buffers come on top; nobody can tell those beforehand.
/// </summary>
internal static class MemoryFigures
{
    public static IEnumerable<Figure> Of(Composition job, AcceleratorPreset preset, InspectedFacts facts)
    {
        yield return new Figure("RolloutMemory", Rollout(job, preset));
        if (facts.Parameters is not { } parameters)
        {
            yield return new Figure("NpuMemory", "not known: the model's parameters are counted by the inspection, or given by --parameters");
            yield break;
        }

        if (job.IsMegatron)
        {
            yield return new Figure("ActorWeights", Actor(job, parameters));
            yield return new Figure("OptimizerState", Optimizer(job, parameters));
        }

        if (job.Size("actor_rollout_ref.rollout.tensor_model_parallel_size") is { } tensor && job.Size("actor_rollout_ref.rollout.expert_parallel_size") is not { Value: > 1 })
            yield return new Figure("RolloutWeights", $"{ParameterBytes.Weight} bytes × {parameters} parameters ÷ {tensor} = {ParameterBytes.GB((double)parameters * ParameterBytes.Weight / tensor.Value)}");
    }

    private static string Rollout(Composition job, AcceleratorPreset preset)
    {
        const string key = "actor_rollout_ref.rollout.gpu_memory_utilization";
        if (job.Config.Number(key) is not { } share) return "not known";
        return $"{job.NameOf(key)} {share}" + (preset.MemoryGB is { } memory ? $" × {memory} GB of an NPU = {ParameterBytes.GB(share * memory * ParameterBytes.Giga)}" : " of an NPU's memory");
    }

    /// <summary>
    /// Experts are spread otherwise than the rest, and how many parameters are experts' is not known: the truth is between.
    /// </summary>
    private static string Actor(Composition job, long parameters)
    {
        if (Operand.Product("NPUs", job.Tensor, job.Pipeline) is not { } dense) return "not known";
        var weights = $"{ParameterBytes.Weight} bytes × {parameters} parameters ÷ ";
        var share = ParameterBytes.GB((double)parameters * ParameterBytes.Weight / dense.Value);
        return job.Expert is { Value: > 1 } && job.ExpertCopy is { } experts
            ? $"{weights}({dense.Arithmetic}) = {share} where no parameter is an expert's, ÷ ({experts.Arithmetic}) = {ParameterBytes.GB((double)parameters * ParameterBytes.Weight / experts.Value)} where all are"
            : $"{weights}({dense.Arithmetic}) = {share}";
    }

    private static string Optimizer(Composition job, long parameters)
    {
        if (job.World is not { } world) return "not known";
        var where = job.Config.IsTrue("actor_rollout_ref.actor.megatron.optimizer_offload") ? ", in the node's memory (actor.offload.optimizer)" : "";
        return $"{ParameterBytes.Optimizer} bytes × {parameters} parameters ÷ {world.Name} {world.Value} = {ParameterBytes.GB((double)parameters * ParameterBytes.Optimizer / world.Value)}{where}";
    }
}
