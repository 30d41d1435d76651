"""verl's configuration trees by version and root, from ``keys.tsv``."""
from __future__ import annotations

import copy
import functools
import json
import os

from standin import settings

#: Options of the ``model_engine`` group by release.
_DP_ENGINES = ("dp", "torchtitan", "veomni")
_GROUPS = ("actor", "algorithm", "critic", "data", "engine", "model", "npu_profile", "optim", "ref", "reward_model", "rollout")


@functools.lru_cache(maxsize=None)
def _rows() -> list:
    with open(os.path.join(os.path.dirname(__file__), "keys.tsv"), encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if not line.startswith(("#", "key\t"))]


def groups(release: tuple) -> set:
    """The config groups (top folders of verl's config directory)."""
    found = set(_GROUPS)
    if release >= (0, 7, 0):
        found.add("profiler")
    if release >= (0, 7, 1):
        found |= {"model_engine", "reward"}
        found.discard("reward_model")
    if release >= (0, 8, 0):
        found.add("distillation")
    if release >= (0, 9, 0):
        found.add("transfer_queue")
    return found


def engines(release: tuple, root: str) -> tuple:
    """Options of ``model_engine`` that compose on this root."""
    if release < (0, 7, 1) or (release == (0, 7, 1) and root == "M"):
        return ()
    return _DP_ENGINES if release == (0, 7, 1) else _DP_ENGINES + ("megatron",)


def tree(release: tuple, root: str) -> dict:
    """The configuration before overrides; interpolations are raw strings."""
    return copy.deepcopy(_tree(release, root))


@functools.lru_cache(maxsize=None)
def _tree(release: tuple, root: str) -> dict:
    column = 2 + settings.COLUMNS.index(settings.column(release))
    config = {}
    for row in _rows():
        if root not in row[1]:
            continue
        cell = row[2]
        for later in row[3:column + 1]:
            cell = cell if later == "=" else later
        if cell == "-":
            continue
        _put(config, row[0].split("."), "???" if cell == "???" else json.loads(cell))
    return config


def _put(config: dict, path: list, value) -> None:
    for part in path[:-1]:
        below = config.get(part)
        if isinstance(below, str):
            return  # the container itself is an interpolation
        config = config.setdefault(part, {})
    if isinstance(value, dict) and isinstance(config.get(path[-1]), dict):
        return
    config[path[-1]] = value
