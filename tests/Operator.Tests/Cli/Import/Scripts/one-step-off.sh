#!/usr/bin/env bash
# Rollout one step ahead of the trainer, on NPUs of its own beside it.
set -eu
all=16
rollout_npus=4
train_npus=$((all - rollout_npus))
sizes=(
    trainer.nnodes=1 trainer.n_gpus_per_node=${train_npus}
    rollout.nnodes=1 rollout.n_gpus_per_node=${rollout_npus} \
    actor_rollout_ref.hybrid_engine=False

)
python3 -m verl.experimental.one_step_off_policy.main_ppo \
    --config-path=config --config-name "one_step_off_ppo_trainer.yaml" \
    "${sizes[@]}" \
    algorithm.adv_estimator=grpo \
    data.train_files=$HOME/data/train.parquet data.val_files=$HOME/data/test.parquet data.train_batch_size=24 \
    actor_rollout_ref.model.path=Qwen/Qwen3-1.7B \
    actor_rollout_ref.actor.strategy=fsdp2 critic.strategy=fsdp2 \
    actor_rollout_ref.actor.ppo_mini_batch_size=12 actor_rollout_ref.actor.use_dynamic_bsz=True \
    actor_rollout_ref.rollout.name=vllm actor_rollout_ref.rollout.n=3 \
    +reward.reward_kwargs.max_resp_len=2048 \
    trainer.logger=['console'] trainer.project_name=tests trainer.experiment_name=one-step-off \
    trainer.total_epochs=2 trainer.resume_mode=disable $@
