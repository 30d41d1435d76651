#!/usr/bin/env python3
"""Makes a model directory and raw GSM8K-shaped data for the stand-in.

Everything is made up: the shards hold a few bytes (the index claims the real total size), the tokenizer is a
stub, and the questions are generated additions. Only ``config.json`` has the values that Qwen3-30B-A3B publishes.
"""
from __future__ import annotations

import argparse
import json
import os
import random
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "root", "verl"))

from standin import parquet  # noqa: E402

CONFIG = {
    "architectures": ["Qwen3MoeForCausalLM"], "attention_bias": False, "attention_dropout": 0.0, "bos_token_id": 151643,
    "decoder_sparse_step": 1, "eos_token_id": 151645, "head_dim": 128, "hidden_act": "silu", "hidden_size": 2048,
    "initializer_range": 0.02, "intermediate_size": 6144, "max_position_embeddings": 40960, "max_window_layers": 48,
    "mlp_only_layers": [], "model_type": "qwen3_moe", "moe_intermediate_size": 768, "norm_topk_prob": True,
    "num_attention_heads": 32, "num_experts": 128, "num_experts_per_tok": 8, "num_hidden_layers": 48,
    "num_key_value_heads": 4, "output_router_logits": False, "rms_norm_eps": 1e-06, "rope_scaling": None,
    "rope_theta": 1000000.0, "router_aux_loss_coef": 0.001, "sliding_window": None, "tie_word_embeddings": False,
    "torch_dtype": "bfloat16", "transformers_version": "4.51.0", "use_cache": True, "use_sliding_window": False,
    "vocab_size": 151936,
}
PARAMETERS = 30_532_122_624
SHARDS = 16

_NAMES = ("Ada", "Bo", "Chen", "Dina", "Emre", "Fay", "Gus", "Hana", "Ivo", "Juno")
_THINGS = ("apples", "books", "cards", "coins", "eggs", "marbles", "pens", "plates", "shells", "stamps")


def _json(path: str, value) -> None:
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2)
        file.write("\n")


def model(folder: str) -> None:
    """A directory with the names that a downloaded model has."""
    os.makedirs(folder, exist_ok=True)
    _json(os.path.join(folder, "config.json"), CONFIG)
    _json(os.path.join(folder, "generation_config.json"), {"do_sample": True, "eos_token_id": [151645, 151643]})
    _json(os.path.join(folder, "tokenizer_config.json"), {"tokenizer_class": "Qwen2Tokenizer", "model_max_length": 131072})
    _json(os.path.join(folder, "tokenizer.json"), {"version": "1.0", "model": {"type": "BPE", "vocab": {}, "merges": []}})
    weights = {}
    for layer in range(CONFIG["num_hidden_layers"]):
        shard = "model-%05d-of-%05d.safetensors" % (layer * SHARDS // CONFIG["num_hidden_layers"] + 1, SHARDS)
        weights["model.layers.%d.self_attn.q_proj.weight" % layer] = shard
    weights["model.embed_tokens.weight"] = "model-00001-of-%05d.safetensors" % SHARDS
    weights["lm_head.weight"] = "model-%05d-of-%05d.safetensors" % (SHARDS, SHARDS)
    _json(os.path.join(folder, "model.safetensors.index.json"), {"metadata": {"total_size": 2 * PARAMETERS}, "weight_map": weights})
    for name in sorted(set(weights.values())):
        header = json.dumps({"__metadata__": {"format": "pt", "note": "made up, no weights", "name": name}}).encode()
        with open(os.path.join(folder, name), "wb") as file:
            file.write(len(header).to_bytes(8, "little") + header)


def question(rng: random.Random) -> dict:
    """An addition with two or three numbers, in GSM8K's form."""
    name, thing = rng.choice(_NAMES), rng.choice(_THINGS)
    numbers = [rng.randint(10, 99) for _ in range(rng.choice((2, 3)))]
    more = " ".join("Then %s gets %d more." % (name, number) for number in numbers[1:])
    total = sum(numbers)
    return {"question": "%s has %d %s. %s How many %s does %s have now?" % (name, numbers[0], thing, more, thing, name),
            "answer": "Adding up gives %s = <<%s=%d>>%d.\n#### %d" % ("+".join(map(str, numbers)), "+".join(map(str, numbers)), total, total, total)}


def raw(folder: str, rows: int) -> None:
    """``main/train-…parquet`` and ``main/test-…parquet`` with the columns of openai/gsm8k."""
    os.makedirs(os.path.join(folder, "main"), exist_ok=True)
    schema = {"question": parquet.STRING, "answer": parquet.STRING}
    for split, count in (("train", rows), ("test", max(1, rows * 1319 // 7473))):
        rng = random.Random("gsm8k-shaped/" + split)
        parquet.write(os.path.join(folder, "main", split + "-00000-of-00001.parquet"), schema, [question(rng) for _ in range(count)])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", help="directory of the made-up model")
    parser.add_argument("--raw", help="directory of the made-up raw data")
    parser.add_argument("--rows", type=int, default=7473, help="training rows (default 7473, as GSM8K)")
    options = parser.parse_args()
    if options.model:
        model(options.model)
        print("made up: model directory %s (config.json of Qwen3-30B-A3B, no weights)" % options.model)
    if options.raw:
        raw(options.raw, options.rows)
        print("made up: raw data %s (%d training rows of generated additions)" % (options.raw, options.rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
