"""Writes down what a program was called with, for tests that read it back."""
from __future__ import annotations

import json
import os

from standin import settings


def arguments() -> list:
    """This process' arguments after the interpreter, exactly as the kernel got them."""
    try:
        with open("/proc/self/cmdline", "rb") as file:
            parts = file.read().split(b"\0")[:-1]
        return [os.fsdecode(part) for part in parts[1:]]
    except OSError:
        import sys
        return list(getattr(sys, "orig_argv", sys.argv)[1:])


def write(name: str, value) -> None:
    """Writes ``<record dir>/<name>.json``; a folder that can't be written is no error."""
    folder = settings.record_dir()
    try:
        os.makedirs(folder, exist_ok=True)
        temporary = os.path.join(folder, ".%s.%d" % (name, os.getpid()))
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump(value, file, indent=1)
            file.write("\n")
        os.replace(temporary, os.path.join(folder, name + ".json"))
    except OSError:
        pass
