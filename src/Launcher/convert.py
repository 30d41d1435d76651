"""Mode `convert`: Hugging Face weights → Megatron's torch_dist layout, once, safely, with its source on record."""
from job_container import JobContainer, write_record
from model_facts import has_experts
from paths import explain, is_local, trouble
from target import Target
from verdict import Failure
from weights import LAST_FILES, RECORD, is_complete, refusal, source_of, state

GOOD = {"Complete": ("CacheHit", "{target} was made from this model already"),
        "Unverified": ("WeightsUnverified", "{target} is complete, but nothing says what it was made from: it is used as it is")}


def main():
    return JobContainer("conversion").main(convert)


def convert(container):
    settings, job = container.settings, container.settings.job
    model, path = job.model.path, job.weights.path
    source = _source(model, settings.environ.get("GRPO_IMAGE"))
    found = _state(path, source)
    if found in GOOD:
        return _good(found, path)
    if found != "Absent" or job.weights.policy == "Never":
        raise Failure(*refusal(found, path, model))
    target = Target(path, settings.job_uid, settings.pod_uid)
    target.begin(container.gone_pods)
    container.cleanup = target.discard
    status = container.run_script(job.conversion.script or "scripts/converter_hf_to_mcore.py", _arguments(job, target.work))
    if status:
        raise Failure("ConversionFailed", "the converter ended with %d" % status)
    if not is_complete(target.work):   # it also ends with 0 when it did nothing
        raise Failure("ConversionIncomplete", "the converter ended with 0 but wrote no %s" % " and ".join(LAST_FILES))
    try:
        write_record(target.work, RECORD, source)
        published = target.publish()
    except OSError as error:
        raise Failure("TargetNotWritable", explain(path, error).text)
    if published:
        return "Converted", "%s was made from %s" % (path, model), {}
    target.discard()       # another was faster
    found = _state(path, source)
    if found in GOOD:
        return _good(found, path)
    raise Failure(*refusal(found, path, model))


def _source(model, image):
    """The record of the source; an unreadable model is a Failure, a hub's is recorded by name."""
    if not is_local(model):
        return {"modelPath": model, "configSha256": None, "indexSha256": None, "image": image}
    problem = trouble(model, "folder")
    if problem:
        raise Failure("ConfigModelPath", problem.text)
    try:
        return source_of(model, image)
    except OSError as error:
        raise Failure("ConfigModelPath", explain(error.filename or model, error).text)
    except ValueError as error:
        raise Failure("ConfigModelPath", "the weight index in %s: %s" % (model, error))


def _state(path, source):
    try:
        return state(path, source)
    except OSError as error:
        raise Failure("TargetNotWritable", explain(path, error).text)


def _good(found, path):
    code, text = GOOD[found]
    return code, text.format(target=path), {}


def _arguments(job, output):
    cpu = job.conversion.useCpuInitialization
    if cpu is None:
        cpu = has_experts(job.model.path)   # the converter asserts it for mixture-of-experts models only
    return (["--hf_model_path", job.model.path, "--output_path", output] + (["--use_cpu_initialization"] if cpu else [])
            + list(job.conversion.extraArgs or []))
