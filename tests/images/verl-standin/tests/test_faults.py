"""Faults on demand, each as an operator would see it."""
from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import unittest

import support
from standin import crashes, faults


class Reading(unittest.TestCase):
    def test_defaults(self):
        one, two = faults.parse("exit:3@step=5; hang@rank=1,at=save,attempt=2,once=/m")
        self.assertEqual((one.kind, one.argument, one.step, one.rank, one.at, one.target), ("exit", "3", 5, 0, "step", "trainer"))
        self.assertEqual((two.step, two.rank, two.at, two.target, two.attempt, two.once), (None, 1, "save", "worker", 2, "/m"))
        self.assertEqual(faults.parse("crash:npu-oom")[0].target, "runner")

    def test_what_cant_be_read_is_refused(self):
        for text in ("explode", "exit@steps=1", "exit@at=nowhere", "exit@target=gpu"):
            with self.subTest(text=text), self.assertRaises(ValueError):
                faults.parse(text)

    def test_every_crash_has_its_signature(self):
        signs = {"actor-died": "The actor died unexpectedly", "hccl-connect": "EI0006", "hccl-notify": "EI0002", "hccl-transport": "EI0009",
                 "hccl-port": "EJ0003", "hccp": "EJ0001", "rendezvous": "client socket has timed out after 1800000ms",
                 "npu-oom": "NPU out of memory. Tried to allocate", "device": "507033", "sync": "507048", "bucket": "too large to fit in the bucket",
                 "layernorm": "q_layernorm", "engine-dead": "EngineCore"}
        for name, sign in signs.items():
            self.assertIn(sign, str(crashes.crash(name, 0)))
        self.assertEqual(str(crashes.crash("my {own} words", 0)), "my {own} words")


class Striking(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = support.Folder(rows=32)
        cls.cluster = support.Cluster(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.cluster.stop()
        cls.folder.remove()

    def setUp(self):
        shutil.rmtree(self.folder.of("checkpoints"), ignore_errors=True)

    def train(self, fault, *overrides, **extra):
        done = self.cluster.train("trainer.val_before_train=False", *overrides, STANDIN_FAULT=fault, **extra)
        return done.returncode, support.steps(done.stdout), done.stdout + done.stderr

    def test_exit_of_the_trainer_in_a_step(self):
        code, steps, _ = self.train("exit:7@step=2")
        self.assertEqual((code, sorted(steps)), (7, [1]))

    def test_kill_of_the_trainer_frees_the_cluster(self):
        code, steps, _ = self.train("kill@step=1")
        self.assertEqual((code, steps), (-signal.SIGKILL, {}))
        support.wait_for(lambda: re.search(r" 0\.0/4\.0 NPU", self.cluster.ray("status").stdout))

    def test_launch_comes_before_ray(self):
        code, _, text = self.train("exit:5@at=launch")
        self.assertEqual(code, 5)
        self.assertNotIn("Connected to Ray", text)

    def test_death_of_a_worker_on_another_node(self):
        code, steps, text = self.train("kill@step=2,rank=1")
        self.assertEqual((code, sorted(steps)), (1, [1]))
        self.assertIn("ray.exceptions.ActorDiedError: The actor died unexpectedly before finishing this task.", text)
        self.assertIn("class_name: WorkerDict", text)
        self.assertIn("ip: 127.0.0.2", text)
        self.assertIn("connection error code 2. End of file", text)

    def test_out_of_memory_takes_real_memory_up_to_its_bound(self):
        code, _, _ = self.train("oom@step=1", STANDIN_OOM_BYTES=64 * 2 ** 20)
        self.assertEqual(code, -signal.SIGKILL)

    def test_a_crash_has_the_real_words(self):
        code, _, text = self.train("crash:npu-oom@step=2")
        self.assertEqual(code, 1)
        self.assertIn("torch.OutOfMemoryError: NPU out of memory. Tried to allocate 2.00 GiB", text)
        self.assertIn("Error executing job with overrides:", text)

    def test_a_hanging_rank_ends_in_the_collectives_timeout(self):
        cluster = support.Cluster(self.folder, nodes=1, HCCL_EXEC_TIMEOUT=1)
        self.addCleanup(cluster.stop)
        done = cluster.train("trainer.val_before_train=False", STANDIN_FAULT="hang@step=1,target=worker")
        self.assertEqual(done.returncode, 1)
        self.assertIn("EI0002: The wait execution of the Notify register times out", done.stderr)

    def test_once(self):
        marker = self.folder.of("marker")
        self.assertEqual(self.train("exit:3@step=1,once=" + marker)[0], 3)
        self.assertEqual(self.train("exit:3@step=1,once=" + marker)[0], 0)

    def test_attempt(self):
        self.assertEqual(self.train("exit:3@step=1,attempt=2", GRPO_ATTEMPT=1)[0], 0)
        self.assertEqual(self.train("exit:3@step=1,attempt=2", GRPO_ATTEMPT=2)[0], 3)

    def test_a_fault_in_a_save_leaves_the_tracker(self):
        code, _, _ = self.train("exit:3@at=save,step=2", "trainer.save_freq=1")
        self.assertEqual(code, 3)
        with open(self.folder.of("checkpoints", "latest_checkpointed_iteration.txt"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "1")
        self.assertTrue(os.path.isdir(self.folder.of("checkpoints", "global_step_2", "actor")))

    def test_death_of_a_raylet_ends_its_node_and_the_training(self):
        cluster = support.Cluster(self.folder, nodes=1)
        self.addCleanup(cluster.stop)
        cluster.size = 2
        worker = subprocess.Popen(cluster.start_arguments(1, 2, 16) + ["--block"], env=support.environment(**cluster.node_environment(1)),
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
        self.addCleanup(worker.stdout.close)
        self.addCleanup(worker.wait)
        self.addCleanup(worker.kill)
        support.wait_for(lambda: " 0.0/4.0 NPU" in cluster.ray("status").stdout)
        done = cluster.train("trainer.val_before_train=False", STANDIN_FAULT="kill@step=2,rank=1,target=raylet")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ActorDiedError", done.stderr)
        output = worker.communicate(timeout=20)[0]
        self.assertEqual(worker.returncode, 1)
        self.assertIn("  raylet [exit code=-9]", output)

    def test_post_mortem_debugging_freezes_a_failure(self):
        cluster = support.Cluster(self.folder, nodes=1, RAY_DEBUG_POST_MORTEM=1)
        self.addCleanup(cluster.stop)
        process = cluster.begin(STANDIN_FAULT="crash:runtime@step=1")
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        for line in process.stdout:
            if "Ray debugger is listening on" in line:
                break
        self.assertIsNone(process.poll())

    def test_a_lost_head_ends_the_driver(self):
        cluster = support.Cluster(self.folder, nodes=1)
        self.addCleanup(cluster.stop)
        process = cluster.begin(STANDIN_SECONDS_PER_STEP=30, STANDIN_HEAD_GONE_SECONDS=0.2)
        for line in process.stdout:
            if "step:0 - " in line:
                break
        cluster.stop()
        output = process.communicate(timeout=20)[0]
        self.assertEqual(process.returncode, 1)
        self.assertRegex(output, "Failed to connect to GCS within|ActorDiedError")


if __name__ == "__main__":
    unittest.main()
