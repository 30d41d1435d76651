"""The head's control process: node table, placement, actors, and the relay between them."""
from __future__ import annotations

import argparse
import os
import signal
import socket
import threading
import time
import uuid

from standin import settings
from standin.ray import log
from standin.ray.channel import CallTimeout, Channel, ChannelClosed, RemoteError
from standin.ray.parent import share_fate
from standin.ray.tables import Actor, Job, Node


class Gcs:
    """The tables and the operations on them; one lock, and a condition for everyone who waits for room."""

    def __init__(self, session: str):
        self.session = session
        self.cluster_id = uuid.uuid4().hex
        self.nodes, self.jobs, self.actors, self.pending = {}, {}, {}, {}
        self.change = threading.Condition()
        self.node_timeout = settings.number("STANDIN_NODE_TIMEOUT", 15)

    # -- connections -------------------------------------------------------------
    def accept(self, sock: socket.socket) -> None:
        peer = {}
        channel = Channel(sock, lambda op, message: self.handle(peer, op, message), lambda: self.gone(peer))
        peer["channel"] = channel
        channel.start()

    def handle(self, peer: dict, op: str, message: dict):
        return getattr(self, "on_" + op)(peer, message)

    def gone(self, peer: dict) -> None:
        if "node" in peer:
            self.node_lost(peer["node"], peer["channel"])
        if "job" in peer:
            self.end_job(peer["job"])
        if "actor" in peer and peer["actor"].death is None:
            # its raylet says how it ended; without a raylet this is all that is known
            threading.Timer(1.0, self.actor_lost, (peer["actor"], "connection error code 2. End of file", None)).start()

    # -- nodes -------------------------------------------------------------------
    def on_register_node(self, peer: dict, message: dict):
        known = message.get("cluster_id")
        if known and known != self.cluster_id:
            raise RemoteError({"type": "ClusterMismatch", "message": "this node belonged to another cluster"})
        with self.change:
            node = self.nodes.get(message["node_id"])
            if node and not node.alive:
                raise RemoteError({"type": "MarkedDead", "message": "this node was marked dead"})
            if node:
                node.channel, node.seen = peer["channel"], time.monotonic()
            else:
                node = self.nodes[message["node_id"]] = Node(message, peer["channel"])
                log.info("gcs_node_manager.cc:83", "Registered node info, node id = %s, address = %s, node name = %s"
                         % (node.id, node.ip, node.hostname))
            peer["node"] = node
            self.change.notify_all()
        return {"cluster_id": self.cluster_id, "session": self.session}

    def on_beat(self, peer: dict, message: dict):
        peer["node"].seen = time.monotonic()
        return True

    def on_unregister_node(self, peer: dict, message: dict):
        self.mark_dead(peer["node"], "terminated by its own ray stop")
        return True

    def node_lost(self, node: Node, channel: Channel) -> None:
        """The raylet's connection broke. It may come back; its actors are silent until then."""
        if node.channel is channel and node.alive:
            node.seen = min(node.seen, time.monotonic())

    def watch_nodes(self) -> None:
        while True:
            time.sleep(0.2)
            for node in list(self.nodes.values()):
                if node.alive and time.monotonic() - node.seen > self.node_timeout:
                    self.mark_dead(node, "detector has missed too many heartbeats")

    def mark_dead(self, node: Node, why: str) -> None:
        with self.change:
            if not node.alive:
                return
            node.alive = False
            self.change.notify_all()
        log.info("gcs_node_manager.cc:253", "Node %s is dead: %s" % (node.id, why))
        text = ("The node with node id: %s and address: %s and node name: %s has been marked dead because the %s from it. "
                "This can happen when a \t(1) raylet crashes unexpectedly (OOM, etc.) \n\t(2) raylet has lagging heartbeats "
                "due to slow network or busy workload." % (node.id, node.ip, node.ip, why))
        for job in list(self.jobs.values()):
            if not job.over and "heartbeats" in why:
                self.note(job, "log", name="raylet", pid=None, ip=node.ip, stream="err", lines=text.split("\n"))
        for actor in list(self.actors.values()):
            if actor.node is node and actor.death is None:
                self.actor_lost(actor, "The actor died because its node has died. Node Id: %s" % node.id, None)

    @staticmethod
    def note(job: Job, op: str, **fields) -> None:
        try:
            job.channel.send(op, **fields)
        except ChannelClosed:
            pass

    # -- what anyone may ask ---------------------------------------------------------
    def on_status(self, peer: dict, message: dict):
        with self.change:
            return {"cluster_id": self.cluster_id, "session": self.session,
                    "nodes": [node.row() for node in self.nodes.values()], "pending": list(self.pending.values())}

    # -- jobs and placement ----------------------------------------------------------
    def on_start_job(self, peer: dict, message: dict):
        with self.change:
            job = Job("%02d000000" % (len(self.jobs) + 1), peer["channel"])
            self.jobs[job.id] = job
            peer["job"] = job
        log.info("gcs_job_manager.cc:90", "Finished adding job, job id = %s" % job.id)
        return {"job_id": job.id}

    def end_job(self, job: Job) -> None:
        with self.change:
            job.over = True
            self.change.notify_all()
        for actor in list(job.actors.values()):
            self.kill(actor)
        with self.change:
            for node, need in job.groups:
                node.take(need, -1)
            job.groups = []
            self.change.notify_all()
        log.info("gcs_job_manager.cc:150", "Finished marking job state, job id = %s" % job.id)

    def reserve(self, job: Job, need: dict, choose, demand: str) -> list:
        """Waits for as long as it takes until ``choose(nodes)`` gives nodes; takes the room on each."""
        key = uuid.uuid4().hex
        with self.change:
            try:
                while not job.over:
                    nodes = choose([node for node in self.nodes.values() if node.fits(need)])
                    if nodes:
                        for node in nodes:
                            node.take(need)
                        return nodes
                    self.pending[key] = demand
                    self.change.wait(1)
            finally:
                self.pending.pop(key, None)
        raise RemoteError({"type": "JobOver", "message": "the driver is gone"})

    def on_create_group(self, peer: dict, message: dict):
        """One bundle list per node, STRICT_PACK: ``count`` nodes that each have room for ``per_node`` bundles."""
        job, bundle, per_node, count = self.job_of(peer), message["bundle"], message["per_node"], message["count"]
        need = {name: value * per_node for name, value in bundle.items()}
        demand = "%s * %d (STRICT_PACK): %d+ pending placement groups" % (bundle, per_node, count)
        nodes = self.reserve(job, need, lambda fit: fit[:count] if len(fit) >= count else None, demand)
        job.groups += [(node, need) for node in nodes]
        return [node.row() for node in sorted(nodes, key=lambda node: node.ip)]

    def job_of(self, peer: dict) -> Job:
        return peer["job"] if "job" in peer else peer["actor"].job

    # -- actors ------------------------------------------------------------------------
    def on_create_actor(self, peer: dict, message: dict):
        job, need = self.job_of(peer), message.get("need") or {}
        wanted, rank = message.get("node_id"), message.get("rank")

        def choose(fit):
            fit = [node for node in fit if wanted in (None, node.id)]
            return [min(fit, key=lambda node: (node.rank != rank, node.rank is None, node.rank or 0, node.ip))] if fit else None

        node = self.reserve(job, need, choose, "%s: 1+ pending tasks/actors" % need)[0]
        actor = Actor(uuid.uuid4().hex[:24] + job.id, message["name"], job, node, need)
        self.actors[actor.id] = job.actors[actor.id] = actor
        started = node.channel.call("start_actor", timeout=60, actor_id=actor.id, name=actor.name, job_id=job.id,
                                    program=message["program"], env=message.get("env") or {})
        actor.pid = started["pid"]
        while not actor.ready.wait(0.1):
            if actor.dead.is_set():
                raise self.died(actor)
        return {"actor_id": actor.id, "pid": actor.pid, "ip": node.ip, "node": node.row()}

    def on_actor_ready(self, peer: dict, message: dict):
        actor = self.actors[message["actor_id"]]
        actor.channel, peer["actor"] = peer["channel"], actor
        actor.ready.set()
        return {"job_id": actor.job.id}

    def on_actor_died(self, peer: dict, message: dict):
        actor = self.actors.get(message["actor_id"])
        if actor:
            self.actor_lost(actor, message["reason"], message["exit_code"])

    def actor_lost(self, actor: Actor, reason: str, exit_code) -> None:
        with self.change:
            if actor.death is not None:
                return
            actor.death = {"reason": reason, "exit_code": exit_code}
            actor.node.take(actor.need, -1)
            self.change.notify_all()
        actor.dead.set()
        if actor.channel:
            actor.channel.close()

    def kill(self, actor: Actor) -> None:
        try:
            actor.node.channel.send("kill_actor", actor_id=actor.id)
        except ChannelClosed:
            pass

    def died(self, actor: Actor) -> RemoteError:
        return RemoteError(dict(actor.death or {}, type="ActorDiedError", actor_id=actor.id, name=actor.name, pid=actor.pid,
                                ip=actor.node.ip, node_id=actor.node.id, message="actor died"))

    def on_call(self, peer: dict, message: dict):
        """Passes a method call on to an actor; its death while it runs is the answer ActorDiedError."""
        actor = self.actors[message["actor_id"]]
        result = {}
        done = threading.Event()

        def forward():
            try:
                result["value"] = actor.channel.call("invoke", method=message["method"], args=message.get("args") or {})
            except RemoteError as error:
                result["error"] = error
            except ChannelClosed:
                actor.dead.wait(self.node_timeout + 5)
                return done.set()
            done.set()

        threading.Thread(target=forward, daemon=True).start()
        while not done.wait(0.05):
            if actor.dead.is_set() and not done.wait(0.2):
                raise self.died(actor)
        if "value" in result:
            return result["value"]
        raise result.get("error") or self.died(actor)

    def on_call_driver(self, peer: dict, message: dict):
        return self.job_of(peer).channel.call("invoke", method=message["method"], args=message["args"])

    def on_call_node(self, peer: dict, message: dict):
        return self.nodes[message["node_id"]].channel.call("invoke", args=message["args"])

    def on_flush(self, peer: dict, message: dict):
        """Comes back when every node has sent the output it had."""
        for node in list(self.nodes.values()):
            try:
                node.alive and node.channel.call("flush", timeout=2)
            except (CallTimeout, ChannelClosed, RemoteError):
                pass
        return True

    def on_log(self, peer: dict, message: dict):
        job = self.jobs.get(message["job_id"])
        if job and not job.over:
            self.note(job, "log", **{key: message[key] for key in ("name", "pid", "ip", "stream", "lines")})


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--session", required=True)
    parser.add_argument("--port-file")
    parser.add_argument("--share-fate", action="store_true")
    options = parser.parse_args()
    if options.share_fate:
        share_fate()
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("0.0.0.0", options.port))
    server.listen(128)
    if options.port_file:
        with open(options.port_file + ".tmp", "w", encoding="utf-8") as file:
            file.write(str(server.getsockname()[1]))
        os.replace(options.port_file + ".tmp", options.port_file)
    gcs = Gcs(options.session)
    log.info("gcs_server.cc:200", "GCS server started on port %d, cluster id = %s" % (server.getsockname()[1], gcs.cluster_id))
    threading.Thread(target=gcs.watch_nodes, daemon=True).start()
    while True:
        gcs.accept(server.accept()[0])


if __name__ == "__main__":
    main()
