"""Ray's folder: sessions, logs, the address of the current cluster, pids of started processes."""
from __future__ import annotations

import json
import os
import time


def temp_dir(option: str | None = None) -> str:
    """``--temp-dir``, else ``$RAY_TMPDIR/ray``, else ``/tmp/ray``."""
    if option:
        return option
    return os.path.join(os.environ.get("RAY_TMPDIR") or "/tmp", "ray")


def new_name() -> str:
    now = time.time()
    return "session_%s_%06d_%d" % (time.strftime("%Y-%m-%d_%H-%M-%S", time.localtime(now)), int(now % 1 * 1e6), os.getpid())


def create(folder: str, name: str) -> str:
    """Makes a session's folders and points ``session_latest`` at it."""
    path = os.path.join(folder, name)
    os.makedirs(os.path.join(path, "logs", "old"), exist_ok=True)
    os.makedirs(os.path.join(path, "sockets"), exist_ok=True)
    latest = os.path.join(folder, "session_latest")
    fresh = latest + ".%d" % os.getpid()
    os.symlink(name, fresh)
    os.replace(fresh, latest)
    return path


def cluster_file(folder: str) -> str:
    return os.path.join(folder, "ray_current_cluster")


def current_cluster(folder: str) -> str | None:
    try:
        with open(cluster_file(folder), encoding="utf-8") as file:
            return file.read().strip() or None
    except OSError:
        return None


def write_current_cluster(folder: str, address: str) -> None:
    with open(cluster_file(folder), "w", encoding="utf-8") as file:
        file.write(address)


def _start_time(pid: int) -> str | None:
    """A process' start time in clock ticks: pid and start name a process for good."""
    try:
        with open("/proc/%d/stat" % pid, encoding="utf-8") as file:
            fields = file.read().rpartition(")")[2].split()
        return None if fields[0] == "Z" else fields[19]
    except OSError:
        return None


def remember(folder: str, name: str, pid: int) -> None:
    """Notes a started process so that ``ray stop`` finds it."""
    with open(os.path.join(folder, "processes.jsonl"), "a", encoding="utf-8") as file:
        file.write(json.dumps({"name": name, "pid": pid, "start": _start_time(pid)}) + "\n")


def running(folder: str) -> list:
    """``(name, pid)`` of noted processes that still live."""
    found = []
    try:
        with open(os.path.join(folder, "processes.jsonl"), encoding="utf-8") as file:
            for line in file:
                entry = json.loads(line)
                if entry["start"] and _start_time(entry["pid"]) == entry["start"]:
                    found.append((entry["name"], entry["pid"]))
    except OSError:
        pass
    return found


def forget(folder: str) -> None:
    for name in ("processes.jsonl", "ray_current_cluster"):
        try:
            os.unlink(os.path.join(folder, name))
        except OSError:
            pass
