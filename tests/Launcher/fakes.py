"""A pod without a cluster: its own root folder, fake programs on PATH, and the launcher as a real process."""
import gzip
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

SOURCES = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../src/Launcher"))
sys.path.insert(0, SOURCES)
sys.dont_write_bytecode = True

from process import adopt_orphans, command_line, descendants, kill_tree  # noqa: E402 (the path above comes first)

PROGRAMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs")
# Small where a test waits for it, large where only a busy machine would need it.
SMALL = {"fenceBeat": 0.1, "fenceReadFailure": 30, "fenceWait": 0.5, "fenceForeignWatch": 0.6, "rayStart": 30, "join": 50,
         "headGone": 30, "poll": 0.1, "stopGrace": 20, "inspection": 50, "collect": 20}
PATIENCE = float(os.environ.get("PATIENCE", "60"))
UID = "5b0c1e9a-0000-4000-8000-0000000000aa"


def until(condition, what="", seconds=PATIENCE):
    """Waits for a condition; a test that waits in vain fails with what it waited for."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("waited in vain: %s" % (what or condition))
        time.sleep(0.01)


def free_port():
    """A port whose successor is free too (Ray's and the handshake's)."""
    import socket
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
                return port
            except OSError:
                continue


def python(code):
    """Trainer arguments that run this Python text."""
    return ["-c", "exec(%r)" % code]


def wait_for(path):
    """Python text that waits for a file."""
    return "import os, time\nwhile not os.path.exists(%r): time.sleep(0.01)\n" % path


def alive(pid):
    """Whether a process runs; a zombie doesn't."""
    try:
        with open("/proc/%d/stat" % pid) as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


class Pod:
    """One pod of a job: `start()` runs a container of it, as often as wanted over the same emptyDir."""

    def __init__(self, folder, rank=0, nodes=1, npus=2, job=None, arguments=("-c", "pass"), timings=(), **environ):
        self.root = os.path.join(folder, "pod-%d-%s" % (rank, next(_NAMES)))
        self.bin = os.path.join(self.root, "bin")
        for name in ("etc/grpo", "run", "dev", "tmp"):
            os.makedirs(os.path.join(self.root, name))
        os.symlink(PROGRAMS, self.bin)
        self.job = {"v": 1, "strategy": "FSDP", "model": {"path": "org/model"}, "launch": {"workDir": self.root},
                    "ray": {"cpusPerNode": 3 * npus + 4}}
        _merge(self.job, job or {})
        self.write("etc/grpo/job.json", json.dumps(self.job))
        if arguments is not None:
            self.write("etc/grpo/args", "".join("%s\n" % argument for argument in arguments))
        shutil.copy(os.path.join(SOURCES, "launch.sh"), os.path.join(self.root, "etc/grpo"))
        shutil.copy(launcher_archive(), os.path.join(self.root, "etc/grpo/launcher.pyz.gz"))
        self.environ = {
            "PATH": self.bin + ":" + os.path.dirname(sys.executable) + ":/usr/bin:/bin", "HOME": self.root,
            "GRPO_ROOT": self.root, "POD_NAME": "job-%d" % rank, "POD_NAMESPACE": "ns", "POD_IP": "127.0.0.1",
            "GRPO_POD_UID": "pod-uid-%d" % rank, "GRPO_JOB": "job", "GRPO_JOB_UID": UID, "GRPO_ATTEMPT": "1",
            "GRPO_INCARNATION": "1", "GRPO_RESUME_EPOCH": "0", "GRPO_FENCE_WAIT": "1", "GRPO_MESSAGE_LIMIT": "4032",
            "GRPO_TIMINGS": json.dumps(dict(SMALL, **dict(timings))), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "6379",
            "NNODES": str(nodes), "NPROC_PER_NODE": str(npus), "WORLD_SIZE": str(nodes * npus), "RANK": str(rank),
            "FAKE_RAY": os.path.join(folder, "ray")}
        self.environ.update(environ)
        self.command = ["/bin/bash", os.path.join(self.root, "etc/grpo/launch.sh")]
        self.process = None

    def write(self, name, text):
        path = os.path.join(self.root, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        return path

    def read(self, name):
        with open(os.path.join(self.root, name)) as file:
            return file.read()

    def has(self, name):
        return os.path.exists(os.path.join(self.root, name))

    def start(self, mode="train"):
        """A container: fresh termination log and console, the same /run/grpo."""
        self.write("dev/termination-log", "")
        self.console = os.path.join(self.root, "console")
        with open(self.console, "ab") as console:
            self.process = subprocess.Popen(self.command + [mode], env=self.environ, stdin=subprocess.DEVNULL,
                                            stdout=console, stderr=console)
        _RUNNING.append(self.process)
        return self

    def end(self, seconds=PATIENCE):
        """Waits for the container's end; its exit code."""
        return self.process.wait(seconds)

    def run(self, mode="train"):
        return self.start(mode).end()

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)

    @property
    def ray_calls(self):
        """What the fake ray was called with: [{argv, env}]."""
        path = os.path.join(self.environ["FAKE_RAY"], "calls")
        if not os.path.exists(path):
            return []
        with open(path) as file:
            calls = [json.loads(line) for line in file]
        return [call for call in calls if call["env"]["GRPO_ROOT"] == self.root]

    def ray_starts(self):
        return [call for call in self.ray_calls if call["argv"][0] == "start"]

    def below(self):
        """Pids of what the container runs."""
        return descendants(self.process.pid)

    def pids(self, word):
        """Pids below the container whose command line has this word."""
        return [pid for pid in self.below() if word in command_line(pid)]

    def add_program(self, name, text):
        """A program of this pod's own on its PATH."""
        if os.path.islink(self.bin):
            os.unlink(self.bin)
            shutil.copytree(PROGRAMS, self.bin)
        path = self.write("bin/" + name, text)
        os.chmod(path, 0o755)
        return path

    @property
    def ready(self):
        return self.has("run/grpo/ready")

    @property
    def message(self):
        """The termination message, decoded."""
        return json.loads(self.read("dev/termination-log"))

    @property
    def output(self):
        return self.read("console")


class PodTest(unittest.TestCase):
    """A test with a folder of its own; whatever containers it started are gone afterwards."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="launcher-")
        self.port = free_port()

    @classmethod
    def setUpClass(cls):
        adopt_orphans()     # what a killed container leaves behind comes to this process

    def tearDown(self):
        kill_tree(os.getpid())
        for process in _RUNNING:
            process.wait()
        _RUNNING.clear()
        try:
            while os.waitpid(-1, os.WNOHANG) != (0, 0):
                pass
        except ChildProcessError:
            pass
        shutil.rmtree(self.folder, ignore_errors=True)

    def pod(self, rank=0, **options):
        job = options.pop("job", {})
        job.setdefault("ray", {}).setdefault("port", self.port)
        return Pod(self.folder, rank, job=job, **options)


def _merge(into, more):
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = value


def packed():
    """The launcher as the operator packs it (docs/launcher.md): same sources, same bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as zipped:
        for name in sorted(os.listdir(SOURCES)):
            if name.endswith((".py", ".json")):
                with open(os.path.join(SOURCES, name), encoding="utf-8") as file:
                    text = file.read()
                zipped.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), bare(text) if name.endswith(".py") else text)
    return gzip.compress(archive.getvalue(), 9, mtime=0)


def bare(text):
    """Python text without prose, every line where it was: a documentation string becomes `0`, a comment line an empty one."""
    text = re.sub(r'(?ms)^([ ]*)"""(?:.*?)"""[ ]*$', lambda found: found.group(1) + "0" + "\n" * found.group().count("\n"), text)
    return re.sub(r"(?m)^[ ]*#.*$", "", text)


def launcher_archive():
    """The packed launcher in a file, made once per run."""
    global _archive
    if _archive is None:
        _archive = tempfile.NamedTemporaryFile(prefix="launcher-", suffix=".pyz.gz")
        _archive.write(packed())
        _archive.flush()
    return _archive.name


_archive = None
_RUNNING = []
_NAMES = iter(map(str, range(10 ** 6)))
