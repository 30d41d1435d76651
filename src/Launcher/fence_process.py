"""The process that alone touches the checkpoint directory for the fence, so that a hanging mount stops neither PID 1 nor the
clock here. Lines of JSON: commands come by standard input, reports go to standard output. `take` claims (rank 0), `watch` only
looks (other ranks), `mark` changes fields of our mark; the end of the input ends the process.

Two threads: one does all file work; the main one hears commands, keeps time, and kills the container's whole process tree when
the fence is lost or the storage has not answered for fenceReadFailure seconds."""
import errno
import json
import os
import queue
import select
import sys
import threading
import time

from fence import Fence
from fence_marks import Mark, Marks
from process import kill_everything, kill_tree
from timings import Timings
from verdict import Failure

_PERMANENT = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ENOENT, errno.ELOOP, errno.ENAMETOOLONG,
              errno.ENOSPC, errno.EDQUOT)
_FULL = (errno.ENOSPC, errno.EDQUOT)   # a full disk can be read: whoever takes over is seen


class FileWork(threading.Thread):
    """Takes (rank 0) and then beats and looks for ever; stops at the first Failure, which it leaves in `failure`."""

    def __init__(self, order, timings, report):
        super().__init__(daemon=True)
        self._order, self._timings, self._report = order, timings, report
        marks = Marks(order["checkpointDir"], order["mark"]["podUID"])
        self._fence = Fence(marks, Mark(order["mark"]), timings, time.monotonic, self._sleep,
                            lambda text: report({"state": "says", "message": text}))
        self._changes = queue.Queue()
        # When the last round that the storage answered began. Counted from its beginning and for rank 0 with the beat, the kill
        # comes before anyone who watches this mark for as long may go on.
        self.answered = time.monotonic()
        self.failure = None

    def change(self, fields):
        self._changes.put(fields)

    def run(self):
        try:
            if self._order["do"] == "take":
                self._take()
                self._report({"state": "held"})
            while True:
                self._round()
        except Failure as failure:
            self.failure = failure
        except BaseException as error:  # a defect must never leave training unwatched
            self.failure = Failure("LauncherFailed", "fence: %r" % (error,))

    def _take(self):
        try:
            self._fence.take(self._order["wait"])
        except OSError as error:
            code = "ConfigCheckpointDir" if error.errno in _PERMANENT else "FenceLost"
            raise Failure(code, "%s: %s (uid %d)" % (self._order["checkpointDir"], error.strerror, os.getuid()))

    def _round(self):
        changes, problem = {}, None
        try:
            changes = self._changes.get(timeout=self._timings.fenceBeat)
        except queue.Empty:
            pass
        start = time.monotonic()
        try:
            self._fence.look()
            if self._order["do"] == "take":
                self._fence.beat(**changes)
            self.answered = start
        except OSError as error:
            problem = "%s: %s" % (self._order["checkpointDir"], error.strerror)
            if error.errno in _FULL:
                self.answered = start
        if changes:
            self._report({"state": "marked", "problem": problem})

    def _sleep(self, seconds):
        self.answered = time.monotonic()
        time.sleep(seconds)
        self.answered = time.monotonic()


def main():
    os.set_blocking(1, False)
    order = json.loads(sys.stdin.readline())
    timings = Timings(os.environ.get("GRPO_TIMINGS"))
    work = FileWork(order, timings, report)
    work.start()
    rest = b""
    while True:
        silent = time.monotonic() - work.answered
        if silent > timings.fenceReadFailure:
            return lose("FenceLost", "%s has not answered for %d s" % (order["checkpointDir"], silent))
        if work.failure:
            return lose(work.failure.code, work.failure.message)
        if select.select([0], [], [], min(1.0, timings.fenceBeat))[0]:
            data = os.read(0, 65536)
            if not data:
                return 0
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                work.change(json.loads(line))


def report(fields):
    try:
        os.write(1, json.dumps(fields).encode("ascii") + b"\n")
    except OSError:  # PID 1 is stuck or gone
        pass


def lose(code, message):
    """Told first, so that the launcher knows why its trainer dies; then everything dies, whether the launcher hears or not."""
    report({"state": "lost", "code": code, "message": message})
    parent = os.getppid()
    if parent == 1:
        kill_everything()
    else:
        kill_tree(parent, (os.getpid(),))
    return 1
