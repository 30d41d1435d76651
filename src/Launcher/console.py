"""The container's console: the launcher's own lines and the trainer's output go to standard output and to the log file; the
trainer's last output, its newest step, where it resumed from and what it saved are kept for the verdict."""
import os
import re
import threading

from verdict import plain

KEPT = 65536
_STEP = re.compile(r"(?:^|\s)step:(\d{1,12}) - (.*)")
_RESUME = re.compile(r"[Ss]etting global step to (\d{1,12})")
_SAVE = re.compile(r"(?:local_global_step_folder: |Saving checkpoint to ).*/global_step_(\d{1,12})")


class Console:
    def __init__(self, log=None):
        self.log = log
        self.step = None      # the newest training step of this process; None before the first
        self.resumed = None   # the step that it resumed from; None when it started from nothing
        self.saved = None     # the step of its newest whole checkpoint; None before the first
        self._saving = None   # the step of a checkpoint that was announced
        self._tail = bytearray()
        self._line = b""
        self._lock = threading.Lock()
        self._reader = None

    def say(self, text):
        self.write(("[launcher] %s\n" % text).encode("utf-8", "backslashreplace"))

    def write(self, data):
        with self._lock:
            view = memoryview(data)
            while view:
                try:
                    view = view[os.write(1, view):]
                except OSError:  # nobody reads it any more; the training goes on
                    break
            if self.log:
                self.log.put(bytes(data))

    def follow(self, pipe):
        """Copies the trainer's output until its end, in a thread of its own."""
        self._reader = threading.Thread(target=self._copy, args=(pipe,), daemon=True)
        self._reader.start()

    def finish(self, seconds):
        """Waits for the rest of the output; processes that the trainer left behind may hold the pipe open for ever."""
        if self._reader:
            self._reader.join(seconds)

    def tail(self):
        """The trainer's last output, without colours."""
        return plain(bytes(self._tail).decode("utf-8", "replace")).rstrip()

    def _copy(self, pipe):
        while True:
            try:
                data = os.read(pipe.fileno(), 65536)
            except (OSError, ValueError):
                return
            if not data:
                return
            self.write(data)
            self._keep(data)

    def _keep(self, data):
        self._tail += data
        if len(self._tail) > 2 * KEPT:
            del self._tail[:len(self._tail) - KEPT]
        lines = re.split(rb"[\r\n]", self._line + data)
        self._line = lines.pop()[:KEPT]
        for line in lines:
            self._learn(line)

    def _learn(self, line):
        step = step_of(line)
        if step is not None:
            self.step = step
            # verl announces a save, writes it, and only then tells of the step: what a crash cuts short is never counted.
            if self._saving is not None and step >= self._saving:
                self.saved, self._saving = self._saving, None
            return
        resumed, saving = number_in(line, b"global step", _RESUME), number_in(line, b"global_step_", _SAVE)
        self.resumed = self.resumed if resumed is None else resumed
        self._saving = self._saving if saving is None else saving


def number_in(line, hint, pattern):
    """The number that the pattern finds in a console line with the hint; None for any other line."""
    found = pattern.search(plain(line.decode("utf-8", "replace"))) if hint in line else None
    return int(found.group(1)) if found else None


def step_of(line):
    """The step that a console line of verl reports as trained; None for any other line. A line with validation values only is
    printed before training, also with the number of the step resumed from: it is no progress."""
    if b"step:" not in line:
        return None
    found = _STEP.search(plain(line.decode("utf-8", "replace")))
    if not found or all(field.startswith("val-") for field in found.group(2).split(" - ")):
        return None
    return int(found.group(1))
