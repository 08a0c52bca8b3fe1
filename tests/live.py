"""A real server on a thread, for browsers; and the ear that hears what it must not say."""

import contextlib
import logging
import socket
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

#: What htmx says of an attribute that it cannot read or follow.
_HTMX_CANNOT = ("htmx:syntax:error", "htmx:targetError", "htmx:swapError", "htmx:evalDisallowedError")


class Ear(logging.Handler):
    """Keeps every record of level ERROR, of any logger and thread."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.heard.append(f"{record.name}: {record.getMessage()}\n{trace}")


class _Server(ThreadedWSGIServer):
    """Ends every connection with itself: a browser that outlives it is not answered by one of its threads."""

    ear: Ear

    def __init__(self, address: tuple[str, int]) -> None:
        super().__init__(address, QuietWSGIRequestHandler)
        self.connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        trace = traceback.format_exc()
        if "BrokenPipeError" not in trace and "ConnectionResetError" not in trace:  # the browser went on
            self.ear.heard.append(trace)


@contextmanager
def serving() -> Iterator[tuple[str, Ear]]:
    """The application at an address of its own, `http://127.0.0.1:port`, and what it logs as an error."""
    ear = Ear()
    server = _opened()
    server.ear = ear
    server.daemon_threads = True
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    logging.getLogger().addHandler(ear)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", ear
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
        logging.getLogger().removeHandler(ear)


_port = 0


def _opened() -> _Server:
    """At the address of this process's first server, if it is still free: a browser then knows the static files."""
    global _port
    try:
        server = _Server(("127.0.0.1", _port))
    except OSError:
        server = _Server(("127.0.0.1", 0))
    _port = server.server_address[1]
    return server


def listen(context: BrowserContext, problems: list[str]) -> Callable[[], None]:
    """Collects what no page may do: break the content security policy, throw, leave the host, meet a 500.

    Returns what ends it.
    """

    def console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Refused to" in message.text:
            problems.append(f"content security policy: {message.text}")
        if any(word in message.text for word in _HTMX_CANNOT):
            problems.append(f"attribute of htmx: {message.text}")

    def error(web_error: WebError) -> None:
        problems.append(f"script: {web_error.error}")

    def request(sent: Request) -> None:
        if urlsplit(sent.url).hostname not in {"127.0.0.1", "localhost", None}:
            problems.append(f"another host: {sent.url}")

    def response(answer: Response) -> None:
        if answer.status == 500:
            problems.append(f"500: {answer.url}")

    ears: dict[Any, Callable[..., None]] = {
        "console": console, "weberror": error, "request": request, "response": response,
    }  # fmt: skip
    for event, ear in ears.items():
        context.on(event, ear)

    def end() -> None:
        for event, ear in ears.items():
            context.remove_listener(event, ear)

    return end
