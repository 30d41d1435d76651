"""Converted weights (Megatron's torch_dist layout) and the record of what they were made from."""
import hashlib
import json
import os

from model_facts import weight_files

RECORD = ".grpo-source.json"
# The converter writes metadata.json last; both are empty when the disk was full.
LAST_FILES = ("metadata.json", ".metadata")


def source_of(model_path, image):
    """The record for weights made from this model; OSError or ValueError when it can't be read."""
    index, files, size = weight_files(model_path)
    return {"modelPath": model_path, "configSha256": _sha256(os.path.join(model_path, "config.json")),
            "indexSha256": _sha256(os.path.join(model_path, index)) if index else "%s:%s" % (files[:1], size), "image": image}


def _sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            digest.update(part)
    return digest.hexdigest()


def is_complete(folder):
    return all(os.path.isfile(os.path.join(folder, name)) and os.path.getsize(os.path.join(folder, name)) > 0
               for name in LAST_FILES)


def state(target, source):
    """Complete, Absent, Incomplete, OtherModel or Unverified; source None (a model that can't be read) leaves complete weights
    Unverified. OSError when the target can't be read."""
    try:
        names = os.listdir(target)
    except FileNotFoundError:
        return "Absent" if not os.path.islink(target) else "Incomplete"
    if not names:
        return "Absent"
    if not is_complete(target):
        return "Incomplete"
    record = read_record(target)
    if record is None or source is None:
        return "Unverified"
    same = all(record.get(name) == source[name] for name in source if name != "image")
    return "Complete" if same else "OtherModel"


def read_record(folder, name=RECORD):
    try:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            record = json.loads(file.read(65536))
    except (FileNotFoundError, ValueError):
        return None
    return record if isinstance(record, dict) else None


# state → (code, what to say and do); the others are good.
REFUSALS = {
    "Incomplete": ("WeightsIncomplete", "{target} holds other content or an unfinished conversion (no {files}): "
                   "empty or remove it, or name another distCheckpointPath"),
    "OtherModel": ("WeightsOfOtherModel", "{target} was made from another model than {model} (see {record} there): "
                   "name another distCheckpointPath, or remove it to convert anew"),
    "Absent": ("WeightsMissing", "there are no converted weights at {target}: convert them, or set conversion.policy to IfMissing"),
}


def refusal(found, target, model):
    """(code, message) of a state that can't be used."""
    code, text = REFUSALS[found]
    return code, text.format(target=target, model=model, files=" and ".join(LAST_FILES), record=RECORD)
