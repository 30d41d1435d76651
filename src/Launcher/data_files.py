"""Training and validation files: are they there, how many rows, do they have verl's columns."""
import json

from parquet_footer import NotParquet, footer
from paths import is_local, trouble

COLUMNS = ("data_source", "prompt", "reward_model")
LARGEST_JSON = 256 << 20


def inspect_data(paths, add, schema_severity="Error"):
    """(how many of the local files are there, how many local files there are, rows or None); findings go to add."""
    there = local = 0
    total = 0
    for path in paths:
        if not is_local(path):
            total = None
            continue
        local += 1
        problem = trouble(path)
        if problem:
            add("DataFile" + problem.kind, problem.text)
            total = None
            continue
        there += 1
        rows, columns = _read(path, add)
        total = None if rows is None or total is None else total + rows
        if rows == 0:
            add("DataFileEmpty", "%s has no rows" % path)
        missing = [name for name in COLUMNS if name not in columns] if columns is not None else []
        if missing:
            hint = ": this is the raw data set, it has to be prepared" if "question" in columns else ""
            add("DataColumnsMissing", "%s lacks %s; it has %s%s" % (
                path, ", ".join(missing), ", ".join(sorted(columns)[:12]), hint), schema_severity)
    return there, local, total if paths else None


def _read(path, add):
    """(rows, columns), None where unknown."""
    try:
        if path.endswith(".parquet"):
            return footer(path)
        if path.endswith(".json"):
            return _read_json(path)
    except NotParquet as error:
        add("DataFileInvalid", "%s is no usable Parquet file: %s" % (path, error))
        return None, None
    except (ValueError, RecursionError) as error:
        add("DataFileInvalid", "%s: %s" % (path, error))
        return None, None
    add("DataFileFormat", "%s: verl reads .parquet and .json" % path)
    return None, None


def _read_json(path):
    """An array of objects, or one object a line."""
    with open(path, "rb") as file:
        text = file.read(LARGEST_JSON + 1)
    if len(text) > LARGEST_JSON:
        return None, None
    if text.lstrip()[:1] == b"[":
        rows = json.loads(text.decode("utf-8"))
        first = rows[0] if rows else None
    else:
        rows = [line for line in text.split(b"\n") if line.strip()]
        first = json.loads(rows[0].decode("utf-8")) if rows else None
    if first is not None and not isinstance(first, dict):
        raise ValueError("its rows are no JSON objects")
    return len(rows), list(first) if first else None
