"""launch.setup: a bash text of the user's, run on every rank; what it exports reaches Ray and the trainer."""
import os
import tempfile

from verdict import Failure

# The text is sourced, so that `exit` and a failing last command are seen; the trap writes the environment even after `exit 0`.
_RUN = "set +u; trap 'code=$?; [ $code -ne 0 ] || env -0 >\"$1\"; exit $code' EXIT; . \"$0\""
_SHELLS_OWN = ("_", "SHLVL", "PWD", "OLDPWD")


def adopt_setup(settings, processes, console):
    """Runs the text in launch.workDir and takes over its environment; Failure ConfigSetup."""
    text = settings.job.launch.setup
    if not text:
        return
    with tempfile.TemporaryDirectory(dir=settings.run) as folder:
        script, result = os.path.join(folder, "setup.sh"), os.path.join(folder, "environ")
        with open(script, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        work_dir = settings.job.launch.workDir
        status, _ = processes.run(["/bin/bash", "-c", _RUN, script, result], None, console, env=settings.environ,
                                  cwd=work_dir if work_dir and os.path.isdir(work_dir) else None)
        if status:
            raise Failure("ConfigSetup", "launch.setup ended with %d" % status)
        try:
            with open(result, "rb") as file:
                pairs = file.read().split(b"\0")
        except FileNotFoundError:
            raise Failure("ConfigSetup", "launch.setup replaced the shell or its EXIT trap: its environment is unknown")
    environ = dict(os.fsdecode(pair).split("=", 1) for pair in pairs if b"=" in pair)
    settings.environ = {name: value for name, value in environ.items() if name not in _SHELLS_OWN}
