#!/usr/bin/env bash
# The two-node example of Qwen3-30B-A3B, written for these tests: the same arguments, everything around them on its own.
set -eo pipefail

HEAD_ADDRESS="10.0.0.1"
NIC=enp67s0f5
OWN_ADDRESS=$(ip -4 -o addr show dev "$NIC" | awk '{print $4}' | cut -d/ -f1)

ulimit -n 65536
source /usr/local/Ascend/ascend-toolkit/set_env.sh
export HCCL_SOCKET_IFNAME=$NIC GLOO_SOCKET_IFNAME=$NIC
export HCCL_CONNECT_TIMEOUT=1800
export RAY_DEBUG_POST_MORTEM=1
export MASTER_ADDR=$HEAD_ADDRESS
export PYTORCH_NPU_ALLOC_CONF=max_split_size_mb:2048

nodes=2
npus=16   # of each node
weights=/weight/Qwen3-30B-A3B
data=/data/processed_gsm8k
project=verl_grpo_example_gsm8k_math_base
experiment=qwen3_30b_moe_megatron_base
tensor=4 pipeline=2 context=2 expert=8

function train() {
    local actor=actor_rollout_ref.actor.megatron reference=actor_rollout_ref.ref.megatron
    local transformer=+$actor.override_transformer_config
    python3 -m verl.trainer.main_ppo --config-path=config --config-name='ppo_megatron_trainer.yaml' \
        algorithm.adv_estimator=grpo algorithm.use_kl_in_reward=False \
        data.train_files=$data/train.parquet data.val_files="${data}/test.parquet" \
        data.train_batch_size=16 data.max_prompt_length=1024 data.max_response_length=$((2 * 1024)) \
        data.filter_overlong_prompts=True data.truncation='left' \
        actor_rollout_ref.model.path=$weights \
        actor_rollout_ref.actor.optim.lr=1e-6 \
        actor_rollout_ref.actor.ppo_mini_batch_size=16 actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu=8 \
        $actor.pipeline_model_parallel_size=$pipeline $actor.tensor_model_parallel_size=$tensor \
        $actor.expert_model_parallel_size=$expert $actor.expert_tensor_parallel_size=1 $actor.context_parallel_size=$context \
        $actor.use_dist_checkpointing=True $actor.dist_checkpointing_path=$weights-dist \
        $actor.param_offload=True $actor.optimizer_offload=True $actor.grad_offload=True \
        actor_rollout_ref.actor.use_kl_loss=True actor_rollout_ref.actor.kl_loss_coef=0.001 \
        actor_rollout_ref.actor.kl_loss_type=low_var_kl actor_rollout_ref.actor.entropy_coeff=0 \
        actor_rollout_ref.rollout.name=vllm actor_rollout_ref.rollout.n=8 \
        actor_rollout_ref.rollout.tensor_model_parallel_size=$tensor actor_rollout_ref.rollout.gpu_memory_utilization=0.6 \
        actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu=1 actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu=1 \
        $reference.pipeline_model_parallel_size=$pipeline $reference.tensor_model_parallel_size=$tensor \
        $reference.expert_model_parallel_size=$expert $reference.expert_tensor_parallel_size=1 $reference.param_offload=True \
        $reference.use_dist_checkpointing=True $reference.dist_checkpointing_path=$weights-dist \
        $transformer.recompute_method=uniform $transformer.recompute_granularity=full $transformer.recompute_num_layers=1 \
        $transformer.use_flash_attn=True $transformer.use_distributed_optimizer=True $transformer.sequence_parallel=True \
        $transformer.context_parallel_size=$context \
        trainer.critic_warmup=0 trainer.logger=['console'] \
        trainer.project_name=$project trainer.experiment_name=$experiment \
        trainer.n_gpus_per_node=$npus trainer.nnodes=$nodes \
        trainer.save_freq=20 trainer.test_freq=20 trainer.total_epochs=10 \
        trainer.default_local_dir="/data/checkpoints/$project/$experiment" \
        trainer.device=npu
}

if [ "$OWN_ADDRESS" = "$HEAD_ADDRESS" ]; then
    ray start --head --port=6400 --resources="{\"NPU\": $npus}"
    while true; do
        seen=$(ray status | grep -c NPU)
        if [ "$seen" -ge "$nodes" ]; then
            train
            break
        fi
        sleep 5
    done
else
    until ray start --address="$HEAD_ADDRESS:6400" --resources="{\"NPU\": $npus}"; do
        sleep 5
    done
fi
sleep 60
