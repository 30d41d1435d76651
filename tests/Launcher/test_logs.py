"""Log files: where they go, whose they are, what is pruned and kept."""
import os
import shutil
import tempfile
import types
import unittest

from fakes import UID, PodTest, python, until
from collect import collect
from logs import LogFile, below, owner, prune, remove
from settings import Fields

JOB = "ns/job-" + UID[:8]


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="logs-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.handle = os.open(self.folder, os.O_RDONLY)
        self.addCleanup(os.close, self.handle)

    def make(self, *names):
        for name in names:
            path = os.path.join(self.folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write("x")

    def test_pruning_keeps_the_newest(self):
        self.make(*["attempt-%d/rank-0.log" % number for number in (1, 2, 3, 9, 10, 11)], "attempt-x/y", "attempt-1x/y", "other/z",
                  "attempt-7")
        prune(self.handle, 10, 2)
        self.assertEqual(["attempt-10", "attempt-11", "attempt-1x", "attempt-9", "attempt-x", "other"],
                         sorted(os.listdir(self.folder)))

    def test_pruning_follows_no_link(self):
        outside = tempfile.mkdtemp(prefix="outside-")
        self.addCleanup(shutil.rmtree, outside)
        self.make("attempt-2/sub/file")
        with open(os.path.join(outside, "precious"), "w"):
            pass
        os.symlink(outside, os.path.join(self.folder, "attempt-1"))
        os.symlink(outside, os.path.join(self.folder, "attempt-2/sub/link"))
        os.symlink(os.path.join(outside, "precious"), os.path.join(self.folder, "attempt-2/file"))
        prune(self.handle, 9, 1)
        prune(self.handle, 9, 1)
        remove(self.handle, "attempt-2")
        self.assertEqual([], os.listdir(self.folder))
        self.assertEqual(["precious"], os.listdir(outside))

    def test_folders_are_never_links(self):
        os.symlink("/tmp", os.path.join(self.folder, "link"))
        for name in ("link", "..", ".", "", "a/b"):
            with self.assertRaises(OSError):
                below(self.handle, name)

    def test_nothing_is_collected_through_links_and_pipes_and_big_files_give_their_end(self):
        home = os.path.join(self.folder, "home")
        self.make("home/ascend/log/debug/plog/plog-1.log", "secret")
        plog = os.path.join(home, "ascend/log/debug/plog")
        os.symlink(os.path.join(self.folder, "secret"), os.path.join(plog, "link.log"))
        os.symlink(self.folder, os.path.join(plog, "around"))
        os.mkfifo(os.path.join(plog, "pipe"))
        with open(os.path.join(plog, "big"), "wb") as file:
            file.truncate(9 << 20)
            file.seek(0, 2)
            file.write(b"the end")
        out = os.path.join(self.folder, "out")
        os.mkdir(out)
        handle = os.open(out, os.O_RDONLY)
        self.addCleanup(os.close, handle)
        collect(handle, 3, {"HOME": home, "RAY_TMPDIR": self.folder})
        kept = os.path.join(out, "rank-3/plog/debug/plog")
        self.assertEqual({"big", "plog-1.log"}, set(os.listdir(kept)))
        self.assertEqual(8 << 20, os.path.getsize(os.path.join(kept, "big")))
        with open(os.path.join(kept, "big"), "rb") as file:
            self.assertTrue(file.read().endswith(b"the end"))

    def test_a_hanging_storage_blocks_nobody(self):
        settings = types.SimpleNamespace(job=Fields(logs=Fields(directory="/dev/null")))
        log = LogFile(settings, lambda text: None)     # never started: nothing is written, as when storage hangs
        for _ in range(10000):
            log.put(b"x" * 100)
        self.assertEqual((10000 - 4096) * 100, log._dropped)


class InThePod(PodTest):
    def logged(self, rank=0, **options):
        job = options.pop("job", {})
        self.directory = os.path.join(self.folder, "logs")
        os.makedirs(self.directory, exist_ok=True)
        job["logs"] = dict({"directory": self.directory, "keepAttempts": 2, "collectOnFailure": True}, **job.get("logs", {}))
        return self.pod(rank, job=job, **options)

    def read(self, name):
        with open(os.path.join(self.directory, JOB, name)) as file:
            return file.read()

    def test_every_attempt_has_its_file_and_old_ones_go(self):
        for attempt in (1, 2, 3):
            pod = self.logged(GRPO_ATTEMPT=str(attempt), arguments=python("print('attempt', %d)" % attempt))
            self.assertEqual(0, pod.run(), pod.output)
            self.assertIn("attempt %d\n" % attempt, self.read("attempt-%d/rank-0.log" % attempt))
        self.assertEqual([".owner", "attempt-2", "attempt-3"], sorted(os.listdir(os.path.join(self.directory, JOB))))
        self.assertEqual(UID, self.read(".owner"))
        self.assertIn("[launcher] Succeeded", self.read("attempt-3/rank-0.log"))

    def test_logs_of_a_failure_are_kept_on_every_rank(self):
        head = self.logged(0, nodes=2, arguments=python("raise SystemExit(1)"))
        worker = self.logged(1, nodes=2)
        for pod in (head, worker):
            pod.write("ascend/log/run/plog/x.log", "plog of rank")
            pod.write("tmp/ray/session_1/logs/raylet.out", "raylet")
            os.symlink("session_1", os.path.join(pod.root, "tmp/ray/session_latest"))
            pod.environ["RAY_TMPDIR"] = os.path.join(pod.root, "tmp")
            pod.start()
        self.assertEqual(1, head.end())
        until(lambda: "were kept" in worker.output, "the worker's logs")
        for rank in (0, 1):
            self.assertEqual("plog of rank", self.read("attempt-1/rank-%d/plog/run/plog/x.log" % rank))
            self.assertEqual("raylet", self.read("attempt-1/rank-%d/ray/raylet.out" % rank))

    def test_after_a_success_nothing_is_collected(self):
        pod = self.logged()
        pod.write("ascend/log/run/plog/x.log", "x")
        self.assertEqual(0, pod.run())
        self.assertEqual(["rank-0.log"], os.listdir(os.path.join(self.directory, JOB, "attempt-1")))

    def test_another_jobs_folder_is_left_alone(self):
        pod = self.logged()
        os.makedirs(os.path.join(self.directory, JOB, "attempt-0"))
        with open(os.path.join(self.directory, JOB, ".owner"), "w") as file:
            file.write(UID[:8] + "-another")
        self.assertEqual(0, pod.run(), "a job trains without its log")
        self.assertIn("belongs to job", pod.output)
        self.assertEqual([".owner", "attempt-0"], sorted(os.listdir(os.path.join(self.directory, JOB))))

    def test_a_directory_that_is_not_there(self):
        self.logged()
        os.rmdir(self.directory)
        self.assertEqual(0, self.pod(job={"logs": {"directory": self.directory}}).run())
        self.assertIn("[launcher] Succeeded", self.read("attempt-1/rank-0.log"))
        pod = self.logged(job={"logs": {"directory": "/proc/no/such"}})
        self.assertEqual(0, pod.run())
        self.assertIn("no log file", pod.output)


if __name__ == "__main__":
    unittest.main()
