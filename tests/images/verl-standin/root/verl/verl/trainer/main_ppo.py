"""``python3 -m verl.trainer.main_ppo``: the entry point that launchers call."""
import sys

from standin.hydra.application import run
from standin.trainer.driver import main

if __name__ == "__main__":
    sys.exit(run(__file__, main))
