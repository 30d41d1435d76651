"""How a worker asks the head's launcher whether it may join: one line of JSON each way, a connection per question, on
ray.port + 1. A worker of another job or incarnation must never reach Ray, and nobody may once the trainer is launched."""
import json
import selectors
import socket
import threading
import time

LINE = 1024       # bytes of a question or an answer
PEERS = 256       # connections at once; the oldest goes first
PATIENCE = 5      # seconds that a peer may take


class Desk:
    """The head's side: what it knows and answers. Phases: starting → open → launched → done."""

    def __init__(self, settings):
        self._identity = {"v": 1, "uid": settings.job_uid, "incarnation": settings.incarnation}
        self._nodes = settings.nodes
        self._lock = threading.Lock()
        self._phase = "starting"
        self._code = None
        self.admitted = {}    # rank → pod uid
        self.told = set()     # ranks that know the end

    def open(self):
        with self._lock:
            self._phase = "open"

    def launch(self):
        with self._lock:
            self._phase = "launched"

    def done(self, code):
        with self._lock:
            self._phase, self._code = "done", code

    @property
    def all_told(self):
        return set(self.admitted) <= self.told

    def delivered(self, question, answer):
        """A whole answer has been handed to the kernel: it arrives even when this process ends now."""
        if answer["answer"] == "done":
            self.told.add(question["rank"])

    def answer(self, question):
        """The answer to a decoded question of any shape."""
        if not isinstance(question, dict) or question.get("v") != 1:
            return {"v": 1, "answer": "unknown"}
        rank, pod = question.get("rank"), question.get("pod")
        if question.get("uid") != self._identity["uid"]:
            return {"v": 1, "answer": "other"}
        if question.get("incarnation") != self._identity["incarnation"]:
            return dict(self._identity, answer="other")
        if type(rank) is not int or not 0 < rank < self._nodes or not isinstance(pod, str):
            return dict(self._identity, answer="unknown")
        with self._lock:
            return dict(self._identity, **self._judge(rank, pod))

    def _judge(self, rank, pod):
        if self._phase == "done":
            return {"answer": "done", "code": self._code}
        if self._phase == "starting":
            return {"answer": "wait"}
        if self.admitted.get(rank) == pod:
            return {"answer": "admitted", "launched": self._phase == "launched"}
        if rank in self.admitted:
            return {"answer": "refused", "reason": "another pod of rank %d has joined this incarnation" % rank}
        if self._phase == "launched":
            return {"answer": "refused", "reason": "the trainer is launched already"}
        self.admitted[rank] = pod
        return {"answer": "admitted", "launched": False}


class Server(threading.Thread):
    """Serves a desk on one address. One thread; a peer that sends nonsense, too much, too slowly or nothing is dropped."""

    def __init__(self, desk, address, port, changed=lambda: None):
        super().__init__(daemon=True)
        self._desk, self._changed = desk, changed
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._listener.bind((address, port))
            self._listener.listen(128)
        except OSError:
            self._listener.close()
            raise
        self._listener.setblocking(False)
        self.port = self._listener.getsockname()[1]
        self._selector = selectors.DefaultSelector()
        self._peers = {}  # socket → [since, bytes read, bytes to send or None, (question, answer)]

    def run(self):
        self._selector.register(self._listener, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select(1):
                try:
                    if key.fileobj is self._listener:
                        self._accept()
                    else:
                        self._serve(key.fileobj)
                except OSError:
                    if key.fileobj is not self._listener:
                        self._drop(key.fileobj)
                    else:
                        time.sleep(0.1)  # out of descriptors
            now = time.monotonic()
            for peer in [peer for peer, state in self._peers.items() if now - state[0] > PATIENCE]:
                self._drop(peer)

    def _accept(self):
        peer, _ = self._listener.accept()
        if len(self._peers) >= PEERS:
            self._drop(min(self._peers, key=lambda known: self._peers[known][0]))
        peer.setblocking(False)
        self._peers[peer] = [time.monotonic(), b"", None, None]
        self._selector.register(peer, selectors.EVENT_READ)

    def _serve(self, peer):
        state = self._peers.get(peer)
        if state is None:
            return
        if state[2] is None:
            data = peer.recv(LINE)
            state[1] += data
            if b"\n" not in state[1]:
                if not data or len(state[1]) > LINE:
                    self._drop(peer)
                return
            question = _decode(state[1].partition(b"\n")[0])
            state[3] = question, self._desk.answer(question)
            state[2] = json.dumps(state[3][1]).encode("ascii") + b"\n"
            self._selector.modify(peer, selectors.EVENT_WRITE)
        state[2] = state[2][peer.send(state[2]):]
        if not state[2]:
            self._drop(peer)
            self._desk.delivered(*state[3])
            self._changed()

    def _drop(self, peer):
        self._peers.pop(peer, None)
        try:
            self._selector.unregister(peer)
        except (KeyError, ValueError):
            pass
        peer.close()


def _decode(line):
    try:
        return json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def ask(host, port, question, seconds):
    """One question. Answers (the peer's numeric address, its answer); OSError when nobody answers in time or it isn't JSON."""
    until = time.monotonic() + seconds
    with socket.create_connection((host, port), seconds) as peer:
        peer.sendall(json.dumps(question).encode("ascii") + b"\n")
        text = b""
        while b"\n" not in text:
            left = until - time.monotonic()
            if left <= 0 or len(text) > LINE:
                raise OSError("no answer in time")
            peer.settimeout(left)
            data = peer.recv(LINE)
            if not data:
                raise OSError("no whole answer")
            text += data
        answer = _decode(text)
        if not isinstance(answer, dict):
            raise OSError("no answer")
        return peer.getpeername()[0], answer
