"""Rewards of responses: the rule of the data source, or the user's own function."""
from __future__ import annotations

import importlib.util
import os
import re

from standin.trainer.settled import Settled

_KNOWN = ("openai/gsm8k", "lighteval/MATH", "DigitalLearningGmbH/MATH-lighteval", "HuggingFaceH4/MATH-500", "math_dapo",
          "math", "hiyouga/geometry3k")


def last_number(text: str) -> str | None:
    """The answer of a solution: what stands after the last ``####``."""
    found = re.findall(r"#### (-?[0-9.,]+)", text)
    return found[-1].replace(",", "").replace("$", "") if found else None


def rule(data_source, solution: str, truth) -> float:
    if data_source not in _KNOWN and not str(data_source).startswith("aime"):
        raise NotImplementedError("Reward function is not implemented for data_source=%r" % (data_source,))
    answer = last_number(solution)
    return 1.0 if answer is not None and answer == str(truth).replace(",", "") else 0.0


class Rewards:
    """Scores solutions; loads ``custom_reward_function`` once, with verl's errors."""

    def __init__(self, config: Settled):
        self._function = None
        path, name = _custom(config)
        if path:
            self._function = _load(os.path.expanduser(path), name)

    def score(self, row: dict, solution: str) -> float:
        source, truth = row.get("data_source"), (row.get("reward_model") or {}).get("ground_truth")
        if self._function is None:
            return rule(source, solution, truth)
        value = self._function(data_source=source, solution_str=solution, ground_truth=truth, extra_info=row.get("extra_info"))
        return float(value["score"] if isinstance(value, dict) else value)


def _custom(config: Settled):
    """Path and name by version: 0.7.1 and 0.8 move the old keys over, 0.9 ignores them silently."""
    old = ("custom_reward_function.path", "custom_reward_function.name")
    new = tuple("reward." + key for key in old)
    if config.release < (0, 7, 1):
        pairs = (old,)
    elif config.release < (0, 9, 0):
        pairs = (old, new)
    else:
        pairs = (new,)
    for path, name in pairs:
        if config.get(path):
            return config.get(path), config.get(name, "compute_score")
    return None, None


def _load(path: str, name: str):
    if not os.path.exists(path):
        raise FileNotFoundError("Reward function file '%s' not found." % path)
    spec = importlib.util.spec_from_file_location("custom_module", path)
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise RuntimeError("Error loading module from '%s'" % path) from error
    if not hasattr(module, name):
        raise AttributeError("Reward function '%s' not found in '%s'." % (name, path))
    print("using customized reward function '%s' from '%s'" % (name, path))
    return getattr(module, name)
