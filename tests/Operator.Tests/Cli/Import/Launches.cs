namespace GrpoOperator.Operator.Tests.Cli.Import;

/// <summary>Small launches.</summary>
internal static class Launches
{
    /// <summary>A launch that a job has fields for, and further words.</summary>
    public static string With(string words, string before = "") => $"""
        {before}
        python3 -m verl.trainer.main_ppo algorithm.adv_estimator=grpo data.train_files=/d/a.parquet data.val_files=/d/b.parquet data.train_batch_size=8 actor_rollout_ref.model.path=/d/m actor_rollout_ref.actor.ppo_mini_batch_size=8 actor_rollout_ref.rollout.name=vllm actor_rollout_ref.rollout.n=2 trainer.logger=[console] trainer.project_name=p trainer.experiment_name=e trainer.device=npu {words}
        """;
}
