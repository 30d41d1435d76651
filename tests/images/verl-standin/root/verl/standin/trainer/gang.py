"""All workers of a run: made on placed nodes, called together, failing together."""
from __future__ import annotations

import os
import threading

from standin import settings
from standin.ray import status
from standin.ray.channel import CallTimeout, RemoteError
from standin.trainer.failures import TaskFailed
from standin.trainer.settled import Settled


class Gang:
    """One ``WorkerDict`` per node; ranks follow the nodes' addresses as strings, as verl sorts them."""

    def __init__(self, gcs, config: Settled, plan: str):
        self.gcs, self.config, self.plan = gcs, config, plan
        self.workers = []

    def check_resources(self) -> None:
        """Only NPUs in all are looked at, as ``_check_resource_available`` does."""
        used, total = status.totals(self.gcs.call("status", timeout=30)["nodes"]).get("NPU", (0.0, 0.0))
        if total - used < self.config.world:
            raise ValueError("Total available GPUs %s is less than total desired GPUs %d" % (total - used, self.config.world))

    def start(self) -> None:
        """Places and starts the workers; waits for ever when CPUs are short."""
        each, nodes = self.config.get("trainer.n_gpus_per_node", 8), self.config.get("trainer.nnodes", 1)
        bundle = {"CPU": 1.0 if self.config.release < (0, 7, 0) else 3.0, "NPU": 1.0}
        placed = self.gcs.call("create_group", bundle=bundle, per_node=each, count=nodes)
        env = {name: value for name, value in os.environ.items() if name.startswith("STANDIN_") and name != "STANDIN_GCS"}
        for node in placed:
            actor = self.gcs.call("create_actor", name="WorkerDict", program="standin.trainer.worker:WorkerDict",
                                  node_id=node["id"], env=env)
            self.workers.append(dict(actor, rank=node["rank"] if node["rank"] is not None else len(self.workers)))
        self._all("setup", lambda place, worker: {
            "tree": self.config.tree, "release": list(self.config.release), "place": place, "rank": worker["rank"],
            "plan": self.plan}, None)

    def point(self, at: str, step: int) -> None:
        """Passes a place of possible failure on every node: raylets, workers, then the driver itself."""
        for worker in self.workers if self.plan else ():
            try:
                self.gcs.call("call_node", node_id=worker["node"]["id"], args={"at": at, "step": step, "faults": self.plan})
            except RemoteError:
                pass  # that daemon is gone; its worker, called next, goes with it
        self._all("point", lambda place, worker: {"at": at, "step": step}, settings.number("HCCL_EXEC_TIMEOUT", 1800))
        self.gcs.call("call_driver", method="point", args={"at": at, "step": step})

    def save(self, folder: str, parts: dict) -> None:
        self._all("save", lambda place, worker: {"folder": folder, "parts": parts}, None)

    def load(self, folder: str) -> dict:
        """What the first node read; every node must be able to read it."""
        return self._all("load", lambda place, worker: {"folder": folder}, None)[0]

    def _all(self, method: str, arguments, timeout) -> list:
        """Calls a method on every worker at once; the first failure is raised without waiting for the others."""
        results, first, change = [None] * len(self.workers), [], threading.Condition()

        def one(place, worker):
            try:
                results[place] = (self.gcs.call("call", actor_id=worker["actor_id"], method=method,
                                                args=arguments(place, worker), timeout=timeout),)
            except Exception as error:
                first.append(error)
            with change:
                change.notify()

        for place, worker in enumerate(self.workers):
            threading.Thread(target=one, args=(place, worker), daemon=True).start()
        with change:
            while not first and None in results:
                change.wait(0.1)
        if not first:
            return [result[0] for result in results]
        raise self._failure(first[0])

    @staticmethod
    def _failure(error: Exception) -> Exception:
        if isinstance(error, CallTimeout):
            return RuntimeError("EI0002: The wait execution of the Notify register times out. Reason: The Notify register has not "
                                "received the Notify record from remote rank.\nWatchdog caught collective operation timeout: "
                                "WorkHCCL(OpType=ALLREDUCE)")
        return TaskFailed(error.details) if isinstance(error, RemoteError) else error
