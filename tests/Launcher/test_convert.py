"""Modes convert and prepare: once, whole, with the source on record; safe against death at any moment and against each other."""
import json
import os
import shutil
import unittest

import crash
from fakes import UID, PodTest, until
from models import QWEN3_30B, model, parquet, write

CONVERTER = r"""
import argparse, os, sys, time
parser = argparse.ArgumentParser()
parser.add_argument("--hf_model_path"); parser.add_argument("--output_path")
parser.add_argument("--use_cpu_initialization", action="store_true"); parser.add_argument("--more")
options = parser.parse_args()
with open(os.environ["CALLS"], "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\n")
if os.path.exists(options.output_path) and os.listdir(options.output_path):
    print("Output path %s is not empty, skipping conversion" % options.output_path)
    sys.exit(0)
if os.environ.get("CONVERTER_FAILS"):
    print("NPU out of memory. Tried to allocate 1 GiB")
    sys.exit(3)
os.makedirs(os.path.join(options.output_path, "sub"), exist_ok=True)
for name in ("sub/__0_0.distcp", "common.pt", ".metadata", "metadata.json"):
    if name == os.environ.get("CONVERTER_LEAVES_OUT"):
        continue
    with open(os.path.join(options.output_path, name), "w") as file:
        file.write("made by " + os.environ["GRPO_POD_UID"])
open(os.environ["CALLS"] + ".made", "w").close()
while os.environ.get("CONVERTER_WAITS") and not os.path.exists(os.environ["CONVERTER_WAITS"]):
    time.sleep(0.01)
"""
DATA = r"""
import argparse, os, shutil, sys
parser = argparse.ArgumentParser()
parser.add_argument("--local_dataset_path"); parser.add_argument("--local_save_dir"); parser.add_argument("--leave_out")
options = parser.parse_args()
with open(os.environ["CALLS"], "a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\n")
if os.environ.get("SCRIPT_FAILS"):
    sys.exit("FileNotFoundError: no raw data")
for name in ("train.parquet", "test.parquet"):
    if name != options.leave_out:
        shutil.copy(os.path.join(options.local_dataset_path, name), options.local_save_dir)
"""


class JobTest(PodTest):
    kind = mode = None

    def setUp(self):
        super().setUp()
        self.verl = os.path.join(self.folder, "verl")
        write(os.path.join(self.verl, "scripts/converter_hf_to_mcore.py"), CONVERTER)
        write(os.path.join(self.verl, "examples/data_preprocess/gsm8k.py"), DATA)
        self.calls = os.path.join(self.folder, "calls")

    def start(self, pod_uid="pod-1", job=None, **environ):
        return self.pod(0, job=dict(job or self.job), arguments=None, GRPO_POD_UID=pod_uid, CALLS=self.calls, **environ).start(
            self.mode)

    def run_job(self, code, exit=0, **options):
        pod = self.start(**options)
        self.assertEqual(exit, pod.end(), pod.output)
        message = pod.message
        self.assertEqual((1, self.kind, code), (message["v"], message["kind"], message["code"]), message)
        return message

    @property
    def called(self):
        if not os.path.exists(self.calls):
            return []
        with open(self.calls) as file:
            return file.read().splitlines()

    def crash(self, point, pod_uid):
        """The mode, killed at its n-th change of files; whether it got that far."""
        pod = self.pod(0, job=dict(self.job), arguments=None, GRPO_POD_UID=pod_uid, CALLS=self.calls)
        shutil.copytree(os.path.join(pod.root, "etc/grpo"), os.path.join(pod.root, "run/grpo/launcher"))
        pid = os.fork()
        if not pid:
            crash.run(point, self.mode, pod.environ, os.path.join(pod.root, "console"))
        status = os.waitpid(pid, 0)[1]
        self.assertIn(status, (0, 9 << 8), pod.output)
        return status != 0


class Convert(JobTest):
    kind, mode = "conversion", "convert"

    def setUp(self):
        super().setUp()
        self.model = model(os.path.join(self.folder, "weight/model"))
        self.target = os.path.join(self.folder, "weight/model-dist")
        self.job = {"model": {"path": self.model}, "weights": {"mode": "DistCheckpoint", "path": self.target, "policy": "IfMissing"},
                    "conversion": {"script": "scripts/converter_hf_to_mcore.py", "extraArgs": ["--more", "a b"]},
                    "launch": {"workDir": self.verl}}

    def left(self):
        return sorted(os.listdir(os.path.join(self.folder, "weight")))

    def made_by(self):
        with open(os.path.join(self.target, "metadata.json")) as file:
            return file.read()

    def test_a_conversion(self):
        message = self.run_job("Converted")
        self.assertIn(self.target, message["message"])
        self.assertEqual(["--hf_model_path %s --output_path %s.tmp-%s-pod-1 --use_cpu_initialization --more a b" % (
            self.model, self.target, UID)], self.called)
        self.assertEqual(["model", "model-dist"], self.left())
        self.assertEqual([".grpo-source.json", ".metadata", "common.pt", "metadata.json", "sub"], sorted(os.listdir(self.target)))
        with open(os.path.join(self.target, ".grpo-source.json")) as file:
            record = json.load(file)
        self.assertEqual(self.model, record["modelPath"])
        self.assertRegex(record["configSha256"] + record["indexSha256"], "^[0-9a-f]{128}$")
        self.run_job("CacheHit")
        self.assertEqual(1, len(self.called))

    def test_cpu_initialisation_is_for_experts_only(self):
        model(self.model, {"model_type": "qwen3"})
        self.run_job("Converted")
        self.assertNotIn("--use_cpu_initialization", self.called[0])
        shutil.rmtree(self.target)
        self.job["conversion"]["useCpuInitialization"] = True
        self.run_job("Converted")
        self.assertIn("--use_cpu_initialization", self.called[1])

    def test_weights_of_another_model(self):
        self.run_job("Converted")
        write(os.path.join(self.model, "config.json"), json.dumps(dict(QWEN3_30B, num_hidden_layers=4)))
        message = self.run_job("WeightsOfOtherModel", 78)
        self.assertIn("name another distCheckpointPath", message["message"])
        self.assertEqual("made by pod-1", self.made_by())

    def test_weights_without_a_record(self):
        self.run_job("Converted")
        os.unlink(os.path.join(self.target, ".grpo-source.json"))
        self.run_job("WeightsUnverified")
        self.assertEqual(1, len(self.called))

    def test_other_content_is_never_touched(self):
        for name, text in (("lost+found/x", ""), ("precious", "mine"), ("metadata.json", "x")):
            write(os.path.join(self.target, name), text)
            message = self.run_job("WeightsIncomplete", 77)
            self.assertIn("empty or remove it", message["message"])
            self.assertEqual([name.split("/")[0]], os.listdir(self.target))
            shutil.rmtree(self.target)
        self.assertEqual([], self.called)

    def test_an_empty_folder_is_as_good_as_none(self):
        os.makedirs(self.target)
        self.run_job("Converted")

    def test_policy_never(self):
        self.job["weights"]["policy"] = "Never"
        self.run_job("WeightsMissing", 76)
        self.assertEqual([], self.called)

    def test_a_converter_that_fails(self):
        message = self.run_job("ConversionFailed", 102, CONVERTER_FAILS="1")
        self.assertEqual(("NpuOutOfMemory", True), (message["signature"], "Tried to allocate" in message["log"]))
        self.assertEqual(["model"], self.left())

    def test_a_0_without_weights_is_no_success(self):
        for missing in ("metadata.json", ".metadata"):
            self.run_job("ConversionIncomplete", 103, CONVERTER_LEAVES_OUT=missing)
            self.assertEqual(["model"], self.left())

    def test_a_converter_that_is_not_there(self):
        self.job["conversion"]["script"] = "no.py"
        self.assertIn("no.py", self.run_job("ConfigCommand", 72)["message"])

    def test_models_that_cannot_be_read(self):
        os.unlink(os.path.join(self.model, "config.json"))
        self.assertIn("config.json was not found", self.run_job("ConfigModelPath", 66)["message"])
        self.job["model"]["path"] = "/no/such"
        self.run_job("ConfigModelPath", 66)

    def test_a_mounts_root(self):
        self.job["weights"]["path"] = "/dev/shm"
        if not os.path.ismount("/dev/shm") or os.listdir("/dev/shm"):
            self.job["weights"]["path"] = _empty_mount()
        if self.job["weights"]["path"] is None:
            self.skipTest("no empty mount here")
        self.assertIn("mount's root", self.run_job("TargetUnsafe", 106)["message"])

    def test_a_parent_that_cannot_be_written(self):
        self.job["weights"]["path"] = "/proc/no/such"
        self.run_job("TargetNotWritable", 107)

    def test_leftovers(self):
        for uid, pod in ((UID, "gone"), (UID, "alive"), ("another-job", "gone")):
            write("%s.tmp-%s-%s/x" % (self.target, uid, pod), "x")
        self.run_job("Converted", GRPO_GONE_PODS="gone,../../model,")
        self.assertEqual(["model", "model-dist", "model-dist.tmp-%s-alive" % UID, "model-dist.tmp-another-job-gone"], self.left())

    def test_the_loser_of_two_deletes_only_its_own(self):
        release = os.path.join(self.folder, "release")
        slow = self.start("slow", CONVERTER_WAITS=release)
        until(lambda: os.path.exists(self.calls + ".made"), "the slow one's files")
        self.run_job("Converted", pod_uid="fast")
        open(release, "w").close()
        self.assertEqual(0, slow.end(), slow.output)
        self.assertEqual("CacheHit", slow.message["code"])
        self.assertEqual("made by fast", self.made_by())
        self.assertEqual(["model", "model-dist"], self.left())

    def test_a_loser_to_other_content(self):
        release = os.path.join(self.folder, "release")
        slow = self.start("slow", CONVERTER_WAITS=release)
        until(lambda: os.path.exists(self.calls + ".made"), "the slow one's files")
        write(os.path.join(self.target, "precious"), "mine")
        open(release, "w").close()
        self.assertEqual(77, slow.end(), slow.output)
        self.assertEqual(["precious"], os.listdir(self.target))
        self.assertEqual(["model", "model-dist"], self.left())

    def test_sigterm(self):
        pod = self.start(CONVERTER_WAITS="/never")
        until(lambda: os.path.exists(self.calls + ".made"), "the converter")
        pod.terminate()
        self.assertEqual(80, pod.end())
        self.assertEqual("Terminated", pod.message["code"])
        self.assertEqual(["model"], self.left())

    def test_death_at_any_moment(self):
        point, crashes = 0, True
        while crashes:
            point += 1
            shutil.rmtree(self.target, ignore_errors=True)
            crashes = self.crash(point, "crashed-%d" % point)
            if os.path.exists(self.target):      # whatever is visible is whole
                self.assertEqual([".grpo-source.json", ".metadata", "common.pt", "metadata.json", "sub"],
                                 sorted(os.listdir(self.target)), point)
            if crashes and point % 5 == 0:
                self.run_job("CacheHit" if os.path.exists(self.target) else "Converted", GRPO_GONE_PODS="crashed-%d" % point)
        self.assertGreater(point, 12)


class Prepare(JobTest):
    kind, mode = "data", "prepare"

    def setUp(self):
        super().setUp()
        self.raw, self.output = os.path.join(self.folder, "raw"), os.path.join(self.folder, "data/processed")
        write(os.path.join(self.raw, "train.parquet"), parquet(7473))
        write(os.path.join(self.raw, "test.parquet"), parquet(1319))
        self.job = {"data": {"trainFiles": [self.output + "/train.parquet"], "valFiles": [self.output + "/test.parquet"],
                             "prepare": {"script": "examples/data_preprocess/gsm8k.py", "rawPath": self.raw,
                                         "outputDir": self.output, "extraArgs": []}}, "launch": {"workDir": self.verl}}

    def left(self):
        return sorted(os.listdir(self.output))

    def test_data_are_made(self):
        message = self.run_job("Prepared")
        self.assertEqual((7473, 1319), (message["trainRows"], message["valRows"]))
        self.assertEqual(["--local_dataset_path %s --local_save_dir %s.tmp-%s-pod-1" % (self.raw, self.output, UID)], self.called)
        self.assertEqual([".grpo-source.json", "test.parquet", "train.parquet"], self.left())
        self.assertEqual(["processed"], os.listdir(os.path.dirname(self.output)))
        message = self.run_job("CacheHit")
        self.assertEqual((7473, 1319), (message["trainRows"], message["valRows"]))
        self.assertEqual(1, len(self.called))

    def test_other_files_stay(self):
        write(os.path.join(self.output, "notes"), "mine")
        self.run_job("Prepared")
        self.assertEqual([".grpo-source.json", "notes", "test.parquet", "train.parquet"], self.left())

    def test_files_from_another_source(self):
        self.run_job("Prepared")
        self.job["data"]["prepare"]["rawPath"] = self.folder
        self.assertIn("another outputDir", self.run_job("TargetUnsafe", 106)["message"])
        os.unlink(os.path.join(self.output, ".grpo-source.json"))
        self.run_job("CacheHit")

    def test_a_file_with_other_content_is_never_replaced(self):
        path = write(os.path.join(self.output, "train.parquet"), parquet(5))
        self.assertIn(path, self.run_job("TargetUnsafe", 106)["message"])
        self.assertEqual(["train.parquet"], self.left())
        self.run_job("TargetUnsafe", 106, pod_uid="again")
        with open(path, "rb") as file:
            self.assertEqual(parquet(5), file.read())

    def test_a_file_with_the_same_content_stays(self):
        write(os.path.join(self.output, "train.parquet"), parquet(7473))
        self.run_job("Prepared")

    def test_scripts_that_fail_or_leave_files_out(self):
        message = self.run_job("DataFailed", 104, SCRIPT_FAILS="1")
        self.assertEqual("FileMissing", message["signature"])
        self.job["data"]["prepare"]["extraArgs"] = ["--leave_out", "test.parquet"]
        message = self.run_job("DataIncomplete", 105)
        self.assertIn(self.output + "/test.parquet", message["message"])
        self.assertFalse(os.path.exists(self.output))
        self.job["data"]["prepare"]["extraArgs"] = []
        write(os.path.join(self.raw, "test.parquet"), "PAR1 damaged PAR1")
        self.assertIn("no usable Parquet", self.run_job("DataIncomplete", 105)["message"])
        self.assertEqual([], os.listdir(os.path.dirname(self.output)))

    def test_present_files_that_cannot_be_used(self):
        for name in ("train.parquet", "test.parquet"):
            write(os.path.join(self.output, name), "nothing useful here")
        self.run_job("DataIncomplete", 105)

    def test_death_at_any_moment(self):
        point, crashes = 0, True
        while crashes:
            point += 1
            shutil.rmtree(os.path.dirname(self.output), ignore_errors=True)
            crashes = self.crash(point, "crashed-%d" % point)
            files = self.left() if os.path.exists(self.output) else []
            for name in files:
                if name.endswith(".parquet"):
                    with open(os.path.join(self.output, name), "rb") as file, open(os.path.join(self.raw, name), "rb") as raw:
                        self.assertEqual(raw.read(), file.read(), point)
            if ".grpo-source.json" in files:
                self.assertLessEqual({"train.parquet", "test.parquet"}, set(files))
            moved = {"train.parquet", "test.parquet"} & set(files)
            if crashes and (point % 5 == 0 or len(moved) == 1):
                # another run's files of the same source may differ in bytes
                write(os.path.join(self.raw, "train.parquet"), parquet(7473, more=b"\x15%c" % point))
                write(os.path.join(self.raw, "test.parquet"), parquet(1319, more=b"\x15%c" % point))
                self.run_job("CacheHit" if len(moved) == 2 else "Prepared", GRPO_GONE_PODS="crashed-%d" % point)
                write(os.path.join(self.raw, "train.parquet"), parquet(7473))
                write(os.path.join(self.raw, "test.parquet"), parquet(1319))
        self.assertGreater(point, 15)


def _empty_mount():
    with open("/proc/mounts") as mounts:
        for line in mounts:
            path = line.split()[1]
            try:
                if os.path.isdir(path) and not os.listdir(path):
                    return path
            except OSError:
                pass
    return None


if __name__ == "__main__":
    unittest.main()
