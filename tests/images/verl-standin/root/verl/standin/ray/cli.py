"""The ``ray`` command: start, stop, status, --version."""
from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid

from standin import interpreter, record, settings
from standin.ray import resources, session, status
from standin.ray.channel import CallTimeout, ChannelClosed, RemoteError, connect

VERSION = "2.46.0"
_LINE = "-" * 20


def _fail(text: str, code: int = 1):
    sys.stdout.flush()
    sys.stderr.write(text + "\n")
    sys.exit(code)


def _own_ip(target: str | None) -> str:
    """The address this machine would use towards a target (no packet is sent)."""
    host = target.rpartition(":")[0] if target else "192.0.2.1"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect((host, 9))
            return sock.getsockname()[0]
        except OSError:
            return "127.0.0.1"


def _ask(address: str, timeout: float = 5):
    channel = connect(address, timeout=timeout)
    try:
        return channel.call("status", timeout=timeout)
    finally:
        channel.close()


def _spawn(name: str, module: str, arguments: list, session_dir: str, folder: str):
    """A daemon of its own session whose output goes to the session's logs."""
    logs = os.path.join(session_dir, "logs", name)
    with open(logs + ".out", "ab") as out, open(logs + ".err", "ab") as err:
        process = subprocess.Popen(interpreter.command(module, *arguments), env=interpreter.environment(), stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=err, start_new_session=True)
    session.remember(folder, name, process.pid)
    return process


def _start_head(options, ip: str, folder: str):
    address = "%s:%d" % (ip, options.port)
    try:
        _ask(address, 1)
        _fail("ConnectionError: Ray is trying to start at %s, but is already running at %s. Please specify a different port "
              "using the `--port` flag of `ray start` command." % (address, address))
    except (OSError, ChannelClosed, CallTimeout):
        pass
    name = session.new_name()
    session_dir = session.create(folder, name)
    gcs = _spawn("gcs_server", "standin.ray.gcs", ["--port", str(options.port), "--session", name], session_dir, folder)
    return address, session_dir, gcs


def _join(options, ip: str, folder: str, address: str, session_dir: str, offered: dict, gcs):
    """Starts the raylet and waits until the head lists it."""
    node_id = uuid.uuid4().hex + uuid.uuid4().hex[:24]
    raylet = _spawn("raylet", "standin.ray.raylet",
                    ["--gcs", address, "--ip", ip, "--node-id", node_id, "--session-dir", session_dir,
                     "--resources", json.dumps(offered)], session_dir, folder)
    deadline = time.monotonic() + settings.number("STANDIN_JOIN_SECONDS", 10)
    while time.monotonic() < deadline:
        if gcs is not None and gcs.poll() is not None:
            break
        if raylet.poll() is not None:
            break
        try:
            if any(node["id"] == node_id for node in _ask(address, 2)["nodes"]):
                return raylet
        except (OSError, ChannelClosed, CallTimeout, RemoteError):
            pass
        time.sleep(0.05)
    for process in (raylet, gcs):
        if process is not None and process.poll() is None:
            process.kill()
    _fail("RuntimeError: The current node timed out during startup. This could happen because some of the raylet failed to "
          "startup or the GCS has become overloaded. See %s for more information." % os.path.join(session_dir, "logs"))


def _reach(address: str) -> dict:
    deadline = time.monotonic() + settings.number("STANDIN_JOIN_SECONDS", 10)
    while True:
        try:
            return _ask(address, 2)
        except (OSError, ChannelClosed, CallTimeout):
            if time.monotonic() > deadline:
                _fail("ConnectionError: Unable to connect to GCS at %s. Check that (1) Ray GCS with matching version started "
                      "successfully at the specified address, and (2) there is no firewall setting preventing access." % address)
            time.sleep(0.2)


def start(options) -> int:
    record.write("ray-start", {"argv": record.arguments(), "environment": dict(os.environ)})
    if options.head == bool(options.address):
        _fail("Ray Start Failed: `ray start` needs exactly one of `--head` and `--address`.\n"
              "  `--head` starts a new cluster, `--address` joins one.")
    folder = session.temp_dir(options.temp_dir)
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError as error:
        _fail("PermissionError: %s" % error)
    ip = options.node_ip_address or _own_ip(options.address)
    try:
        offered = resources.node(options.num_cpus, options.resources, options.object_store_memory)
    except ValueError as error:
        _fail("Traceback (most recent call last):\n  File \"/usr/local/bin/ray\", line 8, in <module>\nValueError: %s" % error)
    if options.disable_usage_stats:
        print("Usage stats collection is disabled.")
    print("\nLocal node IP: %s" % ip, flush=True)
    gcs = None
    if options.head:
        address, session_dir, gcs = _start_head(options, ip, folder)
    else:
        address = options.address
        session_dir = session.create(folder, _reach(address)["session"])
    raylet = _join(options, ip, folder, address, session_dir, offered, gcs)
    session.write_current_cluster(folder, address)
    _say_started(options.head, ip, address)
    return _block(gcs, raylet) if options.block else 0


def _say_started(head: bool, ip: str, address: str) -> None:
    print("\n%s\nRay runtime started.\n%s\n" % (_LINE, _LINE))
    if head:
        print("Next steps\n  To add another node to this Ray cluster, run\n    ray start --address='%s'\n\n"
              "  To connect to this Ray cluster:\n    import ray\n    ray.init(_node_ip_address='%s')\n\n"
              "  To terminate the Ray runtime, run\n    ray stop\n\n"
              "  To view the status of the cluster, use\n    ray status" % (address, ip))
    else:
        print("To terminate the Ray runtime, run\n  ray stop")
    sys.stdout.flush()


def _block(gcs, raylet) -> int:
    """Stays until told to end; a daemon that ends in an unexpected way ends this too, with 1."""
    watched = {"gcs_server": gcs, "raylet": raylet}

    def end(number, _frame):
        for process in watched.values():
            if process is not None and process.poll() is None:
                process.terminate()
        os._exit(128 + number if number != signal.SIGTERM else 0)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    print("\n--block\n  This command will now block forever until terminated by a signal.\n  Running subprocesses are monitored "
          "and a message will be printed if any of them terminate unexpectedly. Subprocesses exit with SIGTERM will be "
          "treated as graceful, thus NOT reported.", flush=True)
    while True:
        time.sleep(0.2)
        bad = {name: p.poll() for name, p in watched.items() if p is not None and p.poll() not in (None, 0, 15, -15, 143)}
        if bad:
            sys.stdout.flush()
            sys.stderr.write("\nSome Ray subprocesses exited unexpectedly:\n")
            for name, code in bad.items():
                sys.stderr.write("  %s [exit code=%s]\n" % (name, code))
            sys.stderr.write("\nRemaining processes will be killed.\n")
            sys.stderr.flush()
            for process in watched.values():
                if process is not None and process.poll() is None:
                    process.kill()
            os._exit(1)


def stop(options) -> int:
    folder = session.temp_dir(options.temp_dir)
    found = session.running(folder)
    number = signal.SIGKILL if options.force else signal.SIGTERM
    for _, pid in reversed(found):
        try:
            os.kill(pid, number)
        except OSError:
            pass
    deadline = time.monotonic() + options.grace_period
    while session.running(folder) and time.monotonic() < deadline:
        time.sleep(0.05)
    left = session.running(folder)
    for _, pid in left:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    session.forget(folder)
    if not found:
        print("Did not find any active Ray processes.")
    else:
        print("Stopped all %d Ray processes." % len(found))
    return 0


def show_status(options) -> int:
    folder = session.temp_dir(options.temp_dir)
    address = options.address or os.environ.get("RAY_ADDRESS") or session.current_cluster(folder)
    if not address:
        _fail("ConnectionError: Could not find any running Ray instance. Please specify the one to connect to by setting "
              "`--address` flag or `RAY_ADDRESS` environment variable.")
    try:
        answer = _ask(address)
    except (OSError, ChannelClosed, CallTimeout):
        _fail("ray._raylet.RpcError / ConnectionError: Failed to connect to GCS at address %s. "
              "Ray cluster at %s is not found." % (address, address))
    if not answer["nodes"]:
        _fail("Cluster status is not available. GCS has started but no raylets have registered yet.")
    print(status.text(answer), flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ray")
    parser.add_argument("--version", action="version", version="ray, version " + VERSION)
    commands = parser.add_subparsers(dest="command", required=True)
    begin = commands.add_parser("start")
    begin.set_defaults(run=start)
    begin.add_argument("--head", action="store_true")
    begin.add_argument("--address")
    begin.add_argument("--port", type=int, default=6379)
    begin.add_argument("--node-ip-address")
    begin.add_argument("--resources")
    begin.add_argument("--num-cpus", type=float)
    begin.add_argument("--num-gpus", type=float)
    begin.add_argument("--memory", type=int)
    begin.add_argument("--object-store-memory", type=int)
    begin.add_argument("--block", action="store_true")
    for flag in ("--disable-usage-stats", "--no-monitor", "--no-redirect-output", "--enable-object-reconstruction"):
        begin.add_argument(flag, action="store_true")
    for name in ("--include-dashboard", "--dashboard-host", "--dashboard-port", "--dashboard-agent-listen-port",
                 "--dashboard-agent-grpc-port", "--dashboard-grpc-port", "--runtime-env-agent-port", "--metrics-export-port",
                 "--node-manager-port", "--object-manager-port", "--gcs-server-port", "--ray-client-server-port",
                 "--min-worker-port", "--max-worker-port", "--worker-port-list", "--node-name", "--labels",
                 "--redis-password", "--plasma-directory", "--system-config", "--tracing-startup-hook", "--log-style", "--log-color"):
        begin.add_argument(name)
    end = commands.add_parser("stop")
    end.set_defaults(run=stop)
    end.add_argument("--force", "-f", action="store_true")
    end.add_argument("--grace-period", "-g", type=float, default=16)
    show = commands.add_parser("status")
    show.set_defaults(run=show_status)
    show.add_argument("--address")
    show.add_argument("-v", "--verbose", action="store_true")
    for command in (begin, end, show):
        command.add_argument("--temp-dir")
    return parser


def main() -> int:
    options = _parser().parse_args()
    return options.run(options)
