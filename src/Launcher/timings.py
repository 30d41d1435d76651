"""Every wait of the launcher, in seconds. The operator may replace each in GRPO_TIMINGS (tests make them small)."""
import json

DEFAULTS = {
    "fenceBeat": 10,           # rank 0's mark is renewed, and every rank looks at the folder
    "fenceReadFailure": 120,   # no successful look for this long: the process tree is killed
    "fenceWait": 120,          # after the own mark, when an earlier incarnation may still run; longer than an NFS attribute cache
    "fenceForeignWatch": 120,  # another job's mark must not change for this long before the folder counts as free
    "rayStart": 300,           # one `ray start`
    "join": 1800,              # worker: until the head admits it; head: until all NPUs are there
    "headGone": 60,            # the head's launcher unreachable for this long after joining
    "poll": 2,                 # handshake and `ray status`
    "stopGrace": 20,           # between SIGTERM and SIGKILL of the trainer
    "inspection": 120,         # the whole inspection
    "collect": 60,             # copying Ray's and CANN's logs after a failure
}


class Timings:
    """Attributes by the names above; unknown names and values that are no positive number are ignored."""

    def __init__(self, text=None):
        self.__dict__.update(DEFAULTS)
        try:
            given = json.loads(text or "{}")
        except ValueError:
            given = {}
        for name, value in given.items() if isinstance(given, dict) else ():
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if name in DEFAULTS and number and 0 <= value < float("inf"):
                setattr(self, name, value)
