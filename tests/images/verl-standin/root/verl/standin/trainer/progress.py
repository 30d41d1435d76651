"""tqdm's bar on stderr."""
from __future__ import annotations

import sys
import time


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return "%d:%02d:%02d" % (hours, minutes, rest) if hours else "%02d:%02d" % (minutes, rest)


class Bar:
    """``Training Progress:   1%|          | 1/108 [16:49<30:00:53, 1009.85s/it]``, each state after a carriage return."""

    def __init__(self, total: int, initial: int):
        self.total, self.initial, self.done, self.begin = total, initial, initial, time.monotonic()
        self.show()

    def show(self) -> None:
        spent, count = time.monotonic() - self.begin, self.done - self.initial
        share = self.done / self.total if self.total else 1.0
        eighths = int(share * 80)
        bar = "█" * (eighths // 8) + ("▏▎▍▌▋▊▉"[eighths % 8 - 1] if eighths % 8 else "")
        if count:
            rate = "%.2fs/it" % (spent / count) if spent >= count else "%.2fit/s" % (count / max(spent, 1e-9))
            left = _clock(spent / count * (self.total - self.done))
        else:
            rate, left = "?it/s", "?"
        sys.stderr.write("\rTraining Progress: %3d%%|%-10s| %d/%d [%s<%s, %s]" % (share * 100, bar, self.done, self.total, _clock(spent), left, rate))
        sys.stderr.flush()

    def advance(self) -> None:
        self.done += 1
        self.show()

    def close(self) -> None:
        sys.stderr.write("\n")
        sys.stderr.flush()
