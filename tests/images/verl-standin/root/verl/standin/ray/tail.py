"""Reads what was added to a log file, as Ray's log monitor does."""
from __future__ import annotations

import codecs


class Tail:
    """One output file of a worker process."""

    def __init__(self, path: str, stream: str, name: str, pid: int, job_id: str):
        self.path, self.stream, self.name, self.pid, self.job_id = path, stream, name, pid, job_id
        self._place = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def read(self) -> list:
        """New lines. A line without its end is given too: progress bars only write ``\\r``."""
        try:
            with open(self.path, "rb") as file:
                file.seek(self._place)
                data = file.read()
        except OSError:
            return []
        self._place += len(data)
        text = self._decoder.decode(data)
        if not text:
            return []
        return (text[:-1] if text.endswith("\n") else text).split("\n")
