"""Rows of the head's tables."""
from __future__ import annotations

import threading
import time

from standin.ray.channel import Channel


class Node:
    """One row of the node table."""

    def __init__(self, message: dict, channel: Channel):
        self.id = message["node_id"]
        self.ip = message["ip"]
        self.hostname = message["hostname"]
        self.rank = message.get("rank")
        self.total = message["resources"]
        self.used = {}
        self.channel = channel
        self.seen = time.monotonic()
        self.alive = True

    def free(self, name: str) -> float:
        return self.total.get(name, 0) - self.used.get(name, 0)

    def fits(self, need: dict) -> bool:
        return self.alive and all(self.free(name) >= value for name, value in need.items())

    def take(self, need: dict, sign: int = 1) -> None:
        for name, value in need.items():
            self.used[name] = self.used.get(name, 0) + sign * value

    def row(self) -> dict:
        return {"id": self.id, "ip": self.ip, "hostname": self.hostname, "rank": self.rank, "alive": self.alive,
                "total": self.total, "used": {k: v for k, v in self.used.items() if v}}


class Actor:
    """A process that a raylet started for a job."""

    def __init__(self, actor_id: str, name: str, job: "Job", node: Node, need: dict):
        self.id, self.name, self.job, self.node, self.need = actor_id, name, job, node, need
        self.channel = None
        self.pid = None
        self.death = None
        self.ready = threading.Event()
        self.dead = threading.Event()


class Job:
    """A connected driver with its actors and placement groups."""

    def __init__(self, job_id: str, channel: Channel):
        self.id, self.channel = job_id, channel
        self.actors = {}
        self.groups = []
        self.over = False
