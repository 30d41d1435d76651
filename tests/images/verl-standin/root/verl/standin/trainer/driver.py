"""verl's ``main``: connects to Ray, starts the task runner, waits for it, ends as it ends."""
from __future__ import annotations

import os
import signal
import sys
import threading

from standin import faults, record, settings
from standin.hydra import interpolate
from standin.ray import client
from standin.ray.channel import ChannelClosed, RemoteError
from standin.trainer.failures import as_exception
from standin.trainer.settled import Settled

#: verl's own runtime environment; a name that the driver already has is left out.
_RUNTIME = {"TOKENIZERS_PARALLELISM": "true", "NCCL_DEBUG": "WARN", "VLLM_LOGGING_LEVEL": "WARN",
            "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "true", "CUDA_DEVICE_MAX_CONNECTIONS": "1", "NCCL_CUMEM_ENABLE": "0"}


def runtime_environment(release: tuple) -> dict:
    found = dict(_RUNTIME)
    if release >= (0, 9, 0):
        found.update({"VLLM_DISABLE_COMPILE_CACHE": "1", "HCCL_HOST_SOCKET_PORT_RANGE": "auto", "HCCL_NPU_SOCKET_PORT_RANGE": "auto"})
    return {name: value for name, value in found.items() if name not in os.environ}


def main(config: dict) -> None:
    """Runs a training. Raises whatever failed, as Ray would show it."""
    plan = os.environ.get("STANDIN_FAULT", "")
    parsed = faults.parse(plan)
    record.write("argv", record.arguments())
    record.write("environment", dict(os.environ))
    faults.strike(parsed, "launch", 0, 0, "trainer")
    tree = interpolate.resolve_tree(config, config)
    settled = Settled(tree, settings.version())
    ray_init = (tree.get("ray_kwargs") or {}).get("ray_init") or {}
    environment = runtime_environment(settled.release)
    print("ray init kwargs: %s" % dict(ray_init, runtime_env={"env_vars": environment}), flush=True)
    if ray_init.get("num_cpus") is not None and client.find_address():
        raise ValueError("When connecting to an existing cluster, num_cpus and num_gpus must not be provided.")

    def invoke(method: str, arguments: dict):
        # the only thing asked of a driver: to let its own faults strike, after what was printed before them
        if parsed:
            cluster.flush()
        faults.strike(parsed, arguments["at"], arguments["step"], 0, "trainer")
        return True

    cluster = client.init(invoke)
    # Ray's own handler: a driver that gets SIGTERM ends with the signal's number
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(number))
    try:
        _run(cluster, settled, plan, environment)
    finally:
        cluster.flush()


def _run(cluster: client.Client, settled: Settled, plan: str, environment: dict) -> None:
    passed = {name: value for name, value in os.environ.items() if name.startswith("STANDIN_")}
    passed["STANDIN_CWD"] = os.getcwd()
    rank = settings.integer("STANDIN_RUNNER_RANK", 0)
    try:
        runner = cluster.gcs.call("create_actor", name=settled.runner_name, program="standin.trainer.runner:TaskRunner",
                                  need={"CPU": 1.0}, rank=rank, env=dict(environment, **passed))
        cluster.gcs.call("call", actor_id=runner["actor_id"], method="run",
                         args={"tree": settled.tree, "release": list(settled.release), "plan": plan})
    except RemoteError as error:
        raise as_exception(error.details) from None
    except ChannelClosed:
        _head_lost()


def _head_lost() -> None:
    """Without the head a driver lives on for the time in which it might come back."""
    from standin.ray.raylet import reconnect_seconds
    threading.Event().wait(reconnect_seconds())
    raise SystemExit("Failed to connect to GCS within %d seconds. GCS may have been killed." % reconnect_seconds())
