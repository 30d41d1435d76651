"""Rules that break only when workers start or train: Megatron's, the rollout's, and the batch splits."""
from __future__ import annotations

import json
import os

from standin.trainer.settled import ACTOR, REF, ROLLOUT, Settled


def model_facts(path: str) -> dict:
    """``config.json`` of a model directory. Raises ``OSError`` in the words of transformers."""
    file = os.path.join(path, "config.json")
    if not os.path.isdir(path) and "/" not in path.strip("/"):
        raise OSError("We couldn't connect to 'https://huggingface.co' to load the files, and couldn't find them in the cached files.")
    if not os.path.isfile(file):
        raise OSError("%s does not appear to have a file named config.json." % path)
    with open(file, encoding="utf-8") as handle:
        config = json.load(handle)
    return dict(config, **config.get("text_config", {}))


def worker_rules(config: Settled, model: dict) -> None:
    """What worker initialisation refuses."""
    if config.megatron:
        for role in (ACTOR, REF):
            _megatron(config, role, model)
        _recompute(config)
    sizes = [config.get(ROLLOUT + "." + name, 1) for name in
             ("tensor_model_parallel_size", "data_parallel_size", "pipeline_model_parallel_size")]
    replica = sizes[0] * sizes[1] * sizes[2]
    assert config.world % replica == 0, "rollout world_size: %d is not divisible by infer_world_size: %d" % (config.world, replica)
    per_node = min(config.get("trainer.n_gpus_per_node", 8), replica)
    assert replica % per_node == 0, "world_size %d must be divisible by gpus_per_node %d" % (replica, per_node)


def _megatron(config: Settled, role: str, model: dict) -> None:
    tensor, pipeline, expert = (config.size(role, name) for name in ("tensor", "pipeline", "expert"))
    context = config.get(role + ".megatron.context_parallel_size", 1) or 1
    expert_tensor = config.get(role + ".megatron.expert_tensor_parallel_size") or tensor
    if config.world % (tensor * pipeline * context):
        raise RuntimeError("world_size (%d) is not divisible by %d" % (config.world, tensor * pipeline * context))
    if config.world % (expert_tensor * expert * pipeline):
        raise RuntimeError("decoder world_size (%d) is not divisible by expert_tensor_model_pipeline_parallel size (%d)"
                           % (config.world, expert_tensor * expert * pipeline))
    if config.get(role + ".megatron.virtual_pipeline_model_parallel_size") and pipeline == 1:
        raise RuntimeError("pipeline-model-parallel size should be greater than 1 with interleaved schedule")
    heads, layers = model.get("num_attention_heads"), model.get("num_hidden_layers")
    experts = model.get("num_experts") or model.get("n_routed_experts")
    groups = model.get("num_key_value_heads")
    if heads and heads % tensor:
        raise ValueError("num_attention_heads (%d) must be a multiple of tensor_model_parallel_size (%d)." % (heads, tensor))
    if groups and groups % tensor and tensor % groups:
        raise ValueError("num_query_groups (%d) must be a multiple of tensor_model_parallel_size (%d)." % (groups, tensor))
    if experts and experts % expert:
        raise AssertionError("Number of experts (%d) should be divisible by expert model parallel size (%d)." % (experts, expert))
    _layers(config, role, layers, pipeline)


def _layers(config: Settled, role: str, layers, pipeline: int) -> None:
    extra = role + ".megatron.override_transformer_config."
    uneven = ("pipeline_model_parallel_layout", "account_for_embedding_in_pipeline_split", "account_for_loss_in_pipeline_split")
    if not layers or any(config.get(extra + name) for name in uneven) or config.get(role + ".megatron.virtual_pipeline_model_parallel_size"):
        return
    ends = [config.get(extra + name) for name in ("num_layers_in_first_pipeline_stage", "num_layers_in_last_pipeline_stage")]
    given = [count for count in ends if count]
    stages = pipeline - len(given)
    if stages > 0 and (layers - sum(given)) % stages:
        raise AssertionError("num_layers (%d) must be divisible by pipeline_model_parallel_size (%d)" % (layers - sum(given), stages))


def _recompute(config: Settled) -> None:
    key = ACTOR + ".megatron.override_transformer_config.recompute_"
    method, count, granularity = (config.get(key + name) for name in ("method", "num_layers", "granularity"))
    if granularity == "full" and (method is None or count is None):
        raise ValueError("Using recompute_granularity: full so recompute_method and recompute_num_layers must be set.")
    if granularity != "full" and (method is not None or count is not None):
        raise ValueError('When using recompute_method: %s recompute_granularity must be "full"' % (method or count))


def generation_rules(config: Settled, size: int) -> None:
    """Equal chunks over the agent workers (≥ 0.7) and over data parallel ranks. ``size`` = responses of the batch."""
    chunks = [config.data_parallel]
    if config.release >= (0, 7, 0):
        chunks.insert(0, config.get(ROLLOUT + ".agent.num_workers", 8))
    for count in chunks:
        assert size % count == 0, "only support equal chunk. Got size of DataProto %d and chunk %d." % (size, count)


def update_rules(config: Settled) -> None:
    """The splits into mini and micro batches."""
    mini, micro = config.get(ACTOR + ".ppo_mini_batch_size"), config.get(ACTOR + ".ppo_micro_batch_size_per_gpu")
    assert config.batch % mini == 0, "%d %% %d != 0" % (config.batch * config.samples, mini * config.samples)
    strict = not config.megatron or config.release >= (0, 8, 0)
    ranks = config.data_parallel
    if strict:
        assert mini * config.samples % ranks == 0, "normalized ppo_mini_batch_size %d should be divisible by %d" % (mini * config.samples, ranks)
    if strict and micro and not config.get(ACTOR + ".use_dynamic_bsz", False):
        each = mini * config.samples // ranks
        assert each % micro == 0, (
            "normalized ppo_mini_batch_size %d should be divisible by ppo_micro_batch_size_per_gpu %d" % (each, micro))
