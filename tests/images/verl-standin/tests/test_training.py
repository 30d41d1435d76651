"""Trainings end to end on a small cluster: console, files, learning, resume."""
from __future__ import annotations

import json
import os
import re
import shutil
import signal
import unittest

import support


class Trainings(unittest.TestCase):
    """One cluster for all; every test has its own checkpoint folder."""

    @classmethod
    def setUpClass(cls):
        cls.folder = support.Folder()
        # the workers' environment is that of `ray start`, not the driver's
        cls.cluster = support.Cluster(cls.folder, VERL_FILE_LOGGER_ROOT=cls.folder.of("logs"), TENSORBOARD_DIR=cls.folder.of("board"))

    @classmethod
    def tearDownClass(cls):
        cls.cluster.stop()
        cls.folder.remove()

    def setUp(self):
        shutil.rmtree(self.folder.of("checkpoints"), ignore_errors=True)

    def train(self, *overrides, code=0, **extra):
        done = self.cluster.train(*overrides, **extra)
        self.assertEqual(done.returncode, code, done.stdout[-3000:] + done.stderr[-3000:])
        return done

    def checkpoint(self, *parts):
        return self.folder.of("checkpoints", *parts)

    def files(self, *parts):
        top = self.checkpoint(*parts)
        return {os.path.relpath(os.path.join(where, name), top) for where, _, names in os.walk(top) for name in names}

    def test_console(self):
        done = self.train(STANDIN_STEPS=2)
        out = support.plain(done.stdout)
        for sign in ("TaskRunner hostname: ", "ray init kwargs: ", "[validate_config] All configuration checks passed successfully!",
                     "Size of train dataloader: 4, Size of val dataloader: 1", "Total training steps: 2", "Training from scratch",
                     "Initial validation metrics: ", "Final validation metrics: "):
            self.assertIn(sign, out)
        self.assertRegex(done.stdout, r"(?m)^\x1b\[36m\(TaskRunner pid=\d+\)\x1b\[0m step:1 - ")
        self.assertRegex(done.stdout, r"\x1b\[36m\(WorkerDict pid=\d+, ip=127\.0\.0\.2\)\x1b\[0m \[Rank 2-3\]")
        self.assertRegex(done.stderr, r"\rTraining Progress: 100%\|█{10}\| 2/2 \[\d\d:\d\d<00:00, +[0-9.]+(s/it|it/s)\]")
        steps = support.steps(done.stdout)
        self.assertEqual(sorted(steps), [0, 1, 2])
        self.assertIn("val-core/openai/gsm8k/acc/mean@1", steps[0])
        self.assertNotIn("training/global_step", steps[0])
        for key in ("global_seqlen/min", "actor/entropy", "actor/pg_loss", "actor/grad_norm", "actor/lr", "perf/mfu/actor",
                    "training/global_step", "training/epoch", "critic/score/mean", "critic/rewards/mean", "critic/advantages/max",
                    "response_length/mean", "response_length/clip_ratio", "prompt_length/mean", "timing_s/gen", "timing_s/step",
                    "timing_s/update_actor", "timing_per_token_ms/gen", "perf/total_num_tokens", "perf/time_per_step", "perf/throughput"):
            self.assertIn(key, steps[1])
        self.assertEqual(steps[1]["actor/lr"], 1e-6)
        self.assertAlmostEqual(steps[2]["perf/throughput"], steps[2]["perf/total_num_tokens"] / steps[2]["perf/time_per_step"] / 4, places=3)

    def test_the_trainers_arguments_are_recorded_as_received(self):
        odd = "+data.note='a=b, c'"
        self.train(odd, STANDIN_STEPS=1)
        with open(os.path.join(self.cluster.tmp(0), "argv.json"), encoding="utf-8") as file:
            self.assertEqual(json.load(file), self.cluster.arguments(odd)[1:])

    def test_rewards_rise_and_depend_on_the_learning_rate(self):
        slow = support.steps(self.train("actor_rollout_ref.actor.optim.lr=1e-12", STANDIN_STEPS=12).stdout)
        fast = support.steps(self.train("actor_rollout_ref.actor.optim.lr=4e-6", STANDIN_STEPS=12).stdout)
        self.assertEqual(slow[1]["critic/rewards/mean"], fast[1]["critic/rewards/mean"])
        self.assertLess(slow[12]["critic/rewards/mean"], 0.25)
        self.assertGreater(fast[12]["critic/rewards/mean"], 0.6)

    def test_a_resumed_run_goes_on_where_an_unbroken_one_would_be(self):
        options = ("trainer.save_freq=6", "actor_rollout_ref.actor.optim.lr=4e-6", "trainer.val_before_train=False")
        whole = support.steps(self.train(*options, STANDIN_STEPS=12).stdout)
        shutil.rmtree(self.checkpoint())
        self.train(*options, STANDIN_STEPS=6)
        done = self.train(*options, STANDIN_STEPS=12)
        out = support.plain(done.stdout)
        self.assertIn("Found checkpoint: %%s %s\n" % self.checkpoint("global_step_6"), out)
        self.assertIn("Setting global step to 6\n", out)
        self.assertIn("Resuming from %s\n" % self.checkpoint("global_step_6"), out)
        resumed = support.steps(done.stdout)
        self.assertEqual(sorted(resumed), list(range(7, 13)))
        for step in resumed:
            self.assertEqual(resumed[step]["critic/rewards/mean"], whole[step]["critic/rewards/mean"])
        # The same steps without the state: what a resume that loses it looks like.
        self.forget_weights(self.checkpoint("global_step_6", "actor"))
        with open(self.checkpoint("latest_checkpointed_iteration.txt"), "w", encoding="utf-8") as file:
            file.write("6")
        lost = support.steps(self.train(*options, STANDIN_STEPS=12).stdout)
        self.assertLess(lost[7]["critic/rewards/mean"], 0.5 * whole[7]["critic/rewards/mean"])

    @staticmethod
    def forget_weights(folder):
        for name in os.listdir(folder):
            if name.endswith(".pt"):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                    file.write("{}")

    def test_fsdp_checkpoints_keep_their_world_size(self):
        self.train("trainer.save_freq=1", "trainer.max_actor_ckpt_to_keep=1", STANDIN_STEPS=2)
        names = {"%s_world_size_4_rank_%d.pt" % (part, rank) for part in ("model", "optim", "extra_state") for rank in range(4)}
        actor = self.files("global_step_2", "actor")
        self.assertLessEqual(names | {"fsdp_config.json", "huggingface/config.json"}, actor)
        self.assertTrue(os.path.exists(self.checkpoint("global_step_2", "data.pt")))
        self.assertEqual(self.files("global_step_1"), {"data.pt"}, "the older actor folder is pruned")
        with open(self.checkpoint("latest_checkpointed_iteration.txt"), "rb") as file:
            self.assertEqual(file.read(), b"2")
        done = self.train("trainer.n_gpus_per_node=1", code=1)
        self.assertIn("model_world_size_2_rank_0.pt", done.stderr)

    def test_resume_modes(self):
        self.train("trainer.save_freq=1", "trainer.val_before_train=False", STANDIN_STEPS=2)
        fresh = self.train("trainer.resume_mode=disable", "trainer.val_before_train=False", STANDIN_STEPS=1)
        self.assertEqual(sorted(support.steps(fresh.stdout)), [1])
        path = self.checkpoint("global_step_1")
        done = self.train("trainer.resume_mode=resume_path", "trainer.resume_from_path=" + path, "trainer.val_before_train=False", STANDIN_STEPS=2)
        self.assertEqual(sorted(support.steps(done.stdout)), [2])
        done = self.train("trainer.resume_mode=resume_path", "trainer.resume_from_path=/elsewhere", code=1)
        self.assertIn("AssertionError: resume ckpt must specify the global_steps", done.stderr)

    def test_megatron_layouts_by_version(self):
        done = self.megatron("0.7.1", STANDIN_STEPS=1)
        flat = self.files("global_step_1", "actor")
        self.assertLessEqual({"transformer_config.json", "huggingface/config.json", "dist_ckpt/metadata.json", "dist_ckpt/.metadata",
                              "dist_ckpt/common.pt", "dist_ckpt/__3_0.distcp"}, flat)
        self.assertIn("local_global_step_folder: %s" % self.checkpoint("global_step_1"), done.stdout)
        # the older verl can't load its own checkpoint on NPUs
        done = self.megatron("0.7.0", code=1)
        self.assertIn("ModuleNotFoundError: No module named 'transformer_engine'", done.stderr)
        # the newer one refuses the older layout
        done = self.megatron("0.9.0", code=1)
        self.assertIn("migrate_megatron_checkpoint_layout.py", done.stderr)
        shutil.rmtree(self.checkpoint())
        done = self.megatron("0.9.0", STANDIN_STEPS=1)
        self.assertRegex(done.stdout, r"\(TaskRunnerV1 pid=\d+\)")
        self.assertIn("Saving checkpoint to %s" % self.checkpoint("global_step_1"), done.stdout)
        self.assertLessEqual({"ckpt_contents.json", "model/huggingface/config.json", "model/dist_ckpt/metadata.json",
                              "optimizer/dist_ckpt/__3_0.distcp", "extra/dist_ckpt/common.pt"}, self.files("global_step_1", "actor"))
        done = self.megatron("0.9.0", STANDIN_STEPS=2)
        self.assertIn("Resuming from %s, setting global step to 1" % self.checkpoint("global_step_1"), done.stdout)

    def megatron(self, version, code=0, **extra):
        arguments = self.cluster.arguments("actor_rollout_ref.rollout.tensor_model_parallel_size=2", "trainer.save_freq=1")
        arguments[3:3] = ["--config-path=config", "--config-name=ppo_megatron_trainer.yaml"]
        done = support.run(arguments, **self.cluster.train_environment(dict(extra, STANDIN_VERL_VERSION=version)))
        self.assertEqual(done.returncode, code, done.stdout[-3000:] + done.stderr[-3000:])
        return done

    def test_the_first_step_may_last_longer(self):
        steps = support.steps(self.train("trainer.val_before_train=False", STANDIN_STEPS=2, STANDIN_FIRST_STEP_SECONDS=0.6).stdout)
        self.assertGreaterEqual(steps[1]["timing_s/step"], 0.6)
        self.assertLess(steps[2]["timing_s/step"], steps[1]["timing_s/step"])

    def test_loggers_and_dumps(self):
        self.train("trainer.logger=[console,file,tensorboard]", "trainer.rollout_data_dir=" + self.folder.of("dumps"), STANDIN_STEPS=2)
        with open(self.folder.of("logs", "verl_examples", "gsm8k.jsonl"), encoding="utf-8") as file:
            self.assertEqual([json.loads(line)["step"] for line in file], [0, 1, 2])
        self.assertEqual(sorted(os.listdir(self.folder.of("dumps"))), ["1.jsonl", "2.jsonl"])
        done = self.train("trainer.logger=[console,wandb]", code=1)
        self.assertIn("wandb.errors.errors.UsageError: api_key not configured", done.stderr)

    def test_a_custom_reward_is_called(self):
        path = self.folder.of("reward.py")
        with open(path, "w", encoding="utf-8") as file:
            file.write("def f(data_source, solution_str, ground_truth, extra_info=None):\n    return 0.25\n")
        keys = ("reward.custom_reward_function.path=" + path, "reward.custom_reward_function.name=f")
        self.assertEqual(support.steps(self.train(*keys, STANDIN_STEPS=1).stdout)[1]["critic/rewards/mean"], 0.25)
        done = self.train(keys[0], "reward.custom_reward_function.name=g", code=1)
        self.assertIn("AttributeError: Reward function 'g' not found in '%s'." % path, done.stderr)

    def test_sigterm_ends_the_driver_with_the_signals_number_and_frees_the_cluster(self):
        process = self.cluster.begin(STANDIN_SECONDS_PER_STEP=60)
        for line in process.stdout:
            if "step:0 - " in line:
                break
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
        self.assertEqual(process.returncode, signal.SIGTERM)
        support.wait_for(lambda: re.search(r" 0\.0/4\.0 NPU", self.cluster.ray("status").stdout))


class Published(unittest.TestCase):
    def test_the_published_arguments_train(self):
        """The published two-node example, argument for argument; only paths of files are moved."""
        folder = support.Folder()
        self.addCleanup(folder.remove)
        done = support.run(support.CONVERT + ["--hf_model_path", folder.of("model"), "--output_path", folder.of("dist"), "--use_cpu_initialization"], STANDIN_RECORD_DIR=folder.of("record"))
        self.assertEqual(done.returncode, 0, done.stderr)
        cluster = support.Cluster(folder, npus=16, cpus=64)
        self.addCleanup(cluster.stop)
        with open(os.path.join(support.DATA, "published-args.txt"), encoding="utf-8") as file:
            arguments = [line.rstrip("\n") for line in file]
        self.assertEqual(len(arguments), 62)
        moves = {"/data/processed_gsm8k/": folder.of("data") + "/", "/weight/Qwen3-30B-A3B-dist": folder.of("dist"),
                 "/weight/Qwen3-30B-A3B": folder.of("model"), "/data/checkpoints/": folder.of("checkpoints") + "/"}
        for old, new in moves.items():
            arguments = [item.replace(old, new) for item in arguments]
        done = support.run(["python3"] + arguments, **cluster.train_environment({"STANDIN_STEPS": 2}))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("[Rank 16-31] model qwen3_moe, 48 layers, ready", done.stdout)
        saved = folder.of("checkpoints", "verl_grpo_example_gsm8k_math_base", "qwen3_30b_moe_megatron_base", "global_step_2", "actor", "dist_ckpt")
        self.assertEqual(sum(name.endswith(".distcp") for name in os.listdir(saved)), 32)


if __name__ == "__main__":
    unittest.main()
