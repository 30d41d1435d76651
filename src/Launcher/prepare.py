"""Mode `prepare`: runs the data script and moves its files to outputDir, each by a rename, the record of their source last."""
import hashlib
import os

from data_files import inspect_data
from job_container import JobContainer, write_record
from paths import explain
from target import Target, sync, sync_tree
from verdict import Failure
from weights import RECORD, read_record

DEFAULT_SCRIPT = "examples/data_preprocess/gsm8k.py"


def main():
    return JobContainer("data").main(prepare)


def prepare(container):
    settings, data = container.settings, container.settings.job.data
    wanted = (data.trainFiles or []) + (data.valFiles or [])
    output = os.path.normpath(data.prepare.outputDir or "/")
    source = {"script": data.prepare.script or DEFAULT_SCRIPT, "rawPath": data.prepare.rawPath,
              "extraArgs": list(data.prepare.extraArgs or []), "image": settings.environ.get("GRPO_IMAGE")}
    try:
        if all(os.path.exists(path) for path in wanted):
            return _cached(data, output, source)
        target = Target(output, settings.job_uid, settings.pod_uid)
        target.begin(container.gone_pods)
        container.cleanup = target.discard
        raw = ["--local_dataset_path", data.prepare.rawPath] if data.prepare.rawPath else []
        status = container.run_script(source["script"], raw + ["--local_save_dir", target.work] + source["extraArgs"])
        if status:
            raise Failure("DataFailed", "the data script ended with %d" % status)
        _check_made(wanted, output, target.work)
        _publish(target.work, output, source, settings.job_uid)
        target.discard()
        return "Prepared", "%s made %s" % (source["script"], ", ".join(wanted)), _rows(data)
    except OSError as error:
        raise Failure("TargetNotWritable", explain(error.filename or output, error).text)


def _cached(data, output, source):
    record = read_record(output)
    if record and any(record.get(name) != source[name] for name in source if name != "image"):
        raise Failure("TargetUnsafe", "the files in %s were made by %s from %s (see %s there): name another outputDir, or remove "
                      "them to make them anew" % (output, record.get("script"), record.get("rawPath"), RECORD))
    return "CacheHit", "all data files are there", _rows(data)


def _rows(data):
    """Rows of what is there now; Failure DataIncomplete when a file can't be used."""
    findings = []
    counts = [inspect_data(paths or [], lambda rule, text, severity="Error": findings.append(text), "Warning")[2]
              for paths in (data.trainFiles, data.valFiles)]
    if None in counts and findings:
        raise Failure("DataIncomplete", findings[0])
    return {"trainRows": counts[0], "valRows": counts[1]}


def _check_made(wanted, output, work):
    """What the job needs below outputDir must be there, whole, before anything is moved."""
    findings = []
    for path in wanted:
        if os.path.normpath(path).startswith(output + "/"):
            made = os.path.join(work, os.path.relpath(path, output))
            inspect_data([made], lambda rule, text, severity="Error": findings.append(text.replace(work, output)), "Warning")
    if findings:
        raise Failure("DataIncomplete", "the data script ended with 0, but %s" % findings[0])


def _publish(work, output, source, job_uid):
    """A file that stands there already and is the same stays; another one is never replaced. "The same" includes what an earlier
    pod of this job had moved there before it died: a script need not write the same bytes twice."""
    sync_tree(work)
    os.makedirs(output, exist_ok=True)
    moving = ".grpo-moving-%s.json" % job_uid
    earlier = (read_record(output, moving) or {}).get("files", {})
    names = [os.path.relpath(os.path.join(folder, name), work) for folder, _, files in os.walk(work) for name in files]
    good = {name: earlier.get(name, []) + [_digest(os.path.join(work, name))] for name in sorted(names)}
    for name in good:
        _check_same(os.path.join(output, name), good[name])
    write_record(output, moving, {"files": good})
    for name in good:
        final = os.path.join(output, name)
        os.makedirs(os.path.dirname(final), exist_ok=True)
        if not _place(os.path.join(work, name), final):
            _check_same(final, good[name])
        sync(os.path.dirname(final))
    write_record(output, RECORD, source)
    os.unlink(os.path.join(output, moving))
    sync(output)


def _check_same(final, digests):
    if os.path.lexists(final) and _digest(final) not in digests:
        raise Failure("TargetUnsafe", "%s is there already with other content: remove it, or name another outputDir" % final)


def _place(made, final):
    """Moves a file where none is; False when one is. A link refuses where a rename would replace."""
    try:
        os.link(made, final)
        return True
    except FileExistsError:
        return False
    except OSError:             # no hard links here: two writers at once are told apart by the look only
        if os.path.lexists(final):
            return False
        os.rename(made, final)
        return True


def _digest(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            digest.update(part)
    return digest.hexdigest()
