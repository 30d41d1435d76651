"""SIGTERM at every stage, and races of it with the trainer's end."""
import os
import signal
import unittest

from fakes import PodTest, python, until, wait_for

PATIENT = """
import os, signal, sys, time
def stop(*_):
    open(%r, 'w').close()
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
print('trap set', flush=True)
time.sleep(3600)
"""


class Sigterm(PodTest):
    def test_the_trainer_hears_it_and_its_0_is_no_success(self):
        heard = os.path.join(self.folder, "heard")
        pod = self.pod(arguments=python(PATIENT % heard)).start()
        until(lambda: "trap set" in pod.output, "the trainer")
        pod.terminate()
        self.assertEqual(80, pod.end())
        self.assertTrue(os.path.exists(heard))
        self.assertEqual(("Terminated", True, 80), tuple(pod.message[k] for k in ("code", "launched", "exit")))

    def test_a_trainer_that_does_not_listen_is_killed(self):
        deaf = "import signal, time, os\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('deaf', flush=True)\n" \
               "if os.fork() == 0: os.setsid()\ntime.sleep(3600)"
        pod = self.pod(arguments=python(deaf), timings={"stopGrace": 0.3}).start()
        until(lambda: "deaf" in pod.output, "the trainer")
        pids = pod.below()
        pod.terminate()
        self.assertEqual(80, pod.end())
        self.assertEqual([], [pid for pid in pids if os.path.exists("/proc/%d" % pid)])

    def test_the_whole_group_of_the_trainer_hears_it(self):
        heard = os.path.join(self.folder, "heard")
        pod = self.pod(arguments=python("import os, time\nif os.fork() == 0:\n    exec(%r)\ntime.sleep(3600)" % (PATIENT % heard)))
        pod.start()
        until(lambda: "trap set" in pod.output, "the trainer's child")
        pod.terminate()
        self.assertEqual(80, pod.end())
        self.assertTrue(os.path.exists(heard), "the child was not given the time")

    def test_a_trainer_that_had_ended_before_counts(self):
        """The launcher is held while its trainer ends; SIGTERM comes before it could look."""
        release = os.path.join(self.folder, "release")
        pod = self.pod(arguments=python(wait_for(release))).start()
        until(lambda: pod.ready, "readiness")
        trainer = [pid for pid in pod.pids("-c") if pid not in pod.pids("raylet")][0]
        pod.process.send_signal(signal.SIGSTOP)
        open(release, "w").close()
        until(lambda: _state(trainer) == "Z", "the trainer's end")
        pod.terminate()
        pod.process.send_signal(signal.SIGCONT)
        self.assertEqual(0, pod.end())
        self.assertEqual("Succeeded", pod.message["code"])

    def test_before_the_trainer(self):
        stuck = os.path.join(self.folder, "fifo")
        os.mkfifo(stuck)
        for stage, options, word in (
                ("waiting for workers", {"nodes": 2}, "of 4 NPUs"),
                ("ray start", {"FAKE_RAY_START_HANG": "1"}, "ray start"),
                ("joining", {"rank": 1, "nodes": 2}, "waiting to join")):
            with self.subTest(stage):
                pod = self.pod(**options).start()
                until(lambda: word in pod.output, stage)
                pod.terminate()
                self.assertEqual(80, pod.end(), pod.output)
                self.assertEqual(("Terminated", False, None), tuple(
                    pod.message[k] for k in ("code", "launched", "launchTime")))
                self.assertEqual([], pod.below() if pod.process.poll() is None else [])

    def test_a_worker_that_has_joined(self):
        head = self.pod(0, nodes=2, arguments=python("import time\ntime.sleep(3600)")).start()
        worker = self.pod(1, nodes=2).start()
        until(lambda: head.ready and worker.ready, "both ready")
        worker.terminate()
        self.assertEqual(80, worker.end())
        self.assertEqual("Terminated", worker.message["code"])

    def test_twice(self):
        pod = self.pod(arguments=python(PATIENT % os.path.join(self.folder, "heard"))).start()
        until(lambda: "trap set" in pod.output, "the trainer")
        pod.terminate()
        pod.terminate()
        self.assertEqual(80, pod.end())


def _state(pid):
    with open("/proc/%d/stat" % pid) as file:
        return file.read().rpartition(")")[2].split()[0]


if __name__ == "__main__":
    unittest.main()
