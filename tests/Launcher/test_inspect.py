"""Mode inspect: what it finds and how it says so."""
import json
import os
import shutil
import subprocess
import sys
import unittest

from fakes import SOURCES, PodTest, until
from inspect_job import Inspection, fit_findings
from models import QWEN3_30B, model, parquet, write
from settings import Settings
from weights import source_of

with open(os.path.join(SOURCES, "../Training/Verl/Rules/inspection-rules.json"), encoding="utf-8") as file:
    TABLE = json.load(file)
RULES = {subject + kind for subject in TABLE["subjects"] for kind in TABLE["kinds"]} | set(TABLE["rules"])


class InspectTest(PodTest):
    def setUp(self):
        super().setUp()
        self.model = model(os.path.join(self.folder, "weight/Qwen3-30B-A3B"))
        self.dist = self.model + "-dist"
        self.train = write(os.path.join(self.folder, "data/train.parquet"), parquet(7473))
        self.test = write(os.path.join(self.folder, "data/test.parquet"), parquet(1319))
        self.checkpoints = os.path.join(self.folder, "ckpt")
        os.mkdir(self.checkpoints)
        self.verl = os.path.join(self.folder, "verl")
        write(os.path.join(self.verl, "verl/version/version"), "0.7.1\n")
        self.job = {"v": 1, "model": {"path": self.model}, "weights": {"mode": "DistCheckpoint", "path": self.dist, "policy": "IfMissing"},
                    "data": {"trainFiles": [self.train], "valFiles": [self.test]}, "checkpointDir": self.checkpoints,
                    "verlVersion": "0.7.1", "launch": {"workDir": self.verl}}

    def changed(self, changes):
        job = json.loads(json.dumps(self.job))
        for name, value in changes.items():
            job[name] = dict(job[name], **value) if isinstance(value, dict) and name in job else value
        return job

    def weights(self):
        """Bytes of the model's weight files."""
        return sum(os.path.getsize(os.path.join(self.model, name)) for name in os.listdir(self.model) if name.endswith(".safetensors"))

    def inspect(self, arguments=(), **changes):
        """The report, made in this process."""
        root = os.path.join(self.folder, "root")
        write(os.path.join(root, "run/grpo/launcher/job.json"), json.dumps(self.changed(changes)))
        write(os.path.join(root, "run/grpo/launcher/args"), "".join("%s\n" % argument for argument in arguments))
        settings = Settings({"GRPO_ROOT": root, "NODE_NAME": "node-1"})
        settings.read_job()
        report = json.loads(json.dumps(Inspection(settings).run({"version": "0.7.1"})))
        for finding in report["findings"]:
            self.assertIn(finding["rule"], RULES)
        return report

    def inspect_in_a_pod(self, exit=0, arguments=(), environ=(), **changes):
        job = self.changed(changes)
        self.inspector = self.pod(0, job=job, arguments=list(arguments), NODE_NAME="node-1", **dict(environ))
        self.assertEqual(exit, self.inspector.run("inspect"), self.inspector.output)
        return self.inspector.message

    def finds(self, rule, *words, severity="Error", arguments=(), **changes):
        """Exactly one finding, this one."""
        report = self.inspect(arguments=arguments, **changes)
        self.assertEqual([(rule, severity)], [(finding["rule"], finding["severity"]) for finding in report["findings"]], report)
        for word in words:
            self.assertIn(word, report["findings"][0]["message"])
        return report


class Reports(InspectTest):
    def test_all_is_well(self):
        write(os.path.join(self.checkpoints, "latest_checkpointed_iteration.txt"), "40")
        report = self.inspect_in_a_pod()
        self.assertEqual(["v", "kind", "node", "model", "weights", "data", "trainRows", "valRows", "freeBytes",
                          "newestCheckpointStep", "checkpoint", "verlVersion", "findings"], list(report))
        self.assertGreater(report.pop("freeBytes"), 0)
        self.assertEqual({
            "v": 1, "kind": "inspection", "node": "node-1",
            "model": {"type": "qwen3_moe", "layers": 48, "attentionHeads": 32, "keyValueHeads": 4, "experts": 128,
                      "hiddenSize": 2048, "parameters": 30532122624, "weightBytes": self.weights()},
            "weights": "Absent", "data": "Present", "trainRows": 7473, "valRows": 1319, "newestCheckpointStep": 40,
            "checkpoint": {"step": 40, "layout": None, "worldSize": None},
            "verlVersion": "0.7.1", "findings": []}, report)
        self.assertEqual(["latest_checkpointed_iteration.txt"], os.listdir(self.checkpoints), "the probe file is gone")

    def test_facts_under_text_config_and_other_names(self):
        model(self.model, {"model_type": "glm4v_moe", "text_config": {"num_hidden_layers": 46, "n_routed_experts": 64,
                                                                      "num_attention_heads": 96, "torch_dtype": "bfloat16"}})
        self.assertEqual({"type": "glm4v_moe", "layers": 46, "attentionHeads": 96, "keyValueHeads": None, "experts": 64,
                          "hiddenSize": None, "parameters": 30532122624, "weightBytes": self.weights()}, self.inspect()["model"])

    def test_hub_ids_are_not_inspected(self):
        report = self.inspect(model={"path": "Qwen/Qwen3-8B"}, data={"trainFiles": ["s3://b/x.parquet"], "valFiles": ["a/b"]},
                              weights={"mode": "MBridge", "path": None}, checkpointDir=None)
        self.assertEqual((None, "NotChecked", "NotChecked", None, None, None, []), tuple(report[name] for name in (
            "model", "weights", "data", "trainRows", "valRows", "freeBytes", "findings")))

    def test_the_image_has_another_verl(self):
        self.finds("VerlVersionDiffers", "0.7.1", "0.8.0", severity="Warning", verlVersion="0.8.0")
        self.assertEqual([], self.inspect(verlVersion="0.7")["findings"])
        shutil.rmtree(self.verl)
        self.assertEqual((None, []), tuple(self.inspect_in_a_pod()[name] for name in ("verlVersion", "findings")))

    def test_the_images_own_python_knows_best(self):
        write(os.path.join(self.folder, "site/verl-0.9.1.dist-info/METADATA"), "Metadata-Version: 2.1\nName: verl\nVersion: 0.9.1\n")
        self.assertEqual("0.9.1", self.inspect_in_a_pod(environ={"PYTHONPATH": os.path.join(self.folder, "site")})["verlVersion"])


# What a script of the published example hands to verl, of which this stand-in has the keys.
ARGUMENTS = ["-m", "verl.trainer.main_ppo", "--config-path=config", "--config-name=ppo_megatron_trainer.yaml", "data.train_batch_size=16"]
STANDIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../images/verl-standin/root/verl")
# A check of verl's, where verl can be imported: what it wants is that a step has more than 16 prompts.
CHECK = """
def validate_config(config, use_reference_policy, use_critic):
    assert not use_critic and use_reference_policy
    if config.data.train_batch_size <= 16:
        raise ValueError("a step has %d prompts" % config.data.train_batch_size)
"""
# As much of OmegaConf as the question needs: the text is JSON here.
OMEGACONF = """
import json, types
class OmegaConf:
    @staticmethod
    def create(text): return json.loads(text, object_hook=lambda fields: types.SimpleNamespace(**fields))
    @staticmethod
    def resolve(config): pass
    @staticmethod
    def select(config, key): return None
"""
HYDRA = """
import sys
def main(**given):
    def decorate(task):
        def call():
            assert given == {"config_path": "config", "version_base": None}, given
            assert sys.argv[1:3] == ["--cfg", "job"], sys.argv
            assert task.__code__.co_filename.endswith("/verl/trainer/main_ppo.py"), task.__code__.co_filename
            print('{"data": {"train_batch_size": %s}, "algorithm": {"use_kl_in_reward": false, "adv_estimator": "grpo"},'
                  ' "actor_rollout_ref": {"actor": {"use_kl_loss": true}}}' % sys.argv[3].split("=")[1])
        return call
    return decorate
"""


class Images(InspectTest):
    def finds_in_a_pod(self, arguments, *rules, environ=(), **changes):
        report = self.inspect_in_a_pod(arguments=arguments, environ=dict({"PYTHONDONTWRITEBYTECODE": "1"}, **dict(environ)), **changes)
        self.assertEqual(list(rules), [(finding["rule"], finding["severity"]) for finding in report["findings"]], report)
        return report["findings"][0]["message"] if rules else None

    def standin(self, **launch):
        return {"launch": dict({"workDir": STANDIN, "module": "verl.trainer.main_ppo"}, **launch), "verlVersion": None,
                "conversion": {"script": "scripts/converter_hf_to_mcore.py"}}

    def test_arguments_that_compose(self):
        self.finds_in_a_pod(ARGUMENTS, **self.standin())

    def test_hydras_error_word_for_word(self):
        wrong = ARGUMENTS + ["actor_rollout_ref.actor.ppo_mini_batch_sise=16"]
        message = self.finds_in_a_pod(wrong, ("HydraComposition", "Error"), environ={"HYDRA_FULL_ERROR": "1"}, **self.standin())
        self.assertIn("the image's Hydra refuses the arguments of verl.trainer.main_ppo: Could not override "
                      "'actor_rollout_ref.actor.ppo_mini_batch_sise'.\nTo append to your config use +actor_rollout_ref", message)
        self.assertNotIn("Traceback", message)
        self.assertNotIn("HYDRA_FULL_ERROR", message)
        # A script that runs before the trainer may change what the image holds.
        self.finds_in_a_pod(wrong, ("HydraComposition", "Warning"), **self.standin(setup="pip install verl"))

    def test_options_that_hydra_doesnt_have(self):
        self.assertIn("--no-such", self.finds_in_a_pod(ARGUMENTS + ["--no-such"], ("HydraComposition", "Error"), **self.standin()))

    def test_what_runs_no_module_of_this_image_is_not_composed(self):
        wrong = ARGUMENTS + ["no.such=1"]
        self.finds_in_a_pod(wrong, **self.standin(command=True))
        self.finds_in_a_pod(wrong, **self.standin(mode="RayOnly"))
        self.finds_in_a_pod(wrong, **self.standin(otherImage=True))
        self.finds_in_a_pod(["train.sh"], **self.standin())

    def test_a_module_that_is_not_there(self):
        for module in ("no_such", "verl.no_such", "verl.trainer.no_such", "verl.trainer"):
            message = self.finds_in_a_pod(["-m", module], ("LaunchModuleNotFound", "Error"), **self.standin(module=module))
            self.assertIn("no module %s in %s" % (module, STANDIN), message)
        message = self.finds_in_a_pod(["-m", "x"], ("LaunchModuleNotFound", "Error"), launch={"workDir": "/no/such", "module": "x"})
        self.assertIn("which isn't there", message)

    def test_a_module_without_hydra(self):
        write(os.path.join(self.folder, "mine/train.py"), "raise SystemExit('never run')\n")
        write(os.path.join(self.folder, "mine/more/__main__.py"), "raise SystemExit('never run')\n")
        for module in ("train", "more"):
            self.finds_in_a_pod(["-m", module, "--lr", "1"], launch={"module": module, "pythonPath": [os.path.join(self.folder, "mine")]})

    def test_programs_of_jobs(self):
        launch = {"workDir": STANDIN, "module": "verl.trainer.main_ppo"}
        message = self.finds_in_a_pod(ARGUMENTS, ("ConverterNotFound", "Error"), launch=launch, verlVersion=None, conversion={"script": "no/such.py"})
        self.assertIn("the image has no %s/no/such.py" % STANDIN, message)
        self.finds_in_a_pod(ARGUMENTS, launch=launch, verlVersion=None, conversion={"script": "no/such.py", "otherImage": True})
        os.unlink(self.train)
        self.finds_in_a_pod(ARGUMENTS, ("PrepareScriptNotFound", "Error"), data={"prepare": {"script": "no/such.py"}}, **self.standin())

    def checkout(self):
        """A checkout whose verl can be imported. Hydra and OmegaConf are stand-ins of a few lines."""
        for name, text in (("verl/__init__.py", ""), ("verl/trainer/main_ppo.py", "import hydra\n@hydra.main(config_path='config', version_base=None)\ndef main(config): 1/0\n"),
                           ("verl/utils/config.py", CHECK), ("omegaconf.py", OMEGACONF), ("hydra.py", HYDRA)):
            write(os.path.join(self.folder, "checkout", name), text)
        return {"launch": {"workDir": os.path.join(self.folder, "checkout"), "module": "verl.trainer.main_ppo"}}

    def test_verls_own_check(self):
        launch = self.checkout()
        self.finds_in_a_pod(["-m", "verl.trainer.main_ppo", "data.train_batch_size=17"], **launch)
        message = self.finds_in_a_pod(["-m", "verl.trainer.main_ppo", "data.train_batch_size=16"], ("VerlValidation", "Error"), **launch)
        self.assertEqual("the image's verl refuses the configuration: ValueError: a step has 16 prompts", message)

    def test_a_verl_that_cannot_be_imported_is_not_asked(self):
        launch = self.checkout()
        write(os.path.join(self.folder, "checkout/verl/__init__.py"), "raise ImportError('libascend_hal.so')\n")
        self.finds_in_a_pod(["-m", "verl.trainer.main_ppo", "data.train_batch_size=16"], **launch)

    def test_a_slow_image_keeps_nothing_else_waiting(self):
        launch = self.checkout()
        write(os.path.join(self.folder, "checkout/verl/__init__.py"), "import time\ntime.sleep(600)\n")
        os.unlink(self.train)
        self.finds_in_a_pod(["-m", "verl.trainer.main_ppo", "data.train_batch_size=16"], ("DataFileNotFound", "Error"),
                            environ={"GRPO_TIMINGS": '{"inspection": 6}'}, **launch)


class Models(InspectTest):
    def test_paths(self):
        self.finds("ModelPathNotFound", "was not found", model={"path": "/no/such"})
        os.symlink("/nowhere", os.path.join(self.folder, "dangling"))
        self.finds("ModelPathDanglingLink", "dangling link to /nowhere", model={"path": os.path.join(self.folder, "dangling")})
        self.finds("ModelPathUnusable", "not a directory", model={"path": self.train})

    def test_permission(self):
        if os.getuid():
            self.skipTest("needs root, to become another")
        os.chmod(self.model, 0)
        os.chmod(self.folder, 0o755)
        text = ("import os, sys\nsys.path.insert(0, sys.argv[1])\nfrom paths import trouble\nos.setuid(12345)\n"
                "print(*trouble(sys.argv[2], 'folder'))")
        found = subprocess.run([sys.executable, "-ISc", text, SOURCES, self.model], stdout=subprocess.PIPE, universal_newlines=True)
        self.assertEqual("PermissionDenied permission denied for %s (uid 12345, gid %d)\n" % (self.model, os.getgid()), found.stdout)

    def test_config(self):
        path = os.path.join(self.model, "config.json")
        for text in ("{", "[]", '"x"', "[" * 100000, "\xff"):
            with open(path, "w", encoding="latin-1") as file:
                file.write(text)
            self.finds("ModelConfigInvalid", path)
        write(path, "version https://git-lfs.github.com/spec/v1\n")
        self.finds("ModelConfigInvalid", "git-LFS")
        os.unlink(path)
        self.finds("ModelConfigMissing", path)

    def test_odd_values_in_config_are_unknown(self):
        model(self.model, {"model_type": 3, "num_hidden_layers": "48", "num_attention_heads": 1.5, "num_experts": True,
                           "torch_dtype": ["x"], "text_config": []})
        self.assertEqual([None] * 7 + [self.weights()], list(self.inspect()["model"].values()))

    def test_shards(self):
        shard = os.path.join(self.model, "model-2.safetensors")
        write(shard, "version https://git-lfs.github.com/spec/v1\noid")
        self.finds("ModelShardLfsPointer", "git lfs pull")
        os.unlink(shard)
        self.finds("ModelShardNotFound", shard)
        os.unlink(os.path.join(self.model, "model-1.safetensors"))
        self.finds("ModelShardNotFound", "1 more of 2 shards")

    def test_weights_in_one_file_or_none(self):
        os.unlink(os.path.join(self.model, "model.safetensors.index.json"))
        self.finds("ModelWeightsMissing", "neither")
        write(os.path.join(self.model, "model.safetensors"), "x" * 1000)
        self.assertEqual(500, self.inspect()["model"]["parameters"])

    def test_a_damaged_index(self):
        for text in ("{}", '{"weight_map": {"a": 1}}', "{", '{"weight_map": []}'):
            write(os.path.join(self.model, "model.safetensors.index.json"), text)
            self.finds("ModelIndexInvalid", self.model)

    def test_no_tokenizer(self):
        os.unlink(os.path.join(self.model, "tokenizer.json"))
        self.finds("TokenizerMissing", severity="Warning")


class Weights(InspectTest):
    def complete(self, record=True):
        for name in ("metadata.json", ".metadata", "__0_0.distcp"):
            write(os.path.join(self.dist, name), "x")
        if record:
            write(os.path.join(self.dist, ".grpo-source.json"), json.dumps(source_of(self.model, "any")))

    def test_states(self):
        self.complete()
        self.assertEqual(("Complete", []), tuple(self.inspect()[name] for name in ("weights", "findings")))
        os.unlink(os.path.join(self.dist, ".grpo-source.json"))
        self.assertEqual("Unverified", self.finds("WeightsUnverified", self.dist, severity="Warning")["weights"])
        self.complete()
        write(os.path.join(self.model, "config.json"), json.dumps(dict(QWEN3_30B, num_experts=64)))
        self.assertEqual("OtherModel", self.finds("WeightsOfOtherModel", self.model)["weights"])
        write(os.path.join(self.dist, "metadata.json"), "")
        self.assertEqual("Incomplete", self.finds("WeightsIncomplete", "empty or remove it")["weights"])

    def test_absent_weights_are_an_error_only_when_nobody_makes_them(self):
        self.assertEqual("Absent", self.finds("WeightsMissing", self.dist, weights={"policy": "Never"})["weights"])
        os.mkdir(self.dist)
        self.assertEqual(("Absent", []), tuple(self.inspect()[name] for name in ("weights", "findings")))

    def test_a_file_in_the_place(self):
        write(self.dist, "x")
        self.finds("DistCheckpointPathUnusable", self.dist)


class Data(InspectTest):
    def test_files(self):
        self.assertEqual("Partial", self.finds("DataFileNotFound", "/no.parquet", data={"valFiles": ["/no.parquet"]})["data"])
        report = self.inspect(data={"trainFiles": ["/a.parquet"], "valFiles": ["/b.parquet"]})
        self.assertEqual(("Absent", None, 2), (report["data"], report["trainRows"], len(report["findings"])))

    def test_missing_files_that_will_be_made_are_no_finding(self):
        write(os.path.join(self.verl, "x.py"), "")
        prepare = {"script": "x.py", "rawPath": self.folder, "outputDir": self.folder + "/out", "extraArgs": []}
        report = self.inspect(data={"trainFiles": ["/a.parquet"], "valFiles": ["/b.parquet"], "prepare": prepare})
        self.assertEqual(("Absent", []), (report["data"], report["findings"]))
        self.finds("RawDataPathNotFound", "/no/raw", data={"valFiles": ["/b.parquet"], "prepare": dict(prepare, rawPath="/no/raw")})

    def test_rows_add_up(self):
        self.assertEqual(7473 + 1319, self.inspect(data={"trainFiles": [self.train, self.test]})["trainRows"])

    def test_contents(self):
        write(self.train, parquet(0))
        self.finds("DataFileEmpty", self.train)
        write(self.train, b"PAR1 what is this PAR1")
        self.finds("DataFileInvalid", "longer than the file")
        self.finds("DataFileFormat", "verl reads", data={"trainFiles": [write(os.path.join(self.folder, "x.csv"), "a")]})

    def test_raw_data(self):
        write(self.train, parquet(10, ("question", "answer")))
        self.finds("DataColumnsMissing", "raw data set", "data_source, prompt, reward_model")
        for argument in ("data.custom_cls.path=/x.py", "++data.prompt_key=q", "+custom_reward_function.path=/r.py",
                         "reward.custom_reward_function.path=/r.py", "data.reward_fn_key=x"):
            self.finds("DataColumnsMissing", severity="Warning", arguments=["-m", "x", argument])
        self.finds("DataColumnsMissing", severity="Warning", launch={"module": "recipe.dapo.main_dapo"})
        self.finds("DataColumnsMissing", arguments=["data.prompt_key_of_mine=x"])

    def test_json(self):
        row = {"data_source": "a", "prompt": [], "reward_model": {}}
        path = os.path.join(self.folder, "x.json")
        for text in (json.dumps([row] * 3), "\n".join([json.dumps(row)] * 3) + "\n\n", " [%s]" % ",".join([json.dumps(row)] * 3)):
            write(path, text)
            report = self.inspect(data={"trainFiles": [path]})
            self.assertEqual((3, []), (report["trainRows"], report["findings"]))
        for text in ("[1, 2]", "{", "[" * 100000, "nonsense"):
            write(path, text)
            self.finds("DataFileInvalid", path, data={"trainFiles": [path]})
        write(path, "")
        self.finds("DataFileEmpty", path, data={"trainFiles": [path]})


class Checkpoints(InspectTest):
    def test_a_directory_that_will_be_made(self):
        report = self.inspect(checkpointDir=os.path.join(self.folder, "new/deep"))
        self.assertEqual((None, []), (report["newestCheckpointStep"], report["findings"]))
        self.assertGreater(report["freeBytes"], 0)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "new")))

    def test_paths(self):
        self.finds("CheckpointDirUnusable", "file", checkpointDir=self.train + "/x")
        self.finds("CheckpointDirUnusable", "file", checkpointDir=self.train)
        os.symlink("/nowhere", os.path.join(self.folder, "dangling"))
        self.finds("CheckpointDirDanglingLink", "/nowhere", checkpointDir=os.path.join(self.folder, "dangling/x"))

    def test_a_full_disk(self):
        if os.getuid():
            self.skipTest("needs root, to mount a small file system")
        subprocess.check_call(["mount", "-t", "tmpfs", "-o", "size=64k", "full", self.checkpoints])
        try:
            with open(os.path.join(self.checkpoints, "filler"), "wb", buffering=0) as file:
                file.write(b"x" * (64 << 10))
            self.finds("CheckpointDirUnusable", "has no space left")
            self.assertEqual(["filler"], os.listdir(self.checkpoints), "nothing of the probe is left")
        finally:
            subprocess.check_call(["umount", self.checkpoints])

    def test_a_tracker_with_nonsense(self):
        write(os.path.join(self.checkpoints, "latest_checkpointed_iteration.txt"), "forty\xff")
        self.assertIsNone(self.inspect()["newestCheckpointStep"])

    def test_how_the_newest_checkpoint_was_saved(self):
        write(os.path.join(self.checkpoints, "latest_checkpointed_iteration.txt"), "40")
        actor = os.path.join(self.checkpoints, "global_step_40/actor")
        for name, layout, ranks in (("dist_ckpt/metadata.json", "MegatronFlat", None), ("ckpt_contents.json", "Megatron", None),
                                    ("model_world_size_32_rank_5.pt", "Fsdp", 32)):
            write(os.path.join(actor, name), "x")
            self.assertEqual({"step": 40, "layout": layout, "worldSize": ranks}, self.inspect()["checkpoint"])

    def test_the_reward_function(self):
        self.finds("RewardPathNotFound", "/r.py", reward={"path": "/r.py"})


class Limits(InspectTest):
    def test_many_findings_fit(self):
        files = ["/missing/%s-%d.parquet" % ("x" * 100, number) for number in range(60)]
        for limit in (700, 1500, 4032):
            self.inspect_in_a_pod(data={"trainFiles": files, "valFiles": files}, environ={"GRPO_MESSAGE_LIMIT": str(limit)})
            text = self.inspector.read("dev/termination-log")
            self.assertLessEqual(len(text), limit)
            self.assertGreater(len(text), limit - 300)
            self.assertEqual("FindingsCut", json.loads(text)["findings"][-1]["rule"])

    def test_errors_are_kept_before_warnings(self):
        findings = [{"rule": "W", "severity": "Warning", "message": "w" * 100}] * 5 + [
            {"rule": "E", "severity": "Error", "message": "e" * 100}]
        kept = json.loads(fit_findings({"findings": findings}, 400))["findings"]
        self.assertEqual(("E", "FindingsCut"), (kept[0]["rule"], kept[-1]["rule"]))
        kept = json.loads(fit_findings({"findings": findings}, 4000))["findings"]
        self.assertEqual(6, len(kept))

    def test_it_ends_in_time_also_when_storage_hangs(self):
        fifo = os.path.join(self.folder, "hangs.parquet")
        os.mkfifo(fifo)
        os.unlink(os.path.join(self.model, "config.json"))
        os.mkfifo(os.path.join(self.model, "config.json"))      # opening it waits for ever, as a dead mount does
        report = self.inspect_in_a_pod(exit=100, environ={"GRPO_TIMINGS": '{"inspection": 0.4}'})
        self.assertEqual(("inspection", "InspectionTimeout"), (report["kind"], report["code"]))
        self.assertIn(self.model, report["message"])

    def test_settings_that_cannot_be_read(self):
        pod = self.pod()
        pod.write("etc/grpo/job.json", "{")
        self.assertEqual(64, pod.run("inspect"))
        self.assertEqual("ConfigArguments", pod.message["code"])

    def test_sigterm(self):
        os.unlink(os.path.join(self.model, "config.json"))
        os.mkfifo(os.path.join(self.model, "config.json"))
        pod = self.pod(job=self.job).start("inspect")
        until(lambda: pod.pids("inspect") or "inspect" in " ".join(_cmdline(pod.process.pid)), "the inspection")
        until(lambda: _threads(pod.process.pid) > 1, "the look")
        pod.terminate()
        self.assertEqual(80, pod.end())


def _cmdline(pid):
    from process import command_line
    return command_line(pid)


def _threads(pid):
    return len(os.listdir("/proc/%d/task" % pid))


if __name__ == "__main__":
    unittest.main()
