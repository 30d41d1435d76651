"""PID 1's side of the fence process."""
import json
import os
import subprocess
import sys

from verdict import Failure


class FenceClient:
    """Started on every rank of a job with a checkpointDir. `check` is a guard of every wait: it raises when the fence is lost."""

    def __init__(self, settings, processes, console):
        self._processes, self._console, self._timings = processes, console, settings.timings
        self._rest = b""
        self.held = False
        self.failure = None
        self._marked = []
        order = {"do": "take" if settings.rank == 0 else "watch", "wait": settings.fence_wait,
                 "checkpointDir": settings.job.checkpointDir,
                 "mark": {"namespace": settings.namespace, "job": settings.job_name, "uid": settings.job_uid,
                          "attempt": settings.attempt, "incarnation": settings.incarnation, "podUID": settings.pod_uid,
                          "beat": 0, "claiming": True, "launched": False, "ended": False, "succeeded": False}}
        self._child = processes.start([sys.executable, "-IS", sys.argv[0], "fence"], env=settings.environ,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        os.set_blocking(self._child.stdout.fileno(), False)
        os.set_blocking(self._child.stdin.fileno(), False)
        self._send(order)
        processes.guards.append(self.check)

    @property
    def pid(self):
        return self._child.pid

    def stop(self):
        """Ends the process by the end of its input, and by force: it may hang in its storage."""
        self._child.stdin.close()
        self._child.signal_group(9)

    def check(self):
        self._read()
        if self.failure:
            raise self.failure
        if self._child.ended:
            raise Failure("FenceLost", "the fence's process ended with %d" % self._child.status)

    def take(self):
        """Waits until rank 0 holds the directory."""
        self._processes.wait(lambda: self._read() or self.held, step=0.2)

    def mark(self, seconds, **fields):
        """Writes fields into our mark; False when that wasn't done in time."""
        count = len(self._marked)
        self._send(fields)
        if not self._processes.wait(lambda: self._read() or len(self._marked) > count or self._child.ended, seconds, True, 0.1):
            return False
        return len(self._marked) > count and self._marked[-1] is None

    def _send(self, fields):
        try:
            os.write(self._child.stdin.fileno(), json.dumps(fields).encode("ascii") + b"\n")
        except OSError:
            pass  # it is gone: the next check says so

    def _read(self):
        try:
            data = os.read(self._child.stdout.fileno(), 65536)
        except BlockingIOError:
            return
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            report = json.loads(line)
            if report["state"] == "lost":
                self.failure = Failure(report["code"], report["message"])
            elif report["state"] == "held":
                self.held = True
            elif report["state"] == "marked":
                self._marked.append(report["problem"])
            else:
                self._console.say(report["message"])
