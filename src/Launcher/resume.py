"""Which argument list an attempt gets: the first one's, until this job has saved a checkpoint of its own; then `args-resume`."""
import json
import os
import re

from fence_marks import FOLDER, make_exclusively, read_small
from verdict import Failure

TRACKER = "latest_checkpointed_iteration.txt"
_RANKS = re.compile(r"model_world_size_([0-9]{1,6})_rank_[0-9]+\.pt\Z")


def saved_since_start(checkpoint_dir, job_uid, epoch, pod_uid):
    """Whether verl's tracker file differs from what this job found when it first trained. The first call of an epoch stores it.
    Answers (differs, the tracker's content or None)."""
    found = tracker(checkpoint_dir)
    path = os.path.join(checkpoint_dir, FOLDER, "%s.tracker-%d" % (job_uid, epoch))
    stored = read_small(path)
    if stored is None:
        make_exclusively(path, json.dumps(found), ".tmp-" + pod_uid)
        stored = read_small(path)
    try:
        before = json.loads(stored or "")
    except ValueError:
        before = None
    return before != found, found["content"]


def tracker(checkpoint_dir):
    """Content, mtime in ns and inode of the tracker file; all None without one."""
    path = os.path.join(checkpoint_dir, TRACKER)
    try:
        status = os.stat(path)
        with open(path, "rb") as file:
            content = file.read(64).decode("ascii", "replace").strip()
    except FileNotFoundError:
        return {"content": None, "mtimeNs": None, "inode": None}
    return {"content": content, "mtimeNs": status.st_mtime_ns, "inode": status.st_ino}


def describe(checkpoint_dir, step):
    """How the actor of a step was saved: Fsdp and by how many ranks, MegatronFlat (verl before 0.9) or Megatron; else None."""
    try:
        names = os.listdir(os.path.join(checkpoint_dir, "global_step_%d" % step, "actor"))
    except OSError:
        names = []
    ranks = [int(match.group(1)) for match in map(_RANKS.match, names) if match]
    layout = "Fsdp" if ranks else "Megatron" if "ckpt_contents.json" in names else "MegatronFlat" if "dist_ckpt" in names else None
    return {"step": step, "layout": layout, "worldSize": max(ranks) if ranks else None}


def refuse_unsupported(job, version, content):
    """Megatron of verl 0.7.0 and older imports modules on resume that the NPU images don't have."""
    if job.strategy == "Megatron" and version is not None and version <= (0, 7, 0):
        raise Failure("ResumeUnsupported", "verl %s can't resume Megatron checkpoints on NPUs; this job saved %s/global_step_%s: "
                      "use verl 0.7.1, or start anew with an empty checkpointDir" % (job.verlVersion, job.checkpointDir, content))
