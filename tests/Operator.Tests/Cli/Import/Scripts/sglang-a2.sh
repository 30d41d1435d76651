# sglang on one A2 machine; what the image needs stands in the environment.
set -x
export HCCL_HOST_SOCKET_PORT_RANGE=60000-60050 HCCL_NPU_SOCKET_PORT_RANGE=61000-61050
export RAY_EXPERIMENTAL_NOSET_ASCEND_RT_VISIBLE_DEVICES=1
export ASCEND_RT_VISIBLE_DEVICES=0,1,2,3,4,5,6,7
cards=8
names=(console)
common=(
    # where the prompts are
    data.train_files=/data/dapo/train.parquet
    data.val_files=/data/dapo/aime.parquet   # validation
    data.train_batch_size=16
    data.shuffle=False
)
common+=(actor_rollout_ref.model.path=/data/Qwen3-8B)
nohup python -u -m verl.trainer.main_ppo \
    "${common[@]}" \
    algorithm.adv_estimator=grpo \
    actor_rollout_ref.actor.ppo_mini_batch_size=16 actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu=1 \
    actor_rollout_ref.actor.use_kl_loss=False actor_rollout_ref.actor.kl_loss_coef=0.001 \
    actor_rollout_ref.actor.use_torch_compile=False \
    actor_rollout_ref.ref.fsdp_config.param_offload=True \
    actor_rollout_ref.ref.fsdp_config.param_offload=True \
    actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu=1 \
    actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu=1 \
    actor_rollout_ref.rollout.name=sglang actor_rollout_ref.rollout.n=5 \
    actor_rollout_ref.rollout.tensor_model_parallel_size=4 actor_rollout_ref.rollout.gpu_memory_utilization=0.3 \
    +actor_rollout_ref.rollout.engine_kwargs.sglang.attention_backend="ascend" \
    actor_rollout_ref.nccl_timeout=3600 actor_rollout_ref.nccl_timeout=7200 \
    trainer.logger=${names[0]} trainer.project_name='tests' trainer.experiment_name="sglang a2" \
    trainer.n_gpus_per_node=$cards trainer.nnodes=1 trainer.total_training_steps=10 \
    trainer.device=npu > run.log 2>&1
