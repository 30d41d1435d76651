"""Mode train on one and more ranks, from start to the verdict."""
import json
import os
import unittest

from fakes import PodTest, until

STEPS = """
import sys
print("(TaskRunner pid=1) step:0 - val-core/gsm8k/acc:0.1", flush=True)
for step in (1, 2, 3):
    print("\\x1b[36m(TaskRunner pid=1)\\x1b[0m step:%d - actor/lr:1e-06 - critic/rewards/mean:0.5" % step, flush=True)
"""


class TrainTest(PodTest):
    def test_a_trainer_that_ends_with_0_is_a_success(self):
        pod = self.pod(arguments=["-c", "exec(%r)" % STEPS])
        self.assertEqual(0, pod.run(), pod.output)
        message = pod.message
        self.assertEqual(["v", "code", "step", "launched", "exit", "launchTime", "rank", "attempt", "incarnation", "message",
                          "log"], list(message))
        self.assertEqual(("Succeeded", 3, True, 0, 0), tuple(message[k] for k in ("code", "step", "launched", "exit", "rank")))
        self.assertIn("step:3", message["log"])
        self.assertFalse(pod.ready)

    def test_two_ranks_train_and_the_worker_idles_afterwards(self):
        release = os.path.join(self.folder, "release")
        wait = "import os,time\nwhile not os.path.exists(%r): time.sleep(0.01)" % release
        head = self.pod(0, nodes=2, arguments=["-c", "exec(%r)" % wait]).start()
        worker = self.pod(1, nodes=2).start()
        until(lambda: head.ready and worker.ready, "both ready")
        open(release, "w").close()
        self.assertEqual(0, head.end())
        self.assertEqual("Succeeded", head.message["code"])
        until(lambda: worker.read("dev/termination-log"), "the worker's verdict")
        self.assertEqual("HeadDone", worker.message["code"], head.output + worker.output)
        self.assertFalse(worker.ready)
        self.assertIsNone(worker.process.poll())
        worker.terminate()
        self.assertEqual(0, worker.end())


if __name__ == "__main__":
    unittest.main()
