"""Where metrics go: console, JSON lines, TensorBoard's folder; other backends fail as they do without a network."""
from __future__ import annotations

import json
import os
import time

from standin.trainer.settled import Settled

_KNOWN = ("console", "file", "tensorboard", "wandb", "swanlab", "mlflow", "clearml", "trackio", "vemlp_wandb", "rl_insight")


class UsageError(Exception):
    pass


UsageError.__module__ = "wandb.errors.errors"


def console_line(step: int, metrics: dict, release: tuple) -> str:
    """verl's step line; older releases round to three decimals."""
    parts = ["step:%d" % step]
    for name, value in metrics.items():
        if isinstance(value, (int, float)):
            parts.append("%s:%s" % (name, round(value, 3) if release < (0, 6, 1) else value))
    return " - ".join(parts)


class Tracking:
    """The loggers of a run."""

    def __init__(self, config: Settled):
        self.config = config
        names = config.get("trainer.logger", ["console"])
        self.backends = names if isinstance(names, list) else [names]
        for name in self.backends:
            assert name in _KNOWN, "%s is not supported" % name
        project, experiment = config.get("trainer.project_name"), config.get("trainer.experiment_name")
        if "wandb" in self.backends and os.environ.get("WANDB_MODE") not in ("offline", "disabled"):
            raise UsageError("api_key not configured (no-tty). call wandb.login(key=[your_api_key])")
        if "file" in self.backends:
            self.path = os.environ.get("VERL_FILE_LOGGER_PATH") or os.path.join(
                os.environ.get("VERL_FILE_LOGGER_ROOT", "."), str(project), str(experiment) + ".jsonl")
            os.makedirs(os.path.dirname(self.path) or ".", exist_ok=True)
            open(self.path, "w", encoding="utf-8").close()  # every start truncates it, as verl does
        if "tensorboard" in self.backends:
            folder = os.environ.get("TENSORBOARD_DIR") or os.path.join("tensorboard_log", str(project), str(experiment))
            os.makedirs(folder, exist_ok=True)
            print("Saving tensorboard log to %s." % folder)
            open(os.path.join(folder, "events.out.tfevents.%d.standin.%d.0" % (time.time(), os.getpid())), "wb").close()

    def log(self, metrics: dict, step: int) -> None:
        if "console" in self.backends:
            print(console_line(step, metrics, self.config.release), flush=True)
        if "file" in self.backends:
            with open(self.path, "a", encoding="utf-8") as file:
                file.write(json.dumps({"step": step, "data": metrics}) + "\n")
