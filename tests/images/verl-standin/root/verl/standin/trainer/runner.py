"""The actor in which verl's training loop runs, on any node of the cluster."""
from __future__ import annotations

import os
import pprint
import sys
import threading
import time
import traceback

from standin import faults, settings
from standin.ray.channel import RemoteError
from standin.trainer.failures import TaskFailed
from standin.trainer.fit import Trainer
from standin.trainer.gang import Gang
from standin.trainer.settled import Settled
from standin.trainer.validate import validate


class TaskRunner:
    """One method, ``run``, that lasts as long as training."""

    def __init__(self, context):
        self.context = context

    def run(self, tree: dict, release: list, plan: str) -> bool:
        config = Settled(tree, tuple(release))
        print("%s hostname: %s, PID: %d" % (config.runner_name, self.context.hostname, self.context.pid))
        pprint.pprint(tree)
        try:
            self._train(config, plan)
        except TaskFailed as error:
            _debugger()
            raise RemoteError(error.details) from None
        except Exception:
            _debugger()
            raise
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
        return True

    def _train(self, config: Settled, plan: str) -> None:
        validate(config)
        gang = Gang(self.context.gcs, config, plan)
        trainer = Trainer(config, gang)
        gang.check_resources()
        gang.start()
        time.sleep(settings.number("STANDIN_LOAD_SECONDS", 0))
        gang.point("init", 0)
        self._own_faults(gang, faults.parse(plan))
        trainer.fit()

    @staticmethod
    def _own_faults(gang: Gang, plan: list) -> None:
        """Lets the faults of this actor strike wherever the gang passes a point."""
        passing = gang.point

        def point(at: str, step: int) -> None:
            for rank in sorted({fault.rank for fault in plan if fault.target == "runner"}):
                faults.strike(plan, at, step, rank, "runner")
            passing(at, step)

        gang.point = point
        for rank in sorted({fault.rank for fault in plan if fault.target == "runner" and fault.at == "init"}):
            faults.strike(plan, "init", 0, rank, "runner")


def _debugger() -> None:
    """``RAY_DEBUG_POST_MORTEM=1`` turns a failure into a wait for a debugger."""
    if os.environ.get("RAY_DEBUG_POST_MORTEM") == "1":
        traceback.print_exc()
        print("Ray debugger is listening on 127.0.0.1:45678")
        print("Waiting for debugger to attach (see https://docs.ray.io/en/latest/ray-observability/ray-distributed-debugger.html)...",
              flush=True)
        threading.Event().wait()
