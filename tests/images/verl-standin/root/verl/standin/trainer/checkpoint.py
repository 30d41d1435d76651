"""The trainer's part of checkpoints: folders, tracker, data state, retention, finding the latest."""
from __future__ import annotations

import json
import os
import shutil

from standin.trainer.gang import Gang
from standin.trainer.policy import Policy
from standin.trainer.settled import Settled

TRACKER = "latest_checkpointed_iteration.txt"


class Checkpoints:
    def __init__(self, config: Settled, gang: Gang):
        self.config, self.gang = config, gang
        folder = config.get("trainer.default_local_dir")
        self.folder = folder if os.path.isabs(folder) else os.path.join(os.getcwd(), folder)
        self.kept = []  # in memory only: a restarted run never removes older ones

    def save(self, step: int, policy: Policy, loader) -> None:
        """Writes a whole checkpoint; the tracker last."""
        folder = os.path.join(self.folder, "global_step_%d" % step)
        actor = os.path.join(folder, "actor")
        print("Saving checkpoint to %s" % folder if self.config.v1 else "local_global_step_folder: %s" % folder)
        self._prune(actor)
        parts = {"model": policy.logits, "optimizer": policy.momentum, "extra": [[step]]}
        self.gang.save(actor, parts)
        self.gang.point("save", step)
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "data.pt"), "w", encoding="utf-8") as file:
            json.dump(loader.state(), file)
        with open(os.path.join(self.folder, TRACKER), "w", encoding="utf-8") as file:
            file.write(str(step))

    def _prune(self, actor: str) -> None:
        keep = self.config.get("trainer.max_actor_ckpt_to_keep")
        if keep and keep > 0 and len(self.kept) >= keep:
            for old in self.kept[:len(self.kept) - keep + 1]:
                print("Checkpoint manager remove previous save local path: %s" % old)
                shutil.rmtree(old, ignore_errors=True)
            self.kept = self.kept[len(self.kept) - keep + 1:]
        self.kept.append(actor)

    def latest(self) -> str | None:
        """The folder that the tracker names, as ``find_latest_ckpt_path`` looks for it."""
        tracker = os.path.join(self.folder, TRACKER)
        if not os.path.exists(tracker):
            print("Checkpoint tracker file does not exist: %s" % tracker)
            return None
        with open(tracker, "rb") as file:
            step = int(file.read().decode())
        path = os.path.join(self.folder, "global_step_%d" % step)
        if not os.path.exists(path):
            print("Checkpoint does not exist: %s" % path)
            return None
        print("Found checkpoint: %s", path)
        return path

    def load(self, policy: Policy, loader) -> int:
        """Resumes as ``trainer.resume_mode`` says; gives the step, 0 from scratch."""
        mode = self.config.get("trainer.resume_mode", "auto")
        if mode == "disable":
            return 0
        path = self.latest() if mode == "auto" else self._given() if mode == "resume_path" else None
        if path is None:
            print("Training from scratch")
            return 0
        step = int(path.rstrip("/").split("global_step_")[-1])
        if self.config.v1:
            print("Resuming from %s, setting global step to %d" % (path, step))
        else:
            print("Load from checkpoint folder: %s" % path)
            print("Setting global step to %d" % step)
            print("Resuming from %s" % path)
        self._restore(self.gang.load(os.path.join(path, "actor")), policy)
        state = os.path.join(path, "data.pt")
        if os.path.exists(state):
            with open(state, encoding="utf-8") as file:
                loader.restore(json.load(file))
        else:
            print("Warning: No dataloader state found at %s, will start from scratch" % state)
        return step

    def _given(self) -> str:
        path = self.config.get("trainer.resume_from_path")
        assert isinstance(path, str), "resume ckpt must be str type"
        assert "global_step_" in path, "resume ckpt must specify the global_steps"
        return path if os.path.isabs(path) else os.path.join(os.getcwd(), path)

    @staticmethod
    def _restore(parts: dict, policy: Policy) -> None:
        for name, table in (("model", policy.logits), ("optimizer", policy.momentum)):
            for row, values in parts.get(name, {}).items():
                table[int(row)] = values
