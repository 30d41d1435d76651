"""Ray's command line: nodes find each other over TCP, resources are counted, daemons end with their head."""
from __future__ import annotations

import json
import os
import signal
import subprocess
import unittest

import support
from standin.ray import session


class TwoNodes(unittest.TestCase):
    def setUp(self):
        self.folder = support.Folder(rows=1)
        self.addCleanup(self.folder.remove)

    def cluster(self, **settings):
        cluster = support.Cluster(self.folder, **settings)
        self.addCleanup(cluster.stop)
        return cluster

    def test_resources_are_summed_and_a_stopped_node_goes(self):
        cluster = self.cluster()
        status = cluster.ray("status", rank=1).stdout
        self.assertIn("\n 0.0/4.0 NPU\n", status)
        self.assertIn("\n 0.0/32.0 CPU\n", status)
        self.assertIn("Stopped all 1 Ray processes.", cluster.ray("stop", rank=1).stdout)
        self.assertIn("\n 0.0/2.0 NPU\n", cluster.ray("status").stdout)
        self.assertTrue(os.path.exists(os.path.join(cluster.tmp(0), "ray", "session_latest", "logs", "gcs_server.out")))
        self.assertEqual(session.current_cluster(os.path.join(cluster.tmp(0), "ray")), cluster.address)

    def test_daemons_are_named_in_their_first_arguments(self):
        """Whoever watches processes finds them by the module's name."""
        cluster = self.cluster(nodes=1)
        names = []
        for _, pid in session.running(os.path.join(cluster.tmp(0), "ray")):
            with open("/proc/%d/cmdline" % pid, "rb") as file:
                names.append(file.read().split(b"\0")[3].decode())
        self.assertEqual(sorted(names), ["standin.ray.gcs", "standin.ray.raylet"])

    def test_status_without_a_cluster(self):
        done = support.run(["ray", "status"], RAY_TMPDIR=self.folder.of("nothing"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("Could not find any running Ray instance", done.stderr)

    def test_a_second_head_on_the_same_port_is_refused(self):
        cluster = self.cluster(nodes=1)
        done = support.run(cluster.start_arguments(0, 1, 1), RAY_TMPDIR=self.folder.of("other"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("is already running at 127.0.0.1:%d" % cluster.port, done.stderr)

    def test_joining_nobody_fails_in_bounded_time(self):
        done = support.run(["ray", "start", "--address", "127.0.0.1:%d" % support.free_port()], RAY_TMPDIR=self.folder.of("n"),
                           STANDIN_JOIN_SECONDS=0.3)
        self.assertEqual(done.returncode, 1)
        self.assertIn("Unable to connect to GCS at", done.stderr)

    def test_more_npus_than_visible_devices_are_refused(self):
        done = support.run(["ray", "start", "--head", "--port", str(support.free_port()), "--resources", '{"NPU": 4}'],
                           RAY_TMPDIR=self.folder.of("n"), ASCEND_RT_VISIBLE_DEVICES="0,1")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ValueError: Attempting to start raylet with 4 NPU, but ASCEND_RT_VISIBLE_DEVICES contains ['0', '1']", done.stderr)

    def test_devices_are_detected_without_resources(self):
        port = support.free_port()
        environment = dict(RAY_TMPDIR=self.folder.of("n"), STANDIN_NPUS=5)
        self.assertEqual(support.run(["ray", "start", "--head", "--port", str(port), "--node-ip-address", "127.0.0.1"], **environment).returncode, 0)
        self.addCleanup(support.run, ["ray", "stop", "--force"], **environment)
        self.assertIn(" 0.0/5.0 NPU", support.run(["ray", "status"], **environment).stdout)

    def blocking_worker(self, cluster):
        """``ray start --block`` of a second node, seen by the head."""
        cluster.size = 2
        worker = subprocess.Popen(cluster.start_arguments(1, 2, 16) + ["--block"], env=support.environment(**cluster.node_environment(1)),
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
        self.addCleanup(worker.stdout.close)
        self.addCleanup(worker.wait)
        # It hears signals from the moment that it says that it blocks.
        while "block forever" not in worker.stdout.readline():
            self.assertIsNone(worker.poll())
        support.wait_for(lambda: " 0.0/4.0 NPU" in cluster.ray("status").stdout)
        return worker

    def test_a_blocking_worker_ends_with_1_after_its_head_is_gone(self):
        cluster = self.cluster(nodes=1, STANDIN_HEAD_GONE_SECONDS=0.5)
        worker = self.blocking_worker(cluster)
        cluster.ray("stop", "--force")
        output = worker.communicate(timeout=20)[0]
        self.assertEqual(worker.returncode, 1)
        self.assertIn("Some Ray subprocesses exited unexpectedly:\n  raylet [exit code=1]\n", output)
        with open(os.path.join(cluster.tmp(1), "ray", "session_latest", "logs", "raylet.err"), encoding="utf-8") as file:
            self.assertIn("Failed to connect to GCS within", file.read())

    def test_a_blocking_worker_ends_with_0_on_sigterm(self):
        cluster = self.cluster(nodes=1)
        worker = self.blocking_worker(cluster)
        worker.send_signal(signal.SIGTERM)
        self.assertEqual(worker.wait(20), 0)
        support.wait_for(lambda: " 0.0/2.0 NPU" in cluster.ray("status").stdout)

    def test_a_node_never_joins_another_cluster_at_its_heads_address(self):
        cluster = self.cluster(STANDIN_HEAD_GONE_SECONDS=30)
        cluster.ray("stop", "--force")
        cluster.start(0)
        folder = os.path.join(cluster.tmp(1), "ray")
        support.wait_for(lambda: not session.running(folder))
        self.assertIn(" 0.0/2.0 NPU", cluster.ray("status").stdout)

    def test_the_call_of_ray_start_is_recorded(self):
        cluster = self.cluster(nodes=1, HCCL_CONNECT_TIMEOUT=77)
        with open(os.path.join(cluster.tmp(0), "ray-start.json"), encoding="utf-8") as file:
            recorded = json.load(file)
        self.assertEqual(recorded["environment"]["HCCL_CONNECT_TIMEOUT"], "77")
        self.assertIn('{"NPU": 2}', recorded["argv"])


if __name__ == "__main__":
    unittest.main()
