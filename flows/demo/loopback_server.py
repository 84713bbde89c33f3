"""The HTTP side of the loopback arXiv: threads on 127.0.0.1, and an end even while clients hold on."""

from __future__ import annotations

import contextlib
import logging
import socket
import sys
import threading
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from flows.demo.answer import Answer

logger = logging.getLogger(__name__)

Responder = Callable[[str, str], Answer | None]
"""(request target, user agent) -> the answer, or None to hang up without one."""


class LoopbackServer:
    """Serves a responder's answers from a thread of its own between `start` and `stop`."""

    def __init__(self, port: int, respond: Responder) -> None:
        self._http = _Server(("127.0.0.1", port), partial(_Handler, respond))
        # The default poll of 0.5 s would be most of a short test.
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), name="loopback-arxiv")

    @property
    def url(self) -> str:
        """Where it listens, from construction on."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def start(self) -> None:
        """Begins to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Hangs up on everybody and frees the port; every thread has ended when it returns."""
        self._http.shutdown()
        self._http.hang_up()
        self._http.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that server_close waits for them

    def __init__(self, address: tuple[str, int], handler: Callable[..., BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, Any]:  # Any: socketserver's address, whatever its family
        connection, address = super().get_request()
        with self._lock:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:  # Any: typeshed allows datagrams here
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):  # the client was faster
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:  # Any: as in the base class
        error = sys.exception()
        if isinstance(error, ConnectionError):
            logger.debug("client %s hung up: %s", client_address, error)
        else:
            logger.error("request of %s failed", client_address, exc_info=error)
            del request


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 120
    disable_nagle_algorithm = True  # head and body are two writes: without it an answer takes 40 ms

    def __init__(self, respond: Responder, *args: Any) -> None:  # Any: what socketserver passes on
        self._respond = respond
        super().__init__(*args)

    def do_GET(self) -> None:
        answer = self._respond(self.path, self.headers.get("User-Agent", ""))
        if answer is None:
            self.close_connection = True
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the base class named it  (Any: its own type)
        logger.debug(format, *args)
