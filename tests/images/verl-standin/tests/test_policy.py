"""The mathematics: advantages by group, and gradients against finite differences."""
from __future__ import annotations

import copy
import math
import random
import unittest

import support  # noqa: F401
from standin.trainer import grpo, policy
from standin.trainer.policy import ACTIONS, CLASSES, Policy
from standin.trainer.settled import Settled


def settings(**actor) -> Settled:
    tree = {"data": {"train_batch_size": 4}, "algorithm": {}, "trainer": {},
            "actor_rollout_ref": {"rollout": {"n": 3}, "actor": dict({"ppo_mini_batch_size": 4, "grad_clip": 0.0}, **actor)}}
    return Settled(tree, (0, 7, 1))


class Advantages(unittest.TestCase):
    def test_against_the_group(self):
        values = policy.group_advantages([1.0, 0.0, 0.0, 1.0])
        deviation = math.sqrt(1.0 / 3)
        for value, wanted in zip(values, (0.5, -0.5, -0.5, 0.5)):
            self.assertAlmostEqual(value, wanted / deviation, places=4)
        self.assertEqual(policy.group_advantages([1.0, 1.0, 1.0]), [0.0, 0.0, 0.0])
        self.assertEqual(policy.group_advantages([1.0]), [1.0])
        self.assertEqual(policy.group_advantages([1.0, 0.0], by_deviation=False), [0.5, -0.5])

    def test_groups_dont_mix(self):
        samples = [grpo.Sample(0, 0, score, -1.0, -1.0, 10) for score in (1, 0, 0, 5, 4, 4)]
        grpo.rewards_and_advantages(settings(), samples)
        self.assertAlmostEqual(samples[0].advantage, samples[3].advantage, places=4)
        self.assertGreater(samples[0].advantage, 0)

    def test_kl_in_the_reward(self):
        config = settings()
        config.tree["algorithm"] = {"use_kl_in_reward": True, "kl_ctrl": {"kl_coef": 0.5}}
        samples = [grpo.Sample(0, 0, 1.0, -1.0, -3.0, 10) for _ in range(3)]
        grpo.rewards_and_advantages(config, samples)
        self.assertAlmostEqual(samples[0].reward, 1.0 - 0.5 * 2.0)


class Gradients(unittest.TestCase):
    """The step of one mini-batch is minus rate times the gradient of the loss as written out here."""

    def setUp(self):
        rng = random.Random(7)
        table = [[rng.gauss(0, 1) for _ in range(ACTIONS)] for _ in range(CLASSES)]
        self.policy = Policy(copy.deepcopy(table))
        self.samples = []
        for _ in range(12):
            row, action = rng.randrange(CLASSES), rng.randrange(ACTIONS)
            now = self.policy.log_probability(row, action)
            sample = grpo.Sample(row, action, 0.0, now + rng.uniform(-0.5, 0.5), now + rng.uniform(-1, 1), 10)
            sample.advantage = rng.gauss(0, 1)
            self.samples.append(sample)

    def loss(self, config, table) -> float:
        here, total = Policy(table), 0.0
        actor = config.tree["actor_rollout_ref"]["actor"]
        for sample in self.samples:
            ratio = math.exp(here.log_probability(sample.row, sample.action) - sample.log_probability)
            total += max(-sample.advantage * ratio, -sample.advantage * min(max(ratio, 0.8), 1.2))
            if actor.get("use_kl_loss"):
                total += actor["kl_loss_coef"] * policy.kl(actor["kl_loss_type"], here.log_probability(sample.row, sample.action), sample.reference)[0]
            total -= actor.get("entropy_coeff", 0) * here.entropy(sample.row)
        return total / len(self.samples)

    def check(self, **actor):
        config = settings(**actor)
        before = copy.deepcopy(self.policy.logits)
        rate = 1e-3 / grpo.RATE_SCALE
        grpo.update(config, self.policy, self.samples, rate)
        for row in range(CLASSES):
            for action in range(ACTIONS):
                table = copy.deepcopy(before)
                table[row][action] += 1e-6
                up = self.loss(config, table)
                table[row][action] -= 2e-6
                slope = (up - self.loss(config, table)) / 2e-6
                self.assertAlmostEqual((before[row][action] - self.policy.logits[row][action]) / 1e-3, slope, places=5)

    def test_policy_gradient(self):
        self.check()

    def test_kl_loss(self):
        for kind in ("low_var_kl", "kl", "mse", "abs"):
            self.setUp()
            self.check(use_kl_loss=True, kl_loss_coef=0.7, kl_loss_type=kind)

    def test_entropy(self):
        self.check(entropy_coeff=0.3)

    def test_the_norm_is_clipped(self):
        config = settings(grad_clip=1e-4)
        before = copy.deepcopy(self.policy.logits)
        norm = grpo.update(config, self.policy, self.samples, 1.0 / grpo.RATE_SCALE)["actor/grad_norm"]
        moved = math.sqrt(sum((a - b) ** 2 for one, two in zip(before, self.policy.logits) for a, b in zip(one, two)))
        self.assertGreater(norm, 1e-3)
        self.assertAlmostEqual(moved, 1e-4, places=9)


if __name__ == "__main__":
    unittest.main()
