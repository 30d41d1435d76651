"""One TCP connection that carries a JSON object per line, both ways; a call is answered by its number."""
from __future__ import annotations

import itertools
import json
import socket
import threading


class ChannelClosed(Exception):
    """The other side is gone."""


class CallTimeout(Exception):
    """No answer in time."""


class RemoteError(Exception):
    """The other side answered with an error; ``details`` has its fields."""

    def __init__(self, details: dict):
        super().__init__(details.get("message", ""))
        self.details = details


class Channel:
    """Both ends are equal: each may call the other's handler.

    ``handler(op, message)`` answers calls in a thread each; notes (``send``) are handled in order by the reader.
    """

    def __init__(self, sock: socket.socket, handler=None, on_close=None):
        self._socket = sock
        self._handler = handler or (lambda op, message: None)
        self._on_close = on_close
        self._write_lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._waiting = {}
        self._closed = threading.Event()
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def start(self) -> "Channel":
        threading.Thread(target=self._read, daemon=True).start()
        return self

    @property
    def own_ip(self) -> str:
        return self._socket.getsockname()[0]

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    def wait_closed(self, timeout=None) -> bool:
        return self._closed.wait(timeout)

    def send(self, op: str, **fields) -> None:
        self._write(dict(fields, op=op))

    def call(self, op: str, timeout=None, **fields):
        """The answer's value. Raises ``RemoteError``, ``CallTimeout`` or ``ChannelClosed``."""
        number = next(self._numbers)
        slot = [threading.Event(), None]
        self._waiting[number] = slot
        try:
            if self.closed:
                raise ChannelClosed(op)
            self._write(dict(fields, op=op, id=number))
            if not slot[0].wait(timeout):
                raise CallTimeout(op)
        finally:
            self._waiting.pop(number, None)
        answer = slot[1]
        if answer is None:
            raise ChannelClosed(op)
        if "error" in answer:
            raise RemoteError(answer["error"])
        return answer.get("value")

    def close(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()

    def _write(self, message: dict) -> None:
        data = (json.dumps(message) + "\n").encode()
        with self._write_lock:
            try:
                self._socket.sendall(data)
            except OSError as error:
                raise ChannelClosed(str(error)) from error

    def _read(self) -> None:
        try:
            with self._socket.makefile("rb") as lines:
                for line in lines:
                    self._take(json.loads(line))
        except (OSError, ValueError):
            pass
        self._closed.set()
        for slot in list(self._waiting.values()):
            slot[0].set()
        if self._on_close:
            self._on_close()

    def _take(self, message: dict) -> None:
        if "answer" in message:
            slot = self._waiting.get(message["answer"])
            if slot:
                slot[1] = message
                slot[0].set()
        elif "id" in message:
            threading.Thread(target=self._answer, args=(message,), daemon=True).start()
        else:
            self._handler(message["op"], message)

    def _answer(self, message: dict) -> None:
        reply = {"answer": message["id"], "op": "answer"}
        try:
            reply["value"] = self._handler(message["op"], message)
        except RemoteError as error:
            reply["error"] = error.details
        except Exception as error:
            reply["error"] = {"type": type(error).__name__, "message": str(error)}
        try:
            self._write(reply)
        except ChannelClosed:
            pass


def connect(address: str, handler=None, on_close=None, timeout: float = 5) -> Channel:
    """A started channel to ``host:port``. Raises ``OSError``."""
    host, _, port = address.rpartition(":")
    sock = socket.create_connection((host.strip("[]"), int(port)), timeout=timeout)
    sock.settimeout(None)
    return Channel(sock, handler, on_close).start()
