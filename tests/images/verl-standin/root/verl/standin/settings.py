"""Settings of the stand-in: ``STANDIN_*`` variables, read once where they are used."""
from __future__ import annotations

import os

#: Releases with a key table, oldest first; ``main`` stands for 0.10.0.dev.
RELEASES = ((0, 6, 1), (0, 7, 0), (0, 7, 1), (0, 8, 0), (0, 9, 0), (0, 10, 0))
COLUMNS = ("v0.6.1", "v0.7.0", "v0.7.1", "v0.8.0", "v0.9.0", "main")
DEFAULT_VERSION = "0.7.1"


def number(name: str, default: float) -> float:
    """A number from the environment; an empty or absent variable gives the default."""
    text = os.environ.get(name, "").strip()
    return float(text) if text else default


def integer(name: str, default: int | None) -> int | None:
    text = os.environ.get(name, "").strip()
    return int(text) if text else default


def version_text() -> str:
    """The verl version that the stand-in plays, as ``verl.__version__`` would say it."""
    text = os.environ.get("STANDIN_VERL_VERSION", "").strip().lstrip("v") or DEFAULT_VERSION
    return "0.10.0.dev" if text == "main" else text


def version() -> tuple:
    """The newest release with a key table that is not newer than the asked version."""
    numbers = []
    for part in version_text().split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    asked = tuple((numbers + [0, 0, 0])[:3])
    known = [release for release in RELEASES if release <= asked]
    return known[-1] if known else RELEASES[0]


def column(release: tuple) -> str:
    return COLUMNS[RELEASES.index(release)]


def record_dir() -> str:
    """Where programs write down what they were called with."""
    return os.environ.get("STANDIN_RECORD_DIR", "").strip() or "/tmp/standin"
