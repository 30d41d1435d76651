"""verl's RL dataset: files in, rows of prompts out, with its own complaints."""
from __future__ import annotations

import json
import os
import random

from standin import parquet
from standin.trainer.settled import Settled


def tokens(text: str) -> int:
    """A tokenizer stand-in: about four characters a token."""
    return max(1, len(text) // 4)


def _files(value) -> list:
    return [os.path.expanduser(str(path)) for path in (value if isinstance(value, list) else [value])]


def _read(path: str) -> list:
    if path.endswith(".parquet"):
        if not os.path.exists(path):
            raise FileNotFoundError("Unable to find '%s'" % path)
        return parquet.read(path)
    if path.endswith((".json", ".jsonl")):
        with open(path, encoding="utf-8") as file:
            text = file.read()
        return json.loads(text) if text.lstrip().startswith("[") else [json.loads(line) for line in text.splitlines() if line.strip()]
    raise ValueError("Unsupported file format: %s" % path)


class Dataset:
    """Rows with a prompt that is short enough."""

    def __init__(self, config: Settled, files, limit: int):
        self.config = config
        self.key = config.get("data.prompt_key", "prompt")
        self.rows = [row for path in _files(files) for row in _read(path)]
        print("dataset len: %d" % len(self.rows))
        if 0 < limit < len(self.rows):
            self.rows = self.rows[:limit]
            print("selected %d samples" % limit)
        self._filter()

    def prompt(self, row: dict) -> str:
        """The text of a row's messages. Raises ``KeyError`` without the prompt column."""
        messages = row[self.key]
        return messages if isinstance(messages, str) else "\n".join(message["content"] for message in messages)

    def _filter(self) -> None:
        if not self.config.get("data.filter_overlong_prompts", False):
            return
        longest = self.config.get("data.max_prompt_length", 512)
        kept = []
        for row in self.rows:
            try:
                if tokens(self.prompt(row)) <= longest:
                    kept.append(row)
            except (KeyError, TypeError):
                print("Error processing one of the samples, skipping...")
        self.rows = kept
        print("filter dataset len: %d" % len(kept))

    def length(self, row: dict) -> int:
        """A prompt's tokens after truncation. Raises ``RuntimeError`` with ``truncation=error``."""
        count, longest = tokens(self.prompt(row)), self.config.get("data.max_prompt_length", 512)
        if count > longest and self.config.get("data.truncation", "error") == "error":
            raise RuntimeError("Prompt length %d is longer than %d." % (count, longest))
        return min(count, longest)


class Loader:
    """Batches in a seeded order, whole ones only; ``state`` is what ``data.pt`` keeps."""

    def __init__(self, config: Settled, data: Dataset):
        self.data, self.size = data, config.get("data.gen_batch_size") or config.batch
        self.shuffle = config.get("data.shuffle", True)
        self.seed = config.get("data.seed", 1)
        self.epoch, self.place = 0, 0

    def __len__(self) -> int:
        return len(self.data.rows) // self.size

    def next(self) -> list:
        """The next batch; a new epoch begins by itself."""
        if self.place >= len(self):
            self.epoch, self.place = self.epoch + 1, 0
        order = list(range(len(self.data.rows)))
        if self.shuffle:
            random.Random("%s/%d" % (self.seed, self.epoch)).shuffle(order)
        chosen = order[self.place * self.size:(self.place + 1) * self.size]
        self.place += 1
        return [self.data.rows[index] for index in chosen]

    def state(self) -> dict:
        return {"epoch": self.epoch, "place": self.place}

    def restore(self, state: dict) -> None:
        self.epoch, self.place = state["epoch"], state["place"]
