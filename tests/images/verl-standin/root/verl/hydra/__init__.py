"""Stand-in for Hydra: ``@hydra.main`` around a program, as far as verl's entry points use it."""
import functools
import sys

from standin.hydra.application import run


def main(config_path=None, config_name=None, version_base=None):
    """Like Hydra's: a relative ``config_path`` starts at the file that the decorated function is written in."""
    def decorate(task):
        @functools.wraps(task)
        def call():
            status = run(task.__code__.co_filename, task, config_path, config_name)
            if status:
                sys.exit(status)
        return call
    return decorate
