"""What tcspec says of sizes and parts, held against bodies that a real server receives over HTTP."""

from __future__ import annotations

import json
import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

import tcspec
from tcspec.errors import OversizeEvent

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

EVENT, BATCH, SAFE_BATCH, LINES, ITEMS = 32_768, 512_000, 500_000, 1_000, 150


class _Counting(BaseHTTPRequestHandler):
    """Answers a request with how many bytes its body had."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # an answer is written in two pieces, and the second one would wait for the first

    def do_POST(self) -> None:
        """Read the body to its end, and count it."""
        received = len(self.rfile.read(int(self.headers["Content-Length"])))
        answer = str(received).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server:
    """A server on the loopback address that counts the bytes of bodies, and a client that is connected to it."""

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Counting)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self._client = HTTPConnection("127.0.0.1", self._server.server_port, timeout=30)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._server.shutdown()
        self._server.server_close()

    def received(self, body: bytes) -> int:
        """Send a body, and give how many bytes have arrived."""
        self._client.request("POST", "/events", body, {"Content-Type": "application/json"})
        return int(self._client.getresponse().read())


def compact(value: Any) -> bytes:
    """Write a value as clients do that waste no byte."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def wrong_sizes(server: Server, payloads: Iterable[dict[str, Any]]) -> tuple[int, list[str]]:
    """Send payloads, compact and as text; give how many were sent, and of which the size is another than was said."""
    sent, wrong = 0, []
    for payload in payloads:
        for body, said in ((compact(payload), tcspec.payload_size(payload)), *_as_text(payload)):
            sent += 1
            arrived = server.received(body)
            if arrived != said or _codes(body) != _expected(arrived, EVENT, 32_000):
                wrong.append(f"{arrived} bytes arrived, {said} were said: {body[:200]!r}")
    return sent, wrong


def _as_text(payload: dict[str, Any]) -> list[tuple[bytes, int]]:
    raw = json.dumps(payload, indent=1).encode()
    return [(raw, tcspec.payload_size(raw))]


def _codes(body: bytes) -> list[str]:
    return [violation.code for violation in tcspec.check_size(body)]


def _expected(size: int, hard: int, safe: int) -> list[str]:
    return ["TC020"] if size > hard else ["TC021"] * (size > safe)


def some_events(rng: Random) -> list[dict[str, Any]]:
    """Draw events of all sizes, up to a few that are too large, of one and of several bytes a character."""
    sizes = [rng.choice((30, 300, 3_000, 30_000, rng.randint(26, EVENT))) for _ in range(rng.randint(0, 60))]
    if rng.random() < _TOO_LARGE:
        sizes.insert(rng.randint(0, len(sizes)), EVENT + rng.randint(1, 1_000))
    return [_event(size, rng.choice("xé日😀")) for size in sizes]


_TOO_LARGE = 0.15


def _event(size: int, character: str) -> dict[str, Any]:
    room, width = size - len('{"event_name":"x","t":""}'), len(character.encode())
    return {"event_name": "x", "t": character * (room // width) + "x" * (room % width)}


def slow_parts(events: list[dict[str, Any]]) -> tuple[list[list[dict[str, Any]]], int | None]:
    """Split events as anybody would: take one more as long as the whole body fits; give the one that never fits."""
    parts: list[list[dict[str, Any]]] = []
    for index, event in enumerate(events):
        if len(compact(event)) > EVENT:
            return parts, index
        if parts and len(compact({"batch": [*parts[-1], event]})) <= SAFE_BATCH:
            parts[-1].append(event)
        else:
            parts.append([event])
    return parts, None


def wrong_batches(server: Server, count: int, seed: int) -> tuple[int, list[str]]:
    """Split so many lots of events, and send every part; give how many parts were sent, and what was wrong."""
    rng = Random(seed)  # noqa: S311 - sizes, not secrets
    sent, wrong = 0, []
    for _ in range(count):
        events = some_events(rng)
        parts, oversize = _parts(events)
        sent += len(parts)
        if (parts, oversize) != slow_parts(events):
            wrong.append(f"other parts than anybody would make: {[len(compact(event)) for event in events]}")
        if any(server.received(compact({"batch": part})) > SAFE_BATCH for part in parts):
            wrong.append(f"a part is too large: {[len(compact(event)) for event in events]}")
    return sent, wrong


def _parts(events: list[dict[str, Any]]) -> tuple[list[list[dict[str, Any]]], int | None]:
    parts = []
    try:
        for part in tcspec.split_batch(events):
            parts.append(part)  # noqa: PERF402 - what came before an event that never fits is kept
    except OversizeEvent as oversize:
        return parts, oversize.index
    return parts, None


def wrong_bulks(count: int, seed: int) -> tuple[int, list[str]]:
    """Split so many lots of conversions; give how many parts that makes, and what was wrong."""
    rng = Random(seed)  # noqa: S311 - counts, not secrets
    made, wrong = 0, []
    for _ in range(count):
        items = [rng.choice((0, 1, 40, 75, 149, 150, 151, 400)) for _ in range(rng.randint(0, 30))]
        items += [0] * rng.choice((0, 0, 970, 1_000, 2_100))
        lines = [{"id": str(index), "conversion_items": [{}] * number} for index, number in enumerate(items)]
        parts = list(tcspec.split_bulk(lines))
        made += len(parts)
        whole = [line for part in parts for line in part] == lines
        full = all(not _fits([*part, after[0]]) for part, after in pairwise(parts))
        if not (whole and full and all(_fits(part) or len(part) == 1 for part in parts)):
            wrong.append(f"parts of {items}")
    return made, wrong


def _fits(part: list[dict[str, Any]]) -> bool:
    return len(part) <= LINES and sum(len(line["conversion_items"]) for line in part) <= ITEMS
