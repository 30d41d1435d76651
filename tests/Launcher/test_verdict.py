"""The termination message: size, tail, signatures, and the tables."""
import json
import re
import unittest

import fakes  # noqa: F401 (puts the sources on the path)
from console import Console, step_of
from verdict import exit_code, fit, plain, signature, table

CLASSES = {"Configuration", "OutOfMemory", "Infrastructure", "Startup", "Runtime", "Stall", "Deadline", "Unknown"}


class Fit(unittest.TestCase):
    def test_every_limit_is_kept_and_used(self):
        log = "\n".join("line %d: é😀\"\\ \t%s" % (number, "x" * (number % 50)) for number in range(400))
        for limit in range(150, 4000, 37):
            fields = {"v": 1, "code": "TrainerFailed", "message": "it failed", "log": log}
            text = fit(fields, limit)
            self.assertLessEqual(len(text.encode("utf-8")), limit)
            self.assertGreater(len(text), limit - 200)
            self.assertTrue(log.endswith(json.loads(text)["log"]))

    def test_a_small_message_stays_whole(self):
        self.assertEqual('{"message":"m","log":"a\\nb"}', fit({"message": "m", "log": "a\nb"}, 100))

    def test_the_log_starts_with_a_whole_line(self):
        log = "first line\nsecond line\nthird line"
        self.assertEqual("third line", json.loads(fit({"message": "", "log": log}, 44))["log"])

    def test_the_message_is_cut_after_the_log(self):
        for limit in range(60, 130):
            self.assertEqual(limit, len(fit({"code": "X", "message": "m" * 500, "log": "l" * 500}, limit)))
        value = json.loads(fit({"code": "X", "message": "m" * 500, "log": "l" * 500}, 100))
        self.assertEqual("", value["log"])
        self.assertRegex(value["message"], "^m{50,}$")


class Tail(unittest.TestCase):
    def test_colours_and_progress_bars_go(self):
        text = "\x1b[36m(pid=1)\x1b[0m one\r\nbar 1%\rbar 2%\rbar 3%\u2588\u258e|\x1b]0;title\x07\n\x00\x07last\ttab"
        self.assertEqual("(pid=1) one\nbar 3%##|\nlast\ttab", plain(text))

    def test_memory_is_bounded(self):
        console = Console()
        for _ in range(40):
            console._keep(b"x" * 10000)
        self.assertLessEqual(len(console._tail), 150000)
        self.assertLessEqual(len(console._line), 65536)


class Learned(unittest.TestCase):
    def learned(self, text):
        console = Console()
        console._keep(text.encode())
        return console.step, console.resumed, console.saved

    def test_a_checkpoint_counts_once_its_step_is_told(self):
        for expected, text in (((None, None, None), "local_global_step_folder: /c/global_step_5\n"),
                               ((5, None, 5), "(TaskRunner pid=1) Saving checkpoint to /c/global_step_5\nstep:5 - a:1\n"),
                               ((4, None, None), "step:4 - a:1\nlocal_global_step_folder: /c/global_step_5\n"),
                               ((9, 4, 5), "Setting global step to 4\nlocal_global_step_folder: /c/global_step_5\nstep:5 - a:1\n"
                                           "local_global_step_folder: /c/global_step_10\nstep:9 - a:1\n"),
                               ((None, 20, None), "Resuming from /c/global_step_20, setting global step to 20\nstep:20 - val-core/a:1\n")):
            self.assertEqual(expected, self.learned(text))


class Steps(unittest.TestCase):
    def test_lines_of_training(self):
        for step, line in ((34, b"(TaskRunner pid=222265) step:34 - global_seqlen/min:419336 - actor/entropy:0.2"),
                           (7, b"\x1b[36m(TaskRunnerV1 pid=1, ip=10.0.0.1)\x1b[0m step:7 - val-core/x/acc:1 - actor/lr:1"),
                           (1, b"step:1 - a:1")):
            self.assertEqual(step, step_of(line))

    def test_lines_that_are_none(self):
        for line in (b"step:0 - val-core/openai/gsm8k/acc:0.1", b"step:40 - val-aux/a/b:1 - val-core/c:2", b"mystep:3 - a:1",
                     b"global_step:3 - a:1", b"step:x - a:1", b"step:5", b"", b"Training Progress:   1%| | 1/108 [16:49<30:00:53"):
            self.assertIsNone(step_of(line), line)

    def test_a_line_may_come_in_pieces(self):
        console = Console()
        for part in (b"(TaskRunner pid=1) st", b"ep:1", b"2 - actor/lr", b":1\nstep:13 - a"):
            console._keep(part)
        self.assertEqual(12, console.step)


class Tables(unittest.TestCase):
    def test_codes(self):
        rows = table("launcher-codes.json")
        self.assertEqual(len(rows), len({row["code"] for row in rows}))
        for row in rows:
            self.assertEqual(["code", "class", "exit", "follower", "meaning"], list(row))
            self.assertIn(row["class"], CLASSES | {None})
            self.assertRegex(row["code"], "^[A-Z][A-Za-z]+$")
            # No class: a good end, or the trainer's, which its signature and exit code tell.
            self.assertEqual(row["class"] is None, row["exit"] == 0 or row["code"] == "TrainerFailed", row)
        exits = [row["exit"] for row in rows if row["exit"] and row["code"] != "TrainerFailed"]
        self.assertEqual(len(exits), len(set(exits)))
        self.assertTrue(all(64 <= exit <= 113 for exit in exits))

    def test_every_code_that_the_sources_name_is_in_the_table_and_the_other_way_round(self):
        import glob
        import os
        text = ""
        for path in glob.glob(os.path.join(fakes.SOURCES, "*.py")):
            with open(path) as file:
                text += file.read()
        for row in table("launcher-codes.json"):
            self.assertIn('"%s"' % row["code"], text)
        for code in re.findall(r'(?:Failure|write_verdict|broken)\(\s*"([A-Za-z]+)"', text):
            exit_code(code)

    def test_signatures(self):
        rows = table("log-signatures.json")
        self.assertEqual(len(rows), len({row["signature"] for row in rows}))
        followers = [row["follower"] for row in rows]
        self.assertEqual(sorted(followers), followers, "a cause counts before a consequence")
        for row in rows:
            self.assertEqual(["signature", "pattern", "class", "follower"], list(row))
            self.assertIn(row["class"], CLASSES)
            # .NET's engine without backtracking reads them too.
            self.assertNotRegex(row["pattern"], r"\(\?|\\[1-9]|\\Z")

    def test_what_the_signatures_recognise(self):
        for name, text in {
            "NpuOutOfMemory": "RuntimeError: NPU out of memory. Tried to allocate 2.00 GiB (NPU 3; 61.28 GiB total)",
            "HydraOverride": "Could not override 'data.x'.\nKey 'x' is not in struct",
            "ResumeBroken": "ModuleNotFoundError: No module named 'transformer_engine.pytorch.optimizers'",
            "NotDivisible": "AssertionError: n_gpus (32) must be divisible by model_parallel_size (3) times",
            "AssertionFailed": "(TaskRunner pid=7) AssertionError: rollout.temperature must be positive",
            "NpusMissingInRay": "ValueError: Total available GPUs 16.0 is less than total desired GPUs 32",
            "HcclConnectTimeout": "EI0006: 2026-01-01 Getting socket times out. Reason: ...",
            "HcclNotifyTimeout": "EI0002: The wait execution of the Notify register times out.",
            "DeviceHeld": "EJ0001: Failed to initialize the HCCP process. Reason: Maybe the last training process is running",
            "DeviceError": "error code is 507033 SetDevice failed",
            "PortTaken": "EJ0003: Failed to bind the IP port. Reason: The IP address and port have been bound already",
            "HcclError": "[rank3]: Watchdog caught collective operation timeout: WorkHCCL(SeqNum=1",
            "RendezvousTimeout": "The client socket has timed out after 1800000ms while trying to connect to (10.0.0.1, 2)",
            "EngineDead": "vllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue",
            "ActorDied": "ray.exceptions.ActorDiedError: The actor died unexpectedly before finishing this task.",
            "NodeDead": "(raylet) The node with node id: a has been marked dead because the detector has missed too many heartbeats",
            "RayletDied": "Failed to connect to GCS within 60 seconds",
            "DataEmpty": "AssertionError: Train dataloader is empty!",
            "DataFormat": "ray.exceptions.RayTaskError(ValueError): Unsupported file format: /data/x.csv",
            "FileMissing": "ray.exceptions.RayTaskError(FileNotFoundError): ray::TaskRunner.run()",
            "WeightBucketTooSmall": "AssertionError: Weight a.b(torch.Size([1, 2]), torch.bfloat16) is too large to fit in the bucket.",
            "MindSpeedTooOld": "KeyError: 'decoder.layers.0.self_attention.q_layernorm.weight'",
        }.items():
            self.assertEqual(name, signature("noise\n%s\nnoise" % text), text)
        self.assertIsNone(signature("Traceback (most recent call last):\nValueError: 3"))
        self.assertEqual("AssertionFailed", signature("noise\nray.exceptions.RayTaskError(AssertionError): ray::main_task()"))
        self.assertIsNone(signature("that the AssertionError: above was caught"))
        self.assertIsNone(signature("step:3 - perf/total_num_tokens:507046 - ret:1"), "a number is no error")

    def test_a_missing_file_counts_only_as_the_end(self):
        error = "FileNotFoundError: [Errno 2] No such file or directory: '/r.py'"
        hydra = "\n\nSet the environment variable HYDRA_FULL_ERROR=1 for a complete stack trace."
        for text in (error, "noise\n" + error, "noise\n" + error + hydra):
            self.assertEqual("FileMissing", signature(text))
        self.assertEqual("HcclNotifyTimeout", signature(error + "\nwent on without it\nEI0002: The wait execution of the Notify"))

    def test_a_cause_wins_over_its_consequence(self):
        self.assertEqual("NpuOutOfMemory", signature("ActorDiedError\nNPU out of memory. Tried to allocate 1\nActorDiedError"))


if __name__ == "__main__":
    unittest.main()
