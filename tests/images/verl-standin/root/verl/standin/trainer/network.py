"""What a worker finds out about its node's network and environment before collectives work."""
from __future__ import annotations

import os
import socket


def check() -> None:
    """Raises for an interface name that no interface has, and for ranks that aren't numbers."""
    for name in ("HCCL_SOCKET_IFNAME", "GLOO_SOCKET_IFNAME"):
        wanted = os.environ.get(name, "").strip()
        if wanted and not _matches(wanted):
            raise RuntimeError(
                "HCCL function error: HcclGetRootInfo(&hcclID), error code is 4\nEI0006: Getting socket times out. Reason: "
                "%s=%s matches no network interface of this host (%s)." % (name, wanted, ", ".join(_interfaces())))
    int(os.getenv("LOCAL_WORLD_SIZE", "1"))
    int(os.getenv("LOCAL_RANK", "0"))


def _interfaces() -> list:
    return [name for _, name in socket.if_nameindex()]


def _matches(pattern: str) -> bool:
    """HCCL's syntax: names by prefix, ``=`` for exact ones, ``^`` for all but these."""
    but, exact = pattern.startswith("^"), "=" in pattern[:2]
    names = [name for name in pattern.lstrip("^=").split(",") if name]

    def hit(interface):
        return any(interface == name if exact else interface.startswith(name) for name in names)

    return any(hit(interface) != but for interface in _interfaces())
