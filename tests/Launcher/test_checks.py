"""Everything that ends a rank before it starts Ray."""
import json
import os
import unittest

from fakes import PodTest, python, until
import checks
from models import write
from settings import Fields, Settings
from verdict import Failure

NPU_SMI = """#!/bin/bash
[ -z "$NPU_FAULT" ] || { echo "dcmi module initialize failed. ret is -8005"; exit 1; }
echo "	Total Count                    : 1"
echo "	NPU ID                         : 0"
echo "	Chip Count                     : ${CHIPS:-2}"
"""


class Checks(PodTest):
    """The checks themselves, in this process."""

    def settings(self, job=(), **environ):
        settings = Settings(dict({"NPROC_PER_NODE": "2"}, **environ))
        settings.job.update(json.loads(json.dumps(dict(job)), object_hook=Fields))
        return settings

    def refused(self, code, check, settings, *words):
        with self.assertRaises(Failure) as caught:
            check(settings)
        self.assertEqual(code, caught.exception.code)
        for word in words:
            self.assertIn(word, caught.exception.message)

    def test_settings_that_cannot_be_read(self):
        path = os.path.join(self.folder, "run/grpo/launcher/job.json")
        for text, word in ((b"{", "job.json"), (b"[]", "version"), (b'{"v": 2}', "version 2"), (b"\xff", "job.json")):
            write(path, text)
            self.refused("ConfigArguments", Settings.read_job, Settings({"GRPO_ROOT": self.folder}), word)
        write(path, b'{"v": 1, "launch": null, "ray": {"port": 7}}')
        job = Settings({"GRPO_ROOT": self.folder}).read_job()
        self.assertEqual((None, 7, None), (job.launch.mode, job.ray.port, job.logs.directory), "absent is null")

    def test_paths(self):
        missing, dangling, pointer = (os.path.join(self.folder, name) for name in ("a/b", "dangling", "x.parquet"))
        os.symlink("/nowhere", dangling)
        write(pointer, "version https://git-lfs.github.com/spec/v1\noid sha256:1\n")
        for code, job, words in (
                ("ConfigWorkDir", {"launch": {"workDir": missing}}, ["was not found", "nor %s/a" % self.folder]),
                ("ConfigModelPath", {"model": {"path": dangling}}, ["dangling link to /nowhere"]),
                ("ConfigModelPath", {"model": {"path": pointer}}, ["not a directory"]),
                ("ConfigDataPath", {"data": {"trainFiles": [pointer]}}, ["git-LFS pointer"]),
                ("ConfigDataPath", {"data": {"valFiles": [missing]}}, ["was not found"]),
                ("ConfigRewardPath", {"reward": {"path": self.folder}}, ["is not a file"])):
            self.refused(code, checks.check_paths, self.settings(job), *words)

    def test_hub_ids_and_uris_are_no_paths(self):
        checks.check_paths(self.settings({"model": {"path": "Qwen/Qwen3-8B"}, "data": {"trainFiles": ["s3://bucket/x.parquet"]}}))

    def test_weights_that_are_not_there_or_not_whole(self):
        weights, model = os.path.join(self.folder, "dist"), os.path.join(self.folder, "model")
        settings = self.settings({"weights": {"mode": "DistCheckpoint", "path": weights, "policy": "Never"}, "model": {"path": model}})
        write(os.path.join(model, "config.json"), "{}")
        self.refused("WeightsMissing", checks.check_paths, settings, weights)
        write(os.path.join(weights, "x.distcp"), "")
        self.refused("WeightsIncomplete", checks.check_paths, settings, "empty or remove it")
        for name in ("metadata.json", ".metadata"):
            write(os.path.join(weights, name), "x")
        record = write(os.path.join(weights, ".grpo-source.json"), json.dumps({"modelPath": "/another", "configSha256": "0"}))
        self.refused("WeightsOfOtherModel", checks.check_paths, settings, "another model")
        os.unlink(record)
        checks.check_paths(settings)    # unverified ones are used

    def test_cpus(self):
        for version, cpus, refused in (("0.7.1", 9, True), (None, 9, True), ("0.10.0.dev0", 9, True), ("0.7", 10, False),
                                       ("0.6.1", 9, False), ("0.7.1", None, False)):
            settings = self.settings({"ray": {"cpusPerNode": cpus}, "verlVersion": version})
            if refused:
                self.refused("ConfigCpus", checks.check_cpus, settings, "3 x 2 NPUs + 4 = 10")
            else:
                checks.check_cpus(settings)

    def test_other_programs_may_need_fewer_cpus(self):
        for launch in ({"module": "recipe.dapo.main_dapo"}, {"command": True}):
            checks.check_cpus(self.settings({"ray": {"cpusPerNode": 3}, "launch": launch}))

    def test_visible_devices(self):
        self.refused("ConfigVisibleDevices", checks.check_visible, self.settings(ASCEND_RT_VISIBLE_DEVICES="3"), "fewer NPUs")
        checks.check_visible(self.settings(ASCEND_RT_VISIBLE_DEVICES="0,1"))
        checks.check_visible(self.settings())


class Configuration(PodTest):
    def test_a_refusal_comes_before_ray(self):
        for code, exit, options in (("ConfigCpus", 70, {"job": {"ray": {"cpusPerNode": 9}}}),
                                    ("ConfigVisibleDevices", 73, {"ASCEND_RT_VISIBLE_DEVICES": "3"}),
                                    ("ConfigModelPath", 66, {"job": {"model": {"path": "/no/such"}}})):
            pod = self.pod(**options)
            self.assertEqual(exit, pod.run(), pod.output)
            message = pod.message
            self.assertEqual((code, False, exit), (message["code"], message["launched"], message["exit"]))
            self.assertEqual([], pod.ray_calls, "Ray was started")

    def test_without_cpus_ray_counts_them_itself(self):
        pod = self.pod(job={"ray": {"cpusPerNode": None}})
        self.assertEqual(0, pod.run(), pod.output)
        self.assertNotIn("--num-cpus", " ".join(pod.ray_starts()[0]["argv"]))

    def test_a_trainer_that_cannot_be_started(self):
        pod = self.pod(job={"launch": {"command": True}}, arguments=["/no/such/program"])
        self.assertEqual(72, pod.run())
        self.assertEqual(("ConfigCommand", False), (pod.message["code"], pod.message["launched"]))
        self.assertFalse(pod.ready)

    def test_no_arguments_at_all(self):
        pod = self.pod(arguments=None)
        self.assertEqual(64, pod.run())
        self.assertEqual("ConfigArguments", pod.message["code"])

    def test_the_handshakes_port_is_taken(self):
        import socket
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", self.port + 1))
            taken.listen(1)
            pod = self.pod()
            self.assertEqual(87, pod.run())
        self.assertEqual("JoinPortTaken", pod.message["code"])
        self.assertEqual([], pod.ray_calls)


class Devices(PodTest):
    def devices(self, pod, *names):
        for name in names:
            pod.write("dev/" + name, "")
        return pod

    def test_device_files(self):
        names = ["davinci%d" % number for number in range(12)]
        pod = self.devices(self.pod(npus=12), "davinci_manager", *names)
        self.assertEqual(0, pod.run(), pod.output)
        pod = self.devices(self.pod(npus=12), "davinci_manager", "davinci10x", *names[1:])
        self.assertEqual(88, pod.run())
        self.assertEqual("DeviceMissing", pod.message["code"])
        self.assertIn("11 NPU devices", pod.message["message"])
        self.assertEqual([], pod.ray_calls)

    def test_npu_smi(self):
        pod = self.pod()
        pod.add_program("npu-smi", NPU_SMI)
        self.assertEqual(0, pod.run(), pod.output)
        pod = self.pod(CHIPS="1")
        pod.add_program("npu-smi", NPU_SMI)
        self.assertEqual(88, pod.run())
        pod = self.pod(NPU_FAULT="1")
        pod.add_program("npu-smi", NPU_SMI)
        self.assertEqual(89, pod.run())
        self.assertEqual("DeviceFault", pod.message["code"])
        self.assertIn("-8005", pod.message["message"])

    def test_device_files_are_believed_more_than_npu_smi(self):
        pod = self.devices(self.pod(NPU_FAULT="1"), "davinci0", "davinci1")
        pod.add_program("npu-smi", NPU_SMI)
        self.assertEqual(0, pod.run(), pod.output)


class Setup(PodTest):
    def test_its_exports_reach_ray_and_the_trainer(self):
        out = os.path.join(self.folder, "out")
        odd = "two\nlines 'and' $x"
        pod = self.pod(job={"launch": {"setup": "cd /tmp\nexport ODD=%s\nunset GONE\nPATH=$PATH:/more\nnot_exported=1\necho told $UNSET # end"
                                       % _quoted(odd)}},
                       arguments=python("import json, os\njson.dump([dict(os.environ), os.getcwd()], open(%r, 'w'))" % out), GONE="1")
        self.assertEqual(0, pod.run(), pod.output)
        with open(out) as file:
            env, cwd = json.load(file)
        self.assertEqual(odd, env["ODD"])
        self.assertTrue(env["PATH"].endswith(":/more"))
        self.assertNotIn("GONE", env)
        self.assertNotIn("not_exported", env)
        self.assertEqual(pod.root, cwd)
        self.assertEqual(odd, pod.ray_starts()[0]["env"]["ODD"])
        self.assertIn("told", pod.output)

    def test_it_runs_on_a_worker_too(self):
        head, worker = self.pod(0, nodes=2), self.pod(1, nodes=2, job={"launch": {"setup": "export HERE=$POD_NAME"}})
        head.start(), worker.start()
        self.assertEqual(0, head.end(), head.output + worker.output)
        self.assertEqual("job-1", worker.ray_starts()[0]["env"]["HERE"])

    def test_its_failure_ends_everything(self):
        for text, status in (("exit 3", 3), ("false", 1), ("set -e; false; true", 1), ("source /no/such/file", 1)):
            pod = self.pod(job={"launch": {"setup": text}})
            self.assertEqual(71, pod.run(), text)
            self.assertEqual(("ConfigSetup", "launch.setup ended with %d" % status), (pod.message["code"], pod.message["message"]))
            self.assertEqual([], pod.ray_calls)

    def test_an_exit_with_0_is_none(self):
        pod = self.pod(job={"launch": {"setup": "export A=1\nexit 0"}})
        self.assertEqual(0, pod.run(), pod.output)
        self.assertEqual("1", pod.ray_starts()[0]["env"]["A"])

    def test_a_setup_that_replaces_the_shell(self):
        pod = self.pod(job={"launch": {"setup": "exec true"}})
        self.assertEqual(71, pod.run())
        self.assertIn("replaced", pod.message["message"])

    def test_sigterm_during_it(self):
        pod = self.pod(job={"launch": {"setup": "touch here; sleep 3600"}}).start()
        until(lambda: pod.has("here"), "the setup")
        pod.terminate()
        self.assertEqual(80, pod.end())


def _quoted(text):
    import shlex
    return shlex.quote(text)


if __name__ == "__main__":
    unittest.main()
