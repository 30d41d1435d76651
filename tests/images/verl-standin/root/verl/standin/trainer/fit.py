"""The training loop."""
from __future__ import annotations

import json
import os
import pprint
import time

from standin import settings
from standin.trainer import grpo, metrics, parallel
from standin.trainer.checkpoint import Checkpoints
from standin.trainer.dataset import Dataset, Loader
from standin.trainer.gang import Gang
from standin.trainer.policy import Policy
from standin.trainer.progress import Bar
from standin.trainer.rewards import Rewards
from standin.trainer.rollout import Rollout
from standin.trainer.settled import Settled
from standin.trainer.tracking import Tracking
from standin.trainer.validate import needs_reference

_ESI = ("MLP_CURRENT_CAPACITY_BLOCK_EXPIRATION_TIMESTAMP", "SAGEMAKER_CURRENT_CAPACITY_BLOCK_EXPIRATION_TIMESTAMP")


class Trainer:
    """Data, policy and gang of one run."""

    def __init__(self, config: Settled, gang: Gang):
        self.config, self.gang = config, gang
        self.rewards = Rewards(config)
        self.train = Dataset(config, config.get("data.train_files"), config.get("data.train_max_samples", -1))
        self.val = Dataset(config, config.get("data.val_files"), config.get("data.val_max_samples", -1))
        self.loader = Loader(config, self.train)
        assert len(self.loader) >= 1, "Train dataloader is empty!"
        assert len(self.val.rows) >= 1, "Validation dataloader is empty!"
        if not config.v1:
            size = config.get("data.val_batch_size") or len(self.val.rows)
            print("Size of train dataloader: %d, Size of val dataloader: %d" % (len(self.loader), -(-len(self.val.rows) // size)))
        self.total = self._total()
        if not (config.v1 and os.environ.get("VERL_LOGGING_LEVEL", "INFO") in ("WARN", "WARNING", "ERROR", "CRITICAL")):
            print("Total training steps: %d" % self.total)
        self.policy, self.reference = Policy(), Policy()
        self.rollout = Rollout(config, self.policy, self.reference, self.rewards)
        self.last_validation = None

    def _total(self) -> int:
        total = self.config.get("trainer.total_training_steps") or len(self.loader) * self.config.get("trainer.total_epochs", 30)
        cap = settings.integer("STANDIN_STEPS", None)
        return total if cap is None else min(total, cap)

    def fit(self) -> None:
        tracking = Tracking(self.config)
        checkpoints = Checkpoints(self.config, self.gang)
        step = checkpoints.load(self.policy, self.loader)
        if self.config.get("trainer.val_before_train", True):
            found = self.validate(step)
            _pretty("Initial validation metrics", found)
            tracking.log(found, step)
            if self.config.get("trainer.val_only", False):
                return
        bar = Bar(self.total, step)
        first, longest = True, 0.0
        while step < self.total:
            step += 1
            begin = time.monotonic()
            line = self.one_step(step, first)
            longest = max(longest, time.monotonic() - begin)
            if self._due("test_freq", step):
                line.update(self.timed(line, "testing", lambda: self.validate(step)) or {})
            if self._save_due(step, longest):
                self.timed(line, "save_checkpoint", lambda: checkpoints.save(step, self.policy, self.loader))
            tracking.log(line, step)
            bar.advance()
            first = False
        bar.close()
        _pretty("Final validation metrics", self.last_validation)

    def timed(self, line: dict, name: str, work):
        begin = time.monotonic()
        result = work()
        line["timing_s/" + name] = time.monotonic() - begin
        return result

    def validate(self, step: int) -> dict:
        self.last_validation = self.rollout.validate(self.val)
        folder = self.config.get("trainer.validation_data_dir")
        if folder:
            _dump(folder, step, [{"score": value, "key": key, "step": step} for key, value in self.last_validation.items()])
        return self.last_validation

    def _due(self, key: str, step: int) -> bool:
        every = self.config.get("trainer." + key, -1)
        return every > 0 and (step == self.total or step % every == 0)

    def _save_due(self, step: int, longest: float) -> bool:
        return self._due("save_freq", step) or (self.config.get("trainer.save_freq", -1) > 0 and self._expires_soon(longest))

    def _expires_soon(self, longest: float) -> bool:
        """The instance's end is near: save early (legacy trainer only)."""
        margin = self.config.get("trainer.esi_redundant_time", 0)
        ends = [float(os.environ[name]) for name in _ESI if os.environ.get(name)]
        return bool(ends) and not self.config.v1 and time.time() + margin + longest >= ends[0]

    def one_step(self, step: int, first: bool) -> dict:
        """Generation, rewards, advantages, update; takes as long as it was told to."""
        begin, timing = time.monotonic(), {}
        rows = self.loader.next()
        epoch = self.loader.epoch
        prompts = [self.train.length(row) for row in rows]
        parallel.generation_rules(self.config, len(rows) * self.config.samples)
        samples = self.rollout.generate(self.train, rows, step)
        self._pause(begin, first)
        self.gang.point("step", step)
        timing["gen"] = time.monotonic() - begin
        timing["old_log_prob"] = 0.0
        if needs_reference(self.config):
            timing["ref"] = 0.0
        grpo.rewards_and_advantages(self.config, samples)
        timing["adv"] = 0.0
        mark = time.monotonic()
        parallel.update_rules(self.config)
        rate = grpo.learning_rate(self.config, step, self.total)
        line = grpo.update(self.config, self.policy, samples, rate)
        timing["update_actor"] = time.monotonic() - mark
        line["actor/lr"] = rate
        timing["step"] = time.monotonic() - begin
        line = dict(metrics.of_batch(self.config, samples, prompts, epoch, step), **line)
        line.update(metrics.of_time(self.config, timing, line["perf/total_num_tokens"]))
        folder = self.config.get("trainer.rollout_data_dir")
        if folder:
            _dump(folder, step, [{"input": self.train.prompt(rows[index // self.config.samples]), "score": sample.score,
                                  "action": sample.action, "step": step} for index, sample in enumerate(samples)])
        return line

    @staticmethod
    def _pause(begin: float, first: bool) -> None:
        seconds = settings.number("STANDIN_SECONDS_PER_STEP", 1)
        if first:
            seconds = settings.number("STANDIN_FIRST_STEP_SECONDS", seconds)
        time.sleep(max(0.0, begin + seconds - time.monotonic()))


def _pretty(title: str, found) -> None:
    """verl hands pprint a string, so that it comes out quoted and broken at 80 columns; numbers are NumPy's."""
    if found is not None:
        shown = ", ".join("%r: %s" % (key, "np.float64(%r)" % value if isinstance(value, float) else value) for key, value in found.items())
        found = "{%s}" % shown
    pprint.pprint("%s: %s" % (title, found))


def _dump(folder: str, step: int, rows: list) -> None:
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "%d.jsonl" % step)
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    print("Dumped generations to %s" % path)
