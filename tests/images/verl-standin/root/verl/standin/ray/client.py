"""A driver's side of Ray: finding the cluster, starting the job, printing what its actors print."""
from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time

from standin import interpreter, settings
from standin.ray import log, resources, session
from standin.ray.channel import CallTimeout, ChannelClosed, connect

#: Kept, so that the pipes stay open.
_CHILDREN = []
_CYAN, _YELLOW, _RESET = "\x1b[36m", "\x1b[33m", "\x1b[0m"


class Printer:
    """Prints the lines of actors with Ray's prefix, repeated ones once (``RAY_DEDUP_LOGS``)."""

    def __init__(self):
        self.own_ip = ""
        self.dedup = os.environ.get("RAY_DEDUP_LOGS", "1") != "0"
        self.seen = {}

    def print(self, message: dict) -> None:
        stream = sys.stdout if message["stream"] == "out" else sys.stderr
        for line in message["lines"]:
            if self.repeated(message, line):
                continue
            stream.write("%s%s\n" % (self.prefix(message), line))
        stream.flush()

    def prefix(self, message: dict) -> str:
        if message["pid"] is None:
            return "%s(raylet)%s " % (_YELLOW, _RESET)
        where = "" if message["ip"] == self.own_ip else ", ip=%s" % message["ip"]
        return "%s(%s pid=%d%s)%s " % (_CYAN, message["name"], message["pid"], where, _RESET)

    def repeated(self, message: dict, line: str) -> bool:
        """The same text (numbers aside) from another process within five seconds."""
        if not self.dedup:
            return False
        key = re.sub(r"\d+", "#", line)
        now = time.monotonic()
        who, when, told = self.seen.get(key, (message["pid"], -10.0, False))
        if who == message["pid"] or now - when > 5:
            self.seen[key] = (message["pid"], now, False)
            return False
        if not told:
            self.seen[key] = (who, when, True)
            sys.stdout.write("%s%s%s [repeated across cluster] (Ray deduplicates logs by default. Set RAY_DEDUP_LOGS=0 to "
                             "disable log deduplication)%s\n" % (self.prefix(message), line, "\x1b[32m", _RESET))
        return True


class Client:
    """A driver connected to a cluster; ``invoke`` answers what actors ask of it."""

    def __init__(self, address: str, printer: Printer, invoke):
        self._printer, self._invoke = printer, invoke
        self.gcs = connect(address, self._handle)
        printer.own_ip = self.gcs.own_ip
        self.job_id = self.gcs.call("start_job", timeout=30)["job_id"]

    def _handle(self, op: str, message: dict):
        if op == "log":
            return self._printer.print(message)
        return self._invoke(message["method"], message["args"])

    def flush(self) -> None:
        """Waits, shortly, until all output that actors wrote so far is printed."""
        try:
            self.gcs.call("flush", timeout=3)
        except (CallTimeout, ChannelClosed):
            pass


def find_address() -> str | None:
    """``RAY_ADDRESS``, else the current cluster's file, as ``ray.init()`` without an address."""
    address = os.environ.get("RAY_ADDRESS")
    if address and address not in ("auto", "local"):
        return address
    return None if address == "local" else session.current_cluster(session.temp_dir())


def init(invoke) -> Client:
    """Connects as ``ray.init`` does; without any cluster it silently starts a private one."""
    address = find_address()
    if address and address.startswith(("http://", "https://", "ray://")):
        raise ValueError("Ray client address %s is not supported by the stand-in; use host:port of the GCS." % address)
    if address:
        log.console("worker.py:1694", "Connecting to existing Ray cluster at address: %s..." % address)
        client = _connect(address, invoke)
        log.console("worker.py:1879", "Connected to Ray cluster.")
        return client
    address = _private_cluster()
    client = _connect(address, invoke)
    log.console("worker.py:1879", "Started a local Ray instance.")
    return client


def _connect(address: str, invoke) -> Client:
    deadline = time.monotonic() + settings.number("STANDIN_JOIN_SECONDS", 10)
    while True:
        try:
            return Client(address, Printer(), invoke)
        except (OSError, ChannelClosed, CallTimeout) as error:
            if time.monotonic() > deadline:
                raise ConnectionError("ray.init() failed: Unable to connect to GCS at %s. Check that (1) Ray GCS with matching "
                                      "version started successfully at the specified address, and (2) there is no firewall "
                                      "setting preventing access." % address) from error
            time.sleep(0.2)


def _private_cluster() -> str:
    """A head and one node of this machine alone, ending with this process."""
    folder = session.temp_dir()
    os.makedirs(folder, exist_ok=True)
    session_dir = session.create(folder, session.new_name())
    port_file = os.path.join(session_dir, "gcs_port")
    _child("gcs", "--port", "0", "--port-file", port_file, "--session", os.path.basename(session_dir))
    deadline = time.monotonic() + 20
    while not os.path.exists(port_file):
        if time.monotonic() > deadline:
            raise ConnectionError("the private cluster did not start")
        time.sleep(0.02)
    with open(port_file, encoding="ascii") as file:
        address = "127.0.0.1:%s" % file.read()
    _child("raylet", "--gcs", address, "--ip", "127.0.0.1", "--session-dir", session_dir,
           "--resources", json.dumps(resources.node(None, None, None)))
    while not _ready(address):
        if time.monotonic() > deadline:
            raise ConnectionError("the private cluster did not start")
        time.sleep(0.05)
    return address


def _ready(address: str) -> bool:
    channel = connect(address)
    try:
        return bool(channel.call("status", timeout=5)["nodes"])
    finally:
        channel.close()


def _child(module: str, *arguments: str) -> None:
    """A daemon that lives as long as this process does: it ends when the pipe to it closes."""
    process = subprocess.Popen(interpreter.command("standin.ray." + module, "--share-fate", *arguments), env=interpreter.environment(),
                               stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    _CHILDREN.append(process)
