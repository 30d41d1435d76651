"""What the image's own Python says of verl, of the trainer's module and of its configuration: ask_image.py is run by it."""
import json
import os
import re

from ask_image import MARK

_VERSION = re.compile(r"[0-9][0-9A-Za-z.+-]{0,60}\Z")


def ask(settings, processes, seconds):
    """The answers, those that came in time; without one nothing is known."""
    work_dir = settings.work_dir
    module, rest = trainer(settings)
    source = __loader__.get_data(os.path.join(os.path.dirname(__file__), "ask_image.py")).decode("utf-8")
    _, output = processes.run(["python3", "-c", source, module] + rest, seconds, env=settings.program_environ(),
                              cwd=work_dir if os.path.isdir(work_dir) else None)
    answers = {}
    for line in output.split("\n"):
        if line.startswith(MARK):
            try:
                answers.update(json.loads(line[len(MARK):]))
            except ValueError:
                continue        # cut by the end of its time
    if not _VERSION.match(str(answers.get("version"))):
        answers["version"] = _of_checkout(work_dir)
    return answers


def trainer(settings):
    """(module, its command line) of the trainer; ("", []) when none will run, or in another image than this."""
    job, arguments = settings.job, settings.arguments("args") or []
    if job.launch.command or job.launch.mode not in (None, "Train") or job.launch.otherImage or arguments[:1] != ["-m"]:
        return "", []
    return arguments[1], arguments[2:]


def judge(answers, settings, add):
    """Findings of what the image said. Where a set-up script runs before the trainer, it may change all of it."""
    launch, work_dir = settings.job.launch, settings.work_dir
    severity, module = "Warning" if launch.setup else "Error", launch.module
    if "module" in answers and answers["module"] is None:
        add("LaunchModuleNotFound", "the image's Python finds no module %s in %s%s" % (
            module, work_dir, "" if os.path.isdir(work_dir) else ", which isn't there"), severity)
    if answers.get("error"):
        add("HydraComposition", "the image's Hydra refuses the arguments of %s: %s" % (module, answers["error"]), severity)
    if answers.get("refused"):
        add("VerlValidation", "the image's verl refuses the configuration: %s" % answers["refused"], severity)


def _of_checkout(work_dir):
    """The version in verl's own file; None when there is none."""
    try:
        with open(os.path.join(work_dir, "verl", "version", "version")) as file:
            return file.read(64).strip() or None
    except (OSError, ValueError):
        return None
