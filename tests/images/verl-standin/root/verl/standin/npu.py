"""The fake accelerators of a node."""
from __future__ import annotations

import os

from standin import settings


def count() -> int:
    """How many NPUs this node plays (``STANDIN_NPUS``, default 16)."""
    return int(settings.number("STANDIN_NPUS", 16))


def healthy() -> bool:
    """False when the driver plays dead (``STANDIN_NPU_FAULT``)."""
    return not os.environ.get("STANDIN_NPU_FAULT")
