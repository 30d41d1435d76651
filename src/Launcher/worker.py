"""Rank 1 and up: asks the head, joins its Ray cluster, and watches over it until the head ends."""
import time

from handshake import ask
from verdict import Failure

TRIES = 3   # of `ray start`


class Worker:
    def __init__(self, launch, ray):
        self._launch, self._ray = launch, ray
        self._settings, self._processes, self._console = launch.settings, launch.processes, launch.console
        self._timings = launch.settings.timings
        self._head = None

    def run(self):
        until = time.monotonic() + self._timings.join
        for left in reversed(range(TRIES)):
            end = self._await_admission(until)
            if end:
                return _head_done(end)
            problem = self._ray.start_worker(self._head)
            if problem is None:
                break
            self._console.say(problem)
            if not left:
                raise Failure("JoinFailed", problem)
            self._processes.wait(seconds=self._timings.poll)
        self._launch.ready()
        self._console.say("joined the Ray cluster of %s" % self._head)
        return _head_done(self._watch())

    def _question(self):
        return {"v": 1, "ask": "join", "uid": self._settings.job_uid, "incarnation": self._settings.incarnation,
                "rank": self._settings.rank, "pod": self._settings.pod_uid}

    def _ask(self, host):
        """(address, answer) of our own head; (None, why not) when it isn't reached or another answers."""
        port, patience = self._settings.ray_port + 1, max(self._timings.poll, 1)
        try:
            address, answer = self._processes.aside(lambda: ask(host, port, self._question(), patience), 4 * patience)
        except (OSError, TimeoutError) as error:
            return None, "%s port %d: %s" % (host, port, error or "no answer")
        if (answer.get("uid"), answer.get("incarnation")) != (self._settings.job_uid, self._settings.incarnation):
            newer = answer.get("uid") == self._settings.job_uid and answer.get("incarnation")
            if type(newer) is int and newer > self._settings.incarnation:
                raise Failure("StaleIncarnation", "the head is of incarnation %d already" % newer)
            return None, "%s is the head of another job or incarnation" % host
        return address, answer

    def _await_admission(self, until):
        """Answers None when admitted (the head's address is then known), or the code with which the head ended."""
        said = None
        while True:
            address, answer = self._ask(self._settings.head_name)
            kind = answer.get("answer") if address else None
            if kind == "admitted":
                self._head = address
                return None
            if kind == "refused":
                raise Failure("JoinRefused", "%s: %s" % (address, answer.get("reason")))
            if kind == "done":
                return str(answer.get("code"))
            problem = "the head is not ready yet" if address else answer
            if problem != said:
                self._console.say("waiting to join: %s" % problem)
                said = problem
            if time.monotonic() > until:
                raise Failure("JoinTimeout", "not admitted in %g s: %s" % (self._timings.join, problem))
            self._processes.wait(seconds=self._timings.poll)

    def _watch(self):
        """Until the head says that it is done (its code), or is gone."""
        heard, ray_died = time.monotonic(), None
        while True:
            address, answer = self._ask(self._head)
            if address and answer.get("answer") == "done":
                return str(answer.get("code"))
            now = time.monotonic()
            if address:
                heard = now
            elif now - heard > self._timings.headGone:
                raise Failure("HeadGone", "no word from the head for %g s: %s" % (self._timings.headGone, answer))
            if self._ray.death:
                ray_died = ray_died or now
                if address and now - ray_died > self._timings.headGone:
                    raise Failure("RayDied", "%s, and the head went on" % self._ray.death)
            self._processes.wait(seconds=self._timings.poll)


def _head_done(code):
    """Nothing that ends on this node from now on means anything: the launcher idles."""
    return "HeadDone", "the head ended: %s" % code, None
