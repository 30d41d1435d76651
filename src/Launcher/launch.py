"""Mode `train`: the life of a rank, from the first act of its container to the verdict."""
import json
import os

import checks
from console import Console
from fence_client import FenceClient
from head import Head
from logs import LogFile
from network import add_interface
from process import Processes, Terminated
from ray_cluster import RayCluster
from settings import Settings
from setup_script import adopt_setup
from verdict import Failure, exit_code, fit, signature, write_whole
from worker import Worker


def main():
    return Launch(Settings(), Processes()).run()


class Launch:
    """What is shared by both roles: readiness, checks, the fence's process, the verdict, the end."""

    def __init__(self, settings, processes):
        self.settings, self.processes = settings, processes
        self.console = Console()
        self.fence = None
        self.role = None
        self.launch_time = None
        self.trainer_ran = False

    def run(self):
        self.unready()
        if self.settings.sealed:
            self.console.say("this pod replaces one of a sealed StatefulSet: it starts nothing")
            return self.idle(self.write_verdict("Sealed", "a replacement pod of a sealed StatefulSet started nothing"))
        if not self.first_start():
            return self.idle(self.repeat_verdict())
        try:
            code, message, exit = self.attempt()
        except Terminated:
            code, message, exit = "Terminated", "SIGTERM came before the trainer had ended", None
        except Failure as failure:
            code, message, exit = failure.code, failure.message, None
        except Exception as error:
            code, message, exit = "LauncherFailed", "%s: %s" % (type(error).__name__, error), None
        return self.end(code, message, exit)

    def first_start(self):
        """The first act: a mark that only the first container of this pod makes."""
        os.makedirs(self.settings.run, exist_ok=True)
        try:
            os.close(os.open(self.file("started"), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
            return True
        except FileExistsError:
            return False

    def attempt(self):
        """Answers (code, message, exit code or None for the code's own); a Failure or Terminated ends it early."""
        settings, processes, console = self.settings, self.processes, self.console
        job = settings.read_job()
        self.open_log()
        console.say("rank %d of %d, incarnation %d, attempt %d" % (
            settings.rank, settings.nodes, settings.incarnation, settings.attempt))
        adopt_setup(settings, processes, console)
        checks.check_visible(settings)
        checks.check_cpus(settings)
        checks.check_devices(settings, processes, console)
        processes.aside(lambda: checks.check_paths(settings))
        name = add_interface(settings.environ, settings.pod_ip, job.network.interface)
        console.say("network interface: %s" % (name or "none holds %s; left to HCCL" % settings.pod_ip))
        if job.checkpointDir and self.trains:
            self.fence = FenceClient(settings, processes, console)
        ray = RayCluster(settings, processes, console, settings.ray_environ())
        self.role = Head(self, ray) if settings.rank == 0 else Worker(self, ray)
        return self.role.run()

    @property
    def trains(self):
        return self.settings.job.launch.mode in (None, "Train")

    def open_log(self):
        if self.settings.job.logs.directory:
            self.console.log = LogFile(self.settings, self.console.say)
            self.console.log.start()

    def ready(self):
        write_whole(self.file("ready"), "")

    def unready(self):
        try:
            os.unlink(self.file("ready"))
        except FileNotFoundError:
            pass

    def file(self, name):
        return os.path.join(self.settings.run, name)

    def write_verdict(self, code, message, exit=None):
        """Saves the verdict, also for a later container of this pod; answers the container's exit code."""
        settings, console = self.settings, self.console
        exit = exit_code(code) if exit is None else exit
        tail = console.tail()
        fields = {"v": 1, "code": code, "step": console.step, "launched": self.launch_time is not None, "exit": exit,
                  "launchTime": self.launch_time, "rank": settings.rank, "attempt": settings.attempt,
                  "incarnation": settings.incarnation, "message": message}
        found = signature(tail) if code == "TrainerFailed" else None
        if found:
            fields["signature"] = found
        fields["log"] = tail
        text = fit(fields, settings.message_limit)
        write_whole(self.file("verdict.json"), text)
        write_whole(settings.place("/dev/termination-log"), text)
        console.say("%s: %s" % (code, message))
        return exit

    def repeat_verdict(self):
        try:
            with open(self.file("verdict.json"), encoding="utf-8") as file:
                text = file.read()
            exit = json.loads(text)["exit"]
        except (OSError, ValueError, KeyError, TypeError):
            return self.write_verdict("Killed", "an earlier container of this pod ended without a verdict")
        write_whole(self.settings.place("/dev/termination-log"), text)
        self.console.say("an earlier container of this pod ended: %s" % text)
        return exit

    def end(self, code, message, exit):
        """The verdict first, so that whatever comes now can't lose it."""
        self.unready()
        self.processes.guards.clear()
        exit = self.write_verdict(code, message, exit)
        self.processes.kill_all(spare=(self.fence.pid,) if self.fence else ())
        if self.fence and code not in ("FenceLost", "StaleIncarnation", "CheckpointDirInUse", "AlreadySucceeded"):
            if not self.fence.mark(self.settings.timings.fenceBeat + 5, ended=True, succeeded=code == "Succeeded"):
                self.console.say("the mark in the checkpoint directory could not be ended")
        if isinstance(self.role, Head):
            self.role.tell_end(code)
        if self.console.log:
            self.console.log.finish(5)
        return self.idle(exit) if code == "HeadDone" else exit

    def idle(self, exit):
        """Until SIGTERM; never ready."""
        try:
            self.processes.wait()
        except Terminated:
            return exit
