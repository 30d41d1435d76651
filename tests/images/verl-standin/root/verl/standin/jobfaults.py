"""Faults of the converter and the data script: ``KIND[:ARGUMENT][@PLACE]``.

Kinds: ``exit:CODE``, ``kill``, ``disk-full``, ``hang``. Places: ``start``, ``end``, and those of the program
(``train``, ``test``; ``shards`` = between two shards, ``metadata`` = before ``metadata.json``). Default ``start``.
``once=PATH`` after a comma: only the first time.
"""
from __future__ import annotations

import errno
import os
import signal
import sys
import time


class JobFault:
    def __init__(self, variable: str):
        text = os.environ.get(variable, "").strip()
        head, _, tail = text.partition("@")
        self.kind, _, self.argument = head.partition(":")
        self.place, _, once = tail.partition(",")
        self.place = self.place or "start"
        self.marker = once.partition("=")[2] or None
        if self.kind not in ("", "exit", "kill", "disk-full", "hang"):
            raise ValueError("%s: can't read '%s'" % (variable, text))

    def strike(self, place: str) -> None:
        if not self.kind or place != self.place:
            return
        if self.marker:
            try:
                os.close(os.open(self.marker, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            except FileExistsError:
                return
        sys.stdout.flush()
        if self.kind == "exit":
            os._exit(int(self.argument or 1))
        if self.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if self.kind == "disk-full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        time.sleep(1e9)
