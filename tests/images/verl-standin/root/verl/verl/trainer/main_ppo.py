"""``python3 -m verl.trainer.main_ppo``: the entry point that launchers call."""
import hydra

from standin.trainer import driver


@hydra.main(config_path="config", config_name="ppo_trainer", version_base=None)
def main(config):
    driver.main(config)


if __name__ == "__main__":
    main()
