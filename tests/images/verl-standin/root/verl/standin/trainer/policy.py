"""A softmax policy over ten answers per class of prompt, and the gradients of its losses.

A prompt's class is the sum of the last digits of its numbers, modulo ten; an action is the last digit of the
answer. For questions that add numbers the right action is a function of the class, so the policy can learn it.
"""
from __future__ import annotations

import math
import re

CLASSES = ACTIONS = 10


def prompt_class(text: str) -> int:
    numbers = re.findall(r"\d+", text.replace(",", ""))
    return sum(int(number[-1]) for number in numbers) % CLASSES


class Policy:
    """``logits[class][action]``, with the optimiser's momentum of the same shape."""

    def __init__(self, logits=None, momentum=None):
        self.logits = logits or [[0.0] * ACTIONS for _ in range(CLASSES)]
        self.momentum = momentum or [[0.0] * ACTIONS for _ in range(CLASSES)]

    def probabilities(self, row: int) -> list:
        top = max(self.logits[row])
        weights = [math.exp(value - top) for value in self.logits[row]]
        total = sum(weights)
        return [weight / total for weight in weights]

    def log_probability(self, row: int, action: int) -> float:
        return math.log(max(self.probabilities(row)[action], 1e-30))

    def entropy(self, row: int) -> float:
        return -sum(p * math.log(max(p, 1e-30)) for p in self.probabilities(row))

    def best(self, row: int) -> int:
        return max(range(ACTIONS), key=lambda action: (self.logits[row][action], -action))

    def step(self, gradient: list, rate: float, clip: float) -> float:
        """One descent step with momentum; gives the gradient's norm before it is clipped."""
        norm = math.sqrt(sum(value * value for row in gradient for value in row))
        scale = min(1.0, clip / norm) if norm > 0 and clip > 0 else 1.0
        for row in range(CLASSES):
            for action in range(ACTIONS):
                self.momentum[row][action] = 0.5 * self.momentum[row][action] + scale * gradient[row][action]
                self.logits[row][action] -= rate * self.momentum[row][action]
        return norm


def group_advantages(rewards: list, by_deviation: bool = True) -> list:
    """GRPO: a reward against the mean of its group, over the group's standard deviation (n − 1).

    A group of one keeps mean 0 and deviation 1, as verl's does."""
    if len(rewards) == 1:
        return list(rewards)
    mean = sum(rewards) / len(rewards)
    deviation = math.sqrt(sum((reward - mean) ** 2 for reward in rewards) / (len(rewards) - 1))
    return [(reward - mean) / (deviation + 1e-6) if by_deviation else reward - mean for reward in rewards]


def kl(kind: str, log_probability: float, reference: float):
    """``(value, derivative by the log probability)`` of verl's KL estimators."""
    ratio = reference - log_probability
    if kind in ("kl", "k1"):
        return -ratio, 1.0
    if kind == "abs":
        return abs(ratio), math.copysign(1.0, -ratio)
    if kind in ("mse", "k2"):
        return 0.5 * ratio * ratio, -ratio
    if kind in ("low_var_kl", "k3"):
        return math.exp(ratio) - ratio - 1.0, 1.0 - math.exp(ratio)
    raise NotImplementedError(kind)
