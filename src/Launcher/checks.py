"""What a rank looks at before it starts anything: NPUs, CPUs, paths. Each problem is a Failure with its own code."""
import glob
import re
import shutil

from paths import explain, is_local, trouble
from verdict import Failure
from weights import REFUSALS, refusal, source_of, state


def check_devices(settings, processes, console):
    """The container must have as many NPUs as the job uses on a node. A machine that shows neither device files nor npu-smi
    (a test, a stand-in) is left alone."""
    wanted = settings.npus_per_node
    devices = [name for name in glob.glob(settings.place("/dev/davinci*")) if re.search(r"davinci[0-9]+\Z", name)]
    if devices and len(devices) < wanted:
        raise Failure("DeviceMissing", "the container has %d NPU devices, the job asks for %d" % (len(devices), wanted))
    if not shutil.which("npu-smi", path=settings.environ.get("PATH")):
        if not devices:
            console.say("neither /dev/davinci* nor npu-smi is here: NPUs are not checked")
        return
    status, output = processes.run(["npu-smi", "info", "-l"], 60, env=settings.environ)
    if status:
        if not devices:
            raise Failure("DeviceFault", "npu-smi info ended with %d: %s" % (status, output[-300:]))
        console.say("npu-smi info ended with %d, but %d devices are here" % (status, len(devices)))
        return
    counts = [int(number) for number in re.findall(r"Chip Count\s*:\s*([0-9]{1,4})", output)]
    if not devices and counts and sum(counts) < wanted:
        raise Failure("DeviceMissing", "npu-smi shows %d NPUs, the job asks for %d" % (sum(counts), wanted))


def check_visible(settings):
    visible = settings.environ.get("ASCEND_RT_VISIBLE_DEVICES")
    if visible is not None and len([part for part in visible.split(",") if part.strip()]) < settings.npus_per_node:
        raise Failure("ConfigVisibleDevices", "ASCEND_RT_VISIBLE_DEVICES=%s names fewer NPUs than the job uses on a node (%d)"
                      % (visible, settings.npus_per_node))


def check_cpus(settings):
    """verl from 0.7 on puts three workers on an NPU and needs a few CPUs beside; short of them it waits for ever."""
    job, cpus, needed = settings.job, settings.job.ray.cpusPerNode, 3 * settings.npus_per_node + 4
    typical = not job.launch.command and job.launch.module in (None, "verl.trainer.main_ppo")
    if typical and cpus and cpus < needed and (settings.verl_version or (0, 7)) >= (0, 7):
        raise Failure("ConfigCpus", "ray.cpusPerNode is %d; verl %s needs 3 x %d NPUs + 4 = %d, or it hangs" % (
            cpus, job.verlVersion or "0.7", settings.npus_per_node, needed))


def check_paths(settings):
    """Every path that the trainer will use, on every rank: Ray may put the training loop on any node."""
    job = settings.job
    _need("ConfigWorkDir", job.launch.workDir, "folder")
    _need("ConfigModelPath", job.model.path, "folder")
    for path in (job.data.trainFiles or []) + (job.data.valFiles or []):
        _need("ConfigDataPath", path, "file")
    _need("ConfigRewardPath", job.reward.path, "file")
    _need_weights(job)


def _need_weights(job):
    """They must be there now, whoever was to make them."""
    path, model = job.weights.path, job.model.path
    if job.weights.mode != "DistCheckpoint" or not is_local(path):
        return
    try:
        source = source_of(model, None) if is_local(model) else None
    except (OSError, ValueError):
        source = None       # the trainer will say what is wrong with the model
    try:
        found = state(path, source)
    except OSError as error:
        raise Failure("WeightsMissing", explain(error.filename or path, error).text)
    if found in REFUSALS:
        raise Failure(*refusal(found, path, model))


def _need(code, path, kind):
    problem = trouble(path, kind) if is_local(path) else None
    if problem:
        raise Failure(code, problem.text)
