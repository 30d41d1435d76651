"""An actor's checkpoint folder in verl's three layouts; the tiny state is spread over the ranks' files.

Every rank writes its own files, so that a folder which isn't shared by the nodes lacks some, as in earnest.
Contents: ``model`` (logits by class), ``optimizer`` (momentum by class), ``extra`` (scheduler).
"""
from __future__ import annotations

import json
import os
import shutil

from standin.trainer.settled import ACTOR, Settled

_COMMON = (".metadata", "common.pt", "metadata.json")


def layout(config: Settled) -> str:
    if not config.megatron:
        return "fsdp"
    return "megatron" if config.release >= (0, 9, 0) else "megatron-flat"


def _write(path: str, value) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file)


def _share(parts: dict, rank: int, world: int) -> dict:
    """The rows that a rank keeps: row r lies with rank r mod world."""
    return {name: {str(row): value for row, value in enumerate(rows) if row % world == rank}
            for name, rows in parts.items() if isinstance(rows, list)}


def save(config: Settled, folder: str, parts: dict, ranks: range) -> None:
    """Writes the files of some ranks below ``folder`` (``…/global_step_N/actor``)."""
    kind, world = layout(config), config.world
    wanted = [name for name in config.get(ACTOR + ".checkpoint.save_contents") if name in parts]
    for rank in ranks:
        share = _share({name: parts[name] for name in wanted}, rank, world)
        if kind == "fsdp":
            names = {"model": "model", "optimizer": "optim", "extra": "extra_state"}
            for part in wanted:
                _write(os.path.join(folder, "%s_world_size_%d_rank_%d.pt" % (names[part], world, rank)), share.get(part, {}))
        elif kind == "megatron-flat":
            _write(os.path.join(folder, "dist_ckpt", "__%d_0.distcp" % rank), share)
        else:
            for part in wanted:
                _write(os.path.join(folder, part, "dist_ckpt", "__%d_0.distcp" % rank), {part: share.get(part, {})})
    if 0 in ranks:
        _save_common(config, kind, folder, wanted)


def _save_common(config: Settled, kind: str, folder: str, wanted: list) -> None:
    """What rank 0 alone writes: metadata, the model's config and tokenizer."""
    if kind == "fsdp":
        _write(os.path.join(folder, "fsdp_config.json"), {"FSDP_version": 1, "world_size": config.world})
        _huggingface(config, os.path.join(folder, "huggingface"))
        return
    if kind == "megatron-flat":
        _write(os.path.join(folder, "transformer_config.json"), {"num_layers": 48})
        _huggingface(config, os.path.join(folder, "huggingface"))
        folders = [os.path.join(folder, "dist_ckpt")]
    else:
        _write(os.path.join(folder, "ckpt_contents.json"), {"contents": wanted})
        _huggingface(config, os.path.join(folder, "model", "huggingface"))
        folders = [os.path.join(folder, part, "dist_ckpt") for part in wanted]
    for path in folders:
        _write(os.path.join(path, "common.pt"), {"args": None})
        _write(os.path.join(path, ".metadata"), {"state_dict_metadata": wanted})
        _write(os.path.join(path, "metadata.json"), {"sharded_backend": "torch_dist", "sharded_backend_version": 1,
                                                     "common_backend": "torch", "common_backend_version": 1})


def _huggingface(config: Settled, folder: str) -> None:
    os.makedirs(folder, exist_ok=True)
    source = os.path.expanduser(config.get("actor_rollout_ref.model.path"))
    for name in ("config.json", "generation_config.json", "tokenizer_config.json", "tokenizer.json"):
        if os.path.isfile(os.path.join(source, name)):
            shutil.copyfile(os.path.join(source, name), os.path.join(folder, name))
    if "hf_model" in config.get(ACTOR + ".checkpoint.save_contents"):
        _write(os.path.join(folder, "model.safetensors.index.json"), {"metadata": {"total_size": 0}, "weight_map": {}})


def load(config: Settled, folder: str) -> dict:
    """The parts that ``load_contents`` names, from all ranks' files. Raises as the real loaders do."""
    kind = layout(config)
    wanted = [part for part in config.get(ACTOR + ".checkpoint.load_contents") if part in ("model", "optimizer", "extra")]
    if kind == "fsdp":
        return _load_fsdp(config, folder, wanted)
    if config.release <= (0, 7, 0):
        raise ModuleNotFoundError("No module named 'transformer_engine'")
    if kind == "megatron" and not os.path.exists(os.path.join(folder, "ckpt_contents.json")):
        raise ValueError("Checkpoint at %s has the layout of an older verl; run scripts/migrate_megatron_checkpoint_layout.py" % folder)
    parts = {}
    for part in wanted:
        path = os.path.join(folder, "dist_ckpt") if kind == "megatron-flat" else os.path.join(folder, part, "dist_ckpt")
        parts[part] = _load_dist(path, part)
    return parts


def _load_dist(path: str, part: str) -> dict:
    for name in _COMMON:
        if not os.path.exists(os.path.join(path, name)):
            raise FileNotFoundError("[Errno 2] No such file or directory: '%s'" % os.path.join(path, name))
    rows = {}
    for name in sorted(os.listdir(path)):
        if name.endswith(".distcp"):
            with open(os.path.join(path, name), encoding="utf-8") as file:
                rows.update(json.load(file).get(part, {}))
    return rows


def _load_fsdp(config: Settled, folder: str, wanted: list) -> dict:
    names = {"model": "model", "optimizer": "optim", "extra": "extra_state"}
    parts = {}
    for part in wanted:
        rows = parts.setdefault(part, {})
        for rank in range(config.world):
            with open(os.path.join(folder, "%s_world_size_%d_rank_%d.pt" % (names[part], config.world, rank)), encoding="utf-8") as file:
                rows.update(json.load(file))
    return parts
