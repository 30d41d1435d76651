"""Ray on this node: start as head or worker with everything explicit, count the NPUs that joined, notice its death."""
import json
import re

from network import host_port
from process import command_line, descendants
from verdict import Failure, plain

_DAEMON = re.compile(r"(?:.*[/.])?(raylet|gcs(?:_server)?)\Z", re.DOTALL)


class RayCluster:
    def __init__(self, settings, processes, console, environ):
        self._settings, self._processes, self._console = settings, processes, console
        self.environ = environ
        self._daemons = {}

    def start_head(self):
        """Failure RayStartFailed with the last output."""
        ray = self._settings.job.ray
        status, output = self._start(
            ["--head", "--port=%d" % self._settings.ray_port,
             "--dashboard-host=%s" % ("0.0.0.0" if ray.dashboard else "127.0.0.1")]
            + (["--include-dashboard=true"] if ray.dashboard else [])
            + (["--dashboard-port=%d" % ray.dashboardPort] if ray.dashboardPort else []))
        if status:
            raise Failure("RayStartFailed", "ray start --head ended with %d: %s" % (status, last_line(output)))
        self.environ["RAY_ADDRESS"] = host_port(self._settings.pod_ip, self._settings.ray_port)

    def start_worker(self, head):
        """Answers None when joined, else what went wrong; then nothing of this try is left running."""
        status, output = self._start(["--address=%s" % host_port(head, self._settings.ray_port)])
        if status == 0:
            return None
        self._processes.run(["ray", "stop", "--force"], 60, env=self.environ)
        return "ray start ended with %d: %s" % (status, last_line(output))

    def _start(self, role):
        ray, npus = self._settings.job.ray, self._settings.npus_per_node
        arguments = ["ray", "start"] + role + ["--node-ip-address=%s" % self._settings.pod_ip,
                                               "--resources=%s" % json.dumps({"NPU": npus})]
        if ray.cpusPerNode:
            arguments.append("--num-cpus=%d" % ray.cpusPerNode)
        if ray.objectStoreMemory:
            arguments.append("--object-store-memory=%d" % ray.objectStoreMemory)
        arguments += ray.startArgs or []
        self._console.say(" ".join(arguments))
        known = set(descendants(self._processes.root))
        result = self._processes.run(arguments, self._settings.timings.rayStart, self._console, env=self.environ)
        if result[0] == 0:
            self._watch(set(descendants(self._processes.root)) - known)
        return result

    def _watch(self, pids):
        """Ray's daemons belong to the launcher once `ray start` has ended; the reaper then tells their end."""
        for pid in pids:
            found = [match for match in map(_DAEMON.match, command_line(pid)[:4]) if match]
            if found:
                self._daemons[pid] = found[0].group(1)
                self._processes.strangers[pid] = None

    @property
    def death(self):
        """Which daemon ended and how; None while all run."""
        for pid, daemon in self._daemons.items():
            status = self._processes.strangers.get(pid)
            if status is not None:
                return "%s ended with %d" % (daemon, status)
        return None

    def joined_npus(self):
        """All NPUs that Ray counts; 0 when it doesn't answer."""
        status, output = self._processes.run(["ray", "status"], 60, env=self.environ)
        return npus_in(output) if status == 0 else 0


def npus_in(text):
    """The total of the line ` 0.0/32.0 NPU` in `ray status`; 0 when there is none."""
    found = re.search(r"/(\d{1,9})(?:\.\d{1,9})?\s{1,9}NPU\b", text)
    return int(found.group(1)) if found else 0


def last_line(text):
    """The last line that says something."""
    lines = [line.strip() for line in plain(text).split("\n") if line.strip()]
    return lines[-1][:400] if lines else "it printed nothing"
