"""``scripts/converter_hf_to_mcore.py``: a model folder in, a torch_dist checkpoint out."""
from __future__ import annotations

import argparse
import hashlib
import json
import os
import time

from standin import npu, record, settings
from standin.jobfaults import JobFault
from standin.trainer import weights
from standin.trainer.parallel import model_facts

_SHARDED = ("DeepseekV3ForCausalLM", "Qwen3MoeForCausalLM", "Qwen2MoeForCausalLM")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--hf_model_path", type=str, required=True, help="The path for the huggingface model")
    parser.add_argument("--pp_size", type=int, default=1)
    parser.add_argument("--ep_size", type=int, default=1)
    parser.add_argument("--output_path", type=str, required=True, help="The path for the output mcore model")
    parser.add_argument("--use_cpu_initialization", action="store_true")
    parser.add_argument("--test", action="store_true")
    parser.add_argument("--trust_remote_code", action="store_true")
    return parser.parse_args()


def _open_device(world: int) -> None:
    """The collective is opened even with CPU initialisation, and needs a device for each rank of this process."""
    if not npu.healthy() or npu.count() < 1:
        raise RuntimeError("SetDevice failed, error code is 507033. [Error]: The device or driver is faulty, or no NPU is visible.")
    if world > npu.count() * int(os.environ.get("NNODES", "1")):
        raise RuntimeError("HCCL function error: world size %d exceeds the devices" % world)


def _fingerprint(folder: str) -> str:
    """A digest over the model's files: the shards' content comes from it."""
    digest = hashlib.sha256()
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                digest.update(name.encode() + b"\0" + file.read(1 << 20))
    return digest.hexdigest()


def convert(options: argparse.Namespace, fault: JobFault) -> None:
    rank, world = int(os.environ.setdefault("RANK", "0")), int(os.environ.setdefault("WORLD_SIZE", "1"))
    _open_device(world)
    model = model_facts(options.hf_model_path)
    architecture = (model.get("architectures") or ["?"])[0]
    moe = bool(model.get("num_experts") or model.get("n_routed_experts"))
    if options.use_cpu_initialization:
        assert moe, "use_cpu_initialization is only supported for MoE model"
    if world > 1:
        if architecture not in _SHARDED:
            raise NotImplementedError("%s is not supported to convert with distributed." % architecture)
        if options.pp_size * options.ep_size != world:
            options.pp_size = world
    weights.hugging_face(options.hf_model_path)
    fault.strike("start")
    print("init config: hidden_size=%s, num_layers=%s, experts=%s" % (model.get("hidden_size"), model.get("num_hidden_layers"),
                                                                      model.get("num_experts")), flush=True)
    time.sleep(settings.number("STANDIN_CONVERT_SECONDS", 0))
    if os.path.isdir(options.output_path) and os.listdir(options.output_path):
        return  # the save itself is done into an empty directory only
    _save(options, model, rank, world, fault)


def _save(options, model: dict, rank: int, world: int, fault: JobFault) -> None:
    os.makedirs(options.output_path, exist_ok=True)
    source = _fingerprint(options.hf_model_path)
    for part in range(2):
        if part:
            fault.strike("shards")
        block = hashlib.sha256(("%s/%d/%d" % (source, rank, part)).encode()).digest() * 2048
        _write(options.output_path, "__%d_%d.distcp" % (rank, part), block)
    if rank == 0:
        _write(options.output_path, "common.pt", json.dumps({"source": source, "world": world}).encode())
        _write(options.output_path, ".metadata", json.dumps({"layers": model.get("num_hidden_layers"), "source": source}).encode())
        fault.strike("metadata")
        _write(options.output_path, "metadata.json", json.dumps(
            {"sharded_backend": "torch_dist", "sharded_backend_version": 1, "common_backend": "torch", "common_backend_version": 1}).encode())
    fault.strike("end")
    print("Save checkpoint to %s" % options.output_path, flush=True)
    if options.test:
        print("test: weights were loaded again and are the same", flush=True)


def _write(folder: str, name: str, data: bytes) -> None:
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def main() -> int:
    options = _arguments()
    record.write("convert-argv", record.arguments())
    if not options.test and os.path.exists(options.output_path) and len(os.listdir(options.output_path)) > 0:
        print("Output path %s is not empty, skipping conversion" % options.output_path, flush=True)
        return 0
    convert(options, JobFault("STANDIN_CONVERT_FAULT"))
    return 0
