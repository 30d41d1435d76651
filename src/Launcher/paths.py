"""What is wrong with a path, in words that tell the cases apart."""
import errno
import os
import re
import stat

LFS = b"version https://git-lfs.github.com/spec/"


def is_local(path):
    """Whether a path is one of the file system; hub ids (`org/name`) and URIs (`s3://…`) are not."""
    return bool(path) and path.startswith("/")


def trouble(path, kind="file"):
    """None when the path is a readable file (folder), else what is wrong with it."""
    try:
        mode = os.stat(path).st_mode
        if kind == "folder":
            if not stat.S_ISDIR(mode):
                return "%s is not a directory" % path
            os.listdir(path)
            return None
        if not stat.S_ISREG(mode):
            return "%s is not a file" % path
        with open(path, "rb") as file:
            start = file.read(len(LFS))
        return "%s is a git-LFS pointer, not the file itself: run `git lfs pull`" % path if start == LFS else None
    except OSError as error:
        return explain(path, error)


def explain(path, error):
    """An OSError in words: the missing part of a path, a dangling link, or who was denied."""
    if error.errno == errno.ENOENT:
        where = path
        while where not in ("", "/") and not os.path.lexists(os.path.dirname(where)):
            where = os.path.dirname(where)
        if os.path.islink(where):
            return "%s is a dangling link to %s" % (where, os.readlink(where))
        return "%s was not found" % path + ("" if where == path else " (nor %s)" % where)
    if error.errno in (errno.EACCES, errno.EPERM):
        return "permission denied for %s (uid %d, gid %d)" % (path, os.getuid(), os.getgid())
    if error.errno == errno.EROFS:
        return "%s is on a read-only file system" % path
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "no space left for %s" % path
    if error.errno == errno.ELOOP:
        return "%s is a link that leads round in a circle" % path
    return "%s: %s" % (path, error.strerror or error)


def mount_root(path):
    """The mount point that a path lies on (also one that isn't there yet)."""
    where = os.path.realpath(path)
    while not os.path.ismount(where):
        where = os.path.dirname(where)
    return where


def one_line(text):
    return re.sub(r"\s+", " ", str(text)).strip()
