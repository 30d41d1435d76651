"""``npu-smi info``, ``info -l``, ``info -t board -i N``: the table that scripts read, with fake values."""
from __future__ import annotations

import os
import signal
import sys

from standin import npu

_HEAD = """\
+------------------------------------------------------------------------------------------------+
| npu-smi 25.2.0                   Version: 25.2.0                                               |
+---------------------------+---------------+----------------------------------------------------+
| NPU   Name                | Health        | Power(W)    Temp(C)           Hugepages-Usage(page)|
| Chip  Phy-ID              | Bus-Id        | AICore(%)   Memory-Usage(MB)  HBM-Usage(MB)        |
+===========================+===============+====================================================+"""
_RULE = "+===========================+===============+====================================================+"
_END = """\
+---------------------------+---------------+----------------------------------------------------+
| NPU     Chip              | Process id    | Process name             | Process memory(MB)      |
+===========================+===============+====================================================+
| No running processes found in NPU 0                                                            |
+===========================+===============+====================================================+"""


def _rows(die: int) -> str:
    card, chip = die // 2, die % 2
    first = "| %-5d %-19s | %-13s | %-11s %-17s %-20s |" % (card, "Ascend910", "OK", "171.5" if chip == 0 else "-", "36", "0    / 0")
    second = "| %-5d %-19d | %-13s | %-11s %-17s %-20s |" % (chip, die, "0000:%02X:00.0" % (0x9D + card), "0", "0    / 0", "2863 / 65536")
    return first + "\n" + second


def main(arguments: list) -> int:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `npu-smi info | head` is common
    if not npu.healthy():
        sys.stderr.write("dcmi module initialize failed. ret is %s\n" % (os.environ.get("STANDIN_NPU_FAULT") or "-8005"))
        return 1
    if not arguments or arguments[0] in ("-h", "--help"):
        print("Usage: npu-smi info [-l | -t TYPE -i ID | -m]")
        return 0
    if arguments[0] in ("-v", "--version"):
        print("npu-smi version: 25.2.0")
        return 0
    if arguments[0] != "info":
        sys.stderr.write("Error parameter of %s\n" % arguments[0])
        return 1
    dies = range(npu.count())
    if "-l" in arguments:
        print("\tTotal Count                    : %d\n" % ((len(dies) + 1) // 2))
        for card in range((len(dies) + 1) // 2):
            print("\tNPU ID                         : %d\n\tChip Count                     : %d\n" % (card, min(2, len(dies) - 2 * card)))
        return 0
    if "-t" in arguments:
        card = arguments[arguments.index("-i") + 1] if "-i" in arguments else "0"
        print("\tNPU ID                         : %s\n\tProduct Name                   : stand-in\n"
              "\tManufacturer                   : none\n\tSoftware Version               : 25.2.0" % card)
        return 0
    print(_HEAD)
    for die in dies:
        print(_rows(die))
        print(_RULE)
    print(_END)
    return 0
