"""What ends a training before its first step, in the words and with the exit codes of the real programs."""
from __future__ import annotations

import os
import time
import unittest

import support
from standin.hydra import compose, interpolate
from standin.trainer import network, parallel, validate, weights
from standin.trainer.settled import Settled

A, R, O = ("actor_rollout_ref." + role for role in ("actor", "ref", "rollout"))
M = A + ".megatron."
MODEL = {"num_attention_heads": 32, "num_hidden_layers": 48, "num_experts": 128, "num_key_value_heads": 4}


def published(*extra, release=(0, 7, 1), without=()) -> Settled:
    """The published configuration with changes."""
    with open(os.path.join(support.DATA, "published-args.txt"), encoding="utf-8") as file:
        items = [line.rstrip("\n") for line in file][4:]
    items = [item for item in items if item.split("=")[0].lstrip("+") not in without]
    config = compose.compose(release, "M", items + list(extra))
    return Settled(interpolate.resolve_tree(config, config), release)


class Rules(unittest.TestCase):
    def refused(self, check, config, kind, text):
        with self.assertRaises(kind) as caught:
            check(config)
        self.assertIn(text, str(caught.exception))

    def test_the_published_configuration_breaks_none(self):
        config = published()
        validate.validate(config)
        parallel.worker_rules(config, MODEL)
        parallel.generation_rules(config, 16 * 8)
        parallel.update_rules(config)

    def test_validate_config(self):
        for extra, kind, text in (
                (M + "tensor_model_parallel_size=3", AssertionError,
                 "n_gpus (32) must be divisible by model_parallel_size (6) times context_parallel_size (2)"),
                ("data.train_batch_size=17", AssertionError,
                 "real_train_batch_size (136) must be divisible by minimal possible batch size (16)"),
                ("data.train_batch_size=8", ValueError, "train_batch_size (8) must be >= actor.ppo_mini_batch_size (16)"),
                (A + ".ppo_micro_batch_size=8", ValueError, "You have set both 'actor.ppo_micro_batch_size' AND"),
                (A + ".loss_agg_mode=mean", ValueError, "Invalid loss_agg_mode: mean"),
                (O + ".pipeline_model_parallel_size=2", NotImplementedError, "pipeline_model_parallel_size > 1"),
                (O + ".mode=sync", ValueError, "sync"),
                (O + ".expert_parallel_size=2", AssertionError, "expert_parallel_size must be equal to")):
            with self.subTest(extra=extra):
                self.refused(validate.validate, published(extra), kind, text)

    def test_missing_micro_batches(self):
        for key, text in ((A + ".ppo_micro_batch_size_per_gpu", "Please set at least one of 'actor.ppo_micro_batch_size'"),
                          (R + ".log_prob_micro_batch_size_per_gpu", "actor_rollout_ref.ref.log_prob_micro_batch_size"),
                          (O + ".log_prob_micro_batch_size_per_gpu", "actor_rollout_ref.rollout.log_prob_micro_batch_size")):
            with self.subTest(key=key):
                self.refused(validate.validate, published(without=(key,)), ValueError, text)

    def test_dynamic_batches_switch_rules_off(self):
        keys = (A + ".use_dynamic_bsz=True", "data.train_batch_size=17", A + ".ppo_micro_batch_size=8")
        validate.validate(published(*keys))

    def test_bridge_is_demanded_by_newer_versions(self):
        config = published(M + "use_mbridge=False", release=(0, 8, 0))
        self.refused(validate.validate, config, AssertionError, "use_mbridge must be True")

    def test_worker_rules(self):
        for extra, kind, text in (
                (M + "expert_model_parallel_size=24", RuntimeError,
                 "decoder world_size (32) is not divisible by expert_tensor_model_pipeline_parallel size (48)"),
                (M + "virtual_pipeline_model_parallel_size=2 " + M + "pipeline_model_parallel_size=1", RuntimeError, "interleaved schedule"),
                (O + ".tensor_model_parallel_size=5", AssertionError, "rollout world_size: 32 is not divisible by infer_world_size: 5"),
                ("++" + M + "override_transformer_config.recompute_granularity=selective", ValueError, 'recompute_granularity must be "full"')):
            with self.subTest(extra=extra):
                self.refused(lambda config: parallel.worker_rules(config, MODEL), published(*extra.split(" ")), kind, text)

    def test_rules_about_the_model(self):
        for name, value, kind, text in (("num_attention_heads", 30, ValueError, "num_attention_heads (30) must be a multiple of"),
                                        ("num_key_value_heads", 3, ValueError, "num_query_groups (3)"),
                                        ("num_experts", 60, AssertionError, "Number of experts (60)"),
                                        ("num_hidden_layers", 47, AssertionError, "num_layers (47) must be divisible")):
            with self.subTest(name=name):
                self.refused(lambda config: parallel.worker_rules(config, dict(MODEL, **{name: value})), published(), kind, text)
        parallel.worker_rules(published(), {})  # a fact that isn't there skips its rule

    def test_splits(self):
        self.refused(lambda config: parallel.generation_rules(config, 12), published(), AssertionError,
                     "only support equal chunk. Got size of DataProto 12 and chunk 8.")
        parallel.generation_rules(published(release=(0, 6, 1)), 12)  # no agent loop yet
        config = published("data.train_batch_size=24", A + ".ppo_mini_batch_size=16")
        self.refused(parallel.update_rules, config, AssertionError, "192 % 128 != 0")
        odd = A + ".ppo_micro_batch_size_per_gpu=24"
        parallel.update_rules(published(odd))
        self.refused(parallel.update_rules, published(odd, release=(0, 8, 0)), AssertionError, "should be divisible by ppo_micro_batch_size_per_gpu 24")

    def test_dist_checkpoint_weights(self):
        key = ("actor_rollout_ref.%s.megatron.dist_checkpointing_path")
        self.refused(weights.check, published(without=[key % "actor"]), TypeError, "not NoneType")
        folder = support.Folder(rows=1)
        self.addCleanup(folder.remove)
        here = [key % role + "=" + folder.of("dist") for role in ("actor", "ref")]
        self.refused(weights.check, published(*here), weights.CheckpointingException, "does not exist")
        os.makedirs(folder.of("dist"))
        self.refused(weights.check, published(*here), weights.CheckpointingException, "is not a distributed checkpoint")
        open(folder.of("dist", "metadata.json"), "w", encoding="utf-8").close()
        self.refused(weights.check, published(*here), FileNotFoundError, ".metadata")

    def test_interfaces(self):
        self.addCleanup(os.environ.pop, "HCCL_SOCKET_IFNAME", None)
        for pattern, there in (("lo", True), ("=lo", True), ("^docker", True), ("=l", False), ("nowhere0", False), ("nowhere0,lo", True)):
            os.environ["HCCL_SOCKET_IFNAME"] = pattern
            with self.subTest(pattern=pattern):
                if there:
                    network.check()
                else:
                    self.refused(lambda _: network.check(), None, RuntimeError, "EI0006: Getting socket times out")


class Programs(unittest.TestCase):
    """The same from outside: exit codes and streams."""

    @classmethod
    def setUpClass(cls):
        cls.folder = support.Folder(rows=32)
        cls.cluster = support.Cluster(cls.folder, nodes=1, cpus=16)

    @classmethod
    def tearDownClass(cls):
        cls.cluster.stop()
        cls.folder.remove()

    def refused(self, *overrides, **extra):
        done = self.cluster.train(*overrides, **extra)
        self.assertEqual(done.returncode, 1, done.stderr[-2000:])
        return done

    def test_unknown_key(self):
        done = self.refused("data.nothing=1")
        self.assertEqual(done.stderr, "Could not override 'data.nothing'.\nTo append to your config use +data.nothing=1\n"
                         "Key 'nothing' is not in struct\n    full_key: data.nothing\n    object_type=dict\n\n"
                         "Set the environment variable HYDRA_FULL_ERROR=1 for a complete stack trace.\n")
        done = self.refused("data.nothing=1", HYDRA_FULL_ERROR=1)
        self.assertIn("\nhydra.errors.ConfigCompositionException: Could not override 'data.nothing'.\n", done.stderr)
        self.assertIn("omegaconf.errors.ConfigKeyError: Key 'nothing' is not in struct", done.stderr)

    def test_plus_on_an_existing_key(self):
        self.assertIn("Could not append to config. An item is already at 'data.train_batch_size'.", self.refused("+data.train_batch_size=1").stderr)

    def test_config_options_stand_together(self):
        done = support.run(["python3", "-m", "verl.trainer.main_ppo", "data.seed=1", "--config-name=ppo_trainer", "data.seed=2"])
        self.assertEqual(done.returncode, 2)
        self.assertIn("error: unrecognized arguments: data.seed=2", done.stderr)
        done = support.run(["python3", "-m", "verl.trainer.main_ppo", "--config-name=nothing"])
        self.assertEqual(done.returncode, 1)
        self.assertIn("Cannot find primary config 'nothing'.", done.stderr)

    def test_cfg_job_prints_the_configuration(self):
        done = support.run(["python3", "-m", "verl.trainer.main_ppo", "data.train_batch_size=16", "trainer.logger=[console]", "--cfg", "job"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("  train_batch_size: 16\n", done.stdout)
        self.assertIn("  default_local_dir: checkpoints/${trainer.project_name}/${trainer.experiment_name}\n", done.stdout)

    def test_a_broken_rule_is_a_failed_job(self):
        done = self.refused("data.train_batch_size=17")
        self.assertIn("Error executing job with overrides: ['algorithm.adv_estimator=grpo', ", done.stderr)
        self.assertIn("ray.exceptions.RayTaskError(AssertionError): ray::TaskRunner.run() (pid=", done.stderr)
        self.assertIn("HYDRA_FULL_ERROR=1", done.stderr)

    def test_data(self):
        raw = self.folder.of("raw", "main", "train-00000-of-00001.parquet")
        done = self.refused("data.train_files=" + raw, "data.filter_overlong_prompts=True")
        self.assertEqual(done.stdout.count("Error processing one of the samples, skipping..."), 32)
        self.assertIn("AssertionError: Train dataloader is empty!", done.stderr)
        self.assertIn("KeyError: 'prompt'", self.refused("data.train_files=" + raw).stderr)
        self.assertIn("FileNotFoundError: Unable to find '/nowhere.parquet'", self.refused("data.val_files=/nowhere.parquet").stderr)
        self.assertIn("ValueError: Unsupported file format: /x.csv", self.refused("data.train_files=/x.csv").stderr)
        self.assertIn("is longer than 4", self.refused("data.max_prompt_length=4").stderr)

    def test_too_few_npus(self):
        done = self.refused("trainer.nnodes=2")
        self.assertIn("ValueError: Total available GPUs 2.0 is less than total desired GPUs 4", done.stderr)

    def test_no_cluster_means_a_private_one(self):
        done = self.refused("trainer.nnodes=2", "trainer.n_gpus_per_node=16", RAY_ADDRESS="", RAY_TMPDIR=self.folder.of("private"), STANDIN_NPUS=16)
        self.assertIn("Started a local Ray instance.", done.stderr)
        self.assertIn("Total available GPUs 16.0 is less than total desired GPUs 32", done.stderr)

    def test_num_cpus_on_an_existing_cluster(self):
        self.assertIn("num_cpus and num_gpus must not be provided", self.refused("ray_kwargs.ray_init.num_cpus=4").stderr)

    def test_too_few_cpus_wait_for_ever(self):
        self.cluster.stop()
        self.cluster.start(0, npus=2, cpus=6)  # 3 for each NPU, none left for the task runner
        self.addCleanup(self.cluster.start, 0)
        self.addCleanup(self.cluster.stop)
        process = self.cluster.begin()
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        support.wait_for(lambda: "(STRICT_PACK): 1+ pending placement groups" in self.cluster.ray("status").stdout)
        time.sleep(0.5)  # nothing to wait for: it must still be there
        self.assertIsNone(process.poll())


if __name__ == "__main__":
    unittest.main()
