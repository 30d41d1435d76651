"""What a node offers: CPUs, NPUs and memory, counted as Ray counts them."""
from __future__ import annotations

import json
import math
import os

from standin import npu

VISIBLE = "ASCEND_RT_VISIBLE_DEVICES"


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return ""


def cpus() -> int:
    """The cgroup's CPU limit where there is one, else the machine's CPUs."""
    quota, _, period = _read("/sys/fs/cgroup/cpu.max").partition(" ")
    if not quota:
        quota, period = _read("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), _read("/sys/fs/cgroup/cpu/cpu.cfs_period_us")
    if quota.isdigit() and period.isdigit():
        return max(1, math.ceil(int(quota) / int(period)))
    return os.cpu_count() or 1


def memory() -> int:
    """Bytes of the cgroup's limit, or of the machine."""
    limits = [_read("/sys/fs/cgroup/memory.max"), _read("/sys/fs/cgroup/memory/memory.limit_in_bytes")]
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([total] + [int(text) for text in limits if text.isdigit() and int(text) > 0])


def visible_ids() -> list | None:
    """Ids in ``ASCEND_RT_VISIBLE_DEVICES``, or None where it isn't set."""
    text = os.environ.get(VISIBLE)
    if text is None:
        return None
    if text in ("", "NoDevFiles"):
        return []
    return text.split(",")


def node(num_cpus: float | None, custom: str | None, object_store_memory: int | None) -> dict:
    """The resources of a node. Raises ``ValueError`` as ``ray start`` does."""
    try:
        offered = json.loads(custom) if custom else {}
        if not isinstance(offered, dict):
            raise ValueError
    except ValueError:
        raise ValueError("Unable to parse `--resources` JSON: %s" % custom) from None
    for reserved in ("CPU", "GPU"):
        if reserved in offered:
            raise ValueError("Use --num-%ss instead of `resources`: %s" % (reserved.lower(), offered))
    ids = visible_ids()
    if "NPU" not in offered:
        count = npu.count() if npu.healthy() else 0
        offered["NPU"] = count if ids is None else min(count, len(ids))
    elif ids is not None and offered["NPU"] > len(ids):
        raise ValueError("Attempting to start raylet with %s NPU, but %s contains %s." % (offered["NPU"], VISIBLE, ids))
    total = memory()
    store = object_store_memory or int(total * 0.3)
    result = {"CPU": float(cpus() if num_cpus is None else num_cpus)}
    result.update({name: float(value) for name, value in offered.items() if value})
    result["memory"] = float(max(total - store, 0))
    result["object_store_memory"] = float(store)
    return result
