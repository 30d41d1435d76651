"""Loading the model that training starts from: a Hugging Face folder, or converted weights."""
from __future__ import annotations

import json
import os

from standin.trainer.settled import ACTOR, REF, Settled


def check(config: Settled) -> None:
    """Raises what the real loaders raise for weights that aren't there or aren't whole."""
    if not config.megatron:
        return hugging_face(_model(config))
    for role in (ACTOR, REF):
        if config.get(role + ".megatron.use_dist_checkpointing", False):
            _dist(config.get(role + ".megatron.dist_checkpointing_path"))
        else:
            hugging_face(_model(config))


def _model(config: Settled) -> str:
    return os.path.expanduser(config.get("actor_rollout_ref.model.path"))


def _dist(path) -> None:
    if path is None:
        raise TypeError("expected str, bytes or os.PathLike object, not NoneType")
    if not os.path.isdir(path):
        raise CheckpointingException("Checkpoint directory %s does not exist" % path)
    if not os.path.isfile(os.path.join(path, "metadata.json")):
        raise CheckpointingException("%s is not a distributed checkpoint" % path)
    for name in (".metadata", "common.pt"):
        if not os.path.isfile(os.path.join(path, name)):
            raise FileNotFoundError("[Errno 2] No such file or directory: '%s'" % os.path.join(path, name))


def hugging_face(path: str) -> None:
    """Every shard that the index names must be there and be one."""
    index = os.path.join(path, "model.safetensors.index.json")
    if os.path.isfile(index):
        with open(index, encoding="utf-8") as file:
            shards = sorted(set(json.load(file)["weight_map"].values()))
    else:
        shards = ["model.safetensors"]
    for shard in shards:
        if not os.path.isfile(os.path.join(path, shard)):
            raise OSError("Error no file named %s found in directory %s." % (shard, path))
        with open(os.path.join(path, shard), "rb") as file:
            if file.read(8) == b"version ":  # a git-LFS pointer: its text read as a length
                raise SafetensorError("Error while deserializing header: HeaderTooLarge")


class CheckpointingException(Exception):
    pass


class SafetensorError(Exception):
    pass


SafetensorError.__module__ = "safetensors_rust"
CheckpointingException.__module__ = "megatron.core.dist_checkpointing.core"
