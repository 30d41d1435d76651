"""A node's daemon: keeps its place in the head's table, starts actors, forwards their output."""
from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import threading
import time
import uuid

from standin import faults, interpreter, settings
from standin.ray import log
from standin.ray.channel import CallTimeout, ChannelClosed, RemoteError, connect
from standin.ray.parent import share_fate
from standin.ray.tail import Tail


def node_rank() -> int | None:
    """This node's rank: ``NODE_RANK``, else the ordinal at the end of the pod's name."""
    for text in (os.environ.get("NODE_RANK", ""), os.environ.get("POD_NAME", "").rpartition("-")[2]):
        if text.isdigit():
            return int(text)
    return None


def reconnect_seconds() -> float:
    """How long a node tries to reach a lost head."""
    return settings.number("STANDIN_HEAD_GONE_SECONDS", settings.number("RAY_gcs_rpc_server_reconnect_timeout_s", 60))


class Raylet:
    def __init__(self, options):
        self.options = options
        self.node_id = options.node_id or uuid.uuid4().hex + uuid.uuid4().hex[:24]
        self.cluster_id = None
        self.channel = None
        self.actors = {}
        self.tails = {}
        self.lock = threading.Lock()

    # -- the connection to the head -------------------------------------------------
    def connect(self) -> None:
        self.channel = connect(self.options.gcs, self.handle)
        answer = self.channel.call("register_node", timeout=10, node_id=self.node_id, ip=self.options.ip,
                                   hostname=socket.gethostname(), rank=node_rank(), cluster_id=self.cluster_id,
                                   resources=json.loads(self.options.resources))
        self.cluster_id = answer["cluster_id"]

    def keep(self) -> None:
        """Beats once a second; a lost head is tried again for a while, then this process ends with 1."""
        lost_since = None
        while True:
            try:
                if self.channel is None or self.channel.closed:
                    self.connect()
                self.channel.call("beat", timeout=5)
                lost_since = None
            except RemoteError as error:
                log.error("node_manager.cc:1020", "This node was refused by the GCS: %s" % error)
                self.die(1)
            except (OSError, ChannelClosed, CallTimeout):
                lost_since = lost_since or time.monotonic()
                limit = reconnect_seconds()
                if time.monotonic() - lost_since > limit:
                    log.error("gcs_rpc_client.h:537", "Failed to connect to GCS within %d seconds. GCS may have been killed. "
                              "It's either GCS is terminated by `ray stop` or is killed unexpectedly. If it is killed "
                              "unexpectedly, see the log file gcs_server.out." % limit)
                    self.die(1)
            time.sleep(0.2 if lost_since else 1)

    def die(self, code: int) -> None:
        for process in list(self.actors.values()):
            process.kill()
        os._exit(code)

    def stop(self, *_) -> None:
        try:
            self.channel.call("unregister_node", timeout=1)
        except Exception:
            pass
        self.die(0)

    # -- what the head asks ----------------------------------------------------------
    def handle(self, op: str, message: dict):
        return getattr(self, "on_" + op)(message)

    def on_start_actor(self, message: dict):
        environment = dict(interpreter.environment(STANDIN_GCS=self.options.gcs), **message["env"])
        worker_id = uuid.uuid4().hex
        prefix = os.path.join(self.options.session_dir, "logs", ".starting-%s" % worker_id)
        with open(prefix + ".out", "wb") as out, open(prefix + ".err", "wb") as err:
            process = subprocess.Popen(
                interpreter.command("standin.ray.actor", message["program"], message["actor_id"]),
                env=environment, stdin=subprocess.PIPE, stdout=out, stderr=err, cwd=message["env"].get("STANDIN_CWD"))
        paths = {}
        for stream in ("out", "err"):
            paths[stream] = os.path.join(self.options.session_dir, "logs", "worker-%s-%s-%d.%s"
                                         % (worker_id, message["job_id"], process.pid, stream))
            os.rename("%s.%s" % (prefix, stream), paths[stream])
        with self.lock:
            self.actors[message["actor_id"]] = process
            self.tails[message["actor_id"]] = [Tail(paths[s], s, message["name"], process.pid, message["job_id"]) for s in paths]
        threading.Thread(target=self.reap, args=(message["actor_id"], process), daemon=True).start()
        log.info("worker_pool.cc:500", "Started worker process with pid %d for %s" % (process.pid, message["name"]))
        return {"pid": process.pid}

    def reap(self, actor_id: str, process) -> None:
        code = process.wait()
        with self.lock:
            self.actors.pop(actor_id, None)
            tails = self.tails.pop(actor_id, [])
            for tail in tails:
                self.forward(tail)
        reason = ("Worker exit type: SYSTEM_ERROR Worker exit detail: Worker unexpectedly exits with a connection error code 2. "
                  "End of file. There are some potential root causes. (1) The process is killed by SIGKILL by OOM killer due to "
                  "high memory usage. (2) ray stop --force is called. (3) The worker is crashed unexpectedly due to SIGSEGV or "
                  "other unexpected errors.")
        try:
            self.channel.send("actor_died", actor_id=actor_id, exit_code=code, reason=reason)
        except ChannelClosed:
            pass

    def on_kill_actor(self, message: dict):
        process = self.actors.get(message["actor_id"])
        if process:
            process.kill()

    def on_invoke(self, message: dict):
        """The only method of a node: a place where a fault may strike the daemon itself."""
        arguments = message["args"]
        faults.strike(faults.parse(arguments["faults"]), arguments["at"], arguments["step"], node_rank() or 0, "raylet")
        return True

    # -- output ------------------------------------------------------------------------
    def forward(self, tail: Tail) -> None:
        lines = tail.read()
        if lines:
            try:
                self.channel.send("log", job_id=tail.job_id, name=tail.name, pid=tail.pid, ip=self.options.ip,
                                  stream=tail.stream, lines=lines)
            except ChannelClosed:
                pass

    def on_flush(self, message: dict):
        with self.lock:
            for tails in self.tails.values():
                for tail in tails:
                    self.forward(tail)
        return True

    def watch_output(self) -> None:
        while True:
            time.sleep(0.05)
            self.on_flush({})


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("gcs", "ip", "resources", "session-dir"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--node-id")
    parser.add_argument("--share-fate", action="store_true")
    raylet = Raylet(parser.parse_args())
    if raylet.options.share_fate:
        share_fate()
    signal.signal(signal.SIGTERM, raylet.stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    log.info("main.cc:250", "Raylet of node %s starts, ip %s" % (raylet.node_id, raylet.options.ip))
    threading.Thread(target=raylet.watch_output, daemon=True).start()
    raylet.keep()


if __name__ == "__main__":
    main()
