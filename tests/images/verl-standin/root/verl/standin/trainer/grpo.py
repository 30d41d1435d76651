"""One update of the actor: clipped policy gradient, KL to the reference and entropy, over mini-batches."""
from __future__ import annotations

import math
from standin.trainer.policy import ACTIONS, CLASSES, Policy, group_advantages, kl
from standin.trainer.settled import ACTOR, Settled

#: verl's learning rates are made for billions of weights; this table has a hundred.
RATE_SCALE = 8e6


class Sample:
    """One response: what was chosen and what came of it."""

    def __init__(self, row: int, action: int, score: float, log_probability: float, reference: float, length: int):
        self.row, self.action, self.score = row, action, score
        self.log_probability, self.reference, self.length = log_probability, reference, length
        self.reward = self.advantage = 0.0


def rewards_and_advantages(config: Settled, samples: list) -> None:
    """Fills in rewards (score less the KL penalty, where asked) and each group's advantages."""
    penalty = config.get("algorithm.kl_ctrl.kl_coef", 0.001) if config.get("algorithm.use_kl_in_reward", False) else 0.0
    kind = config.get("algorithm.kl_penalty", "kl")
    for sample in samples:
        sample.reward = sample.score
        if penalty:
            sample.reward -= penalty * kl(kind, sample.log_probability, sample.reference)[0]
    size = config.samples
    for start in range(0, len(samples), size):
        group = samples[start:start + size]
        values = group_advantages([sample.reward for sample in group], config.get("algorithm.norm_adv_by_std_in_grpo", True))
        for sample, value in zip(group, values):
            sample.advantage = value


def update(config: Settled, policy: Policy, samples: list, rate: float) -> dict:
    """Trains on a batch in place; gives the actor's metrics, averaged over mini-batches."""
    size = config.get(ACTOR + ".ppo_mini_batch_size") * config.samples
    metrics = []
    for _ in range(config.get(ACTOR + ".ppo_epochs", 1)):
        for start in range(0, len(samples), size):
            metrics.append(_mini_batch(config, policy, samples[start:start + size], rate))
    return {name: sum(one[name] for one in metrics) / len(metrics) for name in metrics[0]}


def _mini_batch(config: Settled, policy: Policy, samples: list, rate: float) -> dict:
    low = config.get(ACTOR + ".clip_ratio_low", 0.2)
    high = config.get(ACTOR + ".clip_ratio_high", 0.2)
    coefficient = config.get(ACTOR + ".kl_loss_coef", 0.001) if config.get(ACTOR + ".use_kl_loss", False) else 0.0
    kind = config.get(ACTOR + ".kl_loss_type", "low_var_kl").rstrip("+")
    bonus = config.get(ACTOR + ".entropy_coeff", 0)
    gradient = [[0.0] * ACTIONS for _ in range(CLASSES)]
    total = {"pg_loss": 0.0, "pg_clipfrac": 0.0, "ppo_kl": 0.0, "kl_loss": 0.0, "entropy": 0.0}
    for sample in samples:
        chances = policy.probabilities(sample.row)
        now = math.log(max(chances[sample.action], 1e-30))
        ratio = math.exp(now - sample.log_probability)
        clipped = min(max(ratio, 1 - low), 1 + high)
        loss = max(-sample.advantage * ratio, -sample.advantage * clipped)
        slope = -sample.advantage * ratio if -sample.advantage * ratio >= -sample.advantage * clipped else 0.0
        distance, by_log = kl(kind, now, sample.reference)
        slope += coefficient * by_log
        entropy = -sum(p * math.log(max(p, 1e-30)) for p in chances)
        for action in range(ACTIONS):
            step = slope * ((action == sample.action) - chances[action])
            step += bonus * chances[action] * (math.log(max(chances[action], 1e-30)) + entropy)
            gradient[sample.row][action] += step / len(samples)
        total["pg_loss"] += loss
        total["pg_clipfrac"] += ratio != clipped
        total["ppo_kl"] += sample.log_probability - now
        total["kl_loss"] += distance
        total["entropy"] += entropy
    metrics = {"actor/" + name: value / len(samples) for name, value in total.items()}
    clip = config.get(ACTOR + (".optim.clip_grad" if config.megatron else ".grad_clip"), 1.0)
    metrics["actor/grad_norm"] = policy.step(gradient, rate * RATE_SCALE, clip)
    return metrics


def learning_rate(config: Settled, step: int, total: int) -> float:
    """Linear warm-up to ``optim.lr``."""
    rate = config.get(ACTOR + ".optim.lr", 1e-6)
    warm = config.get(ACTOR + ".optim.lr_warmup_steps", -1)
    if warm <= 0:
        warm = int(config.get(ACTOR + ".optim.lr_warmup_steps_ratio", 0.0) * total)
    return rate * min(1.0, step / warm) if warm > 0 else rate
