"""What the tests share: where the stand-in lies and how to run it outside an image."""
from __future__ import annotations

import atexit
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BASE = os.path.dirname(HERE)
VERL = os.path.join(BASE, "root", "verl")
BIN = os.path.join(BASE, "root", "usr", "local", "bin")
DATA = os.path.join(HERE, "data")
CONVERT = ["python3", os.path.join(VERL, "scripts", "converter_hf_to_mcore.py")]
PREPARE = ["python3", os.path.join(VERL, "examples", "data_preprocess", "gsm8k.py")]

# Programs start often here: their bytecode is kept for the run, but not in the tree.
_BYTECODE = tempfile.mkdtemp(prefix="standin-bytecode-")
# Hydra writes into the working directory.
_WORK = tempfile.mkdtemp(prefix="standin-work-")
for _folder in (_BYTECODE, _WORK):
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)

sys.dont_write_bytecode = True
for _path in (VERL, BASE):
    if _path not in sys.path:
        sys.path.insert(0, _path)

import make_inputs  # noqa: E402
from standin import parquet, prepare  # noqa: E402


def environment(**extra) -> dict:
    """A clean environment in which the stand-in's programs find each other."""
    values = {"PATH": os.pathsep.join([BIN, os.path.dirname(sys.executable), "/usr/bin", "/bin"]),
              "PYTHONPATH": VERL, "PYTHONPYCACHEPREFIX": _BYTECODE, "LANG": "C.UTF-8",
              "STANDIN_RECORD_DIR": _WORK}
    values.update({name: str(value) for name, value in extra.items()})
    return values


def run(arguments, timeout=60, cwd=None, **extra) -> subprocess.CompletedProcess:
    done = subprocess.run(arguments, env=environment(**extra), cwd=cwd or _WORK, timeout=timeout, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # decoded here, so that carriage returns stay
    done.stdout, done.stderr = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    return done


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait_for(condition, seconds: float = 20):
    """Polls until the condition gives something; fails after a bound."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError("waited %s s in vain" % seconds)
        time.sleep(0.02)


class Folder:
    """A temporary directory with a small model and prepared data, made in this process."""

    def __init__(self, rows: int = 64):
        self.path = tempfile.mkdtemp(prefix="standin-test-")
        make_inputs.model(self.of("model"))
        make_inputs.raw(self.of("raw"), rows)
        os.makedirs(self.of("data"))
        for split in ("train", "test"):
            questions = prepare.raw_rows(self.of("raw"), split)
            parquet.write(self.of("data", split + ".parquet"), prepare.SCHEMA,
                          [prepare.training_row(row, split, index) for index, row in enumerate(questions)])

    def of(self, *parts: str) -> str:
        return os.path.join(self.path, *parts)

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)


class Cluster:
    """Two nodes of two NPUs on loopback addresses, with the real command line."""

    def __init__(self, folder: Folder, nodes: int = 2, npus: int = 2, cpus: int = 16, **extra):
        self.folder, self.extra = folder, extra
        self.port = free_port()
        self.address = "127.0.0.1:%d" % self.port
        self.size = nodes
        for rank in range(nodes):
            self.start(rank, npus, cpus)

    def tmp(self, rank: int) -> str:
        return self.folder.of("cluster-%d-node-%d" % (self.port, rank))

    def node_environment(self, rank: int) -> dict:
        return dict(self.extra, NODE_RANK=rank, RAY_TMPDIR=self.tmp(rank), STANDIN_RECORD_DIR=self.tmp(rank))

    def start_arguments(self, rank: int, npus: int, cpus: int) -> list:
        where = ["--head", "--port", str(self.port)] if rank == 0 else ["--address", self.address]
        return ["ray", "start"] + where + ["--node-ip-address", "127.0.0.%d" % (rank + 1), "--num-cpus", str(cpus),
                                           "--resources", '{"NPU": %d}' % npus]

    def start(self, rank: int, npus: int = 2, cpus: int = 16) -> None:
        done = run(self.start_arguments(rank, npus, cpus), **self.node_environment(rank))
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)

    def ray(self, *arguments, rank: int = 0):
        return run(["ray"] + list(arguments), **self.node_environment(rank))

    def arguments(self, *overrides: str) -> list:
        """A small FSDP run on all nodes; later items win."""
        return [sys.executable, "-m", "verl.trainer.main_ppo", "algorithm.adv_estimator=grpo",
                "data.train_files=" + self.folder.of("data", "train.parquet"),
                "data.val_files=" + self.folder.of("data", "test.parquet"),
                "data.train_batch_size=16", "actor_rollout_ref.model.path=" + self.folder.of("model"),
                "actor_rollout_ref.actor.ppo_mini_batch_size=16", "actor_rollout_ref.actor.ppo_micro_batch_size_per_gpu=4",
                "actor_rollout_ref.rollout.name=vllm", "actor_rollout_ref.rollout.n=4",
                "actor_rollout_ref.rollout.log_prob_micro_batch_size_per_gpu=1",
                "actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu=1", "trainer.logger=[console]",
                "trainer.nnodes=%d" % self.size, "trainer.n_gpus_per_node=2",
                "trainer.default_local_dir=" + self.folder.of("checkpoints")] + list(overrides)

    def train_environment(self, extra: dict) -> dict:
        values = {"RAY_ADDRESS": self.address, "RAY_TMPDIR": self.tmp(0), "STANDIN_RECORD_DIR": self.tmp(0), "RAY_DEDUP_LOGS": 0,
                  "STANDIN_SECONDS_PER_STEP": 0.01, "STANDIN_STEPS": 3}
        return dict(values, **extra)

    def train(self, *overrides: str, **extra):
        return run(self.arguments(*overrides), **self.train_environment(extra))

    def begin(self, *overrides: str, **extra) -> subprocess.Popen:
        """A training in the background, output to one pipe."""
        return subprocess.Popen(self.arguments(*overrides), env=environment(**self.train_environment(extra)), cwd=_WORK,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, errors="replace")

    def stop(self) -> None:
        for rank in reversed(range(self.size)):
            self.ray("stop", "--force", rank=rank)


def plain(text: str) -> str:
    """Console text without colours and Ray's prefixes."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return re.sub(r"(?m)^\((\w+) pid=\d+(?:, ip=[\d.]+)?\) ", "", text)


def steps(text: str) -> dict:
    """``{step: {metric: value}}`` of all step lines, read as any outsider would read them."""
    found = {}
    for line in plain(text).splitlines():
        match = re.match(r"step:(\d+) - (.*)", line)
        if match:
            pairs = (part.rpartition(":") for part in match.group(2).split(" - "))
            found[int(match.group(1))] = {key: float(value) for key, _, value in pairs}
    return found
