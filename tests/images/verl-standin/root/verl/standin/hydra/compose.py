"""Applies overrides to a configuration tree with Hydra's rules and messages."""
from __future__ import annotations

import copy

from standin.hydra import errors, interpolate, keys
from standin.hydra.grammar import Override, parse


def compose(release: tuple, root: str, arguments: list) -> dict:
    """The composed configuration (interpolations still raw)."""
    overrides = [parse(text) for text in arguments]
    for override in overrides:
        refuse_sweep(override)
    groups = keys.groups(release)
    choices = [o for o in overrides if _is_group(o, groups)]
    for override in choices:
        root = _choose(override, release, root)
    config = keys.tree(release, root)
    chosen = [o for o in choices if o.key == "model_engine"]
    if chosen:
        config["model_engine"] = chosen[-1].value
    return apply(config, [o for o in overrides if o not in choices])


def apply(config: dict, overrides: list) -> dict:
    """Applies overrides to the tree, in their order and in place."""
    for override in overrides:
        if override.key.split(".")[0] == "hydra":
            continue
        _one(config, override)
    return config


def refuse_sweep(override: Override) -> None:
    if override.sweep == "simple":
        key = override.text.partition("=")[0]
        raise errors.ConfigCompositionException(
            "Ambiguous value for argument '%s'\n1. To use it as a list, use key=[value1,value2]\n"
            "2. To use it as string, quote the value: key='value1,value2'\n"
            "3. To sweep over it, add --multirun to your command line" % override.text if key else override.text)
    if override.sweep == "function":
        raise errors.ConfigCompositionException("Sweep parameters '%s' requires --multirun" % override.text)


def _is_group(override: Override, groups: set) -> bool:
    name = override.key.split("/")[0]
    if isinstance(override.value, dict):
        return False
    return override.package is not None or "/" in override.key or (name in groups and "." not in override.key)


def _choose(override: Override, release: tuple, root: str) -> str:
    """The root after a group choice; only the model engine changes it."""
    key = override.key
    if key.split("/")[0] not in keys.groups(release):
        raise errors.ConfigCompositionException(
            "Could not override '%s'.\nNo match in the defaults list.\nTo append to your default list use +%s"
            % (_name(override), override.text.lstrip("+")))
    if key == "model_engine":
        engines = keys.engines(release, root)
        if not engines:
            raise errors.ConfigCompositionException(
                "Could not override 'model_engine'. No match in the defaults list.\n"
                "To append to your default list use +model_engine=%s" % override.value)
        if override.value not in engines:
            raise errors.MissingConfigException(
                "In 'ppo_trainer': Could not find 'model_engine/%s'\n\nAvailable options in 'model_engine':\n\t%s"
                % (override.value, "\n\t".join(sorted(engines))))
        return "M" if override.value == "megatron" else "F"
    if override.package is None and override.sign == "":
        raise errors.ConfigCompositionException(
            "Could not override '%s'. No match in the defaults list.\nTo append to your default list use +%s"
            % (key, override.text))
    return root


def _name(override: Override) -> str:
    return override.key if override.package is None else "%s@%s" % (override.key, override.package)


def _one(config: dict, override: Override) -> None:
    if override.sign == "~":
        _delete(config, override)
    elif override.sign == "+":
        present = interpolate.select(config, override.key)
        absent = present is interpolate.ABSENT or present is None or present == "???"
        if not absent and not isinstance(override.value, (dict, list)):
            written = override.text[1:]
            raise errors.ConfigCompositionException(
                "Could not append to config. An item is already at '%s'.\n"
                "Either remove + prefix: '%s'\nOr add a second + to add or override '%s': '++%s'"
                % (override.key, written, override.key, written))
        update(config, override.key, override.value, force=True)
    elif override.sign == "++":
        update(config, override.key, override.value, force=True)
    else:
        _assign(config, override)


def _assign(config: dict, override: Override) -> None:
    try:
        update(config, override.key, override.value, force=False)
    except errors.ConfigKeyError as cause:
        raise errors.ConfigCompositionException(
            "Could not override '%s'.\nTo append to your config use +%s" % (override.key, override.text)) from cause
    except IndexError as cause:
        raise errors.ConfigCompositionException("Error merging override %s" % override.text) from cause


def _delete(config: dict, override: Override) -> None:
    path = override.key.split(".")
    node = config
    for part in path[:-1]:
        node = node.get(part) if isinstance(node, dict) else None
    if not isinstance(node, dict) or path[-1] not in node:
        raise errors.ConfigCompositionException("Could not delete from config. '%s' does not exist." % override.key)
    if override.has_value and override.value != node[path[-1]]:
        raise errors.ConfigCompositionException(
            "Could not delete from config. The value of '%s' is %s and not %s."
            % (override.key, node[path[-1]], override.value))
    del node[path[-1]]


def update(config: dict, key: str, value, force: bool) -> None:
    """OmegaConf.update with merge: every container is struct unless ``force``."""
    path = key.split(".")
    node = config
    for index, part in enumerate(path[:-1]):
        below = _child(node, part)
        if not isinstance(below, (dict, list)):
            # a scalar, a null or an interpolation gives way to a new, empty container
            _set(node, part, {}, force, path[:index + 1])
            below = _child(node, part)
        node = below
    present = _child(node, path[-1])
    if isinstance(present, dict) and isinstance(value, dict):
        _merge(present, value, force, path)
    else:
        _set(node, path[-1], copy.deepcopy(value), force, path)


def _child(node, part):
    if isinstance(node, list):
        return node[int(part)]
    if part not in node and part.isdigit() and int(part) in node:
        return node[int(part)]
    return node.get(part)


def _set(node, part, value, force: bool, path: list) -> None:
    if isinstance(node, list):
        node[int(part)] = value
        return
    if isinstance(part, str) and part not in node and part.isdigit() and int(part) in node:
        part = int(part)
    if not force and part not in node:
        raise errors.ConfigKeyError(
            "Key '%s' is not in struct\n    full_key: %s\n    object_type=dict" % (part, ".".join(str(p) for p in path)))
    node[part] = value


def _merge(node: dict, value: dict, force: bool, path: list) -> None:
    for key, item in value.items():
        if isinstance(node.get(key), dict) and isinstance(item, dict):
            _merge(node[key], item, force, path + [key])
        else:
            _set(node, key, copy.deepcopy(item), force, path + [key])
