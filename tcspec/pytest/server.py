"""A server for HTTP/1.1 on the loopback interface: bodies of bounded size, and the headers that browsers ask for."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import socket
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

from tcspec.jsontext.reader import DEFAULT_LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Receive = Callable[[str, str, list[tuple[str, str]], bytes], tuple[int, dict[str, Any] | None]]

_LOOPBACK = "127.0.0.1"
_BLOCK = 65_536
_KEPT = DEFAULT_LIMITS.length + 1
"""How much of a body is kept: one byte more than is read, so that it is seen to be too long."""
_MAX_LINE = 1024
_POLL_SECONDS = 0.02
"""How long the end of a test waits at most for the thread that accepts connections."""
_IDLE_SECONDS = 30
_PRINTABLE = re.compile("[ -~]+")
_GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""What an `<img>` needs so that it loads: one transparent pixel."""


class Server(ThreadingTCPServer):
    """A server on a free port of the loopback interface that passes every request on, and answers as it is told.

    Nothing that was received can be read through it.
    """

    # Not the server of `http.server`, which looks up the name of the machine, nor daemon threads: closing waits.
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, receive: Receive) -> None:
        super().__init__((_LOOPBACK, 0), _Handler)
        self.receive = receive
        self.connections: set[socket.socket] = set()
        self._thread = Thread(target=self.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Return the origin of the server."""
        return f"http://{_LOOPBACK}:{self.server_address[1]}"

    def close(self) -> None:
        """Stop accepting, finish the requests that have arrived, and close all connections."""
        self.shutdown()
        self._thread.join()
        # A copy: each connection takes itself out of the set in a thread of its own.
        for connection in self.connections.copy():
            with contextlib.suppress(OSError):  # when the client was faster
                connection.shutdown(socket.SHUT_RD)  # idle ones end, others still answer
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Report an error of the handler, unless the client went away."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "tcspec", ""
    timeout = _IDLE_SECONDS

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def log_message(self, *_: object) -> None:
        """Log nothing: what is wrong is in the report of the test."""

    def _handle(self) -> None:
        try:
            body = self._read_body()
        except ValueError:
            self.close_connection = True
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        # What the client wrote, whatever http.server decoded it as.
        target = self.path.encode("latin-1").decode("utf-8", "replace")
        headers = [(name, value) for name, value in self.headers.items() if name.lower() != "transfer-encoding"]
        status, answer = self.server.receive(self.command, target, headers, body)
        content, media_type = (b"" if answer is None else json.dumps(answer).encode()), "application/json"
        if self.command in {"GET", "HEAD"} and status == HTTPStatus.OK and answer is None:
            content, media_type = _GIF, "image/gif"
        self._answer(status, content, media_type)

    do_DELETE = do_GET = do_HEAD = do_PATCH = do_POST = do_PUT = _handle  # noqa: N815 - named by http.server

    def do_OPTIONS(self) -> None:
        """Allow a page of any origin what it asks for before it sends, which is no request of its own."""
        method, names = (self._header(f"Access-Control-Request-{name}") for name in ("Method", "Headers"))
        if method is None:
            self._handle()
            return
        allowed = {"Access-Control-Allow-Methods": method, "Access-Control-Max-Age": "60"}
        if names:
            allowed["Access-Control-Allow-Headers"] = names
        if self._header("Access-Control-Request-Private-Network"):
            allowed["Access-Control-Allow-Private-Network"] = "true"
        self._answer(HTTPStatus.NO_CONTENT, b"", "", allowed)

    def _answer(self, status: int, content: bytes, media_type: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        # The origin itself, as a browser that sends cookies accepts no `*`; a beacon does send them.
        if origin := self._header("Origin"):
            headers = {"Access-Control-Allow-Origin": origin, "Vary": "Origin", **(headers or {})}
            headers["Access-Control-Allow-Credentials"] = "true"
        if content:
            headers = {"Content-Type": media_type, **(headers or {})}
        if status != HTTPStatus.NO_CONTENT:
            headers = {"Content-Length": str(len(content)), **(headers or {})}
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _header(self, name: str) -> str | None:
        """Return a header that can be sent back: one without line feeds, with which others could be written."""
        value = self.headers.get(name)
        return value if value and _PRINTABLE.fullmatch(value) else None

    def _read_body(self) -> bytes:
        """Read the body, and keep no more of it than is needed to see that it is too long."""
        kept = bytearray()
        for size in self._iter_sizes():
            rest = size
            while rest:
                block = self.rfile.read(min(rest, _BLOCK))
                if not block:
                    raise ConnectionAbortedError
                rest -= len(block)
                kept += block[: _KEPT - len(kept)]
        return bytes(kept)

    def _iter_sizes(self) -> Iterator[int]:
        """Yield the size of each part of the body that follows.

        Raises:
            ValueError: when the client states none that can be read.
        """
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            yield _parse_size(self.headers.get("Content-Length", "0").strip(), 10)
            return
        while size := _parse_size(self.rfile.readline(_MAX_LINE).partition(b";")[0].strip().decode("latin-1"), 16):
            yield size
            self.rfile.readline(_MAX_LINE)
        while self.rfile.readline(_MAX_LINE).strip():
            pass  # fields after the body


def _parse_size(text: str, base: int) -> int:
    if not re.fullmatch("[0-9a-fA-F]{1,15}", text):
        raise ValueError(text)
    return int(text, base)
