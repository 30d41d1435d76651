"""After a failure: copies of Ray's session logs and CANN's plog beside the rank's log. Bounded in number and size, and no link
is followed below the two folders."""
import os
import stat

from logs import below

FILES = 2000
TAIL = 8 << 20         # bytes of a file's end
TOTAL = 256 << 20


def sources(environ):
    """(name, folder) of what is worth keeping."""
    plog = environ.get("ASCEND_PROCESS_LOG_PATH") or os.path.join(environ.get("HOME") or "/root", "ascend/log")
    ray = os.path.join(environ.get("RAY_TMPDIR") or "/tmp", "ray/session_latest/logs")
    return (("ray", ray), ("plog", plog))


def collect(attempt_folder, rank, environ):
    """Copies into rank-<r>/ray and rank-<r>/plog; answers how many files."""
    count, budget = 0, TOTAL
    for name, source in sources(environ):
        if not os.path.isdir(source):
            continue
        root = os.path.realpath(source)
        for folder, _, files in os.walk(root):
            for file in sorted(files):
                if count >= FILES or budget <= 0:
                    return count
                parts = os.path.relpath(folder, root).split("/")
                into = below(attempt_folder, "rank-%d" % rank, name, *[part for part in parts if part != "."])
                budget -= _copy(os.path.join(folder, file), into, file, min(TAIL, budget))
                os.close(into)
                count += 1
    return count


def _copy(source, into, name, most):
    try:
        read = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return 0
    copied = 0
    with open(read, "rb", buffering=0) as file:
        if not stat.S_ISREG(os.fstat(read).st_mode):
            return 0
        size = os.fstat(read).st_size
        file.seek(max(0, size - most))
        write = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644, dir_fd=into)
        with open(write, "wb") as copy:
            while copied < most:
                data = file.read(min(1 << 20, most - copied))
                if not data:
                    break
                copy.write(data)
                copied += len(data)
    return copied
