"""The programs of the jobs around training: data, conversion, the accelerator's tool, made-up inputs."""
from __future__ import annotations

import json
import os
import shutil
import unittest

import support
from standin import parquet
from support import CONVERT, PREPARE


class Jobs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = support.Folder(rows=40)

    @classmethod
    def tearDownClass(cls):
        cls.folder.remove()

    def setUp(self):
        self.out = self.folder.of("out")
        self.addCleanup(shutil.rmtree, self.out, True)

    def run_program(self, arguments, **extra):
        return support.run(arguments, STANDIN_RECORD_DIR=self.folder.of("record"), **extra)

    def convert(self, *arguments, model=None, **extra):
        return self.run_program(CONVERT + ["--hf_model_path", model or self.folder.of("model"), "--output_path", self.out] + list(arguments), **extra)

    def prepare(self, *arguments, **extra):
        return self.run_program(PREPARE + ["--local_dataset_path", self.folder.of("raw"), "--local_save_dir", self.out] + list(arguments), **extra)

    def test_conversion(self):
        done = self.convert("--use_cpu_initialization")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(os.listdir(self.out)), [".metadata", "__0_0.distcp", "__0_1.distcp", "common.pt", "metadata.json"])
        with open(os.path.join(self.out, "__0_0.distcp"), "rb") as file:
            first = file.read()
        done = self.convert("--use_cpu_initialization")
        self.assertEqual((done.returncode, done.stdout), (0, "Output path %s is not empty, skipping conversion\n" % self.out))
        # another model gives other shards
        other = self.folder.of("other-model")
        shutil.copytree(self.folder.of("model"), other)
        self.addCleanup(shutil.rmtree, other)
        with open(os.path.join(other, "tokenizer.json"), "a", encoding="utf-8") as file:
            file.write(" ")
        shutil.rmtree(self.out)
        self.assertEqual(self.convert(model=other).returncode, 0)
        with open(os.path.join(self.out, "__0_0.distcp"), "rb") as file:
            self.assertNotEqual(file.read(), first)

    def test_lost_and_found_is_not_empty(self):
        os.makedirs(os.path.join(self.out, "lost+found"))
        self.assertIn("is not empty, skipping conversion", self.convert().stdout)

    def test_conversion_needs_a_device_and_a_whole_model(self):
        for extra in ({"STANDIN_NPU_FAULT": 1}, {"STANDIN_NPUS": 0}):
            done = self.convert("--use_cpu_initialization", **extra)
            self.assertEqual(done.returncode, 1)
            self.assertIn("507033", done.stderr)
        done = self.convert(model=self.folder.of("nothing"))
        self.assertIn("does not appear to have a file named config.json", done.stderr)
        broken = self.folder.of("broken-model")
        shutil.copytree(self.folder.of("model"), broken)
        self.addCleanup(shutil.rmtree, broken)
        with open(os.path.join(broken, "model-00003-of-00016.safetensors"), "w", encoding="utf-8") as file:
            file.write("version https://git-lfs.github.com/spec/v1\n")
        self.assertIn("HeaderTooLarge", self.convert(model=broken).stderr)
        os.unlink(os.path.join(broken, "model-00003-of-00016.safetensors"))
        self.assertIn("no file named model-00003-of-00016.safetensors", self.convert(model=broken).stderr)

    def test_cpu_initialisation_is_for_mixtures_of_experts(self):
        dense = self.folder.of("dense-model")
        shutil.copytree(self.folder.of("model"), dense)
        self.addCleanup(shutil.rmtree, dense)
        with open(os.path.join(dense, "config.json"), "w", encoding="utf-8") as file:
            json.dump({"model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"], "num_hidden_layers": 2, "hidden_size": 8}, file)
        done = self.convert("--use_cpu_initialization", model=dense)
        self.assertEqual(done.returncode, 1)
        self.assertIn("AssertionError: use_cpu_initialization is only supported for MoE model", done.stderr)
        done = self.convert(model=dense, WORLD_SIZE=2, RANK=0)
        self.assertIn("NotImplementedError", done.stderr)
        self.assertEqual(self.convert(model=dense).returncode, 0)

    def test_faults_of_the_conversion(self):
        self.assertEqual(self.convert(STANDIN_CONVERT_FAULT="exit:9").returncode, 9)
        self.assertFalse(os.path.exists(self.out))
        self.assertEqual(self.convert(STANDIN_CONVERT_FAULT="kill@shards").returncode, -9)
        self.assertEqual(os.listdir(self.out), ["__0_0.distcp"])
        shutil.rmtree(self.out)
        done = self.convert(STANDIN_CONVERT_FAULT="disk-full@metadata")
        self.assertIn("OSError: [Errno 28] No space left on device", done.stderr)
        self.assertNotIn("metadata.json", os.listdir(self.out))
        self.assertIn(".metadata", os.listdir(self.out))

    def test_preparation(self):
        done = self.prepare()
        self.assertEqual(done.returncode, 0, done.stderr)
        rows = parquet.read(os.path.join(self.out, "train.parquet"))
        raw = parquet.read(self.folder.of("raw", "main", "train-00000-of-00001.parquet"))
        self.assertEqual((len(rows), len(parquet.read(os.path.join(self.out, "test.parquet")))), (40, 7))
        self.assertEqual(list(rows[0]), ["data_source", "prompt", "ability", "reward_model", "extra_info"])
        for index, row in enumerate(rows):
            self.assertEqual(row["data_source"], "openai/gsm8k")
            self.assertEqual(row["prompt"][0]["role"], "user")
            self.assertTrue(row["prompt"][0]["content"].startswith(raw[index]["question"]))
            self.assertEqual(row["reward_model"], {"ground_truth": raw[index]["answer"].split("#### ")[1], "style": "rule"})
            self.assertEqual((row["extra_info"]["index"], row["extra_info"]["split"]), (index, "train"))
        with open(self.folder.of("record", "prepare-argv.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file), PREPARE[1:] + ["--local_dataset_path", self.folder.of("raw"), "--local_save_dir", self.out])

    def test_preparation_reads_json_lines_too(self):
        raw = self.folder.of("raw-lines")
        os.makedirs(raw)
        for split in ("train", "test"):
            with open(os.path.join(raw, split + ".jsonl"), "w", encoding="utf-8") as file:
                file.write(json.dumps({"question": "1,000 and 1?", "answer": "#### 1,001"}) + "\n")
        done = self.run_program(PREPARE + ["--local_dataset_path", raw, "--local_dir", self.out])
        self.assertIn("deprecated", done.stdout)
        self.assertEqual(parquet.read(os.path.join(self.out, "train.parquet"))[0]["reward_model"]["ground_truth"], "1001")

    def test_preparation_without_data(self):
        done = self.run_program(PREPARE + ["--local_dataset_path", self.folder.of("nothing"), "--local_save_dir", self.out])
        self.assertEqual(done.returncode, 1)
        self.assertIn("Couldn't find any data file at", done.stderr)

    def test_faults_of_the_preparation(self):
        marker = self.folder.of("marker")
        self.assertEqual(self.prepare(STANDIN_PREPARE_FAULT="exit:4@test,once=" + marker).returncode, 4)
        self.assertEqual(os.listdir(self.out), ["train.parquet"])
        self.assertEqual(self.prepare(STANDIN_PREPARE_FAULT="exit:4@test,once=" + marker).returncode, 0)

    def test_npu_smi(self):
        done = support.run(["npu-smi", "info"], STANDIN_NPUS=3)
        self.assertEqual(done.returncode, 0)
        self.assertEqual([line.split()[2] for line in done.stdout.splitlines() if "0000:" in line], ["0", "1", "2"])
        self.assertIn("Total Count                    : 8", support.run(["npu-smi", "info", "-l"]).stdout)
        done = support.run(["npu-smi", "info"], STANDIN_NPU_FAULT="-8020")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("-8020", done.stderr)

    def test_made_up_inputs_are_complete(self):
        with open(self.folder.of("model", "model.safetensors.index.json"), encoding="utf-8") as file:
            index = json.load(file)
        self.assertEqual(index["metadata"]["total_size"], 61064245248)
        for shard in set(index["weight_map"].values()):
            self.assertTrue(os.path.isfile(self.folder.of("model", shard)))
        done = support.run(["python3", os.path.join(support.BASE, "make_inputs.py"), "--raw", self.folder.of("again"), "--rows", "40"])
        self.assertIn("made up", done.stdout)
        with open(self.folder.of("again", "main", "train-00000-of-00001.parquet"), "rb") as one:
            with open(self.folder.of("raw", "main", "train-00000-of-00001.parquet"), "rb") as two:
                self.assertEqual(one.read(), two.read())


if __name__ == "__main__":
    unittest.main()
