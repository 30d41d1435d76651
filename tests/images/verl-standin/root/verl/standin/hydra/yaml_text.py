"""YAML as ``--cfg job`` prints it (block style, two spaces)."""
from __future__ import annotations

import json
import re

_PLAIN = re.compile(r"^[A-Za-z_/.~$](?:[A-Za-z0-9_/.$@~ +{},\"()-]|:(?! ))*(?<![ :])$")
_TYPED = re.compile(r"^(true|false|null|yes|no|on|off|~|[-+]?[.0-9].*|[-+]?\.?(inf|nan))$", re.IGNORECASE)


def scalar(value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if value == "???":
        return "???"
    if _PLAIN.match(value) and not _TYPED.match(value):
        return value
    return json.dumps(value, ensure_ascii=False) if re.search(r"[\n\t\\]", value) else "'%s'" % value.replace("'", "''")


def dump(node, indent: str = "") -> str:
    if isinstance(node, dict) and node:
        lines = []
        for key, value in node.items():
            if isinstance(value, (dict, list)) and value:
                below = dump(value, indent + "  " if isinstance(value, dict) else indent)
                lines.append("%s%s:\n%s" % (indent, scalar(key) if isinstance(key, str) else key, below))
            else:
                lines.append("%s%s: %s\n" % (indent, scalar(key) if isinstance(key, str) else key, _leaf(value)))
        return "".join(lines)
    if isinstance(node, list) and node:
        lines = []
        for item in node:
            if isinstance(item, (dict, list)) and item:
                text = dump(item, indent + "  ")
                lines.append("%s- %s" % (indent, text[len(indent) + 2:]))
            else:
                lines.append("%s- %s\n" % (indent, _leaf(item)))
        return "".join(lines)
    return indent + _leaf(node) + "\n"


def _leaf(value) -> str:
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list):
        return "[]"
    return scalar(value)
