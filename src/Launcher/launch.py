"""Mode `train`: the life of a rank, from the first act of its container to the verdict."""
import json
import os

import checks
from collect import collect
from console import Console
from fence_client import FenceClient
from handshake import Desk, Server
from head import Head
from logs import LogFile
from network import add_interface
from process import Processes, Terminated
from ray_cluster import RayCluster
from settings import Settings
from setup_script import adopt_setup
from verdict import Failure, exit_code, fit, signature, terminate_with, write_whole
from worker import Worker


def main():
    settings = Settings()
    return Launch(settings, Processes(settings.run)).run()


class Launch:
    """What is shared by both roles: readiness, checks, the fence's process, the verdict, the end."""

    def __init__(self, settings, processes):
        self.settings, self.processes = settings, processes
        self.console = Console()
        self.fence = None
        self.desk = None
        self.code = None           # the verdict's
        self.launch_time = None

    def run(self):
        self.unready()
        if self.settings.sealed:
            self.console.say("this pod replaces one of a sealed StatefulSet: it starts nothing")
            return self.idle(self.write_verdict("Sealed", "a replacement pod of a sealed StatefulSet started nothing"))
        if not self.first_start():
            return self.idle(self.repeat_verdict(), tell=True)
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
        return (Head if settings.rank == 0 else Worker)(self, ray).run()

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
        fields = {"v": 1, "code": code, "step": console.step, "resumed": console.resumed, "saved": console.saved,
                  "launched": self.launch_time is not None, "exit": exit, "launchTime": self.launch_time,
                  "rank": settings.rank, "attempt": settings.attempt, "incarnation": settings.incarnation, "message": message}
        found = signature(tail) if code == "TrainerFailed" else None
        if found:
            fields["signature"] = found
        fields["log"] = tail
        self.code = code
        text = fit(fields, settings.message_limit)
        write_whole(self.file("verdict.json"), text)
        terminate_with(settings, text)
        console.say("%s: %s" % (code, message))
        return exit

    def repeat_verdict(self):
        try:
            with open(self.file("verdict.json"), encoding="utf-8") as file:
                text = file.read()
            self.code, exit = (json.loads(text)[name] for name in ("code", "exit"))
        except (OSError, ValueError, KeyError, TypeError):
            return self.write_verdict("Killed", "an earlier container of this pod ended without a verdict")
        terminate_with(self.settings, text)
        self.console.say("an earlier container of this pod ended: %s" % self.code)
        return exit

    def end(self, code, message, exit):
        """The verdict first, so that whatever comes now can't lose it."""
        self.unready()
        self.processes.guards.clear()
        exit = self.write_verdict(code, message, exit)
        if self.desk:
            self.desk.done(code)
        self.processes.kill_all(spare=(self.fence.pid,) if self.fence else ())
        if self.fence:
            if self.fence.held and not self.fence.mark(
                    self.settings.timings.fenceBeat + 5, ended=True, succeeded=code == "Succeeded"):
                self.console.say("the mark in the checkpoint directory could not be ended")
            self.fence.stop()
        if self.desk and not self.processes.terminated:
            # The workers that joined hear of the end before the address goes away.
            self.processes.wait(lambda: self.desk.all_told, 3 * self.settings.timings.poll + 5, deaf=True)
        self.collect_logs(code, message)
        return self.idle(exit) if code == "HeadDone" else exit

    def collect_logs(self, code, message):
        log, logs = self.console.log, self.settings.job.logs
        if not log:
            return
        well = code in ("Succeeded", "AlreadySucceeded", "Terminated") or (code == "HeadDone" and message.endswith("Succeeded"))
        if not well and logs.collectOnFailure is not False and log.folder is not None:
            try:
                count = self.processes.aside(lambda: collect(log.folder, self.settings.rank, self.settings.environ),
                                             self.settings.timings.collect)
                self.console.say("%d log files of Ray and CANN were kept" % count)
            except (OSError, TimeoutError, Terminated) as error:
                self.console.say("logs of Ray and CANN were not kept: %r" % error)
        log.finish(5)
        self.console.log = None

    def listen(self, desk):
        """Before Ray, so that workers learn early that their head is there; Failure JoinPortTaken."""
        port = self.settings.ray_port + 1
        try:
            Server(desk, self.settings.pod_ip, port, self.processes.ring).start()
        except OSError as error:
            raise Failure("JoinPortTaken", "%s port %d: %s" % (self.settings.pod_ip, port, error.strerror))
        self.desk = desk

    def idle(self, exit, tell=False):
        """Until SIGTERM; never ready. A head's later container still tells workers of the end."""
        if tell and self.settings.rank == 0:
            try:
                self.settings.read_job()
                self.listen(Desk(self.settings))
                self.desk.done(self.code)
            except Failure as failure:
                self.console.say("workers can't be told of the end: %s" % failure)
        try:
            self.processes.wait()
        except Terminated:
            return exit
