"""A process of this one that runs a mode of the launcher and dies without warning at its n-th change of the file system: every
moment at which a machine may die between two changes is one such n."""
import os
import traceback

CHANGES = ("rename", "link", "unlink", "mkdir", "rmdir", "fsync")


def run(number, mode, environ, console):
    """Never returns; the exit code is 9 when the n-th change was reached, else the mode's."""
    try:
        output = os.open(console, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.environ.clear()
        os.environ.update(environ)
        done = [0]
        for name in CHANGES:
            setattr(os, name, _counted(getattr(os, name), done, number))
        os._exit(__import__(mode).main())
    except BaseException:
        traceback.print_exc()
    os._exit(1)


def _counted(function, done, number):
    def call(*arguments, **options):
        done[0] += 1
        if done[0] == number:
            os._exit(9)
        return function(*arguments, **options)
    return call
