"""What the tests share: where the stand-in lies and how to run it outside an image."""
from __future__ import annotations

import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BASE = os.path.dirname(HERE)
VERL = os.path.join(BASE, "root", "verl")
BIN = os.path.join(BASE, "root", "usr", "local", "bin")
DATA = os.path.join(HERE, "data")

if VERL not in sys.path:
    sys.path.insert(0, VERL)
if BASE not in sys.path:
    sys.path.insert(0, BASE)


def environment(**extra) -> dict:
    """A clean environment in which the stand-in's programs find each other."""
    values = {"PATH": os.pathsep.join([BIN, os.path.dirname(sys.executable), "/usr/bin", "/bin"]),
              "PYTHONPATH": VERL, "PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"}
    values.update({name: str(value) for name, value in extra.items()})
    return values


def run(arguments, timeout=30, cwd=VERL, **extra) -> subprocess.CompletedProcess:
    return subprocess.run(arguments, env=environment(**extra), cwd=cwd, timeout=timeout, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True, errors="replace")
