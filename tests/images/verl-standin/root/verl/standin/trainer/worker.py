"""The actor that stands for all ranks of one node."""
from __future__ import annotations

import os

from standin import faults
from standin.trainer import network, parallel, shards, weights
from standin.trainer.settled import Settled


class WorkerDict:
    """Checks, loads and saves on its own node, and has the faults of its ranks."""

    def __init__(self, context):
        self.context = context

    def setup(self, tree: dict, release: list, place: int, rank: int, plan: str) -> dict:
        """``place`` = this node's position in the world, ``rank`` = the node's rank, ``plan`` = the faults."""
        self.config = Settled(tree, tuple(release))
        self.rank, self.faults = rank, faults.parse(plan)
        each = self.config.get("trainer.n_gpus_per_node", 8)
        self.ranks = range(place * each, (place + 1) * each)
        network.check()
        model = parallel.model_facts(os.path.expanduser(self.config.get("actor_rollout_ref.model.path")))
        parallel.worker_rules(self.config, model)
        weights.check(self.config)
        print("[Rank %d-%d] model %s, %s layers, ready" % (self.ranks[0], self.ranks[-1], model.get("model_type"),
                                                            model.get("num_hidden_layers")))
        return {"hostname": self.context.hostname, "pid": self.context.pid}

    def point(self, at: str, step: int) -> bool:
        """A place where a fault of this node may strike; every step passes here on every node."""
        faults.strike(self.faults, at, step, self.rank, "worker")
        return True

    def save(self, folder: str, parts: dict) -> bool:
        shards.save(self.config, folder, parts, self.ranks)
        return True

    def load(self, folder: str) -> dict:
        return shards.load(self.config, folder)
