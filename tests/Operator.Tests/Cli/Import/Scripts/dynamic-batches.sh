#!/bin/bash
# FSDP with batches packed by tokens, sizes from the environment or their defaults, a log beside.
set -xeuo pipefail
export VLLM_USE_V1=1 TASK_QUEUE_ENABLE=2
export LD_PRELOAD="/usr/lib/libjemalloc.so.2${LD_PRELOAD:+:$LD_PRELOAD}"
export PYTHONPATH=/opt/rewards:${PYTHONPATH:-}

NAME="dense"
MODEL=${MODEL:-"${HOME}/models/Qwen3-8B"}
ROOT=${ROOT:="$HOME/data"}
prompt=$((1024 * 2)); response=$((1024 * 6))
sequence=2
length=$(( (prompt + response) / sequence ))
dynamic=True
STRATEGY_OPTIONS=""

python3 -m verl.trainer.main_ppo \
    algorithm.adv_estimator=grpo \
    data.train_files="['$ROOT/math/train.parquet', '$ROOT/gsm8k/train.parquet']" \
    data.val_files=$ROOT/gsm8k/test.parquet \
    data.train_batch_size=${BATCH:-128} \
    data.max_prompt_length=$prompt data.max_response_length=$response \
    data.truncation="error" \
    actor_rollout_ref.model.path=$MODEL \
    actor_rollout_ref.model.use_remove_padding=True \
    actor_rollout_ref.actor.optim.lr=${LR:-5e-7} \
    actor_rollout_ref.actor.ppo_mini_batch_size=${BATCH:-128} \
    actor_rollout_ref.actor.use_dynamic_bsz=${dynamic} \
    actor_rollout_ref.actor.ppo_max_token_len_per_gpu=$length \
    actor_rollout_ref.actor.ulysses_sequence_parallel_size=$sequence \
    actor_rollout_ref.actor.kl_loss_coef=0.001 \
    actor_rollout_ref.actor.fsdp_config.param_offload=True \
    actor_rollout_ref.actor.fsdp_config.fsdp_size=${SHARDS:--1} \
    actor_rollout_ref.ref.log_prob_use_dynamic_bsz=${dynamic} \
    actor_rollout_ref.ref.log_prob_max_token_len_per_gpu=$((2 * length)) \
    actor_rollout_ref.ref.fsdp_config.param_offload=True \
    actor_rollout_ref.rollout.name=vllm actor_rollout_ref.rollout.n=5 \
    actor_rollout_ref.rollout.log_prob_use_dynamic_bsz=$dynamic \
    actor_rollout_ref.rollout.log_prob_max_token_len_per_gpu=$((2 * length)) \
    actor_rollout_ref.rollout.enforce_eager=False \
    actor_rollout_ref.rollout.max_num_batched_tokens=$((prompt + response)) \
    trainer.logger='["console","tensorboard"]' \
    trainer.project_name=tests trainer.experiment_name="${NAME}_${length}" \
    trainer.n_gpus_per_node=16 trainer.nnodes=1 trainer.device=npu \
    trainer.save_freq=100 trainer.test_freq=-1 trainer.total_epochs=2 trainer.val_before_train=False \
    ${STRATEGY_OPTIONS} "$@" 2>&1 | tee "$NAME.log"
