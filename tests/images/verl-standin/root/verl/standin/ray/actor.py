"""An actor's process: makes one object and answers calls of its methods."""
from __future__ import annotations

import importlib
import os
import socket
import sys
import threading
import traceback

from standin.ray.channel import RemoteError, connect
from standin.ray.parent import share_fate


class Context:
    """What an actor knows of its cluster; ``gcs`` is its connection to the head."""

    def __init__(self, gcs, actor_id: str):
        self.gcs, self.actor_id = gcs, actor_id
        self.pid, self.hostname = os.getpid(), socket.gethostname()


def main() -> None:
    share_fate()
    program, actor_id = sys.argv[1:3]
    ready = threading.Event()
    holder = {}

    def handle(op, message):
        ready.wait()
        try:
            return getattr(holder["object"], message["method"])(**message["args"])
        except RemoteError:
            raise
        except BaseException as error:
            sys.stdout.flush()
            raise RemoteError({"type": type(error).__name__, "message": str(error), "traceback": traceback.format_exc(),
                               "pid": os.getpid(), "actor_id": actor_id,
                               "method": "%s.%s" % (type(holder["object"]).__name__, message["method"])}) from None

    gcs = connect(os.environ["STANDIN_GCS"], handle, lambda: os._exit(1))
    module, _, name = program.partition(":")
    holder["object"] = getattr(importlib.import_module(module), name)(Context(gcs, actor_id))
    ready.set()
    gcs.call("actor_ready", timeout=30, actor_id=actor_id)
    threading.Event().wait()


if __name__ == "__main__":
    main()
