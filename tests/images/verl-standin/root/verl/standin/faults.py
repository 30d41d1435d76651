"""Faults on demand: ``STANDIN_FAULT="exit:1@step=3,rank=0; hang@step=5,rank=1,once=/data/.hung"``.

A fault is ``kind[:argument]@key=value,…``. Kinds: ``exit:CODE``, ``kill``, ``oom``, ``hang``, ``crash:TEXT``.
Keys: ``step`` (default any), ``rank`` (of the node, default 0), ``at`` (``launch``, ``init``, ``step``, ``save``;
default ``step``), ``target`` (``trainer``, ``runner``, ``worker``, ``raylet``; default ``trainer`` on rank 0,
``worker`` elsewhere, ``runner`` for crashes), ``attempt`` (of ``GRPO_ATTEMPT``), ``once`` (a marker file).
"""
from __future__ import annotations

import mmap
import os
import signal
import sys
import time
from typing import NamedTuple

from standin import settings
from standin.crashes import crash

KINDS = ("exit", "kill", "oom", "hang", "crash")
PLACES = ("launch", "init", "step", "save")
TARGETS = ("trainer", "runner", "worker", "raylet")


class Fault(NamedTuple):
    kind: str
    argument: str
    step: int | None
    rank: int
    at: str
    target: str
    attempt: int | None
    once: str | None


def _one(text: str) -> Fault:
    head, _, tail = text.strip().partition("@")
    kind, _, argument = head.partition(":")
    keys = dict(part.strip().split("=", 1) for part in tail.split(",") if part.strip())
    unknown = set(keys) - {"step", "rank", "at", "target", "attempt", "once"}
    rank = int(keys.get("rank", 0))
    target = keys.get("target") or ("runner" if kind == "crash" else "trainer" if rank == 0 else "worker")
    at = keys.get("at", "step")
    if kind not in KINDS or at not in PLACES or target not in TARGETS or unknown:
        raise ValueError("STANDIN_FAULT: can't read '%s'" % text.strip())
    return Fault(kind, argument, int(keys["step"]) if "step" in keys else None, rank, at, target,
                 int(keys["attempt"]) if "attempt" in keys else None, keys.get("once"))


def parse(text: str | None = None) -> list:
    """The faults of a text, or of ``STANDIN_FAULT``. Raises ``ValueError``."""
    text = os.environ.get("STANDIN_FAULT", "") if text is None else text
    return [_one(part) for part in text.split(";") if part.strip()]


def _applies(fault: Fault, at: str, step: int, rank: int, target: str) -> bool:
    if (fault.at, fault.rank, fault.target) != (at, rank, target):
        return False
    if fault.step is not None and fault.step != step:
        return False
    if fault.attempt is not None and str(fault.attempt) != os.environ.get("GRPO_ATTEMPT", "1"):
        return False
    return fault.once is None or _first_time(fault.once)


def _first_time(marker: str) -> bool:
    """True for exactly one caller: whoever makes the marker file."""
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        return True
    except FileExistsError:
        return False


def strike(faults: list, at: str, step: int, rank: int, target: str) -> None:
    """Does what the matching faults say; comes back only when none does."""
    for fault in faults:
        if _applies(fault, at, step, rank, target):
            _act(fault, rank)


def _act(fault: Fault, rank: int) -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    if fault.kind == "exit":
        os._exit(int(fault.argument or 1))
    if fault.kind == "kill":
        os.kill(os.getpid(), getattr(signal, fault.argument or "SIGKILL"))
        time.sleep(60)
    if fault.kind == "oom":
        use_up_memory()
    if fault.kind == "hang":
        while True:
            time.sleep(3600)
    raise crash(fault.argument or "runtime", rank)


def use_up_memory() -> None:
    """Takes real memory until the kernel kills this process, at most ``STANDIN_OOM_BYTES`` (then kills itself)."""
    limit = int(settings.number("STANDIN_OOM_BYTES", 2 * 2 ** 30))
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("1000")
    except OSError:
        pass
    held = []
    size = 16 * 2 ** 20
    while len(held) * size < limit:
        block = mmap.mmap(-1, size)
        for page in range(0, size, mmap.PAGESIZE):
            block[page] = 1
        held.append(block)
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)
