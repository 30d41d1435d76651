"""Generation: the policy answers prompts, each several times."""
from __future__ import annotations

import random

from standin.trainer.dataset import Dataset
from standin.trainer.grpo import Sample
from standin.trainer.policy import Policy, prompt_class
from standin.trainer.rewards import Rewards
from standin.trainer.settled import ROLLOUT, Settled


def solution(truth, action: int) -> str:
    """The response text of an action: the policy decides the last digit, the digits before it are given."""
    digits = str(truth).replace(",", "")
    return "Adding the numbers gives the answer.\n#### %s%d" % (digits[:-1], action)


def _length(rng: random.Random, longest: int) -> int:
    return min(longest, max(8, int(rng.lognormvariate(5.0, 0.5))))


class Rollout:
    """Samples with a generator seeded by the step, so that a resumed run draws what an unbroken one would."""

    def __init__(self, config: Settled, policy: Policy, reference: Policy, rewards: Rewards):
        self.config, self.policy, self.reference, self.rewards = config, policy, reference, rewards
        self.longest = config.get("data.max_response_length", 512)

    def generate(self, data: Dataset, rows: list, step: int) -> list:
        """``n`` samples for every row, in the rows' order."""
        rng = random.Random("%s/rollout/%d" % (self.config.get("data.seed", 1), step))
        heat = self.config.get(ROLLOUT + ".temperature", 1.0)
        samples = []
        for row in rows:
            place = prompt_class(data.prompt(row))
            chances = self.policy.probabilities(place)
            weights = [chance ** (1 / max(heat, 0.01)) for chance in chances]
            for _ in range(self.config.samples):
                action = rng.choices(range(len(weights)), weights)[0]
                samples.append(self._sample(row, place, action, _length(rng, self.longest)))
        return samples

    def _sample(self, row: dict, place: int, action: int, length: int) -> Sample:
        text = solution((row.get("reward_model") or {}).get("ground_truth"), action)
        if length >= self.longest:
            text = text.partition("####")[0]  # cut before the answer
        return Sample(place, action, self.rewards.score(row, text), self.policy.log_probability(place, action),
                      self.reference.log_probability(place, action), length)

    def validate(self, data: Dataset) -> dict:
        """Mean score per data source of the policy's best answers."""
        scores = {}
        for row in data.rows:
            action = self.policy.best(prompt_class(data.prompt(row)))
            text = solution((row.get("reward_model") or {}).get("ground_truth"), action)
            scores.setdefault(row.get("data_source"), []).append(self.rewards.score(row, text))
        metrics = {}
        for source, values in scores.items():
            mean = sum(values) / len(values)
            if self.config.release >= (0, 7, 0):
                metrics["val-aux/%s/reward/mean@1" % source] = mean
                metrics["val-core/%s/acc/mean@1" % source] = mean
            else:
                metrics["val-core/%s/reward/mean@1" % source] = mean
        if self.config.release >= (0, 7, 0):
            metrics.update({"val-aux/num_turns/%s" % name: 2 for name in ("min", "max", "mean")})
        return metrics
