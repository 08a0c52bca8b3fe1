"""A real server on a thread, for browsers; and the ear that hears what it must not say."""

import logging
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import QuietWSGIRequestHandler
from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError


class Ear(logging.Handler):
    """Keeps every record of level ERROR, of any logger and thread."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        trace = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.heard.append(f"{record.name}: {record.getMessage()}\n{trace}")


class _Server(ThreadedWSGIServer):
    ear: Ear

    def handle_error(self, request: Any, client_address: Any) -> None:
        trace = traceback.format_exc()
        if "BrokenPipeError" not in trace and "ConnectionResetError" not in trace:  # the browser went on
            self.ear.heard.append(trace)


@contextmanager
def serving() -> Iterator[tuple[str, Ear]]:
    """The application at an address of its own, `http://127.0.0.1:port`, and what it logs as an error."""
    ear = Ear()
    server = _Server(("127.0.0.1", 0), QuietWSGIRequestHandler)
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


def listen(context: BrowserContext, problems: list[str]) -> None:
    """Collects what no page may do: break the content security policy, throw, leave the host, meet a 500."""

    def console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Refused to" in message.text:
            problems.append(f"content security policy: {message.text}")

    def error(web_error: WebError) -> None:
        problems.append(f"script: {web_error.error}")

    def request(sent: Request) -> None:
        if urlsplit(sent.url).hostname not in {"127.0.0.1", "localhost", None}:
            problems.append(f"another host: {sent.url}")

    def response(answer: Response) -> None:
        if answer.status == 500:
            problems.append(f"500: {answer.url}")

    context.on("console", console)
    context.on("weberror", error)
    context.on("request", request)
    context.on("response", response)
