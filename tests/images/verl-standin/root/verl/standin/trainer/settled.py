"""The composed configuration, read by dotted paths."""
from __future__ import annotations

from standin.hydra.errors import MissingMandatoryValue

ACTOR, REF, ROLLOUT, MODEL = ("actor_rollout_ref." + part for part in ("actor", "ref", "rollout", "model"))


class Settled:
    """A resolved configuration and the version of verl that reads it."""

    def __init__(self, tree: dict, release: tuple):
        self.tree, self.release = tree, release

    def get(self, path: str, default=None):
        """The value at a path; an absent key or null gives the default. Raises on ``???``."""
        node = self.tree
        for part in path.split("."):
            if not isinstance(node, dict) or part not in node:
                return default
            node = node[part]
        if node == "???":
            raise MissingMandatoryValue("Missing mandatory value: %s\n    full_key: %s\n    object_type=dict" % (path, path))
        return default if node is None else node

    def has(self, path: str) -> bool:
        node = self.tree
        for part in path.split("."):
            if not isinstance(node, dict) or part not in node:
                return False
            node = node[part]
        return True

    @property
    def megatron(self) -> bool:
        return self.get(ACTOR + ".strategy", "fsdp") == "megatron"

    @property
    def world(self) -> int:
        """NPUs in all."""
        return self.get("trainer.nnodes", 1) * self.get("trainer.n_gpus_per_node", 8)

    def size(self, role: str, name: str) -> int:
        """A Megatron parallel size of the actor or the reference."""
        return self.get("%s.megatron.%s_model_parallel_size" % (role, name), 1) or 1

    @property
    def context(self) -> int:
        return self.get(ACTOR + ".megatron.context_parallel_size", 1) or 1

    @property
    def data_parallel(self) -> int:
        if self.megatron:
            return max(1, self.world // (self.size(ACTOR, "tensor") * self.size(ACTOR, "pipeline") * self.context))
        return max(1, self.world // max(1, self.get(ACTOR + ".ulysses_sequence_parallel_size", 1)))

    @property
    def batch(self) -> int:
        return self.get("data.train_batch_size")

    @property
    def samples(self) -> int:
        """Responses per prompt, the group of GRPO."""
        return self.get(ROLLOUT + ".n", 1)

    @property
    def v1(self) -> bool:
        """The rewritten trainer of 0.9 and later."""
        return self.release >= (0, 9, 0) and bool(self.get("trainer.use_v1", True))

    @property
    def runner_name(self) -> str:
        return "TaskRunnerV1" if self.v1 else "TaskRunner"
