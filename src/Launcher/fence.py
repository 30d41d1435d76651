"""The fence on a checkpoint directory: at most one incarnation of one job trains into it. Rules only; fence_process runs them.

Rank 0 claims (an exclusive mark that says `claiming`), looks again, waits until no earlier incarnation can still write, and
then holds. Clocks of machines are never compared: whether another's mark is alive shows only in its changing."""
from verdict import Failure


class Fence:
    """`sleep(seconds)` pauses and raises when the process must end; `now()` is a monotonic clock in seconds."""

    def __init__(self, marks, own, timings, now, sleep, say=lambda text: None):
        self.marks, self.own, self._timings = marks, own, timings
        self._now, self._sleep, self._say = now, sleep, say
        self._known = set()     # other jobs' marks that were there before ours
        self._held = False      # our incarnation's mark has been seen without `claiming`

    def take(self, wait_for_earlier):
        """Rank 0, before Ray: Failure AlreadySucceeded, StaleIncarnation or CheckpointDirInUse when it must not train."""
        self.marks.make_folder()
        while True:
            marks = self._survey()
            self._outwatch({name: mark for name, mark in marks.items() if self._rival(mark)})
            self._known |= {name for name, mark in marks.items() if mark.uid != self.own.uid}
            self.own["claiming"] = True
            if self.marks.make(self.own):
                break
        marks = self._survey()
        self._settle(marks)
        if wait_for_earlier and self._earlier(marks):
            self._say("an earlier incarnation may still write: waiting %g s" % self._timings.fenceWait)
            until = self._now() + self._timings.fenceWait
            while self._now() < until:
                self._sleep(min(self._timings.fenceBeat, max(0.0, until - self._now())))
                self._refuse(self._new(self._survey()), claims=False)
                self.beat()
        self.beat(claiming=False)
        self._held = True
        for name in self._earlier(marks):
            self.marks.take_away(name)

    def beat(self, **changes):
        """Renews our mark. Failure FenceLost when it isn't ours any more."""
        found = self.marks.read(self.own.name)
        if found is None or found.podUID != self.own.podUID:
            raise Failure("FenceLost", "this pod's mark in %s was %s" % (
                self.marks.folder, "removed" if found is None else "taken over by pod %s" % found.podUID))
        self.own.update(changes, beat=self.own.beat + 1)
        self.marks.replace(self.own)

    def look(self):
        """Every rank, on and on: Failure StaleIncarnation or FenceLost when the processes of this container must die."""
        marks = self.marks.all()
        for mark in marks.values():
            if mark.uid == self.own.uid and mark.incarnation > self.own.incarnation:
                raise self._stale("incarnation %d of this job has the checkpoint directory" % mark.incarnation)
        new = {name: mark for name, mark in self._new(marks).items() if not mark.claiming}
        if not self._held:
            self._known |= set(new)
            mine = marks.get(self.own.name)
            self._held = mine is not None and not mine.claiming
        elif new:
            other = new[min(new)]
            raise Failure("FenceLost", "job %s/%s took over the checkpoint directory" % (other.namespace, other.job))

    def _survey(self):
        marks = self.marks.all()
        for mark in marks.values():
            if mark.uid != self.own.uid:
                continue
            if mark.succeeded is True:
                raise Failure("AlreadySucceeded", "incarnation %d of this job succeeded" % mark.incarnation)
            if mark.incarnation > self.own.incarnation:
                self._withdraw()
                raise self._stale("incarnation %d of this job is newer" % mark.incarnation)
            if mark.name == self.own.name and mark.podUID != self.own.podUID and mark.launched:
                raise self._stale("pod %s has launched this incarnation" % mark.podUID)
        return marks

    def _rival(self, mark):
        if mark.uid == self.own.uid:
            return mark.incarnation == self.own.incarnation and mark.podUID != self.own.podUID
        return not mark.ended

    def _earlier(self, marks):
        return [name for name, mark in marks.items() if mark.uid == self.own.uid and mark.incarnation < self.own.incarnation]

    def _outwatch(self, rivals):
        """Before our mark: none of the rivals may change for fenceForeignWatch. A dead pod's mark of our own incarnation goes."""
        if not rivals:
            return
        self._say("watching %s for %g s" % (", ".join(sorted(rivals)), self._timings.fenceForeignWatch))
        until = self._now() + self._timings.fenceForeignWatch
        while self._now() < until:
            self._sleep(min(self._timings.fenceBeat, max(0.0, until - self._now())))
            marks = self._survey()
            for name, before in rivals.items():
                mark = marks.get(name)
                if mark is None or mark == before or not self._rival(mark):
                    continue
                if mark.uid == self.own.uid:
                    raise self._stale("pod %s of this incarnation is alive" % mark.podUID)
                raise self._in_use(mark)
        if self.own.name in rivals:
            self.marks.take_away(self.own.name)

    def _settle(self, marks):
        """After our mark: another job's new mark means that both came at once. A holder wins over a claim; of two claims the
        lower uid wins, and waits until the other has withdrawn or shows no life."""
        before, until = {}, self._now() + self._timings.fenceForeignWatch
        while True:
            new = self._new(marks)
            self._refuse(new, claims=True)
            if not new:
                return
            if new != before:
                before, until = new, self._now() + self._timings.fenceForeignWatch
            elif self._now() >= until:
                self._known |= set(new)
                return
            self._sleep(self._timings.fenceBeat)
            marks = self._survey()
            self.beat()

    def _new(self, marks):
        return {name: mark for name, mark in marks.items()
                if mark.uid != self.own.uid and not mark.ended and name not in self._known}

    def _refuse(self, new, claims):
        for mark in new.values():
            if not mark.claiming or (claims and mark.uid < self.own.uid):
                self._withdraw()
                raise self._in_use(mark)

    def _withdraw(self):
        found = self.marks.read(self.own.name)
        if found is not None and found.podUID == self.own.podUID:
            self.marks.take_away(self.own.name)

    def _stale(self, why):
        return Failure("StaleIncarnation", "%s (%s)" % (why, self.marks.folder))

    def _in_use(self, mark):
        return Failure("CheckpointDirInUse", "job %s/%s trains into %s: give each job a checkpointDir of its own"
                       % (mark.namespace, mark.job, self.marks.folder.rpartition("/")[0]))
