"""Lines in the shape of Ray's own log files."""
from __future__ import annotations

import os
import sys
import time


def line(level: str, place: str, text: str) -> str:
    now = time.time()
    stamp = "%s,%03d" % (time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now)), int(now % 1 * 1000))
    return "[%s %s %d %d] %s: %s" % (stamp, level, os.getpid(), os.getpid(), place, text)


def info(place: str, text: str) -> None:
    print(line("I", place, text), flush=True)


def error(place: str, text: str) -> None:
    print(line("E", place, text), file=sys.stderr, flush=True)


def console(place: str, text: str) -> None:
    """An INFO line as Ray's Python part prints it on a driver's stderr."""
    now = time.time()
    stamp = "%s,%03d" % (time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now)), int(now % 1 * 1000))
    sys.stdout.flush()
    sys.stderr.write("%s\tINFO %s -- %s\n" % (stamp, place, text))
    sys.stderr.flush()
