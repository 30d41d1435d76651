"""Rank 0: takes the fence, heads the Ray cluster, admits the workers and runs the trainer."""
import signal
import subprocess
import time

import resume
from handshake import Desk
from paths import explain
from process import Terminated
from verdict import Failure


class Head:
    def __init__(self, launch, ray):
        self._launch, self._ray = launch, ray
        self._settings, self._processes, self._console = launch.settings, launch.processes, launch.console
        self._timings = launch.settings.timings
        self._desk = Desk(self._settings)
        self._trainer = None
        self._ray_died = None

    def run(self):
        self._launch.listen(self._desk)
        arguments = self._arguments("args")
        if self._launch.fence:
            self._launch.fence.take()
            arguments = self._processes.aside(self._resume_arguments) or arguments
        self._ray.start_head()
        self._desk.open()
        self._await_npus()
        if not self._launch.trains:
            return self._hold()
        self._start_trainer(arguments)
        return self._await_trainer()

    def _arguments(self, name):
        arguments = self._settings.arguments(name)
        if arguments is None:
            return None
        return arguments if self._settings.job.launch.command else ["python3"] + arguments

    def _resume_arguments(self):
        settings = self._settings
        try:
            differs, content = resume.saved_since_start(
                settings.job.checkpointDir, settings.job_uid, settings.resume_epoch, settings.pod_uid)
        except OSError as error:
            raise Failure("ConfigCheckpointDir", explain(error.filename or settings.job.checkpointDir, error).text)
        if not differs:
            return None
        resume.refuse_unsupported(settings.job, settings.verl_version, content)
        self._console.say("this job has saved step %s: resuming from it" % content)
        return self._arguments("args-resume")

    def _await_npus(self):
        wanted, seen = self._settings.npus, -1
        until = time.monotonic() + self._timings.join
        while True:
            joined = self._ray.joined_npus()
            if joined != seen:
                self._console.say("%d of %d NPUs have joined" % (joined, wanted))
                seen = joined
            if joined >= wanted:
                return
            if self._ray.death:
                raise Failure("RayDied", self._ray.death)
            if time.monotonic() > until:
                missing = sorted(set(range(1, self._settings.nodes)) - set(self._desk.admitted))
                raise Failure("JoinTimeout", "%d of %d NPUs joined in %g s; ranks not seen: %s" % (
                    joined, wanted, self._timings.join, ", ".join(map(str, missing)) or "none"))
            self._processes.wait(seconds=self._timings.poll)

    def _hold(self):
        self._launch.ready()
        self._console.say("the Ray cluster is up; launch.mode is %s" % self._settings.job.launch.mode)
        self._processes.wait(lambda: self._ray.death)
        raise Failure("RayDied", self._ray.death)

    def _start_trainer(self, arguments):
        if not arguments:
            raise Failure("ConfigArguments", "there are no arguments for the trainer")
        self._desk.launch()
        if self._launch.fence and not self._launch.fence.mark(self._timings.fenceReadFailure, launched=True):
            self._launch.fence.check()
            raise Failure("FenceLost", "the checkpoint directory does not take the mark of the launch")
        # Into a pipe Python writes by the block; progress and stall detection need every line when it comes.
        environ = dict({"PYTHONUNBUFFERED": "1"}, **self._ray.environ)
        try:
            self._trainer = self._processes.start(
                arguments, cwd=self._settings.job.launch.workDir, env=environ, stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0)
        except (OSError, ValueError) as error:
            raise Failure("ConfigCommand", "%s in %s: %s" % (arguments[0], self._settings.job.launch.workDir, error))
        self._launch.launch_time = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self._console.follow(self._trainer.stdout)
        self._launch.ready()

    def _await_trainer(self):
        self._processes.guards.append(self._check_ray)
        try:
            self._processes.wait(lambda: self._trainer.ended, step=max(self._timings.poll, 0.1))
        except Terminated:
            self._stop_trainer()
            raise
        status = self._trainer.status
        self._console.finish(2)
        if status and self._launch.fence:
            self._launch.fence.check()     # it may be what killed the trainer
        if status == 0:
            return "Succeeded", "the trainer ended with 0", None
        return "TrainerFailed", "the trainer ended with %d%s" % (status, _signal_name(status)), status

    def _check_ray(self):
        """A trainer whose Ray died ends by itself, soon; one that doesn't would hang for ever."""
        if self._ray.death:
            self._ray_died = self._ray_died or time.monotonic()
            if time.monotonic() - self._ray_died > self._timings.headGone:
                raise Failure("RayDied", "%s, and the trainer went on for %g s" % (self._ray.death, self._timings.headGone))

    def _stop_trainer(self):
        self._console.say("SIGTERM: stopping the trainer, %g s" % self._timings.stopGrace)
        self._trainer.signal_group(signal.SIGTERM)
        self._processes.wait(lambda: not self._trainer.signal_group(0), self._timings.stopGrace, deaf=True, step=0.1)
        self._trainer.signal_group(signal.SIGKILL)
        self._console.finish(1)


def _signal_name(status):
    try:
        return " (%s)" % signal.Signals(status - 128).name if status > 128 else ""
    except ValueError:
        return ""
