"""PID 1's duties: start children, reap everything, hear signals, wait without deaf moments, kill the whole tree."""
import os
import select
import signal
import subprocess
import tempfile
import threading
import time


class Terminated(Exception):
    """SIGTERM (or SIGINT) came while the launcher waited."""


class Child:
    """A process that the launcher started; `status` is its exit code as a shell tells it, None while it runs."""

    def __init__(self, popen):
        self._popen = popen
        self.pid = popen.pid
        self.stdout = popen.stdout
        self.stdin = popen.stdin
        self.status = None

    @property
    def ended(self):
        return self.status is not None

    def end(self, status):
        self.status = status
        self._popen.returncode = status

    def signal_group(self, number):
        """Whether anybody of its process group was there to get the signal (0 only asks)."""
        try:
            os.killpg(self.pid, number)
            return True
        except ProcessLookupError:
            return False


class Processes:
    """Owned by the main thread, which alone starts and reaps: subprocess must never wait for a child itself,
    since a PID 1 reaps strangers too and the two would steal each other's exit codes."""

    def __init__(self, scratch=None):
        self._scratch = scratch    # a folder that can be written, for outputs of commands
        self.root = os.getpid()
        self.terminated = False
        self.guards = []
        self.strangers = {}
        self._children = {}
        self._wake, self._bell = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self._bell, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._hear)
        if os.getpid() != 1:
            adopt_orphans()

    def _hear(self, *_):
        self.terminated = True

    def ring(self):
        """Wakes the main thread from its wait; callable from any thread."""
        try:
            os.write(self._bell, b"\0")
        except BlockingIOError:
            pass

    def start(self, arguments, **options):
        """Starts a child in a process group of its own; OSError when the program can't be run."""
        child = Child(subprocess.Popen(arguments, start_new_session=True, **options))
        self._children[child.pid] = child
        return child

    def reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            status = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
            child = self._children.pop(pid, None)
            if child:
                child.end(status)
            elif pid in self.strangers:
                self.strangers[pid] = status

    def wait(self, condition=lambda: False, seconds=None, deaf=False, step=None):
        """Waits until the condition holds (True) or the seconds have passed (False), reaping all the time. Raises Terminated
        after SIGTERM and whatever a guard raises, unless deaf; a condition that holds already wins over both."""
        until = None if seconds is None else time.monotonic() + seconds
        while True:
            self.reap()
            if condition():
                return True
            if not deaf:
                if self.terminated:
                    raise Terminated()
                for guard in self.guards:
                    guard()
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                return False
            pause = min(value for value in (left, step, 3600) if value is not None)
            if select.select([self._wake], [], [], pause)[0]:
                try:
                    os.read(self._wake, 4096)
                except BlockingIOError:
                    pass

    def run(self, arguments, seconds, console=None, **options):
        """Runs a command to its end and answers (exit code, its last output). 124 when it took too long, 127 when it isn't
        there. Output goes to a file, since daemons that it leaves behind would hold a pipe open."""
        with tempfile.TemporaryFile(dir=self._scratch) as output:
            try:
                child = self.start(arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options)
            except OSError as error:
                return 127, "%s: %s" % (arguments[0], error.strerror)
            try:
                in_time = self.wait(lambda: child.ended, seconds)
            finally:
                if not child.ended:
                    child.signal_group(signal.SIGKILL)
                    self.wait(lambda: child.ended, 5, deaf=True)
            size = output.seek(0, os.SEEK_END)
            output.seek(max(0, size - 65536))
            text = output.read().decode("utf-8", "replace")
            if console and text.strip():
                console.write(text.encode("utf-8") if text.endswith("\n") else text.encode("utf-8") + b"\n")
            return (child.status if in_time else 124), text

    def aside(self, work, seconds=None, deaf=False):
        """Does work that may hang (shared storage, names) in a thread, so that signals are still heard. Answers its result or
        raises what it raised; TimeoutError when it takes longer, and the thread is left to itself."""
        result = {}

        def do():
            try:
                result["value"] = work()
            except BaseException as error:
                result["error"] = error
            self.ring()

        threading.Thread(target=do, daemon=True).start()
        if not self.wait(lambda: bool(result), seconds, deaf):
            raise TimeoutError()
        if "error" in result:
            raise result["error"]
        return result["value"]

    def kill_all(self, spare=()):
        """SIGKILL to everything below the launcher but the pids to spare, then reaps it."""
        kill_tree(self.root, spare)
        self.reap()


def kill_tree(root, spare=()):
    """Kills all descendants of root, again and again until none is left, since they may fork meanwhile."""
    if root == 1 and not spare:
        kill_everything()
    for _ in range(200):
        alive = [pid for pid in descendants(root) if pid != os.getpid() and pid not in spare]
        if not alive:
            return
        for pid in alive:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        time.sleep(0.01)


def kill_everything():
    """In a container: all but PID 1 and the caller, in one act."""
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass


def descendants(root):
    """Pids of all living (no zombie) processes below root."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, "rb") as file:
                    fields = file.read().rpartition(b")")[2].split()
            except OSError:
                continue
            parents[int(name)] = (int(fields[1]), fields[0] in (b"Z", b"X"))
    below, grown = {root}, True
    while grown:
        grown = False
        for pid, (parent, _) in parents.items():
            if pid not in below and (parent in below or root == 1):  # `kubectl exec` comes from outside: its parent is 0
                below.add(pid)
                grown = True
    return [pid for pid in below if pid != root and not parents[pid][1]]


def command_line(pid):
    try:
        with open("/proc/%d/cmdline" % pid, "rb") as file:
            return file.read().decode("utf-8", "replace").split("\0")
    except OSError:
        return []


def adopt_orphans():
    """Outside of a container (tests) orphans come to us as they come to PID 1: PR_SET_CHILD_SUBREAPER."""
    import ctypes
    ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0)
