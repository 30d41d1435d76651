"""Run by the image's own Python, never by the launcher's: which verl there is, whether the trainer's module is there, the
configuration composed by the image's own Hydra, and verl's own check of it where verl can be imported without a device.
Arguments: the module (empty: only the version), then its command line. Answers: lines of JSON behind a mark."""
import ast
import contextlib
import importlib.metadata
import importlib.util
import io
import json
import os
import re
import sys

MARK = "grpo-image:"
VALIDATED = "verl.trainer.main_ppo"     # the entry point that asks verl.utils.config for a check
LEAST_MEMORY = 2 << 30                  # importing torch in less would end the container
_DECORATOR = ast.dump(ast.parse("hydra.main", mode="eval").body)
_HINT = "Set the environment variable HYDRA_FULL_ERROR"
_ERROR = re.compile(r"^[\w.]+(Error|Exception|Interrupt)\b", re.M)
_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def say(**answer):
    sys.stdout.write("\n%s%s\n" % (MARK, json.dumps(answer)))
    sys.stdout.flush()


def version():
    try:
        return importlib.metadata.version("verl")
    except importlib.metadata.PackageNotFoundError:
        return None


def find(module):
    """The file of a module, or None; nothing is imported, since what lies above it may want a device."""
    top, *rest = module.split(".")
    spec = importlib.util.find_spec(top)
    if spec is None:
        return None
    folders = list(spec.submodule_search_locations or [])
    if not rest:
        files = [os.path.join(folder, "__main__.py") for folder in folders] or [spec.origin or ""]
        return next(filter(os.path.isfile, files), None)
    for name in rest[:-1]:
        folders = [os.path.join(folder, name) for folder in folders]
    files = [os.path.join(folder, rest[-1] + ending) for folder in folders for ending in (".py", "/__main__.py")]
    return next(filter(os.path.isfile, files), None)


def decorator(file):
    """What a file's `@hydra.main` was given, by name; None when there is none that can be read."""
    with open(file, "rb") as source:
        tree = ast.parse(source.read())
    for node in ast.walk(tree):
        for call in getattr(node, "decorator_list", []):
            if isinstance(call, ast.Call) and ast.dump(call.func) == _DECORATOR:
                names = ("config_path", "config_name", "version_base")
                given = list(zip(names, call.args)) + [(keyword.arg, keyword.value) for keyword in call.keywords]
                try:
                    return {name: ast.literal_eval(value) for name, value in given}
                except ValueError:
                    return None
    return None


def compose(file, given, arguments):
    """(configuration as YAML, None) or (None, error). Hydra runs as for the module itself, but shows instead of doing."""
    import hydra
    scope = {"__name__": "__main__"}
    exec(compile("def task(config):\n    pass\n", file, "exec"), scope)      # relative config paths start at this file
    sys.argv = [file, "--cfg", "job"] + arguments
    os.environ.pop("HYDRA_FULL_ERROR", None)                                 # the short error, not the stack
    output, errors = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
            hydra.main(**given)(scope["task"])()
    except SystemExit as end:
        if end.code:
            return None, short(errors.getvalue() or output.getvalue())
    return output.getvalue(), None


def short(text):
    """An error without the stack above it and the hint below it."""
    text = text.partition(_HINT)[0].strip()
    last = list(_ERROR.finditer(text))
    return text[last[-1].start():] if text.startswith("Traceback") and last else text


def validate(text):
    """verl's own error about a configuration, or None; ImportError and others when it can't be asked."""
    os.environ.setdefault("TORCH_DEVICE_BACKEND_AUTOLOAD", "0")     # torch would load torch_npu, and that the driver
    from omegaconf import OmegaConf
    from verl.utils.config import validate_config
    config = OmegaConf.create(text)
    OmegaConf.resolve(config)
    critic = OmegaConf.select(config, "critic.enable")
    reference = config.algorithm.use_kl_in_reward or config.actor_rollout_ref.actor.use_kl_loss
    try:
        validate_config(config=config, use_reference_policy=bool(reference),
                        use_critic=config.algorithm.adv_estimator == "gae" if critic is None else bool(critic))
    except (AssertionError, ValueError, NotImplementedError) as error:
        return "%s: %s" % (type(error).__name__, error)
    return None


def little_memory():
    for name in _LIMITS:
        try:
            with open(name) as file:
                return int(file.read()) < LEAST_MEMORY
        except (OSError, ValueError):
            continue
    return False


def main(module, arguments):
    say(version=version())
    if not module:
        return
    try:
        file = find(module)
    except Exception:       # a parent that can't be looked into
        return
    say(module=file)
    given = decorator(file) if file else None
    if given is None:
        return
    text, error = compose(file, given, arguments)
    say(composed=error is None, error=error)
    if error is None and module == VALIDATED and not little_memory():
        say(refused=validate(text))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
