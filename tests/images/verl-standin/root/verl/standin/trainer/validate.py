"""verl's ``validate_config``: the rules that it checks before anything starts, in its words."""
from __future__ import annotations

from standin.trainer.settled import ACTOR, REF, ROLLOUT, Settled

_AGGREGATIONS = ["token-mean", "seq-mean-token-sum", "seq-mean-token-mean", "seq-mean-token-sum-norm"]


def validate(config: Settled) -> None:
    """Raises ``AssertionError`` or ``ValueError`` for the first broken rule."""
    dynamic = config.get(ACTOR + ".use_dynamic_bsz", False)
    if not dynamic:
        _divisible(config)
    _aggregation(config)
    _engine(config)
    if not dynamic:
        _exactly_one(config, ACTOR, "ppo_micro_batch_size")
        mini = config.get(ACTOR + ".ppo_mini_batch_size")
        if config.batch < mini:
            raise ValueError("train_batch_size (%d) must be >= actor.ppo_mini_batch_size (%d)" % (config.batch, mini))
    _log_prob(config)
    if config.get(ROLLOUT + ".val_kwargs.do_sample", False):
        assert config.get(ROLLOUT + ".temperature", 1.0) > 0, (
            "validation gen temperature should be greater than 0 when enabling do_sample")
    if config.get("actor_rollout_ref.model.lora_rank", 0) > 0 and config.get(ROLLOUT + ".name") == "vllm":
        assert config.get("actor_rollout_ref.model.lora_rank") <= 512, "LoRA rank in vLLM must be less than or equal to 512"
    print("[validate_config] All configuration checks passed successfully!")


def _divisible(config: Settled) -> None:
    batch = config.batch * config.samples
    if config.megatron:
        size = config.size(ACTOR, "tensor") * config.size(ACTOR, "pipeline")
        assert config.world % (size * config.context) == 0, (
            "n_gpus (%d) must be divisible by model_parallel_size (%d) times context_parallel_size (%d)"
            % (config.world, size, config.context))
        least = config.data_parallel * (config.get(ACTOR + ".ppo_micro_batch_size_per_gpu") or 1)
    else:
        least = config.world
    assert batch % least == 0, (
        "real_train_batch_size (%d) must be divisible by minimal possible batch size (%d)" % (batch, least))


def _aggregation(config: Settled) -> None:
    known = _AGGREGATIONS + (["token-sum"] if config.release >= (0, 9, 0) else [])
    mode = config.get(ACTOR + ".loss_agg_mode", "token-mean")
    if mode not in known:
        raise ValueError("Invalid loss_agg_mode: %s" % mode)


def _engine(config: Settled) -> None:
    if config.get(ROLLOUT + ".pipeline_model_parallel_size", 1) > 1 and config.get(ROLLOUT + ".name") == "vllm":
        raise NotImplementedError("Current rollout self.name='vllm' not implemented pipeline_model_parallel_size > 1 yet.")
    expert = config.get(ROLLOUT + ".expert_parallel_size", 1)
    if expert > 1:
        tensor, data = config.get(ROLLOUT + ".tensor_model_parallel_size", 2), config.get(ROLLOUT + ".data_parallel_size", 1)
        assert expert == tensor * data, "expert_parallel_size must be equal to tensor_model_parallel_size * data_parallel_size"
    if config.get(ROLLOUT + ".mode", "async") == "sync" and config.release >= (0, 7, 0):
        raise ValueError("Rollout mode 'sync' has been removed. Please set `actor_rollout_ref.rollout.mode=async`")
    if config.megatron and config.release >= (0, 8, 0):
        assert config.get(ACTOR + ".megatron.use_mbridge", False), "use_mbridge must be True"


def _exactly_one(config: Settled, role: str, name: str) -> None:
    short = role.split(".")[-1] if role == ACTOR else role
    whole, each = config.get("%s.%s" % (role, name)), config.get("%s.%s_per_gpu" % (role, name))
    if whole is None and each is None:
        raise ValueError("[%s] Please set at least one of '%s.%s' or '%s.%s_per_gpu' if use_dynamic_bsz is not enabled."
                         % (short, short, name, short, name))
    if whole is not None and each is not None:
        raise ValueError("[%s] You have set both '%s.%s' AND '%s.%s_per_gpu'. Please remove '%s.%s' because only "
                         "'*_%s_per_gpu' is supported (the former is deprecated)."
                         % (short, short, name, short, name, short, name, name))


def _log_prob(config: Settled) -> None:
    if needs_reference(config) and not config.get(REF + ".log_prob_use_dynamic_bsz", False):
        _exactly_one(config, REF, "log_prob_micro_batch_size")
    if not config.get(ROLLOUT + ".log_prob_use_dynamic_bsz", False):
        _exactly_one(config, ROLLOUT, "log_prob_micro_batch_size")


def needs_reference(config: Settled) -> bool:
    """A reference policy is loaded only for one of the two KL terms."""
    return bool(config.get(ACTOR + ".use_kl_loss", False) or config.get("algorithm.use_kl_in_reward", False))
