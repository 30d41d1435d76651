"""``@hydra.main``: the command line around a program, its short error reports and exit codes."""
from __future__ import annotations

import argparse
import os
import sys
import time
import traceback

from standin import settings
from standin.hydra import compose, errors, interpolate, yaml_text

#: Config names of verl's trainer and the root whose keys they have.
ROOTS = {"ppo_trainer": "F", "ppo_megatron_trainer": "M"}
_HINT = "\nSet the environment variable HYDRA_FULL_ERROR=1 for a complete stack trace.\n"


def arguments(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=program, add_help=False, description="Hydra (stand-in)")
    parser.add_argument("--help", "-h", action="store_true")
    parser.add_argument("--hydra-help", action="store_true")
    parser.add_argument("--version", action="version", version="Hydra 1.3.2")
    parser.add_argument("overrides", nargs="*")
    parser.add_argument("--cfg", "-c", choices=["job", "hydra", "all"])
    parser.add_argument("--resolve", action="store_true")
    parser.add_argument("--package", "-p")
    parser.add_argument("--run", "-r", action="store_true")
    parser.add_argument("--multirun", "-m", action="store_true")
    parser.add_argument("--config-path", "-cp")
    parser.add_argument("--config-name", "-cn")
    parser.add_argument("--config-dir", "-cd")
    parser.add_argument("--experimental-rerun")
    parser.add_argument("--info", "-i", nargs="?", const="all")
    return parser


def _root(options, module_dir: str, config_path: str | None, config_name: str | None) -> str:
    folder = os.path.join(module_dir, options.config_path or config_path or "")
    if not os.path.isdir(folder):
        raise errors.MissingConfigException(
            "Primary config directory not found.\nCheck that the config directory '%s' exists and readable" % folder)
    name = options.config_name or config_name or ""
    name = name[:-5] if name.endswith(".yaml") else name
    if name not in ROOTS:
        raise errors.MissingConfigException(
            "Cannot find primary config '%s'. Check that it's in your config search path.\n\n"
            "Config search path:\n\tprovider=hydra, path=pkg://hydra.conf\n"
            "\tprovider=main, path=file://%s\n\tprovider=schema, path=structured://" % (name, folder))
    return ROOTS[name]


def _full_errors() -> bool:
    return os.environ.get("HYDRA_FULL_ERROR", "0") not in ("0", "")


def _report(error: BaseException) -> int:
    """Prints an error as Hydra's ``run_and_report`` does and returns the exit code."""
    if _full_errors():
        traceback.print_exception(type(error), error, error.__traceback__)
        return 1
    if isinstance(error, (errors.HydraException, errors.OmegaConfBaseException)):
        sys.stderr.write("%s\n" % error)
        if isinstance(error.__cause__, errors.OmegaConfBaseException):
            sys.stderr.write("%s\n" % error.__cause__)
    else:
        traceback.print_exception(type(error), error, error.__traceback__)
    sys.stderr.write(_HINT)
    return 1


def _write_output_dir(overrides: list, config: dict) -> None:
    """``outputs/<day>/<time>/.hydra``, where the working directory can be written."""
    folder = os.path.join("outputs", time.strftime("%Y-%m-%d"), time.strftime("%H-%M-%S"), ".hydra")
    try:
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "overrides.yaml"), "w", encoding="utf-8") as file:
            file.write(yaml_text.dump(overrides))
        with open(os.path.join(folder, "config.yaml"), "w", encoding="utf-8") as file:
            file.write(yaml_text.dump(config))
    except OSError:
        pass


def _print_config(options, config: dict) -> None:
    if options.resolve:
        config = interpolate.resolve_tree(config, config)
    node = config
    for part in (options.package or "").split("."):
        node = node[part] if part else node
    sys.stdout.write(yaml_text.dump(node))


def run(module_file: str, task, config_path: str | None, config_name: str | None) -> int:
    """Composes the configuration from ``sys.argv`` and calls ``task(config)``; returns the exit code."""
    parser = arguments(os.path.basename(module_file))
    options = parser.parse_args()
    if options.help or options.hydra_help:
        parser.print_help()
        return 0
    try:
        root = _root(options, os.path.dirname(os.path.abspath(module_file)), config_path, config_name)
        config = compose.compose(settings.version(), root, options.overrides)
        if options.cfg:
            _print_config(options, config)
            return 0
    except Exception as error:
        return _report(error)
    _write_output_dir(options.overrides, config)
    try:
        task(config)
        return 0
    except Exception as error:
        sys.stdout.flush()
        sys.stderr.write("Error executing job with overrides: %s\n" % options.overrides)
        return _report(error)
