"""Files below `<logs.directory>/<namespace>/<job>-<first 8 of uid>/attempt-<n>/`. The directory is shared and may hang or hold
anything: writing happens in a thread with a bounded buffer, and no link below logs.directory is ever followed."""
import os
import queue
import re
import stat
import threading

BUFFERED = 4096   # writes that may wait; what comes while the storage hangs beyond that is dropped and counted
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class LogFile(threading.Thread):
    """rank-<r>.log of this attempt."""

    def __init__(self, settings, warn):
        super().__init__(daemon=True)
        self._settings, self._warn = settings, warn
        self._queue = queue.Queue(BUFFERED)
        self._dropped = 0
        self.folder = None    # a descriptor of the attempt's folder once it is ours

    def put(self, data):
        try:
            self._queue.put_nowait(data)
        except queue.Full:
            self._dropped += len(data)

    def finish(self, seconds):
        self.put(None)
        self.join(seconds)

    def run(self):
        try:
            self.folder, job_folder = attempt_folder(self._settings)
            name = "rank-%d.log" % self._settings.rank
            file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644, dir_fd=self.folder)
            if self._settings.rank == 0 and owner(job_folder) == self._settings.job_uid:
                prune(job_folder, self._settings.attempt, self._settings.job.logs.keepAttempts or 5)
        except OSError as error:
            self._warn("no log file: %s: %s" % (self._settings.job.logs.directory, error.strerror or error))
            return
        while True:
            data = self._queue.get()
            if data is None:
                return
            if self._dropped:
                data = b"[launcher] %d bytes were dropped here\n" % self._dropped + data
                self._dropped = 0
            try:
                os.write(file, data)
            except OSError:
                self._dropped += len(data)


def attempt_folder(settings):
    """Descriptors of the attempt's folder and of the job's; OSError, also when the job's folder is another's."""
    os.makedirs(settings.job.logs.directory, exist_ok=True)
    handle = os.open(settings.job.logs.directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    job_folder = below(handle, settings.namespace, "%s-%s" % (settings.job_name, settings.job_uid[:8]))
    own(job_folder, settings.job_uid)
    return below(job_folder, "attempt-%d" % settings.attempt), job_folder


def below(handle, *names):
    """Makes and opens folders one in another, none of them a link; the first handle stays open."""
    first = handle
    for name in names:
        if name in ("", ".", "..") or "/" in name:
            raise OSError("not a folder's name: %r" % name)
        try:
            os.mkdir(name, 0o755, dir_fd=handle)
        except FileExistsError:
            pass
        parent, handle = handle, os.open(name, _FOLDER, dir_fd=handle)
        if parent != first:
            os.close(parent)
    return handle


def own(folder, uid):
    """Writes `.owner` where there is none; OSError when it names another job."""
    try:
        file = os.open(".owner", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644, dir_fd=folder)
        os.write(file, uid.encode("utf-8"))
        os.close(file)
    except FileExistsError:
        # All ranks come at once: the winner may not have written yet.
        if owner(folder) not in ("", uid):
            raise OSError("the folder belongs to job %s" % owner(folder))


def owner(folder):
    """What `.owner` says; None when there is no such regular file."""
    try:
        file = os.open(".owner", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError:
        return None
    try:
        return os.read(file, 256).decode("utf-8", "replace").strip() if stat.S_ISREG(os.fstat(file).st_mode) else None
    finally:
        os.close(file)


def prune(job_folder, attempt, keep):
    """Removes attempt folders but the newest `keep` up to this one; only where `.owner` was ours when the folder was opened."""
    numbers = sorted(int(name[8:]) for name in os.listdir(job_folder) if re.match(r"attempt-[0-9]{1,9}\Z", name))
    for number in [number for number in numbers if number <= attempt][:-keep]:
        remove(job_folder, "attempt-%d" % number)


def remove(parent, name, depth=0):
    """Removes a folder and all below it. A link is removed, what it points to is not touched."""
    try:
        handle = os.open(name, _FOLDER, dir_fd=parent)
    except OSError:
        os.unlink(name, dir_fd=parent)
        return
    try:
        for entry in os.listdir(handle):
            if depth < 64:
                remove(handle, entry, depth + 1)
    finally:
        os.close(handle)
    os.rmdir(name, dir_fd=parent)
