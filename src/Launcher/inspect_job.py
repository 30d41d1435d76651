"""Mode `inspect`: looks at what a job will need before any NPU is asked for, and reports in the termination message. It writes
nothing but one probe file in checkpointDir."""
import json
import os
import re
import time

from console import Console
from data_files import inspect_data
from image_facts import ask, judge
from model_facts import inspect_model
from paths import existing_parent, explain, is_local, is_mount_root, trouble
from process import Processes, Terminated
from resume import describe, tracker
from settings import Settings
from verdict import Failure, exit_code, terminate_with
from weights import refusal, source_of, state

# With one of these in the arguments, the data may have other columns.
_OWN_SCHEMA = re.compile(r"[+]{0,2}(data\.(custom_cls|prompt_key|reward_fn_key)|(reward\.)?custom_reward_function)\b")
# Importing verl, where that is possible, takes a while; what it may have to say must not keep the rest waiting.
_IMAGE_SECONDS = 40


def main():
    settings, console = Settings(), Console()
    processes = Processes(settings.run)
    inspection, until = Inspection(settings), time.monotonic() + settings.timings.inspection
    try:
        settings.read_job()
        answers = ask(settings, processes, min(_IMAGE_SECONDS, settings.timings.inspection / 2))
        report = processes.aside(lambda: inspection.run(answers), max(0, until - time.monotonic()))
        text, exit = fit_findings(report, settings.message_limit), 0
    except TimeoutError:
        text, exit = broken("InspectionTimeout", "after %g s still looking at %s" % (
            settings.timings.inspection, inspection.at))
    except Terminated:
        text, exit = broken("Terminated", "SIGTERM")
    except Failure as failure:
        text, exit = broken(failure.code, failure.message)
    except Exception as error:
        text, exit = broken("InspectionFailed", "%s: %s" % (type(error).__name__, error))
    terminate_with(settings, text)
    console.say(text)
    processes.kill_all()
    return exit


def broken(code, message):
    return json.dumps({"v": 1, "kind": "inspection", "code": code, "message": message[:1000]}), exit_code(code)


class Inspection:
    def __init__(self, settings):
        self._settings = settings
        self.at = "nothing yet"
        self.findings = []

    def add(self, rule, message, severity="Error"):
        self.findings.append({"rule": rule, "severity": severity, "message": message})

    def run(self, answers):
        """The report; `answers` are what the image's Python said (image_facts)."""
        job = self._settings.job
        report = {"v": 1, "kind": "inspection", "node": self._settings.node, "model": self._model(job),
                  "weights": self._weights(job)}
        report["data"], report["trainRows"], report["valRows"] = self._data(job)
        self._reward(job)
        report["freeBytes"], report["newestCheckpointStep"] = self._checkpoints(job)
        report["checkpoint"] = None if report["newestCheckpointStep"] is None else describe(
            job.checkpointDir, report["newestCheckpointStep"])
        report["verlVersion"] = self._version(answers.get("version"), job)
        self._image(answers, job, report)
        report["findings"] = self.findings
        return report

    def _model(self, job):
        self.at = job.model.path
        return inspect_model(job.model.path, self.add) if is_local(job.model.path) else None

    def _weights(self, job):
        weights, self.at = job.weights, job.weights.path
        if weights.mode != "DistCheckpoint" or not is_local(weights.path):
            return "NotChecked"
        try:
            source = source_of(job.model.path, None) if is_local(job.model.path) else None
        except (OSError, ValueError):
            source = None      # the model's own findings say why
        try:
            found = state(weights.path, source)
        except OSError as error:
            problem = explain(weights.path, error)
            self.add("DistCheckpointPath" + problem.kind, problem.text)
            return "NotChecked"
        if found == "Unverified":
            self.add("WeightsUnverified", "%s is complete, but nothing says what it was made from" % weights.path, "Warning")
        elif found != "Complete" and (found != "Absent" or weights.policy == "Never"):
            self.add(*refusal(found, weights.path, job.model.path))
        elif found == "Absent" and is_mount_root(weights.path):
            self.add("TargetIsMountRoot", "%s is a mount's root: name a folder below it" % weights.path)
        return found

    def _data(self, job):
        arguments = (self._settings.arguments("args") or []) + (self._settings.arguments("args-resume") or [])
        own_schema = job.launch.command or job.launch.module not in (None, "verl.trainer.main_ppo") or any(
            _OWN_SCHEMA.match(argument) for argument in arguments)
        results = []
        for paths in (job.data.trainFiles or [], job.data.valFiles or []):
            self.at = ", ".join(paths)
            before = len(self.findings)
            results.append(inspect_data(paths, self.add, "Warning" if own_schema else "Error"))
            if job.data.prepare:    # missing files will be made
                self.findings[before:] = [finding for finding in self.findings[before:]
                                          if finding["rule"] not in ("DataFileNotFound", "DataFileDanglingLink")]
        raw = job.data.prepare.rawPath if job.data.prepare else None
        there, local = (sum(result[part] for result in results) for part in (0, 1))
        problem = trouble(raw, "folder") if is_local(raw) and there < local else None
        if problem:
            self.add("RawDataPath" + problem.kind, problem.text)
        kind = "NotChecked" if not local else "Present" if there == local else "Partial" if there else "Absent"
        return kind, results[0][2], results[1][2]

    def _reward(self, job):
        self.at = job.reward.path
        problem = trouble(job.reward.path) if is_local(job.reward.path) else None
        if problem:
            self.add("RewardPath" + problem.kind, problem.text)

    def _checkpoints(self, job):
        path, self.at = job.checkpointDir, job.checkpointDir
        if not is_local(path):
            return None, None
        try:
            folder = existing_parent(path)
            if folder == path:
                probe = os.path.join(path, ".grpo-probe-" + re.sub(r"[^0-9A-Za-z-]", "-", self._settings.pod_uid))
                try:
                    with open(probe, "w") as file:
                        file.write("x")
                finally:        # a full disk takes the name, but not the byte
                    if os.path.exists(probe):
                        os.unlink(probe)
            elif not os.access(folder, os.W_OK | os.X_OK):
                self.add("CheckpointDirNotWritable", "%s can't be made: %s can't be written by uid %d" % (
                    path, folder, os.getuid()))
            space = os.statvfs(folder)
            free = space.f_bavail * space.f_frsize
            step = (tracker(path)["content"] or "") if folder == path else ""
            return free if 0 < free < 1 << 60 else None, int(step) if re.match(r"[0-9]{1,9}\Z", step) else None
        except OSError as error:
            problem = explain(path, error)
            self.add("CheckpointDir" + problem.kind, problem.text)
            return None, None

    def _image(self, answers, job, report):
        self.at = self._settings.work_dir
        judge(answers, self._settings, self.add)
        if report["weights"] == "Absent" and job.weights.policy == "IfMissing":
            self._script("ConverterNotFound", job.conversion)
        if report["data"] in ("Absent", "Partial") and job.data.prepare:
            self._script("PrepareScriptNotFound", job.data.prepare)

    def _script(self, rule, program):
        """A program that a Job will run in launch.workDir, if it will do so in this image."""
        path = os.path.join(self.at, program.script) if program.script else None
        if path and not program.otherImage and not os.path.isfile(path):
            self.add(rule, "the image has no %s" % path)

    def _version(self, found, job):
        asked = re.match(r"[0-9]+(\.[0-9]+)*", job.verlVersion or "")
        have = re.match(r"[0-9]+(\.[0-9]+)*", found or "")
        if asked and have and not (have.group() + ".0.0.").startswith(asked.group() + "."):
            self.add("VerlVersionDiffers", "the image has verl %s, spec.verlVersion is %s" % (found, job.verlVersion), "Warning")
        return found


def fit_findings(report, limit):
    """The report in at most limit bytes: messages get shorter, then warnings go, then errors, and a last finding says so."""
    def dump(findings):
        return json.dumps(dict(report, findings=findings), separators=(",", ":"))

    findings = sorted(report["findings"], key=lambda finding: finding["severity"] != "Error")
    for length in (1000, 400, 200, 120):
        text = dump([dict(finding, message=finding["message"][:length]) for finding in findings])
        if len(text) <= limit:
            return text
    findings = [dict(finding, message=finding["message"][:120]) for finding in findings]
    for count in range(len(findings) - 1, -1, -1):
        cut = {"rule": "FindingsCut", "severity": "Warning", "message": "%d more findings" % (len(findings) - count)}
        text = dump(findings[:count] + [cut])
        if len(text) <= limit:
            break
    return text
