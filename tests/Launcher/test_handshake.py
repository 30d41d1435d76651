"""The desk's answers, and the server under peers that mean no good."""
import json
import os
import random
import socket
import threading
import types
import unittest

from fakes import UID, until
import handshake
from handshake import Desk, Server, ask


def settings(nodes=4, incarnation=3):
    return types.SimpleNamespace(job_uid=UID, incarnation=incarnation, nodes=nodes)


def question(rank=1, pod="p1", **changes):
    return dict({"v": 1, "ask": "join", "uid": UID, "incarnation": 3, "rank": rank, "pod": pod}, **changes)


class Answers(unittest.TestCase):
    def setUp(self):
        self.desk = Desk(settings())

    def kind(self, *arguments, **changes):
        return self.desk.answer(question(*arguments, **changes))["answer"]

    def test_the_phases(self):
        self.assertEqual("wait", self.kind())
        self.desk.open()
        self.assertEqual("admitted", self.kind())
        self.assertEqual("admitted", self.kind(), "asking twice")
        self.desk.launch()
        self.assertEqual("admitted", self.kind(), "one that has joined")
        self.assertEqual("refused", self.kind(2, "p2"), "one that comes late")
        self.desk.done("Succeeded")
        self.assertEqual({"v": 1, "uid": UID, "incarnation": 3, "answer": "done", "code": "Succeeded"}, self.desk.answer(question()))

    def test_one_pod_has_a_rank(self):
        self.desk.open()
        self.assertEqual("admitted", self.kind(1, "p1"))
        self.assertEqual("refused", self.kind(1, "another"))

    def test_strangers(self):
        self.desk.open()
        self.assertEqual({"v": 1, "answer": "other"}, self.desk.answer(question(uid="x")))
        self.assertEqual("other", self.kind(incarnation=2))
        self.assertEqual("other", self.kind(incarnation="3"))
        for rank in (0, 4, -1, "1", None, True, 1.0, [1]):
            self.assertEqual("unknown", self.kind(rank), rank)
        self.assertEqual("unknown", self.kind(1, ["p1"]))
        for nonsense in (None, [], 1, "x", {}, {"v": 2}, {"v": [1]}):
            self.assertEqual("unknown", self.desk.answer(nonsense)["answer"])
        self.assertEqual({}, self.desk.admitted)

    def test_the_end_is_told_only_when_it_was_delivered(self):
        self.desk.open()
        self.kind()
        self.assertFalse(self.desk.all_told)
        self.desk.done("X")
        answer = self.desk.answer(question())
        self.assertFalse(self.desk.all_told)
        self.desk.delivered(question(), answer)
        self.assertTrue(self.desk.all_told)


class Hostile(unittest.TestCase):
    def setUp(self):
        self.desk = Desk(settings())
        self.desk.open()
        self.addCleanup(setattr, handshake, "PATIENCE", handshake.PATIENCE)
        handshake.PATIENCE = 60     # a busy machine makes honest peers slow
        self.server = Server(self.desk, "127.0.0.1", 0)
        self.server.start()
        self.peers = []
        self.addCleanup(lambda: [peer.close() for peer in self.peers])

    def connect(self):
        peer = socket.create_connection(("127.0.0.1", self.server.port), 20)
        self.peers.append(peer)
        return peer

    def good(self):
        address, answer = ask("127.0.0.1", self.server.port, question(), 20)
        self.assertEqual(("127.0.0.1", "admitted"), (address, answer["answer"]))

    def test_nonsense_gets_an_answer_or_is_dropped(self):
        generator = random.Random(1)
        lines = [b"\n", b"[" * 1000 + b"\n", b"{}\n", b"\xff\xfe\n", b'{"v":1e999}\n', b"nul\0l\n", b'"%s"\n' % (b"x" * 900)]
        lines += [bytes(generator.randrange(256) for _ in range(generator.randrange(600))) + b"\n" for _ in range(50)]
        for line in lines:
            peer = self.connect()
            peer.sendall(line)
            answer = peer.recv(4096)
            self.assertEqual("unknown", json.loads(answer.decode("ascii"))["answer"], line)
        self.good()

    def test_a_line_without_end_is_dropped(self):
        peer = self.connect()
        try:
            for _ in range(100000):
                peer.sendall(b"x" * 1000)
            self.fail("nobody stopped it")
        except OSError:
            pass
        self.good()

    def test_slow_and_silent_peers_are_dropped(self):
        handshake.PATIENCE = 0.5
        silent, slow = self.connect(), self.connect()
        slow.sendall(b"{")
        self.assertEqual(b"", silent.recv(10))
        self.assertEqual(b"", slow.recv(10))

    def test_many_silent_peers_keep_nobody_out(self):
        for _ in range(handshake.PEERS + 40):
            self.connect()
        self.good()
        self.assertLessEqual(len(self.server._peers), handshake.PEERS)

    def test_peers_that_go_away_at_once(self):
        for _ in range(50):
            peer = socket.create_connection(("127.0.0.1", self.server.port), 20)
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")   # a reset
            peer.sendall(json.dumps(question()).encode() + b"\n")
            peer.close()
        self.good()

    def test_one_of_many_that_race_for_a_rank_gets_it(self):
        answers = []
        threads = [threading.Thread(target=lambda number=number: answers.append(
            ask("127.0.0.1", self.server.port, question(2, "pod-%d" % number), 20)[1]["answer"])) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(["admitted"] + ["refused"] * 19, sorted(answers))

    def test_the_port_is_free_again_at_once(self):
        self.good()
        with self.assertRaises(OSError):
            Server(self.desk, "127.0.0.1", self.server.port)


class HostileHead(unittest.TestCase):
    """What a worker hears may come from anybody."""

    def answer(self, data, seconds=0.5):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen(1)

            def serve():
                peer = listener.accept()[0]
                try:
                    for part in data:
                        peer.sendall(part)
                    peer.recv(4096)
                    peer.recv(4096)
                except OSError:
                    pass
                peer.close()

            threading.Thread(target=serve, daemon=True).start()
            return ask("127.0.0.1", listener.getsockname()[1], question(), seconds)

    def test_each_is_an_error_in_time(self):
        for data in ([b"x" * 100000], [b"\n"], [b"[]\n"], [b"[" * 900 + b"\n"], [b"\xff\n"], [], [b"{"]):
            with self.assertRaises(OSError):
                self.answer(data)

    def test_a_dripping_head_ends_in_time(self):
        def drip():
            import time
            for _ in range(100):
                time.sleep(0.05)
                yield b" "
        with self.assertRaises(OSError):
            self.answer(drip(), 0.4)


if __name__ == "__main__":
    unittest.main()
