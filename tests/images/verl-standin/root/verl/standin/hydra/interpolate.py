"""OmegaConf's interpolations: ``${key}``, ``${.relative}``, ``${oc.select:…}``, ``${oc.env:…}``, ``${oc.decode:…}``."""
from __future__ import annotations

import os

from standin.hydra import errors
from standin.hydra.lexer import interpolation_end

#: What ``select`` gives where there is nothing (null is something).
ABSENT = object()


def is_interpolation(value) -> bool:
    return isinstance(value, str) and _first(value) is not None


def _first(text: str):
    """Start of the first unescaped ``${`` that closes."""
    place = text.find("${")
    while place >= 0:
        slashes = len(text[:place]) - len(text[:place].rstrip("\\"))
        if slashes % 2 == 0 and interpolation_end(text, place) is not None:
            return place
        place = text.find("${", place + 2)
    return None


def _unescape(text: str) -> str:
    return text.replace("\\${", "${")


def select(config, path: str, active=()):
    """The resolved value at a path, or ``ABSENT``. ``active`` = the paths being resolved, against cycles."""
    node = config
    walked = []
    for part in path.split("."):
        node = resolve(node, config, ".".join(walked), active) if is_interpolation(node) else node
        if isinstance(node, dict):
            if part not in node and not (part.isdigit() and int(part) in node):
                return ABSENT
            node = node[part] if part in node else node[int(part)]
        elif isinstance(node, list) and part.isdigit() and int(part) < len(node):
            node = node[int(part)]
        else:
            return ABSENT
        walked.append(part)
    return resolve(node, config, path, active) if isinstance(node, str) else node


def resolve(text: str, config, place: str, active=()):
    """The value of a string with interpolations, found at the path ``place``."""
    if place in active:
        raise errors.InterpolationResolutionError(
            "Recursive interpolation detected\n    full_key: %s\n    object_type=dict" % place)
    active = active + (place,)
    start = _first(text)
    if start is None:
        return _unescape(text)
    end = interpolation_end(text, start)
    value = _evaluate(text[start + 2:end - 1], config, place, active)
    if start == 0 and end == len(text):
        return value
    head = text[:start]
    slashes = len(head) - len(head.rstrip("\\"))
    head = _unescape(head[:len(head) - slashes]) + "\\" * (slashes // 2)
    tail = resolve(text[end:], config, place, active[:-1]) if text[end:] else ""
    return head + _word(value) + _word(tail)


def _word(value) -> str:
    return "None" if value is None else str(value)


def _absolute(path: str, place: str) -> str:
    if not path.startswith("."):
        return path
    parents = place.split(".")
    while path.startswith("."):
        parents = parents[:-1]
        path = path[1:]
    return ".".join(parents + [path])


def _evaluate(inner: str, config, place: str, active):
    name, colon, rest = inner.partition(":")
    if not colon:
        value = select(config, _absolute(inner.strip(), place), active)
        if value is ABSENT:
            raise errors.InterpolationKeyError(
                "Interpolation key '%s' not found\n    full_key: %s\n    object_type=dict" % (inner.strip(), place))
        return value
    arguments = [part.strip() for part in _split(rest)]
    if name == "oc.select":
        value = select(config, _absolute(arguments[0], place), active)
        if value is ABSENT or value == "???":
            return _literal(arguments[1], config, place, active) if len(arguments) > 1 else None
        return value
    if name == "oc.env":
        if arguments[0] in os.environ:
            return os.environ[arguments[0]]
        if len(arguments) > 1:
            value = _literal(arguments[1], config, place, active)
            return None if value is None else str(value)
        raise errors.InterpolationResolutionError(
            "KeyError raised while resolving interpolation: \"Environment variable '%s' not found\"\n"
            "    full_key: %s\n    object_type=dict" % (arguments[0], place))
    if name == "oc.decode":
        value = _literal(arguments[0], config, place, active)
        return _literal(value, config, place, active) if isinstance(value, str) else value
    raise errors.InterpolationResolutionError(
        "Unsupported interpolation type %s\n    full_key: %s\n    object_type=dict" % (name, place))


def _split(text: str) -> list:
    """Arguments of a resolver: commas outside nested interpolations and quotes."""
    parts, depth, quote, current = [], 0, "", ""
    for character in text:
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in "{[":
            depth += 1
        elif character in "}]":
            depth -= 1
        if character == "," and depth == 0 and not quote:
            parts.append(current)
            current = ""
        else:
            current += character
    return parts + [current]


def _literal(text: str, config, place: str, active):
    from standin.hydra import grammar  # the value grammar is the same
    if is_interpolation(text):
        return resolve(text, config, place, active[:-1])  # still the same place, not a way back to it
    value = grammar.parse("x=" + text).value
    return None if value == "???" else value


def resolve_tree(node, config, path=""):
    """The tree with every interpolation replaced, as ``OmegaConf.resolve`` does."""
    if isinstance(node, dict):
        return {key: resolve_tree(value, config, "%s.%s" % (path, key) if path else str(key)) for key, value in node.items()}
    if isinstance(node, list):
        return [resolve_tree(value, config, "%s.%d" % (path, index)) for index, value in enumerate(node)]
    if isinstance(node, str):
        value = resolve(node, config, path)
        return resolve_tree(value, config, path) if isinstance(value, (dict, list)) else value
    return node
