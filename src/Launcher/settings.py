"""What the operator tells a container: environment variables and job.json."""
import json
import os
import re

from timings import Timings
from verdict import Failure

SECTIONS = ("model", "weights", "conversion", "data", "reward", "resume", "launch", "ray", "network", "logs")
# verl gives its own workers these; inherited through Ray they would be wrong.
NOT_FOR_RAY = ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")


class Fields(dict):
    """A JSON object whose absent members read as None: `job.launch.workDir`."""
    __getattr__ = dict.get


class Settings:
    """Everything that the launcher was told. Paths under /run, /etc and /dev move below GRPO_ROOT (tests only)."""

    def __init__(self, environ=None):
        self.environ = dict(os.environ if environ is None else environ)
        env = self.environ.get
        self.timings = Timings(env("GRPO_TIMINGS"))
        self.sealed = env("GRPO_SEALED") == "true"
        self.message_limit = _number(env("GRPO_MESSAGE_LIMIT"), 4032)
        self.pod_name = env("POD_NAME", "")
        self.namespace = env("POD_NAMESPACE", "default")
        self.pod_ip = env("POD_IP", "127.0.0.1")
        self.pod_uid = env("GRPO_POD_UID", "")
        self.node = env("NODE_NAME")
        self.job_name = env("GRPO_JOB", "")
        self.job_uid = env("GRPO_JOB_UID", "")
        self.attempt = _number(env("GRPO_ATTEMPT"), 1)
        self.incarnation = _number(env("GRPO_INCARNATION"), 1)
        self.resume_epoch = _number(env("GRPO_RESUME_EPOCH"), 0)
        self.fence_wait = env("GRPO_FENCE_WAIT") != "0"
        self.head_name = env("MASTER_ADDR", self.pod_ip)
        self.nodes = _number(env("NNODES"), 1)
        self.npus_per_node = _number(env("NPROC_PER_NODE"), 0)
        self.npus = _number(env("WORLD_SIZE"), self.nodes * self.npus_per_node)
        ordinal = re.search(r"-(\d{1,6})$", self.pod_name)
        self.rank = int(ordinal.group(1)) if ordinal else 0
        self.job = Fields({name: Fields() for name in SECTIONS})

    def place(self, path):
        return self.environ.get("GRPO_ROOT", "") + path

    @property
    def run(self):
        return self.place("/run/grpo")

    def read_job(self):
        """Reads job.json from the launcher's own copy; Failure ConfigArguments when it can't be used."""
        try:
            job = json.loads(self.read_copy("job.json"), object_hook=Fields)
        except (OSError, ValueError) as error:
            raise Failure("ConfigArguments", "job.json: %s" % error)
        if not isinstance(job, dict) or job.v != 1:
            raise Failure("ConfigArguments", "job.json is of version %s; this launcher reads version 1"
                          % (job.v if isinstance(job, dict) else None))
        for name in SECTIONS:
            if not isinstance(job.get(name), dict):
                job[name] = Fields()
        self.job = job
        return job

    def read_copy(self, name):
        with open(os.path.join(self.run, "launcher", name), encoding="utf-8", newline="") as file:
            return file.read()

    def arguments(self, name):
        """The trainer's arguments, one a line exactly as given; None when there is no such file."""
        try:
            text = self.read_copy(name)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise Failure("ConfigArguments", "%s: %s" % (name, error))
        return text[:-1].split("\n") if text.endswith("\n") else text.split("\n") if text else []

    @property
    def work_dir(self):
        """Where the trainer and the scripts of Jobs start: verl's source tree."""
        return self.job.launch.workDir or "/verl"

    @property
    def ray_port(self):
        return self.job.ray.port or _number(self.environ.get("MASTER_PORT"), 6379)

    @property
    def verl_version(self):
        """The leading numbers of verlVersion, as a tuple; None when not given."""
        numbers = re.match(r"\d+(?:\.\d+)*", self.job.verlVersion or "")
        return tuple(int(part) for part in numbers.group().split(".")) if numbers else None

    def ray_environ(self):
        """The environment of Ray and the trainer on this rank."""
        return dict(self.program_environ(), NODE_RANK=str(self.rank))

    def program_environ(self):
        """The environment of any program of the image."""
        environ = {name: value for name, value in self.environ.items() if name not in NOT_FOR_RAY}
        if self.job.launch.pythonPath:
            paths = list(self.job.launch.pythonPath) + [environ.get("PYTHONPATH", "")]
            environ["PYTHONPATH"] = ":".join(path for path in paths if path)
        return environ


def _number(text, default):
    return int(text) if text and re.match(r"\d{1,9}$", text) else default
