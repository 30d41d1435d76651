"""What the containers of the data and the conversion Job share: run a script, report one JSON object, end."""
import json
import os
import signal
import subprocess

from console import Console
from process import Processes, Terminated
from settings import Settings
from verdict import Failure, exit_code, fit, signature, terminate_with


class JobContainer:
    """`work(container)` answers (code, message, more fields) or raises Failure."""

    def __init__(self, kind):
        self.kind = kind
        self.settings, self.console = Settings(), Console()
        self.processes = Processes(self.settings.run)
        self.cleanup = lambda: None    # what to do before an end that isn't good

    def main(self, work):
        more = {}
        try:
            self.settings.read_job()
            code, message, more = work(self)
        except Terminated:
            code, message = "Terminated", "SIGTERM came before the end"
        except Failure as failure:
            code, message = failure.code, failure.message
        except Exception as error:
            code, message = "LauncherFailed", "%s: %s" % (type(error).__name__, error)
        exit = exit_code(code)
        tail = self.console.tail()
        report = dict({"v": 1, "kind": self.kind, "code": code, "message": message}, **more)
        found = signature(tail) if exit else None
        if found:
            report["signature"] = found
        report["log"] = tail if exit else ""
        terminate_with(self.settings, fit(report, self.settings.message_limit))
        self.console.say("%s: %s" % (code, message))
        self.processes.kill_all()
        if exit:
            try:
                self.cleanup()
            except OSError as error:
                self.console.say("could not clean up: %s" % error)
        return exit

    @property
    def gone_pods(self):
        return [uid for uid in self.settings.environ.get("GRPO_GONE_PODS", "").split(",") if uid]

    def run_script(self, script, arguments):
        """Runs a Python script of the image in launch.workDir; its exit code. Failure ConfigCommand when it isn't there."""
        work_dir = self.settings.work_dir
        path = os.path.join(work_dir, script)
        if not os.path.isfile(path):
            raise Failure("ConfigCommand", "the image has no %s" % path)
        command = ["python3", path] + arguments
        self.console.say(" ".join(command))
        child = self.processes.start(command, cwd=work_dir, env=self.settings.program_environ(), stdin=subprocess.DEVNULL,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT, bufsize=0)
        self.console.follow(child.stdout)
        try:
            self.processes.wait(lambda: child.ended)
        finally:
            if not child.ended:
                child.signal_group(signal.SIGTERM)
                self.processes.wait(lambda: not child.signal_group(0), self.settings.timings.stopGrace, deaf=True, step=0.1)
                child.signal_group(signal.SIGKILL)
            self.console.finish(2)
        return child.status


def write_record(folder, name, record):
    """A record of where something came from, on disk before it counts."""
    path = os.path.join(folder, name)
    with open(path + ".tmp", "w", encoding="utf-8") as file:
        file.write(json.dumps(record, indent=1, sort_keys=True))
        file.flush()
        os.fsync(file.fileno())
    os.rename(path + ".tmp", path)
