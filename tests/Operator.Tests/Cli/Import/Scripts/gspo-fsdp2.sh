#!/usr/bin/env bash
# GSPO's loss with FSDP2, in arrays.
set -euo pipefail
ID=${ID:-Qwen/Qwen3-8B}
SEED=${SEED:-7}
LOW=${LOW:-3e-4} HIGH=${HIGH:-4e-4}
per_npu=$((4096 / ${SP:-2}))
LOSS=(
    actor_rollout_ref.actor.policy_loss.loss_mode=gspo
    actor_rollout_ref.actor.loss_agg_mode=seq-mean-token-mean
    actor_rollout_ref.actor.clip_ratio_low=${LOW}
    actor_rollout_ref.actor.clip_ratio_high=${HIGH}
    actor_rollout_ref.actor.clip_ratio_c=10.0
    actor_rollout_ref.actor.use_kl_loss=False
    actor_rollout_ref.actor.entropy_coeff=0
)
ENGINE=(
    actor_rollout_ref.actor.strategy=fsdp2 actor_rollout_ref.ref.strategy=fsdp2
    actor_rollout_ref.actor.fsdp_config.ulysses_sequence_parallel_size=${SP:-2}
    actor_rollout_ref.actor.fsdp_config.param_offload=True
    actor_rollout_ref.actor.fsdp_config.optimizer_offload=True
    actor_rollout_ref.actor.use_dynamic_bsz=True
    actor_rollout_ref.actor.ppo_max_token_len_per_gpu=${per_npu}
    actor_rollout_ref.actor.ppo_mini_batch_size=16
)
ROLLOUT=(
    actor_rollout_ref.rollout.name=vllm actor_rollout_ref.rollout.n=4
    +actor_rollout_ref.rollout.engine_kwargs.vllm.compilation_config.cudagraph_capture_sizes="[4, 8, 16]"
    +actor_rollout_ref.rollout.engine_kwargs.vllm.compilation_config.cudagraph_mode="FULL_DECODE_ONLY"
)
PYTHONUNBUFFERED=1 python3 -m verl.trainer.main_ppo \
    algorithm.adv_estimator=grpo data.seed="$SEED" \
    data.train_files="${HOME}/data/train.parquet" data.val_files="${HOME}/data/test.parquet" data.train_batch_size=32 \
    actor_rollout_ref.model.path="${HOME}/.cache/${ID}" \
    "${LOSS[@]}" \
    "${ENGINE[@]}" \
    "${ROLLOUT[@]}" \
    trainer.logger='["console"]' trainer.project_name=gspo trainer.experiment_name="$(basename "${ID,,}")-gspo" \
    trainer.nnodes=1 trainer.n_gpus_per_node=16 trainer.device=npu \
    trainer.total_training_steps=3 trainer.save_freq=-1 \
    "$@"
