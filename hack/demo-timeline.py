"""Follows a GrpoTrainingJob and prints what the API server tells of it, one line a change, until the job has ended.

Everything comes from watches: of the job, of its children, of its events. Exit code 0: Succeeded; 1: Failed, Invalid or gone; 2: time is up.
"""
import json
import queue
import subprocess
import sys
import threading
import time

TROUBLE_WHEN_TRUE = ("Failed", "StepStalled", "Suspended", "Warned")
CHILDREN = ("configmaps", "jobs", "services", "networkpolicies", "statefulsets", "pods")
STARTED = time.monotonic()


def say(subject, text):
    seconds = int(time.monotonic() - STARTED)
    print("%3d:%02d  %-12s %s" % (seconds // 60, seconds % 60, subject, text), flush=True)


def watch(resource, arguments, changes):
    """Puts (resource, event) pairs into a queue for ever; a watch that ends is begun again with a list."""
    while True:
        command = ["kubectl", "get", resource, "--watch", "--output-watch-events", "-o", "json"] + arguments
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as kubectl:
            for line in kubectl.stdout:
                changes.put((resource, json.loads(line)))
        time.sleep(0.5)


class Job:
    """What was said about the job itself."""

    def __init__(self, table):
        self.phase = self.step = self.attempt = self.uid = None
        self.table = table
        self.status = {}

    def changed(self, job):
        self.uid = job["metadata"]["uid"]
        self.status = job.get("status", {})
        phase, progress = self.status.get("phase"), self.status.get("progress", {})
        attempt = self.status.get("currentAttempt", {}).get("number")
        if phase != self.phase and phase:
            say("phase", "%s%s" % (phase, self.newest_condition()))
            self.phase = phase
        if attempt != self.attempt and attempt:
            say("attempt", "%s with incarnation %s" % (attempt, self.status.get("incarnation")))
            self.attempt = attempt
        if progress.get("step") not in (None, self.step):
            first = self.step is None
            self.step = progress["step"]
            say("step", "%-7s reward %-8s %s s a step" % (
                progress.get("display"), progress.get("rewardMean", "-"), progress.get("secondsPerStep", "-")))
            if first:
                self.table()

    def newest_condition(self):
        conditions = [c for c in self.status.get("conditions", []) if c.get("message")]
        if not conditions:
            return ""
        newest = sorted(conditions, key=lambda c: c["lastTransitionTime"])[-1]
        return "  (%s: %s)" % (newest["reason"], newest["message"])

    def reasons(self):
        """Why it did not succeed: what failed, and every condition that says so."""
        failing = (self.status.get("attempts") or [{}])[-1]
        lines = ["%s %s: %s" % (c["type"], c["reason"], c["message"]) for c in self.status.get("conditions", [])
                 if c["status"] == ("True" if c["type"] in TROUBLE_WHEN_TRUE else "False")]
        if failing.get("message"):
            lines.append("rank %s, pod %s, node %s, exit code %s: %s" % tuple(
                failing.get(key) for key in ("rank", "pod", "node", "exitCode", "message")))
        return lines


class Child:
    """What was said about one object of the job's."""

    def __init__(self, subject):
        self.subject = subject
        self.said = set()

    def once(self, text):
        if text not in self.said:
            self.said.add(text)
            say(self.subject, text)

    def changed(self, kind, item, change):
        name = item["metadata"]["name"]
        if change == "DELETED":
            self.once("%s removed" % name)
            return
        if kind != "Pod":
            self.once("%s made" % name)
        status = item.get("status", {})
        if kind == "Job":
            for condition in status.get("conditions", []):
                self.once("%s %s" % (name, condition["type"].lower()))
        elif kind == "StatefulSet":
            self.once("%s: %d of %d pods ready" % (name, status.get("readyReplicas", 0), item["spec"]["replicas"]))
            if "GRPO_SEALED" in json.dumps(item["spec"]["template"]):
                self.once("%s sealed: a replaced pod would not train" % name)
        elif kind == "Pod":
            self.pod(name, item, status)

    def pod(self, name, item, status):
        node = item["spec"].get("nodeName")
        for container in status.get("containerStatuses", []):
            state = container["state"]
            if "running" in state:
                self.once("%s runs on %s%s" % (name, node, ", ready" if container["ready"] else ""))
            elif "terminated" in state:
                self.once("%s ended with %d" % (name, state["terminated"]["exitCode"]))
            elif state.get("waiting", {}).get("reason") not in (None, "ContainerCreating"):
                self.once("%s waits: %s %s" % (name, state["waiting"]["reason"], state["waiting"].get("message", "")))


def main(namespace, name, timeout):
    changes = queue.Queue()

    def table():
        print("\n$ kubectl -n %s get grpo" % namespace, flush=True)
        subprocess.run(["kubectl", "-n", namespace, "get", "grpo"], check=False)
        print(flush=True)

    def start(resource, *arguments):
        threading.Thread(target=watch, args=(resource, ["-n", namespace, *arguments], changes), daemon=True).start()

    start("grpotrainingjobs", "--field-selector=metadata.name=%s" % name)
    start("events", "--field-selector=involvedObject.kind=GrpoTrainingJob,involvedObject.name=%s" % name)
    for resource in CHILDREN:
        start(resource, "--selector=grpo-operator.dev/job=%s" % name)

    job, children = Job(table), {}
    early = []
    while True:
        left = STARTED + timeout - time.monotonic()
        try:
            resource, event = changes.get(timeout=max(left, 0.01))
        except queue.Empty:
            say("time is up", "after %d s" % timeout)
            print("\n".join(job.reasons()))
            table()
            return 2
        item, change = event["object"], event["type"]
        if change not in ("ADDED", "MODIFIED", "DELETED"):
            continue
        if resource == "grpotrainingjobs":
            if change == "DELETED":
                say("phase", "the job was deleted")
                return 1
            job.changed(item)
            for held in early:
                changes.put(held)
            early = []
            if job.phase in ("Succeeded", "Failed", "Invalid"):
                # The last pods go a moment later.
                table()
                print("\n".join(job.reasons() if job.phase != "Succeeded" else []), end="")
                return 0 if job.phase == "Succeeded" else 1
        elif job.uid is None:
            early.append((resource, event))
        elif resource == "events":
            # Of this job only: one of the same name may have been here before.
            if change == "ADDED" and item["involvedObject"]["uid"] == job.uid:
                say("event", "%s: %s" % (item.get("reason"), item.get("message")))
        else:
            uid = item["metadata"]["uid"]
            children.setdefault(uid, Child(item["kind"].lower())).changed(item["kind"], item, change)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
