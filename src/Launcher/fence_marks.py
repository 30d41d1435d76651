"""The files of the fence: `<checkpointDir>/.grpo/<job uid>.<incarnation>.mark`, one JSON object each. Names and contents are
other jobs' and may be anything: what isn't a small regular file with a mark's name is no mark."""
import errno
import json
import os
import re
import stat

FOLDER = ".grpo"
LARGEST = 8192
_NAME = re.compile(r"([0-9A-Za-z-]{1,64})\.([0-9]{1,9})\.mark\Z")
# File systems without hard links answer with one of these.
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL)


class Mark(dict):
    """namespace, job, uid, attempt, incarnation, podUID, beat, claiming, launched, ended, succeeded."""
    __getattr__ = dict.get

    @property
    def name(self):
        return "%s.%d.mark" % (self.uid, self.incarnation)


class Marks:
    """The folder. Methods raise OSError when the storage doesn't answer well."""

    def __init__(self, checkpoint_dir, pod_uid):
        self.folder = os.path.join(checkpoint_dir, FOLDER)
        self._own_suffix = ".tmp-" + re.sub(r"[^0-9A-Za-z-]", "-", pod_uid)

    def make_folder(self):
        os.makedirs(self.folder, exist_ok=True)

    def all(self):
        """All marks by name; a folder that isn't there yet has none. A mark that can't be understood counts by its name alone."""
        try:
            names = os.listdir(self.folder)
        except FileNotFoundError:
            return {}
        marks = {}
        for name in names:
            if _NAME.match(name):
                mark = self.read(name)
                if mark is not None:
                    marks[name] = mark
        return marks

    def read(self, name):
        """The mark of that name; None when there is none."""
        text = read_small(os.path.join(self.folder, name))
        if text is None:
            return None
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError):
            fields = None
        # Without hard links a mark may be seen half-written: only its maker's claim, then.
        mark = Mark(fields if isinstance(fields, dict) else {"raw": text, "claiming": True})
        uid, incarnation = _NAME.match(name).groups()
        mark.update(uid=uid, incarnation=int(incarnation))
        return mark

    def make(self, mark):
        """Makes the mark exclusively; False when another's stands there. One with our own podUID is ours: NFS may carry a
        request out twice and report the second outcome."""
        if not make_exclusively(os.path.join(self.folder, mark.name), json.dumps(mark), self._own_suffix):
            found = self.read(mark.name)
            return found is not None and found.podUID == mark.podUID
        return True

    def replace(self, mark):
        path = os.path.join(self.folder, mark.name)
        with open(path + self._own_suffix, "w") as file:
            file.write(json.dumps(mark))
            file.flush()
            os.fsync(file.fileno())
        os.rename(path + self._own_suffix, path)

    def take_away(self, name):
        """Removes a mark so that of several who do it at once one succeeds (True)."""
        path = os.path.join(self.folder, name)
        try:
            os.rename(path, path + self._own_suffix)
            os.unlink(path + self._own_suffix)
            return True
        except FileNotFoundError:
            return False


def read_small(path):
    """A small regular file's text; None when it isn't there or is something else (a link, a pipe, a folder, too large)."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ELOOP, errno.ENXIO):
            return None
        raise
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
            return None
        return os.read(handle, LARGEST).decode("utf-8", "replace")
    finally:
        os.close(handle)


def make_exclusively(path, text, suffix):
    """Makes a whole file under a name that nobody has: False when somebody has. Written aside and linked, so that no reader
    ever sees a part of it."""
    aside = path + suffix
    with open(aside, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
        return True
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
    finally:
        os.unlink(aside)
    try:
        with open(path, "x") as file:
            file.write(text)
        return True
    except FileExistsError:
        return False
