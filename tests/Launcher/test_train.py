"""Mode train on one and two ranks, from start to the verdict."""
import json
import os
import signal
import unittest

from fakes import PodTest, UID, python, until, wait_for

STEPS = r"""
print("(TaskRunner pid=1) step:0 - val-core/gsm8k/acc:0.1", flush=True)
for step in (1, 2, 3):
    print("\x1b[36m(TaskRunner pid=1)\x1b[0m step:%d - actor/lr:1e-06 - critic/rewards/mean:0.5" % step, flush=True)
print("(TaskRunner pid=1) step:9 - val-core/gsm8k/acc:0.1 - val-aux/x:1", flush=True)
"""
DUMP = "import json, os, sys\njson.dump({'argv': sys.argv, 'env': dict(os.environ), 'cwd': os.getcwd()}, open(%r, 'w'))"


class OneRank(PodTest):
    def test_success(self):
        pod = self.pod(arguments=python(STEPS))
        self.assertEqual(0, pod.run(), pod.output)
        message = pod.message
        self.assertEqual(["v", "code", "step", "resumed", "saved", "launched", "exit", "launchTime", "rank", "attempt", "incarnation",
                          "message", "log"], list(message))
        self.assertEqual((1, "Succeeded", 3, True, 0, 0, 1, 1), tuple(
            message[key] for key in ("v", "code", "step", "launched", "exit", "rank", "attempt", "incarnation")))
        self.assertRegex(message["launchTime"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertIn("(TaskRunner pid=1) step:3 - actor", message["log"])
        self.assertFalse(pod.ready)

    def test_the_trainers_exit_code_is_the_containers(self):
        pod = self.pod(arguments=python("import sys\nsys.stderr.write('NPU out of memory. Tried to allocate 2 GiB')\nsys.exit(7)"))
        self.assertEqual(7, pod.run())
        message = pod.message
        self.assertEqual(("TrainerFailed", 7, True, None, "NpuOutOfMemory"), tuple(
            message[key] for key in ("code", "exit", "launched", "step", "signature")))
        self.assertEqual(["message", "signature", "log"], list(message)[-3:])

    def test_a_trainer_that_is_killed(self):
        pod = self.pod(arguments=python("import os\nos.kill(os.getpid(), 9)"))
        self.assertEqual(137, pod.run())
        self.assertEqual(("TrainerFailed", 137), (pod.message["code"], pod.message["exit"]))
        self.assertIn("SIGKILL", pod.message["message"])

    def test_a_whole_command(self):
        out = os.path.join(self.folder, "out")
        pod = self.pod(job={"launch": {"command": True}}, arguments=["/bin/sh", "-c", "echo $0 > %s" % out, "me"])
        self.assertEqual(0, pod.run(), pod.output)
        with open(out) as file:
            self.assertEqual("me\n", file.read())

    def test_how_ray_and_the_trainer_are_started(self):
        out = os.path.join(self.folder, "out")
        odd = ["a b", "$HOME", "'\"`id`", "+x.y=[1,2]", "", "é{}", "* ?", "\\n"]
        pod = self.pod(arguments=python(DUMP % out) + odd, PYTHONPATH="/three", HCCL_SOCKET_IFNAME="mine", job={
            "launch": {"pythonPath": ["/one", "/two"]}, "ray": {"objectStoreMemory": 1000000, "dashboardPort": 8265}})
        self.assertEqual(0, pod.run(), pod.output)
        with open(out) as file:
            found = json.load(file)
        self.assertEqual(odd, found["argv"][1:])
        self.assertEqual(pod.root, found["cwd"])
        ray = pod.ray_starts()[0]
        self.assertEqual(["start", "--head", "--port=%d" % self.port, "--dashboard-host=127.0.0.1", "--dashboard-port=8265",
                          "--node-ip-address=127.0.0.1", '--resources={"NPU": 2}', "--num-cpus=10",
                          "--object-store-memory=1000000"], ray["argv"])
        for env in (found["env"], ray["env"]):
            for name in ("RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"):
                self.assertNotIn(name, env)
            self.assertEqual("0", env["NODE_RANK"])
            self.assertEqual("/one:/two:/three", env["PYTHONPATH"])
            self.assertEqual(("mine", "lo", "lo"), tuple(env[n + "_SOCKET_IFNAME"] for n in ("HCCL", "GLOO", "TP")))
        self.assertEqual("127.0.0.1:%d" % self.port, found["env"]["RAY_ADDRESS"])
        self.assertEqual("1", found["env"]["PYTHONUNBUFFERED"])

    def test_the_dashboard_is_open_only_when_asked_for(self):
        pod = self.pod(job={"ray": {"dashboard": True}})
        self.assertEqual(0, pod.run(), pod.output)
        self.assertIn("--dashboard-host=0.0.0.0", pod.ray_starts()[0]["argv"])
        self.assertIn("--include-dashboard=true", pod.ray_starts()[0]["argv"])

    def test_ready_from_the_trainers_start_to_its_end(self):
        release = os.path.join(self.folder, "release")
        pod = self.pod(arguments=python(wait_for(release)))
        pod.write("run/grpo/ready", "")    # left by nobody knows whom
        pod.start()
        until(lambda: pod.pids("raylet"), "Ray")
        until(lambda: pod.ready, "readiness")
        self.assertTrue(pod.pids("-c"), "ready without a trainer")
        open(release, "w").close()
        self.assertEqual(0, pod.end())
        self.assertFalse(pod.ready)

    def test_ray_that_does_not_start(self):
        fails = os.path.join(self.folder, "fails")
        with open(fails, "w") as file:
            file.write("9")
        pod = self.pod(FAKE_RAY_START_FAILS=fails)
        self.assertEqual(92, pod.run())
        self.assertEqual("RayStartFailed", pod.message["code"])
        self.assertIn("no such luck", pod.message["message"])

    def test_ray_that_takes_too_long(self):
        pod = self.pod(FAKE_RAY_START_HANG="1", timings={"rayStart": 0.3})
        self.assertEqual(92, pod.run())
        self.assertIn("124", pod.message["message"])

    def test_a_head_waits_for_all_npus_only_so_long(self):
        pod = self.pod(nodes=3, timings={"join": 0.5})
        self.assertEqual(84, pod.run())
        self.assertEqual(("JoinTimeout", False, None), tuple(pod.message[k] for k in ("code", "launched", "launchTime")))
        self.assertIn("2 of 6 NPUs", pod.message["message"])
        self.assertIn("1, 2", pod.message["message"])

    def test_a_dead_ray_under_a_trainer_that_goes_on(self):
        pod = self.pod(arguments=python("import time\ntime.sleep(3600)"), timings={"headGone": 0.3}).start()
        until(lambda: pod.ready, "readiness")
        os.kill(pod.pids("gcs_server")[0], signal.SIGKILL)
        self.assertEqual(91, pod.end())
        self.assertEqual("RayDied", pod.message["code"])
        self.assertIn("gcs_server ended with 137", pod.message["message"])

    def test_nothing_is_left_running(self):
        pod = self.pod(arguments=python("import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(3600)")).start()
        pids = until(lambda: pod.ready and pod.below())
        self.assertEqual(0, pod.end())
        self.assertEqual([], [pid for pid in pids if os.path.exists("/proc/%d" % pid)])

    def test_the_message_stays_below_its_limit(self):
        pod = self.pod(arguments=python("print('\\u00e9\\U0001f600\\x01 line\\n' * 9000)\nraise SystemExit(3)"),
                       GRPO_MESSAGE_LIMIT="700")
        self.assertEqual(3, pod.run())
        self.assertLessEqual(len(pod.read("dev/termination-log")), 700)
        self.assertGreater(len(pod.read("dev/termination-log")), 600)
        self.assertEqual("TrainerFailed", pod.message["code"])

    def test_secrets_are_not_printed(self):
        pod = self.pod(HF_TOKEN="hf_verysecret", job={"launch": {"setup": "export MORE=alsosecret"}})
        self.assertEqual(0, pod.run(), pod.output)
        self.assertNotIn("secret", pod.output + pod.read("dev/termination-log"))


class Modes(PodTest):
    def test_ray_only_and_hold_run_no_trainer(self):
        for mode in ("RayOnly", "Hold"):
            with self.subTest(mode):
                out = os.path.join(self.folder, mode)
                pod = self.pod(job={"launch": {"mode": mode}, "checkpointDir": os.path.join(self.folder, "ckpt")},
                               arguments=python(DUMP % out)).start()
                until(lambda: pod.ready, "readiness")
                pod.terminate()
                self.assertEqual(80, pod.end())
                self.assertEqual(("Terminated", False), (pod.message["code"], pod.message["launched"]))
                self.assertFalse(os.path.exists(out))
                self.assertFalse(os.path.exists(os.path.join(self.folder, "ckpt")), "the fence is off")

    def test_a_held_cluster_that_dies(self):
        pod = self.pod(job={"launch": {"mode": "Hold"}}).start()
        until(lambda: pod.ready, "readiness")
        os.kill(pod.pids("raylet")[0], signal.SIGKILL)
        self.assertEqual(91, pod.end())

    def test_a_sealed_pod_only_idles(self):
        pod = self.pod(GRPO_SEALED="true").start()
        until(lambda: "sealed" in pod.output, "its word")
        self.assertEqual([], pod.below())
        self.assertFalse(pod.ready)
        self.assertIsNone(pod.process.poll())
        pod.terminate()
        self.assertEqual(0, pod.end())
        self.assertEqual("Sealed", pod.message["code"])
        self.assertEqual([], pod.ray_calls)


class SecondContainer(PodTest):
    """The kubelet starts a container of a StatefulSet's pod again, whatever its end."""

    def test_it_repeats_the_verdict_and_idles(self):
        pod = self.pod(arguments=python("raise SystemExit(5)"))
        self.assertEqual(5, pod.run())
        first, calls = pod.message, len(pod.ray_calls)
        pod.start()
        until(lambda: pod.read("dev/termination-log"), "the verdict again")
        self.assertEqual(first, pod.message)
        self.assertIsNone(pod.process.poll())
        self.assertEqual(calls, len(pod.ray_calls))
        pod.terminate()
        self.assertEqual(5, pod.end())

    def test_after_a_kill_there_is_no_verdict_to_repeat(self):
        pod = self.pod(arguments=python("import time\ntime.sleep(3600)")).start()
        until(lambda: pod.ready, "readiness")
        pids = pod.below()
        pod.process.kill()
        pod.end()
        for pid in pids:   # in a container they die with their PID 1
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        pod.start()
        until(lambda: pod.read("dev/termination-log"), "a verdict")
        self.assertEqual("Killed", pod.message["code"])
        self.assertFalse(pod.ready)
        pod.terminate()
        self.assertEqual(81, pod.end())

    def test_a_heads_second_container_tells_workers_of_the_end(self):
        head = self.pod(0, nodes=2, arguments=[], timings={"join": 0.2})
        self.assertEqual(84, head.run())
        head.start()
        worker = self.pod(1, nodes=2).start()
        until(lambda: worker.read("dev/termination-log"), "the worker's verdict")
        self.assertEqual(("HeadDone", "the head ended: JoinTimeout"), (worker.message["code"], worker.message["message"]))
        self.assertEqual([], worker.ray_starts())

    def test_a_replaced_configmap_changes_nothing(self):
        pod = self.pod(arguments=python("raise SystemExit(5)"))
        self.assertEqual(5, pod.run())
        pod.write("etc/grpo/launcher.pyz.gz", "something new")
        pod.start()
        until(lambda: pod.read("dev/termination-log"), "the verdict again")
        self.assertEqual(5, pod.message["exit"])


class TwoRanks(PodTest):
    def test_both_train_and_the_worker_idles_afterwards(self):
        release = os.path.join(self.folder, "release")
        head = self.pod(0, nodes=2, arguments=python(wait_for(release))).start()
        worker = self.pod(1, nodes=2).start()
        until(lambda: head.ready and worker.ready, "both ready")
        self.assertEqual("--address=127.0.0.1:%d" % self.port, worker.ray_starts()[0]["argv"][1])
        self.assertNotIn("RAY_ADDRESS", worker.ray_starts()[0]["env"])
        self.assertEqual("1", worker.ray_starts()[0]["env"]["NODE_RANK"])
        open(release, "w").close()
        self.assertEqual(0, head.end(), head.output)
        self.assertEqual("Succeeded", head.message["code"])
        until(lambda: worker.read("dev/termination-log"), "the worker's verdict")
        self.assertEqual(("HeadDone", 1), (worker.message["code"], worker.message["rank"]))
        self.assertFalse(worker.ready)
        until(lambda: not worker.below(), "the worker's Ray to end")
        self.assertIsNone(worker.process.poll())
        worker.terminate()
        self.assertEqual(0, worker.end())

    def test_a_head_that_vanishes(self):
        head = self.pod(0, nodes=2, arguments=python("import time\ntime.sleep(3600)")).start()
        worker = self.pod(1, nodes=2, timings={"headGone": 0.5}).start()
        until(lambda: head.ready and worker.ready, "both ready")
        head.process.kill()
        self.assertEqual(90, worker.end())
        self.assertEqual("HeadGone", worker.message["code"])

    def test_a_workers_ray_that_dies_while_the_head_goes_on(self):
        head = self.pod(0, nodes=2, arguments=python("import time\ntime.sleep(3600)")).start()
        worker = self.pod(1, nodes=2, timings={"headGone": 2}).start()
        until(lambda: head.ready and worker.ready, "both ready")
        os.kill(worker.pids("raylet")[0], signal.SIGKILL)
        self.assertEqual(91, worker.end())
        self.assertEqual("RayDied", worker.message["code"])

    def test_a_workers_ray_that_dies_just_before_the_heads_end_means_nothing(self):
        release = os.path.join(self.folder, "release")
        head = self.pod(0, nodes=2, arguments=python(wait_for(release))).start()
        worker = self.pod(1, nodes=2).start()
        until(lambda: head.ready and worker.ready, "both ready")
        os.kill(worker.pids("raylet")[0], signal.SIGKILL)
        open(release, "w").close()
        until(lambda: worker.read("dev/termination-log"), "the worker's verdict")
        self.assertEqual("HeadDone", worker.message["code"])

    def test_a_worker_tries_ray_start_again(self):
        fails = os.path.join(self.folder, "fails")
        with open(fails, "w") as file:
            file.write("2")
        head = self.pod(0, nodes=2).start()
        worker = self.pod(1, nodes=2, FAKE_RAY_START_FAILS=fails).start()
        self.assertEqual(0, head.end(), head.output)
        self.assertEqual(3, len(worker.ray_starts()))

    def test_a_worker_whose_ray_never_starts(self):
        fails = os.path.join(self.folder, "fails")
        with open(fails, "w") as file:
            file.write("9")
        self.pod(0, nodes=2).start()
        worker = self.pod(1, nodes=2, FAKE_RAY_START_FAILS=fails)
        self.assertEqual(86, worker.run())
        self.assertEqual("JoinFailed", worker.message["code"])
        self.assertIn("no such luck", worker.message["message"])

    def test_a_worker_without_a_head_gives_up(self):
        worker = self.pod(1, nodes=2, timings={"join": 0.4}, MASTER_ADDR="no-such-host.invalid")
        self.assertEqual(84, worker.run())
        self.assertIn("no-such-host.invalid", worker.message["message"])

    def test_another_job_or_incarnation_is_never_joined(self):
        head = self.pod(0, nodes=2, GRPO_INCARNATION="2").start()
        until(lambda: "NPUs have joined" in head.output, "the head")
        for code, exit, join, environ in (("JoinTimeout", 84, 1, {"GRPO_JOB_UID": UID[:-1] + "b", "GRPO_INCARNATION": "2"}),
                                          ("JoinTimeout", 84, 1, {"GRPO_INCARNATION": "3"}),
                                          ("StaleIncarnation", 82, 50, {"GRPO_INCARNATION": "1"})):
            worker = self.pod(1, nodes=2, timings={"join": join}, **environ)
            self.assertEqual(exit, worker.run(), worker.output)
            self.assertEqual(code, worker.message["code"])
            self.assertEqual([], worker.ray_starts())

    def test_nobody_is_admitted_after_the_launch(self):
        head = self.pod(0, nodes=2, arguments=python("import time\ntime.sleep(3600)")).start()
        worker = self.pod(1, nodes=2).start()
        until(lambda: head.ready and worker.ready, "both ready")
        late = self.pod(1, nodes=2, GRPO_POD_UID="a-replacement")
        self.assertEqual(85, late.run())
        self.assertEqual("JoinRefused", late.message["code"])
        self.assertEqual([], late.ray_starts())

    def test_a_rank_that_was_not_needed_comes_too_late(self):
        head = self.pod(0, nodes=2, WORLD_SIZE="2", arguments=python("import time\ntime.sleep(3600)")).start()
        until(lambda: head.ready, "the launch")
        late = self.pod(1, nodes=2)
        self.assertEqual(85, late.run())
        self.assertIn("launched already", late.message["message"])


if __name__ == "__main__":
    unittest.main()
