"""PID 1's duties, on this process' own children."""
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import unittest

from fakes import SOURCES, UID, PodTest, alive, command_line, python, until

BEGIN = "import os, signal, sys, time\nsys.path.insert(0, %r)\nfrom process import *\nprocesses = Processes()\n" % SOURCES


def run(text, **options):
    return subprocess.run([sys.executable, "-IS", "-c", BEGIN + textwrap.dedent(text)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, universal_newlines=True, timeout=30, **options)


class ProcessesTest(unittest.TestCase):
    def check(self, text, expected):
        result = run(text)
        self.assertEqual((expected, ""), (result.stdout.strip(), result.stderr))

    def test_orphans_are_reaped_and_children_keep_their_exit_codes(self):
        self.check("""
            orphan = "import os\\nfor _ in range(20):\\n    if os.fork() == 0: os._exit(9)"
            children = [processes.start([sys.executable, "-IS", "-c", orphan + "\\nos._exit(%d)" % code]) for code in range(5)]
            processes.wait(lambda: all(child.ended for child in children), 20)
            print(processes.wait(lambda: not open("/proc/self/task/%d/children" % os.getpid()).read(), 20))
            print([child.status for child in children])
            """, "True\n[0, 1, 2, 3, 4]")

    def test_a_killed_child_ends_as_a_shell_tells_it(self):
        self.check("""
            child = processes.start(["/bin/sh", "-c", "kill -KILL $$"])
            processes.wait(lambda: child.ended, 20)
            print(child.status)
            """, "137")

    def test_a_program_that_is_not_there(self):
        self.check("""
            print(processes.run(["/no/such/program"], 5))
            """, "(127, '/no/such/program: No such file or directory')")

    def test_a_command_that_takes_too_long_is_killed_with_its_group(self):
        self.check("""
            start = time.monotonic()
            status, output = processes.run(["/bin/sh", "-c", "echo begun; sleep 1000 & sleep 1000"], 0.3)
            print(status, output.strip(), time.monotonic() - start < 20)
            print(processes.wait(lambda: not descendants(os.getpid()), 20, step=0.01))
            """, "124 begun True\nTrue")

    def test_a_daemon_that_keeps_the_output_open_delays_nothing(self):
        self.check("""
            print(processes.run(["/bin/sh", "-c", "echo done; (sleep 1000 &)"], 20))
            print(len(descendants(os.getpid())))
            processes.kill_all()
            """, "(0, 'done\\n')\n1")

    def test_a_signal_ends_a_wait_but_not_a_deaf_one(self):
        self.check("""
            os.kill(os.getpid(), signal.SIGTERM)
            print(processes.wait(seconds=0.1, deaf=True))
            try:
                processes.wait(seconds=20)
            except Terminated:
                print("terminated")
            """, "False\nterminated")

    def test_a_condition_that_holds_wins_over_a_signal(self):
        self.check("""
            child = processes.start(["/bin/true"])
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
            os.kill(os.getpid(), signal.SIGTERM)
            print(processes.wait(lambda: child.ended, 20))
            """, "True")

    def test_work_aside_leaves_the_launcher_hearing(self):
        self.check("""
            print(processes.aside(lambda: 7))
            try:
                processes.aside(lambda: 1 / 0)
            except ZeroDivisionError:
                print("raised")
            try:
                processes.aside(lambda: time.sleep(1000), 0.1)
            except TimeoutError:
                print("late")
            os.kill(os.getpid(), signal.SIGTERM)
            try:
                processes.aside(lambda: time.sleep(1000))
            except Terminated:
                print("heard")
            sys.stdout.flush()
            os._exit(0)
            """, "7\nraised\nlate\nheard")

    def test_the_whole_tree_dies_while_it_forks(self):
        self.check("""
            forks = "import os, time\\nfor _ in range(8):\\n    if os.fork() == 0: os.setsid()\\ntime.sleep(1000)"
            child = processes.start([sys.executable, "-IS", "-c", forks])
            processes.wait(lambda: len(descendants(os.getpid())) > 50, 20, step=0.01)
            processes.kill_all()
            print(descendants(os.getpid()))
            """, "[]")

    def test_an_interrupt_ends_it_too(self):
        with subprocess.Popen([sys.executable, "-IS", "-c", BEGIN + "print(1, flush=True)\ntry:\n    processes.wait()\n"
                               "except Terminated:\n    print('stopped')"], stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            process.send_signal(signal.SIGINT)
            self.assertEqual(b"stopped\n", process.stdout.read())


class FirstProcess(PodTest):
    """In a PID namespace of its own, as in a container."""

    PROBE = ["unshare", "--pid", "--fork", "--mount-proc"]

    def setUp(self):
        super().setUp()
        if subprocess.run(self.PROBE + ["true"], stderr=subprocess.DEVNULL).returncode:
            self.skipTest("no right to make a PID namespace here")

    def test_pid_1_reaps_hears_and_kills(self):
        text = BEGIN + textwrap.dedent("""
            assert os.getpid() == 1
            processes.kill_all()     # nobody is there
            child = processes.start(["/bin/sh", "-c", "(sleep 1000 &) ; exit 3"])
            processes.wait(lambda: child.ended, 20)
            print(child.status, len(descendants(1)), flush=True)
            processes.kill_all()
            print(len(descendants(1)), flush=True)
            """)
        result = subprocess.run(self.PROBE + [sys.executable, "-IS", "-c", text], stdout=subprocess.PIPE, universal_newlines=True,
                                timeout=30)
        self.assertEqual("3 1\n0\n", result.stdout)

    def contained(self, **options):
        """A pod whose launcher is PID 1; its command is a child of `unshare`."""
        pod = self.pod(**options)
        pod.command = self.PROBE + pod.command
        return pod

    def test_a_whole_container(self):
        checkpoints = os.path.join(self.folder, "checkpoints")
        left_behind = "import os, time\nprint(os.getppid())\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(1000)"
        pod = self.contained(job={"checkpointDir": checkpoints}, arguments=python(left_behind))
        self.assertEqual(0, pod.run(), pod.output)
        self.assertEqual(("Succeeded", "1"), (pod.message["code"], pod.message["log"]))
        os.mkdir(os.path.join(self.folder, "data"))
        self.assertEqual(0, self.contained(job={"checkpointDir": None}).run("inspect"), "an end with nothing to kill")

    def test_the_fence_kills_everything_but_pid_1(self):
        checkpoints = os.path.join(self.folder, "checkpoints")
        pod = self.contained(job={"checkpointDir": checkpoints}, arguments=python("import time\ntime.sleep(1000)")).start()
        until(lambda: pod.ready, "readiness")
        pids = pod.below()
        launcher = next(pid for pid in pids if command_line(pid)[-2:-1] == ["train"])
        os.kill(launcher, signal.SIGSTOP)
        marks = os.path.join(checkpoints, ".grpo")
        shutil.copy(os.path.join(marks, "%s.1.mark" % UID), os.path.join(marks, "%s.2.mark" % UID))
        until(lambda: {pid for pid in pids if alive(pid)} <= {launcher}, "the death of all others")
        os.kill(launcher, signal.SIGCONT)
        self.assertEqual(82, pod.end())
        self.assertEqual("StaleIncarnation", pod.message["code"])


if __name__ == "__main__":
    unittest.main()
