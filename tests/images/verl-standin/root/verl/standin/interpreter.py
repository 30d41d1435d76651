"""How our own daemons and actors are started."""
from __future__ import annotations

import os
import sys

_HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def command(module: str, *arguments: str) -> list:
    """The command line of a module: unbuffered, without ``site`` (nothing here needs it, and it costs most of a start)."""
    return [sys.executable, "-Su", "-m", module] + list(arguments)


def environment(**extra: str) -> dict:
    """This process' environment in which the module is found from any folder."""
    path = os.environ.get("PYTHONPATH", "")
    if _HERE not in path.split(os.pathsep):
        path = os.pathsep.join(part for part in (_HERE, path) if part)
    return dict(os.environ, PYTHONPATH=path, **extra)
