"""What is wrong with a path, in words that tell the cases apart."""
import collections
import errno
import os
import stat

LFS = b"version https://git-lfs.github.com/spec/"

# kind: NotFound, PermissionDenied, DanglingLink, LfsPointer or Unusable
Trouble = collections.namedtuple("Trouble", "kind text")


def is_local(path):
    """Whether a path is one of the file system; hub ids (`org/name`) and URIs (`s3://…`) are not."""
    return bool(path) and path.startswith("/")


def trouble(path, kind="file"):
    """None when the path is a readable file (folder), else what is wrong with it."""
    try:
        mode = os.stat(path).st_mode
        if kind == "folder":
            if not stat.S_ISDIR(mode):
                return Trouble("Unusable", "%s is not a directory" % path)
            os.listdir(path)
            return None
        if not stat.S_ISREG(mode):
            return Trouble("Unusable", "%s is not a file" % path)
        with open(path, "rb") as file:
            start = file.read(len(LFS))
    except OSError as error:
        return explain(path, error)
    if start == LFS:
        return Trouble("LfsPointer", "%s is a git-LFS pointer, not the file itself: run `git lfs pull`" % path)
    return None


def explain(path, error):
    """An OSError in words: the missing part of a path, a dangling link, or who was denied."""
    if error.errno == errno.ENOENT:
        there, missing = path, path
        while there not in ("", "/") and not os.path.lexists(there):
            there, missing = os.path.dirname(there), there
        if os.path.islink(there):
            return Trouble("DanglingLink", "%s is a dangling link to %s" % (there, os.readlink(there)))
        return Trouble("NotFound", "%s was not found" % path + ("" if missing == path else " (nor %s)" % missing))
    if error.errno in (errno.EACCES, errno.EPERM):
        return Trouble("PermissionDenied", "permission denied for %s (uid %d, gid %d)" % (path, os.getuid(), os.getgid()))
    words = {errno.EROFS: "is on a read-only file system", errno.ENOSPC: "has no space left", errno.EDQUOT: "is over its quota",
             errno.ELOOP: "is a link that leads round in a circle", errno.ENOTDIR: "is a file, or leads through one"}
    return Trouble("Unusable", "%s %s" % (path, words.get(error.errno, "can't be used: %s" % (error.strerror or error))))


def existing_parent(path):
    """The nearest folder above a path that is there; OSError when something else stands in the way."""
    while not os.path.isdir(path):
        if os.path.lexists(path):
            os.stat(path)       # says what is wrong with a link
            raise NotADirectoryError(errno.ENOTDIR, "", path)
        path = os.path.dirname(path)
    return path


def is_mount_root(path):
    """Whether a path is the root of a mount, where others' content (`lost+found`) lies and nothing can be renamed to."""
    return os.path.ismount(os.path.realpath(path))
