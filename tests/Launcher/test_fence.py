"""The fence: its rules on a real folder with a clock of the test's, and races of real processes."""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

from fakes import SOURCES, UID, PodTest, alive, python, until
from fence import Fence
from fence_marks import Mark, Marks, make_exclusively
from resume import refuse_unsupported, saved_since_start
from settings import Fields, Settings
from timings import Timings
from verdict import Failure

OTHER = "0a0a0a0a-0000-4000-8000-0000000000bb"    # lower than UID
HIGHER = "ffffffff-0000-4000-8000-0000000000cc"
CLOCK = Timings("{}")


class World:
    """A checkpoint directory and a clock that moves only when somebody sleeps; others act at given times."""

    def __init__(self, folder):
        self.folder, self.time, self.plans = folder, 0.0, []

    def fence(self, uid=UID, incarnation=1, pod="pod-a"):
        mark = Mark(namespace="ns", job="job-" + uid[:2], uid=uid, attempt=1, incarnation=incarnation, podUID=pod, beat=0,
                    claiming=True, launched=False, ended=False, succeeded=False)
        return Fence(Marks(self.folder, pod), mark, CLOCK, lambda: self.time, self.sleep)

    def at(self, seconds, act):
        self.plans.append((seconds, act))

    def every(self, seconds, act, count=100):
        for number in range(1, count + 1):
            self.at(self.time + number * seconds, act)

    def sleep(self, seconds):
        self.time += seconds
        due = sorted((plan for plan in self.plans if plan[0] <= self.time), key=lambda plan: plan[0])
        self.plans = [plan for plan in self.plans if plan[0] > self.time]
        for _, act in due:
            act()

    def names(self):
        return sorted(name for name in os.listdir(os.path.join(self.folder, ".grpo")))


class Rules(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="fence-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.world = World(self.folder)

    def refused(self, code, act):
        with self.assertRaises(Failure) as caught:
            act()
        self.assertEqual(code, caught.exception.code, caught.exception.message)
        return caught.exception.message

    def held(self, **options):
        fence = self.world.fence(**options)
        fence.take(False)
        return fence

    def test_an_empty_folder_is_taken_at_once(self):
        fence = self.world.fence()
        fence.take(True)
        self.assertEqual(0, self.world.time)
        self.assertEqual(["%s.1.mark" % UID], self.world.names())
        self.assertFalse(fence.marks.read(fence.own.name).claiming)
        fence.look()

    def test_an_earlier_incarnation_is_waited_for_ended_or_not(self):
        for ended in (False, True):
            self.held(incarnation=1).beat(ended=ended)
            start, second = self.world.time, self.world.fence(incarnation=2)
            second.take(True)
            self.assertEqual(120, self.world.time - start)
            self.assertEqual(["%s.2.mark" % UID], self.world.names(), "marks of earlier ones are no longer needed")
            os.unlink(os.path.join(self.folder, ".grpo", "%s.2.mark" % UID))

    def test_it_beats_while_it_waits(self):
        self.held(incarnation=1)
        second, beats = self.world.fence(incarnation=2), []
        self.world.every(10, lambda: beats.append(second.own.beat), 11)
        second.take(True)
        self.assertEqual(sorted(set(beats)), beats)

    def test_without_fence_wait_nothing_is_waited_for(self):
        self.held(incarnation=1)
        self.held(incarnation=2)
        self.assertEqual(0, self.world.time)

    def test_the_earlier_incarnation_sees_the_later_one_and_dies(self):
        first, worker = self.held(incarnation=1), self.world.fence(incarnation=1, pod="worker")
        worker.look()
        second = self.world.fence(incarnation=2)
        self.world.at(10, lambda: self.refused("StaleIncarnation", first.look))
        self.world.at(10, lambda: self.refused("StaleIncarnation", worker.look))
        second.take(True)
        self.assertEqual([], self.world.plans)
        self.refused("FenceLost", first.beat)

    def test_a_late_start_of_an_earlier_incarnation_is_refused(self):
        self.held(incarnation=2)
        self.refused("StaleIncarnation", lambda: self.world.fence(incarnation=1).take(True))
        self.assertEqual(["%s.2.mark" % UID], self.world.names())

    def test_a_newer_one_that_comes_while_waiting(self):
        self.held(incarnation=1)
        self.world.at(50, lambda: self.held(incarnation=3))
        self.refused("StaleIncarnation", lambda: self.world.fence(incarnation=2).take(True))
        self.assertNotIn("%s.2.mark" % UID, self.world.names())

    def test_a_job_that_succeeded(self):
        self.held(incarnation=1).beat(ended=True, succeeded=True)
        self.refused("AlreadySucceeded", lambda: self.world.fence(incarnation=2).take(True))

    def test_another_job_that_is_alive(self):
        other = self.held(uid=OTHER)
        self.world.every(10, other.beat)
        message = self.refused("CheckpointDirInUse", lambda: self.world.fence().take(True))
        self.assertIn("ns/job-0a", message)
        self.assertEqual(10, self.world.time, "the first sign of life is enough")
        other.look()

    def test_another_job_that_is_dead_or_ended(self):
        self.held(uid=OTHER)
        self.held()
        self.assertEqual(120, self.world.time)
        self.held(uid=HIGHER).beat(ended=True)
        self.world.time = 0
        self.held(uid="eeee", pod="pod-e")
        self.assertEqual(120, self.world.time, "ours is not ended, the other is")

    def test_another_job_that_beats_rarely(self):
        other = self.held(uid=OTHER)
        self.world.every(115, other.beat)
        self.refused("CheckpointDirInUse", lambda: self.world.fence().take(True))

    def test_another_job_that_ends_while_it_is_watched(self):
        other = self.held(uid=OTHER)
        self.world.at(30, lambda: other.beat(ended=True))
        self.held()

    def test_a_dead_job_that_wakes_up_dies_and_the_new_one_goes_on(self):
        old = self.held(uid=OTHER)
        old.look()
        new = self.held()
        self.refused("FenceLost", old.look)
        new.look()

    def test_our_own_pods_mark_is_ours(self):
        self.held(pod="pod-a")
        self.held(pod="pod-a")
        self.assertEqual(0, self.world.time)

    def test_a_dead_pods_mark_of_this_incarnation_is_taken_over(self):
        old, new = self.held(pod="pod-a"), self.world.fence(pod="pod-b")
        new.take(False)
        self.assertEqual(120, self.world.time)
        self.refused("FenceLost", old.beat)
        new.beat()

    def test_a_live_pods_mark_of_this_incarnation(self):
        old = self.held(pod="pod-a")
        self.world.every(10, old.beat)
        self.refused("StaleIncarnation", lambda: self.world.fence(pod="pod-b").take(False))
        old.beat()

    def test_a_launched_pods_mark_of_this_incarnation(self):
        self.held(pod="pod-a").beat(launched=True)
        self.refused("StaleIncarnation", lambda: self.world.fence(pod="pod-b").take(False))
        self.assertEqual(0, self.world.time)

    def test_a_worker_that_watches_before_the_head_has_come(self):
        worker = self.world.fence(pod="worker")
        worker.look()
        self.held(uid=OTHER).beat(ended=False)
        worker.look()
        self.held(pod="pod-a")
        worker.look()
        worker.look()
        self.held(uid=HIGHER)      # watched ours for 120 s, which did not beat
        self.refused("FenceLost", worker.look)

    def test_a_claim_of_another_job_kills_nobody(self):
        fence = self.held()
        other = self.world.fence(uid=OTHER)
        other.marks.make(other.own)
        fence.look()
        fence.beat()

    def test_two_claims_at_once(self):
        for first, second in ((OTHER, HIGHER), (HIGHER, OTHER)):
            winner, loser = sorted((first, second))
            fences = {uid: self.world.fence(uid=uid, pod="pod-" + uid[:2]) for uid in (first, second)}
            for fence in fences.values():      # both have looked and made their marks
                fence.marks.make_folder()
                fence.marks.make(fence.own)
            self.refused("CheckpointDirInUse", lambda: fences[loser]._settle(fences[loser].marks.all()))
            fences[winner]._settle(fences[winner].marks.all())
            self.assertEqual(["%s.1.mark" % winner], self.world.names())
            os.unlink(os.path.join(self.folder, ".grpo", "%s.1.mark" % winner))

    def test_the_winner_of_two_claims_waits_for_a_loser_that_died(self):
        loser, winner = self.world.fence(uid=HIGHER), self.world.fence(uid=OTHER, pod="w")
        for fence in (loser, winner):
            fence.marks.make_folder()
            fence.marks.make(fence.own)
        winner._settle(winner.marks.all())
        self.assertEqual(120, self.world.time)

    def test_what_is_no_mark(self):
        grpo = os.path.join(self.folder, ".grpo")
        os.makedirs(os.path.join(grpo, "%s.9.mark" % UID))
        os.mkfifo(os.path.join(grpo, "%s.8.mark" % UID))
        os.symlink("/dev/zero", os.path.join(grpo, "%s.7.mark" % UID))
        for name, text in (("%s.6.mark" % UID, "x" * 9000), ("..%s.5.mark" % UID, "{}"), ("%s.4.mark\n" % UID, "{}"),
                           ("x" * 65 + ".1.mark", "{}"), ("\udcff.1.mark", "{}"), ("%s.99999999999.mark" % UID, "{}"),
                           ("-rf", ""), ("$(id).1.mark", "{}"), ("%s.mark" % UID, "{}")):
            with open(os.path.join(grpo, name), "w") as file:
                file.write(text)
        self.held(incarnation=1).look()

    def test_marks_with_hostile_contents(self):
        grpo = os.path.join(self.folder, ".grpo")
        os.makedirs(grpo)
        texts = ["", "[]", "null", "[" * 5000, '{"incarnation": "x", "uid": [1]}', '{"ended": {}, "claiming": []}', '"\\ud800"']
        for number, text in enumerate(texts):
            with open(os.path.join(grpo, "job%d.1.mark" % number), "w") as file:
                file.write(text)
        self.held().look()
        self.assertGreaterEqual(self.world.time, 120)

    def test_storage_without_hard_links(self):
        import fence_marks
        real, fence_marks.os.link = os.link, lambda *_: (_ for _ in ()).throw(OSError(95, "no links"))
        try:
            path = os.path.join(self.folder, "x")
            self.assertTrue(make_exclusively(path, "one", ".tmp"))
            self.assertFalse(make_exclusively(path, "two", ".tmp"))
        finally:
            fence_marks.os.link = real
        with open(path) as file:
            self.assertEqual("one", file.read())
        self.assertEqual(["x"], os.listdir(self.folder))


class Histories(unittest.TestCase):
    """Random histories of jobs and incarnations that start, beat, stall and wake up: never two that may write at once."""

    def test_never_two_writers(self):
        held = 0
        for seed in range(250):
            held += History(seed).run()
        self.assertGreater(held, 250, "histories in which nothing happens prove nothing")


class MemoryMarks:
    """The folder as a dict: the same methods as Marks, no disk; other actors may come in between at every call."""

    def __init__(self, files, pod_uid, pause):
        self.files, self.folder, self.pod_uid, self.pause = files, "memory", pod_uid, pause

    def make_folder(self):
        pass

    def all(self):
        self.pause()
        return {name: Mark(mark) for name, mark in self.files.items()}

    def read(self, name):
        self.pause()
        return Mark(self.files[name]) if name in self.files else None

    def make(self, mark):
        self.pause()
        if mark.name in self.files:
            return self.files[mark.name].podUID == self.pod_uid
        self.files[mark.name] = Mark(mark)
        return True

    def replace(self, mark):
        self.pause()
        self.files[mark.name] = Mark(mark)

    def take_away(self, name):
        self.pause()
        return self.files.pop(name, None) is not None


class Stop(BaseException):
    """Ends the thread of an actor."""


class History:
    """Actors take turns under one clock; each is a thread that runs only when the history lets it."""

    def __init__(self, seed):
        self.random, self.files, self.seed = random.Random(seed), {}, seed
        self.time = 0.0
        self.turn = threading.Condition()
        self.current = None
        self.actors = []
        self.log = []

    def run(self):
        for number in range(self.random.randint(2, 5)):
            uid = self.random.choice((OTHER, UID))
            self.actors.append(Actor(self, number, uid, self.random.randint(1, 3), self.random.uniform(0, 300)))
        while self.time < 1500:
            actor = min((actor for actor in self.actors if actor.alive), key=lambda actor: actor.due, default=None)
            if actor is None:
                break
            self.time = max(self.time, actor.due)
            self.step(actor)
            writers = [actor for actor in self.actors if actor.writing(self.time)]
            if len(writers) > 1:
                raise AssertionError("seed %d at %.1f: %s write at once\n%s" % (
                    self.seed, self.time, writers, "\n".join(self.log)))
        for actor in self.actors:
            if actor.alive:
                actor.stop = True
                self.step(actor)
        return sum("holds" in line for line in self.log)

    def step(self, actor):
        with self.turn:
            self.current = actor
            self.turn.notify_all()
            self.turn.wait_for(lambda: self.current is None)


class Actor(threading.Thread):
    """One incarnation's rank 0: takes, then looks and beats; now and then its storage stalls, and at 120 s it is killed."""

    def __init__(self, history, number, uid, incarnation, due):
        super().__init__(daemon=True)
        self.history, self.due, self.alive, self.stop, self.holds = history, due, True, False, False
        self.heard = due
        mark = Mark(namespace="ns", job=uid[:2], uid=uid, attempt=1, incarnation=incarnation, podUID="pod-%d" % number, beat=0,
                    claiming=True, launched=False, ended=False, succeeded=False)
        self.fence = Fence(MemoryMarks(history.files, mark.podUID, self.pause), mark, CLOCK, lambda: history.time, self.sleep)
        self.start()

    def __repr__(self):
        return self.fence.own.name + "/" + self.fence.own.podUID

    def writing(self, now):
        """Killed when no round that began in the last 120 s was answered: it writes no longer than that."""
        return self.holds and now - self.heard <= 120

    def pause(self):
        """Every file operation takes a moment, and sometimes very long."""
        draw = self.history.random.random()
        if draw < 0.3:
            self.give_way(draw / 1000 if draw > 0.005 else self.history.random.uniform(0, 300))

    def sleep(self, seconds):
        self.give_way(seconds)
        if not self.holds:
            self.heard = self.history.time

    def give_way(self, seconds):
        history = self.history
        self.due = history.time + seconds
        with history.turn:
            history.current = None
            history.turn.notify_all()
            history.turn.wait_for(lambda: history.current is self)
        if self.stop or history.time - self.heard > 120:
            raise Stop()

    def run(self):
        history = self.history
        with history.turn:
            history.turn.wait_for(lambda: history.current is self)
        try:
            if self.stop:
                raise Stop()
            self.heard = history.time
            self.fence.take(True)
            self.holds = True
            history.log.append("%.3f %r holds" % (history.time, self))
            while True:
                self.sleep(10)
                start = history.time
                self.fence.look()
                self.fence.beat()
                self.heard = start
        except (Failure, Stop) as end:
            history.log.append("%.3f %r ends: %s" % (history.time, self, getattr(end, "message", "stopped")))
        finally:
            self.alive = self.holds = False
            with history.turn:
                history.current = None
                history.turn.notify_all()


class Races(unittest.TestCase):
    def test_many_processes_one_folder(self):
        """Each tries to make the same mark; and removes it only when it made it."""
        folder = tempfile.mkdtemp(prefix="fence-")
        self.addCleanup(shutil.rmtree, folder)
        text = """
import sys; sys.path.insert(0, %r)
from fence_marks import Mark, Marks
import os
marks = Marks(%r, "pod-" + sys.argv[1])
marks.make_folder()
won = 0
for number in range(60):
    won += marks.make(Mark(uid="u", incarnation=number, podUID="pod-" + sys.argv[1]))
print(won)
""" % (SOURCES, folder)
        processes = [subprocess.Popen([sys.executable, "-IS", "-c", text, str(number)], stdout=subprocess.PIPE)
                     for number in range(6)]
        won = [int(process.communicate(timeout=60)[0]) for process in processes]
        self.assertEqual(60, sum(won), won)
        self.assertEqual(60, len(os.listdir(os.path.join(folder, ".grpo"))))


class FencedPodTest(PodTest):
    def setUp(self):
        super().setUp()
        self.checkpoints = os.path.join(self.folder, "checkpoints")
        self.marks = os.path.join(self.checkpoints, ".grpo")

    def fenced(self, rank=0, **options):
        job = options.pop("job", {})
        job.setdefault("checkpointDir", self.checkpoints)
        return self.pod(rank, job=job, **options)

    def mark(self, incarnation=1, uid=UID):
        with open(os.path.join(self.marks, "%s.%d.mark" % (uid, incarnation))) as file:
            return json.load(file)

    def put(self, uid=UID, incarnation=1, **fields):
        os.makedirs(self.marks, exist_ok=True)
        path = os.path.join(self.marks, "%s.%d.mark" % (uid, incarnation))
        with open(path + ".new", "w") as file:
            json.dump(dict({"namespace": "n", "job": "j", "podUID": "else", "beat": 1}, **fields), file)
        os.rename(path + ".new", path)


class InThePod(FencedPodTest):
    def test_the_marks_of_a_success(self):
        seen = os.path.join(self.folder, "seen")
        pod = self.fenced(arguments=python("import shutil\nshutil.copy(%r, %r)" % (
            os.path.join(self.marks, "%s.1.mark" % UID), seen)))
        self.assertEqual(0, pod.run(), pod.output)
        with open(seen) as file:
            mark = json.load(file)
        self.assertEqual(dict(namespace="ns", job="job", uid=UID, attempt=1, incarnation=1, podUID="pod-uid-0", claiming=False,
                              launched=True, ended=False, succeeded=False), {k: v for k, v in mark.items() if k != "beat"})
        self.assertEqual((True, True), (self.mark()["ended"], self.mark()["succeeded"]))
        again = self.fenced(GRPO_INCARNATION="2", arguments=python("raise SystemExit(9)"))
        self.assertEqual(0, again.run())
        self.assertEqual(("AlreadySucceeded", False), (again.message["code"], again.message["launched"]))
        self.assertEqual([], again.ray_calls)

    def test_the_mark_of_a_failure(self):
        self.assertEqual(4, self.fenced(arguments=python("raise SystemExit(4)")).run())
        self.assertEqual((True, False), (self.mark()["ended"], self.mark()["succeeded"]))

    def test_the_wait_for_an_earlier_incarnation(self):
        self.put(incarnation=1, ended=True)
        pod = self.fenced(GRPO_INCARNATION="2")
        self.assertEqual(0, pod.run())
        self.assertIn("an earlier incarnation", pod.output)
        self.put(incarnation=2, ended=True)
        pod = self.fenced(GRPO_INCARNATION="3", GRPO_FENCE_WAIT="0")
        self.assertEqual(0, pod.run())
        self.assertNotIn("an earlier incarnation", pod.output)

    def test_a_refusal_comes_before_ray(self):
        self.put(incarnation=2)
        pod = self.fenced()
        self.assertEqual(82, pod.run())
        self.assertEqual("StaleIncarnation", pod.message["code"])
        self.assertEqual([], pod.ray_calls)

    def test_another_jobs_mark_that_lives(self):
        self.put(uid=OTHER, beat=1)
        pod = self.fenced(timings={"fenceForeignWatch": 20}).start()
        until(lambda: "watching" in pod.output, "the watch")
        self.put(uid=OTHER, beat=2)
        self.assertEqual(74, pod.end())
        self.assertEqual("CheckpointDirInUse", pod.message["code"])

    def test_a_newer_incarnation_kills_everything_on_every_rank(self):
        survivor = "import os, time\nif os.fork() == 0: os.setsid()\ntime.sleep(3600)"
        workers_view = os.path.join(self.folder, "view")    # so that the head's end isn't heard first
        os.mkdir(workers_view)
        head = self.fenced(0, nodes=2, arguments=python(survivor)).start()
        worker = self.fenced(1, nodes=2, job={"checkpointDir": workers_view}).start()
        until(lambda: head.ready and worker.ready, "both ready")
        pids = head.below() + worker.below()
        shutil.copytree(self.marks, os.path.join(workers_view, ".grpo"))
        shutil.copy(os.path.join(self.marks, "%s.1.mark" % UID), os.path.join(workers_view, ".grpo", "%s.2.mark" % UID))
        self.assertEqual(82, worker.end(), worker.output)
        self.put(incarnation=2)
        self.assertEqual(82, head.end(), head.output)
        for pod in (head, worker):
            self.assertEqual("StaleIncarnation", pod.message["code"])
        self.assertEqual([], [pid for pid in pids if alive(pid)])

    def test_another_job_that_took_over(self):
        pod = self.fenced(arguments=python("import time\ntime.sleep(3600)")).start()
        until(lambda: pod.ready, "readiness")
        self.put(uid=OTHER)
        self.assertEqual(83, pod.end())
        self.assertEqual(("FenceLost", True), (pod.message["code"], pod.message["launched"]))
        self.assertFalse(self.mark()["ended"], "it can't say so any more")

    def test_storage_that_fails_for_too_long(self):
        storage = os.path.join(self.folder, "storage")
        os.mkdir(storage)
        os.symlink(storage, self.checkpoints)
        pod = self.fenced(arguments=python("import time\ntime.sleep(3600)"), timings={"fenceReadFailure": 0.6}).start()
        until(lambda: pod.ready, "readiness")
        os.symlink("/dev/null", self.checkpoints + ".new")      # reading now fails with ENOTDIR
        os.rename(self.checkpoints + ".new", self.checkpoints)
        self.assertEqual(83, pod.end())
        self.assertIn("has not answered", pod.message["message"])

    def test_a_fence_process_that_dies_takes_the_training_with_it(self):
        pod = self.fenced(arguments=python("import time\ntime.sleep(3600)")).start()
        until(lambda: pod.ready, "readiness")
        os.kill(pod.pids("fence")[0], signal.SIGKILL)
        self.assertEqual(83, pod.end())
        self.assertEqual("FenceLost", pod.message["code"])

    def test_the_fence_process_kills_by_itself_when_the_launcher_is_stuck(self):
        pod = self.fenced(arguments=python("import time\ntime.sleep(3600)")).start()
        until(lambda: pod.ready, "readiness")
        trainer = [pid for pid in pod.pids("-c") if pid not in pod.pids("raylet")][0]
        pod.process.send_signal(signal.SIGSTOP)
        self.put(incarnation=2)
        until(lambda: not alive(trainer), "the trainer's death")
        pod.process.send_signal(signal.SIGCONT)
        self.assertEqual(82, pod.end())

    def test_a_directory_that_cannot_be_written(self):
        with open(self.checkpoints, "w"):
            pass
        pod = self.fenced()
        self.assertEqual(69, pod.run())
        self.assertEqual("ConfigCheckpointDir", pod.message["code"])

    def test_sigterm_while_it_waits(self):
        self.put(incarnation=1)
        pod = self.fenced(GRPO_INCARNATION="2", timings={"fenceWait": 60}).start()
        until(lambda: "an earlier incarnation" in pod.output, "the wait")
        pod.terminate()
        self.assertEqual(80, pod.end())


class Resume(FencedPodTest):
    """Which arguments an attempt gets."""

    def setUp(self):
        super().setUp()
        os.makedirs(self.marks)
        self.tracker = os.path.join(self.checkpoints, "latest_checkpointed_iteration.txt")

    def saved(self, epoch=0):
        return saved_since_start(self.checkpoints, UID, epoch, "pod")

    def save(self, text):
        with open(self.tracker + ".new", "w") as file:
            file.write(text)
        os.rename(self.tracker + ".new", self.tracker)

    def test_a_job_that_saved(self):
        self.assertEqual((False, None), self.saved())
        self.assertEqual((False, None), self.saved(), "nothing was saved")
        self.save("20\n")
        self.assertEqual((True, "20"), self.saved())
        self.assertEqual((True, "20"), self.saved())

    def test_another_runs_checkpoint_is_none_of_ours(self):
        self.save("40")
        self.assertEqual((False, "40"), self.saved())
        self.assertEqual((False, "40"), self.saved())
        self.save("40")    # the same step, saved anew
        self.assertEqual((True, "40"), self.saved())

    def test_mtime_alone_and_inode_alone_tell_a_save(self):
        self.save("40")
        self.saved()
        times = os.stat(self.tracker)
        os.utime(self.tracker, ns=(times.st_atime_ns, times.st_mtime_ns + 1))
        self.assertTrue(self.saved()[0])
        self.save("40")
        os.utime(self.tracker, ns=(times.st_atime_ns, times.st_mtime_ns))
        self.assertTrue(self.saved()[0])

    def test_a_tracker_that_went_away_differs_too(self):
        self.save("40")
        self.saved()
        os.unlink(self.tracker)
        self.assertEqual((True, None), self.saved())

    def test_a_new_epoch_starts_anew(self):
        self.saved()
        self.save("20")
        self.assertFalse(self.saved(epoch=1)[0])
        self.save("40")
        self.assertTrue(self.saved(epoch=1)[0])

    def test_megatron_that_cannot_resume(self):
        for version, refused in (("0.7.0", True), ("0.6.1", True), ("0.7.1", False), (None, False), ("0.10.0.dev0", False)):
            settings = Settings({})
            settings.job = Fields(strategy="Megatron", verlVersion=version, checkpointDir="/c")
            try:
                refuse_unsupported(settings.job, settings.verl_version, "20")
                self.assertFalse(refused, version)
            except Failure as failure:
                self.assertTrue(refused, version)
                self.assertEqual("ResumeUnsupported", failure.code)
                self.assertIn("/c/global_step_20", failure.message)
        settings.job.update(strategy="FSDP", verlVersion="0.7.0")
        refuse_unsupported(settings.job, (0, 7, 0), "20")

    def test_attempts_in_pods(self):
        save = "open(%r, 'w').write('20')\nprint('the first way')\nraise SystemExit(3)" % self.tracker
        pods = [self.fenced(GRPO_INCARNATION=str(number), GRPO_FENCE_WAIT="0", arguments=python(save)) for number in (1, 2, 3)]
        for pod in pods[:2]:
            pod.write("etc/grpo/args-resume", "".join("%s\n" % a for a in python("print('resumed')\nraise SystemExit(4)")))
        self.assertEqual(3, pods[0].run(), pods[0].output)
        self.assertEqual("the first way", pods[0].message["log"])
        self.assertEqual(4, pods[1].run(), pods[1].output)
        self.assertEqual("resumed", pods[1].message["log"])
        self.assertEqual(3, pods[2].run(), "without args-resume the arguments are the same")

    def test_a_tracker_that_cannot_be_read(self):
        os.mkdir(self.tracker)
        pod = self.fenced()
        self.assertEqual(69, pod.run())
        self.assertEqual("ConfigCheckpointDir", pod.message["code"])
        self.assertIn(self.tracker, pod.message["message"])

    def test_a_pod_that_may_not_resume(self):
        self.saved()
        self.save("20")
        pod = self.fenced(job={"strategy": "Megatron", "verlVersion": "0.7.0"})
        self.assertEqual(75, pod.run())
        self.assertEqual([], pod.ray_calls)


if __name__ == "__main__":
    unittest.main()
