"""A mail server of our own on a real socket: takes mails, refuses them, or falls silent."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any


class Sink(socketserver.ThreadingTCPServer):
    """`answers` maps a command (or a recipient's address) to what is answered instead of "250 OK".

    `hangs_at` is the command after which nothing is said any more. What was taken is in `mails`, as the recipient and
    the message, in the order of its coming.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails: list[tuple[str, EmailMessage]] = []
        self.answers: dict[str, str] = {}
        self.hangs_at = ""
        self.connections = 0
        self.arrived = threading.Event()
        self.reached = threading.Event()
        self.closing = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    server: Sink

    def handle(self) -> None:
        self.server.connections += 1
        recipient = ""
        if not self._say("CONNECT", "220 sink"):
            return
        while line := self.rfile.readline().decode().strip():
            command = line.split()[0].upper()
            if command == "RCPT":
                recipient = line.partition("<")[2].partition(">")[0]
            if command == "DATA" and self._say("DATA", "354 go on"):
                self._take(recipient)
            elif command != "DATA" and not self._say(command, "221 bye" if command == "QUIT" else "250 OK", recipient):
                return

    def _take(self, recipient: str) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if self._say("END", "250 taken"):
            message: Any = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
            self.server.mails.append((recipient, message))
            self.server.arrived.set()

    def _say(self, command: str, usual: str, recipient: str = "") -> bool:
        """Whether the session goes on as usual."""
        if command == self.server.hangs_at:
            self.server.reached.set()
            self.server.closing.wait(60)
            return False
        answer = self.server.answers.get(recipient if command == "RCPT" else command) or self.server.answers.get(
            command, usual
        )
        self.wfile.write(f"{answer}\r\n".encode())
        return answer == usual or not answer.startswith("421")


@contextmanager
def serving() -> Iterator[Sink]:
    with Sink() as sink:
        thread = threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            sink.closing.set()
            sink.shutdown()
            thread.join(5)
