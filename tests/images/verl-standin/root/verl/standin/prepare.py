"""``examples/data_preprocess/gsm8k.py``: raw questions in, ``train.parquet`` and ``test.parquet`` out."""
from __future__ import annotations

import argparse
import glob
import json
import os
import re
import sys

from standin import parquet, record
from standin.jobfaults import JobFault

SCHEMA = {
    "data_source": parquet.STRING,
    "prompt": [{"content": parquet.STRING, "role": parquet.STRING}],
    "ability": parquet.STRING,
    "reward_model": {"ground_truth": parquet.STRING, "style": parquet.STRING},
    "extra_info": {"answer": parquet.STRING, "index": parquet.INT64, "question": parquet.STRING, "split": parquet.STRING},
}
_INSTRUCTION = 'Let\'s think step by step and output the final answer after "####".'


def raw_rows(folder: str, split: str) -> list:
    """Rows of one split: ``main/<split>-*.parquet`` or ``.jsonl``, also without the folder ``main``."""
    for base in (os.path.join(folder, "main"), folder):
        files = sorted(glob.glob(os.path.join(base, split + "-*.parquet")) + glob.glob(os.path.join(base, split + "*.jsonl")))
        if files:
            return [row for path in files for row in _read(path)]
    raise FileNotFoundError("Couldn't find any data file at %s (split %s)." % (folder, split))


def _read(path: str) -> list:
    if path.endswith(".parquet"):
        return parquet.read(path)
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def _truth(answer: str) -> str:
    found = re.search(r"#### (\-?[0-9\.\,]+)", answer)
    assert found is not None, "no '#### <number>' in an answer"
    return found.group(0).split("#### ")[1].replace(",", "")


def training_row(raw: dict, split: str, index: int) -> dict:
    question, answer = raw["question"], raw["answer"]
    return {"data_source": "openai/gsm8k", "prompt": [{"role": "user", "content": question + " " + _INSTRUCTION}], "ability": "math",
            "reward_model": {"style": "rule", "ground_truth": _truth(answer)},
            "extra_info": {"split": split, "index": index, "answer": answer, "question": question}}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--local_dir", default=None, help="The save directory for the preprocessed dataset (deprecated).")
    parser.add_argument("--hdfs_dir", default=None)
    parser.add_argument("--local_dataset_path", default=None, help="The local path to the raw dataset, if it exists.")
    parser.add_argument("--local_save_dir", default="~/data/gsm8k", help="The save directory for the preprocessed dataset.")
    options = parser.parse_args()
    record.write("prepare-argv", record.arguments())
    fault = JobFault("STANDIN_PREPARE_FAULT")
    if options.local_dataset_path is None:
        raise ConnectionError("Couldn't reach 'openai/gsm8k' on the Hub (offline)")
    if options.local_dir is not None:
        print("Warning: Argument 'local_dir' is deprecated. Please use 'local_save_dir' instead.")
    target = os.path.expanduser(options.local_dir or options.local_save_dir)
    source = os.path.expanduser(options.local_dataset_path)
    splits = {split: [training_row(raw, split, index) for index, raw in enumerate(raw_rows(source, split))] for split in ("train", "test")}
    fault.strike("start")
    os.makedirs(target, exist_ok=True)
    for split, rows in splits.items():
        fault.strike(split)
        parquet.write(os.path.join(target, split + ".parquet"), SCHEMA, rows)
        sys.stderr.write("Map: 100%%|██████████| %d/%d [00:00<00:00]\n" % (len(rows), len(rows)))
    fault.strike("end")
    return 0
