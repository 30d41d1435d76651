"""Entry of the launcher: `launcher.pyz train|inspect|prepare|convert` (and `fence`, which `train` starts by itself)."""
import sys


def main(mode):
    if mode == "train":
        import launch
        return launch.main()
    if mode == "inspect":
        import inspect_job
        return inspect_job.main()
    if mode == "prepare":
        import prepare
        return prepare.main()
    if mode == "convert":
        import convert
        return convert.main()
    if mode == "fence":
        import fence_process
        return fence_process.main()
    sys.stderr.write("usage: launcher.pyz train|inspect|prepare|convert\n")
    return 64


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
