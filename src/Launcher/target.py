"""A folder that a Job makes: built under a name of this pod's own beside the target, renamed when it is whole."""
import errno
import os
import re

from logs import remove
from paths import explain, is_mount_root
from verdict import Failure

_TAKEN = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR)


class Target:
    """`path` is the target, `work` the folder that only this pod touches, on the same file system."""

    def __init__(self, path, job_uid, pod_uid):
        self.path = os.path.normpath(path)
        self._prefix = "%s.tmp-%s-" % (self.path, _plain(job_uid))
        self.work = self._prefix + _plain(pod_uid)

    def begin(self, gone_pods):
        """Makes the empty work folder; leftovers of this job's pods that are known to be gone, and our own, go before."""
        if is_mount_root(self.path) or self.path == "/":
            raise Failure("TargetUnsafe", "%s is a mount's root, nothing can be renamed to it: name a folder below it" % self.path)
        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            for pod in gone_pods:
                self._remove(self._prefix + _plain(pod))
            self.discard()
            os.mkdir(self.work)
        except OSError as error:
            raise Failure("TargetNotWritable", explain(error.filename or self.path, error).text)

    def discard(self):
        self._remove(self.work)

    def publish(self):
        """Renames the work folder to the target; False when another's content stands there, which stays as it is."""
        sync_tree(self.work)
        try:
            os.rename(self.work, self.path)    # replaces nothing but an empty folder
        except OSError as error:
            if error.errno in _TAKEN:
                return False
            raise Failure("TargetNotWritable", explain(self.path, error).text)
        sync(os.path.dirname(self.path))
        return True

    @staticmethod
    def _remove(path):
        parent = os.open(os.path.dirname(path), os.O_RDONLY | os.O_DIRECTORY)
        try:
            remove(parent, os.path.basename(path))
        except FileNotFoundError:
            pass
        finally:
            os.close(parent)


def sync(path):
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):   # some network storage syncs no folders
            raise
    finally:
        os.close(handle)


def sync_tree(path):
    """Everything on disk before the rename that makes it visible."""
    for folder, _, files in os.walk(path):
        for name in files:
            if not os.path.islink(os.path.join(folder, name)):
                sync(os.path.join(folder, name))
        sync(folder)


def _plain(uid):
    return re.sub(r"[^0-9A-Za-z-]", "-", uid or "none")
