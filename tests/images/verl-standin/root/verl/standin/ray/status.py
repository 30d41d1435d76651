"""The text of ``ray status``."""
from __future__ import annotations

import time

_RULE = "-" * 63


def _bytes(value: float) -> str:
    for unit, size in (("TiB", 2 ** 40), ("GiB", 2 ** 30), ("MiB", 2 ** 20), ("KiB", 2 ** 10)):
        if value >= size:
            return "%.2f%s" % (value / size, unit)
    return "%dB" % value


def totals(nodes: list) -> dict:
    """``{resource: (used, total)}`` over the nodes that live."""
    result = {}
    for node in nodes:
        if node["alive"]:
            for name, value in node["total"].items():
                used, total = result.get(name, (0.0, 0.0))
                result[name] = (used + node["used"].get(name, 0.0), total + value)
    return result


def text(answer: dict) -> str:
    now = time.time()
    title = "%s.%06d" % (time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now)), int(now % 1 * 1e6))
    lines = ["======== Autoscaler status: %s ========" % title, "Node status", _RULE, "Active:"]
    lines += [" 1 node_%s" % node["id"] for node in answer["nodes"] if node["alive"]] or [" (no active nodes)"]
    lines += ["Pending:", " (no pending nodes)", "Recent failures:"]
    lines += [" node_%s: NodeTerminated (ip: %s)" % (n["id"], n["ip"]) for n in answer["nodes"] if not n["alive"]] or [" (no failures)"]
    lines += ["", "Resources", _RULE, "Total Usage:"]
    found = totals(answer["nodes"])
    for name in sorted(found, key=lambda key: (key in ("memory", "object_store_memory"), key)):
        used, total = found[name]
        if "memory" in name:
            lines.append(" %s/%s %s" % (_bytes(used), _bytes(total), name))
        else:
            lines.append(" %s/%s %s" % (used, total, name))
    lines += ["", "From request_resources:", " (none)", "Pending Demands:"]
    lines += [" " + demand for demand in answer["pending"]] or [" (no resource demands)"]
    return "\n".join(lines)
