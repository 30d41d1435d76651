#!/usr/bin/env bash
# Two nodes, rollout over eight NPUs, weights by mbridge, submitted to a Ray cluster.
NNODES=${NNODES:-2}
DEST="/data/ckpt"
case "${MODE:-long}" in
    short) steps=1 ;;
    long | longer)
        steps=50
        extra=(trainer.test_freq=10)
        ;;
esac
[ "$NNODES" -gt 1 ] && pipeline=2 || pipeline=1
if [[ -z "$STAGE" ]]; then STAGE=one; fi
cat <<-TEXT
	not a command: python3 -m verl.trainer.main_ppo a=b
	TEXT
ray job submit --no-wait --working-dir /opt/verl --address "http://127.0.0.1:8265" \
    --runtime-env-json='{"env_vars": {"VLLM_USE_V1": "1", "RANK": "0"}}' \
    -- python3 -m verl.trainer.main_ppo \
    model_engine=megatron \
    algorithm.adv_estimator=grpo \
    data.train_files=/data/train.parquet data.val_files=/data/test.parquet data.train_batch_size=32 \
    actor_rollout_ref.model.path=/data/Qwen3-30B-A3B \
    actor_rollout_ref.actor.ppo_mini_batch_size=16 actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu=1 \
    actor_rollout_ref.actor.megatron.tensor_model_parallel_size=4 \
    actor_rollout_ref.actor.megatron.pipeline_model_parallel_size=$pipeline \
    actor_rollout_ref.actor.megatron.virtual_pipeline_model_parallel_size=null \
    actor_rollout_ref.actor.megatron.expert_model_parallel_size=8 \
    actor_rollout_ref.actor.megatron.use_mbridge=True \
    actor_rollout_ref.ref.megatron.use_mbridge=True \
    +actor_rollout_ref.actor.megatron.override_transformer_config.use_flash_attn=True \
    ++actor_rollout_ref.actor.megatron.override_transformer_config.num_layers_in_first_pipeline_stage=5 \
    ++actor_rollout_ref.ref.megatron.override_transformer_config.use_flash_attn=True \
    actor_rollout_ref.rollout.name=vllm actor_rollout_ref.rollout.n=8 \
    actor_rollout_ref.rollout.tensor_model_parallel_size=8 \
    actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu=1 \
    trainer.logger=['console'] trainer.project_name=tests trainer.experiment_name=tp8-$STAGE \
    trainer.nnodes="${NNODES}" trainer.n_gpus_per_node=16 trainer.resume_mode=auto \
    trainer.default_local_dir=${DEST%/}/tp8 trainer.save_freq=$steps "${extra[@]}" \
    trainer.total_training_steps=$((steps * 2)) trainer.device=npu
