"""How a container ended: codes (launcher-codes.json), signatures in the trainer's last output (log-signatures.json) and the
JSON of the termination message, cut to the size that the kubelet keeps."""
import json
import os
import re


class Failure(Exception):
    """Ends the launcher with a code of launcher-codes.json and one line for a human."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
        self.message = " ".join(str(message).split())


def table(name):
    """A JSON file beside this module, also inside the zip."""
    return json.loads(__loader__.get_data(os.path.join(os.path.dirname(__file__), name)).decode("utf-8"))


def exit_code(code):
    return next(row["exit"] for row in table("launcher-codes.json") if row["code"] == code)


def signature(text):
    """The name of the first signature in the table that the text shows; the table has causes before mere consequences."""
    for row in table("log-signatures.json"):
        if re.search(row["pattern"], text):
            return row["signature"]
    return None


_BLOCKS = re.compile("[\u2580-\u259f]")   # what progress bars are drawn with; in JSON each would take six bytes
_ANSI = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")


def plain(text):
    """Console text without colours and other control characters; of a line that a progress bar drew again and again, the last."""
    text = _BLOCKS.sub("#", _ANSI.sub("", text))
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return "\n".join("".join(c for c in line if c.isprintable() or c == "\t") for line in lines)


def fit(fields, limit, cut="log"):
    """The fields as one JSON object of at most limit ASCII bytes: first the beginning of `cut` goes, line by line where that
    leaves something, then the end of `message`."""
    fields = dict(fields)
    text = _dump(fields)
    for name in (cut, "message"):
        value = fields.get(name)
        if len(text) <= limit or not isinstance(value, str):
            continue
        low, high = 0, len(value)    # the longest part that fits
        while low < high:
            middle = (low + high + 1) // 2
            fields[name] = _part(value, middle, name == cut)
            if len(_dump(fields)) <= limit:
                low = middle
            else:
                high = middle - 1
        kept = _part(value, low, name == cut)
        if name == cut and low < len(value) and "\n" in kept.rstrip("\n"):
            kept = kept.partition("\n")[2]
        fields[name] = kept
        text = _dump(fields)
    return text


def _part(value, length, last):
    return (value[len(value) - length:] if last else value[:length]) if length else ""


def _dump(fields):
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":"))


def write_whole(path, text):
    """Replaces a file so that a reader sees the old or the new text, never a part."""
    with open(path + ".tmp", "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(path + ".tmp", path)


def terminate_with(settings, text):
    """The termination message. The file is a mount of its own, which nothing can be renamed to."""
    with open(settings.place("/dev/termination-log"), "w", encoding="utf-8") as file:
        file.write(text)
