"""Everything that ends a rank before it starts Ray."""
import json
import os
import unittest

from fakes import PodTest, python, until

NPU_SMI = """#!/bin/bash
[ -z "$NPU_FAULT" ] || { echo "dcmi module initialize failed. ret is -8005"; exit 1; }
echo "	Total Count                    : 1"
echo "	NPU ID                         : 0"
echo "	Chip Count                     : ${CHIPS:-2}"
"""


class Configuration(PodTest):
    def refused(self, code, exit, pod, *words):
        self.assertEqual(exit, pod.run(), pod.output)
        message = pod.message
        self.assertEqual((code, False, exit), (message["code"], message["launched"], message["exit"]))
        for word in words:
            self.assertIn(word, message["message"])
        self.assertEqual([], pod.ray_calls, "Ray was started")

    def test_settings_that_cannot_be_read(self):
        for text, word in (("{", "job.json"), ("[]", "version"), ('{"v": 2}', "version 2"), ("\xff", "job.json")):
            pod = self.pod()
            with open(os.path.join(pod.root, "etc/grpo/job.json"), "w", encoding="latin-1") as file:
                file.write(text)
            self.refused("ConfigArguments", 64, pod, word)

    def test_absent_sections_are_null(self):
        pod = self.pod(POD_NAME="job-0")
        pod.write("etc/grpo/job.json", json.dumps({"v": 1, "ray": {"port": self.port}, "launch": None}))
        self.assertEqual(0, pod.run(), pod.output)

    def test_paths(self):
        missing, dangling, pointer = (os.path.join(self.folder, name) for name in ("a/b", "dangling", "x.parquet"))
        os.symlink("/nowhere", dangling)
        with open(pointer, "w") as file:
            file.write("version https://git-lfs.github.com/spec/v1\noid sha256:1\n")
        for code, exit, job, words in (
                ("ConfigWorkDir", 65, {"launch": {"workDir": missing}}, ["was not found", "nor %s/a" % self.folder]),
                ("ConfigModelPath", 66, {"model": {"path": dangling}}, ["dangling link to /nowhere"]),
                ("ConfigModelPath", 66, {"model": {"path": pointer}}, ["not a directory"]),
                ("ConfigDataPath", 67, {"data": {"trainFiles": [pointer]}}, ["git-LFS pointer"]),
                ("ConfigDataPath", 67, {"data": {"valFiles": [missing]}}, ["was not found"]),
                ("ConfigRewardPath", 68, {"reward": {"path": self.folder}}, ["is not a file"])):
            self.refused(code, exit, self.pod(job=job), *words)

    def test_hub_ids_and_uris_are_no_paths(self):
        pod = self.pod(job={"model": {"path": "Qwen/Qwen3-8B"}, "data": {"trainFiles": ["s3://bucket/x.parquet"]}})
        self.assertEqual(0, pod.run(), pod.output)

    def test_weights_that_are_not_there_or_not_whole(self):
        weights, model = os.path.join(self.folder, "dist"), os.path.join(self.folder, "model")
        job = {"weights": {"mode": "DistCheckpoint", "path": weights, "policy": "Never"}, "model": {"path": model}}
        os.mkdir(model)
        with open(os.path.join(model, "config.json"), "w") as file:
            file.write("{}")
        self.refused("WeightsMissing", 76, self.pod(job=dict(job)), weights)
        os.mkdir(weights)
        with open(os.path.join(weights, "x.distcp"), "w"):
            pass
        self.refused("WeightsIncomplete", 77, self.pod(job=dict(job)), "empty or remove it")
        for name in ("metadata.json", ".metadata"):
            with open(os.path.join(weights, name), "w") as file:
                file.write("x")
        with open(os.path.join(weights, ".grpo-source.json"), "w") as file:
            json.dump({"modelPath": "/another", "configSha256": "0"}, file)
        self.refused("WeightsOfOtherModel", 78, self.pod(job=dict(job)), "another model")
        os.unlink(os.path.join(weights, ".grpo-source.json"))
        self.assertEqual(0, self.pod(job=dict(job)).run(), "unverified ones are used")

    def test_cpus(self):
        for version, cpus, refused in (("0.7.1", 9, True), (None, 9, True), ("0.10.0.dev0", 9, True), ("0.7", 10, False),
                                       ("0.6.1", 9, False), ("0.7.1", None, False)):
            pod = self.pod(job={"ray": {"cpusPerNode": cpus}, "verlVersion": version})
            if refused:
                self.refused("ConfigCpus", 70, pod, "3 x 2 NPUs + 4 = 10")
            else:
                self.assertEqual(0, pod.run(), pod.output)
        self.assertNotIn("--num-cpus", " ".join(pod.ray_starts()[0]["argv"]))

    def test_another_module_may_need_fewer_cpus(self):
        pod = self.pod(job={"ray": {"cpusPerNode": 3}, "launch": {"module": "recipe.dapo.main_dapo"}})
        self.assertEqual(0, pod.run(), pod.output)

    def test_visible_devices(self):
        self.refused("ConfigVisibleDevices", 73, self.pod(ASCEND_RT_VISIBLE_DEVICES="3"), "fewer NPUs")
        self.assertEqual(0, self.pod(ASCEND_RT_VISIBLE_DEVICES="0,1").run())

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
