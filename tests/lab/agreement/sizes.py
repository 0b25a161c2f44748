"""Compare sizes and split requests with the bodies that a real server receives over HTTP."""

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

MAX_EVENT, SAFE_EVENT, SAFE_BATCH, MAX_LINES, MAX_ITEMS = 32_768, 32_000, 500_000, 1_000, 150


class _Counting(BaseHTTPRequestHandler):
    """Answers a request with the number of bytes of its body."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = (
        True  # the answer is written in two pieces, and the second would wait for an acknowledgement
    )

    def do_POST(self) -> None:
        """Read the body and answer its length."""
        received = len(self.rfile.read(int(self.headers["Content-Length"])))
        answer = str(received).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


class Server:
    """A server on the loopback address that counts the bytes of bodies, and a connected client."""

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Counting)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self._client = HTTPConnection("127.0.0.1", self._server.server_port, timeout=30)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        self._server.shutdown()
        self._server.server_close()

    def send(self, body: bytes) -> int:
        """Send a body and return how many bytes were received."""
        self._client.request("POST", "/events", body, {"Content-Type": "application/json"})
        return int(self._client.getresponse().read())


def encode_compact(value: Any) -> bytes:
    """Encode a value without white space."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def compare_sizes(server: Server, payloads: Iterable[dict[str, Any]]) -> tuple[int, list[str]]:
    """Send payloads, compact and indented; return how many bodies were sent, and descriptions of the differences."""
    sent, differences = 0, []
    for payload in payloads:
        indented = json.dumps(payload, indent=1).encode()
        sizes = (encode_compact(payload), tcspec.payload_size(payload)), (indented, tcspec.payload_size(indented))
        for body, size in sizes:
            sent += 1
            received = server.send(body)
            codes = [violation.code for violation in tcspec.check_size(body)]
            if received != size or codes != _expected_codes(received):
                differences.append(f"{received} bytes received, {size} expected: {body[:200]!r}")
    return sent, differences


def _expected_codes(size: int) -> list[str]:
    return ["TC020"] if size > MAX_EVENT else ["TC021"] * (size > SAFE_EVENT)


def draw_events(rng: Random) -> list[dict[str, Any]]:
    """Draw events of all sizes, some too large, with characters of one and of several bytes."""
    sizes = [rng.choice((30, 300, 3_000, 30_000, rng.randint(26, MAX_EVENT))) for _ in range(rng.randint(0, 60))]
    if rng.random() < _OVERSIZE_SHARE:
        sizes.insert(rng.randint(0, len(sizes)), MAX_EVENT + rng.randint(1, 1_000))
    return [_event(size, rng.choice("xé日😀")) for size in sizes]


_OVERSIZE_SHARE = 0.15


def _event(size: int, character: str) -> dict[str, Any]:
    length, width = size - len('{"event_name":"x","t":""}'), len(character.encode())
    return {"event_name": "x", "t": character * (length // width) + "x" * (length % width)}


def reference_split(events: list[dict[str, Any]]) -> tuple[list[list[dict[str, Any]]], int | None]:
    """Split events by adding one more as long as the body fits; also return the index of an oversize event."""
    parts: list[list[dict[str, Any]]] = []
    for index, event in enumerate(events):
        if len(encode_compact(event)) > MAX_EVENT:
            return parts, index
        if parts and len(encode_compact({"batch": [*parts[-1], event]})) <= SAFE_BATCH:
            parts[-1].append(event)
        else:
            parts.append([event])
    return parts, None


def compare_batches(server: Server, count: int, seed: int) -> tuple[int, list[str]]:
    """Split so many lists of events and send every part; return the number of parts, and the differences."""
    rng = Random(seed)  # noqa: S311 - sizes, not secrets
    sent, differences = 0, []
    for _ in range(count):
        events = draw_events(rng)
        parts, oversize = _split(events)
        sent += len(parts)
        if (parts, oversize) != reference_split(events):
            differences.append(f"other parts than expected: {[len(encode_compact(event)) for event in events]}")
        if any(server.send(encode_compact({"batch": part})) > SAFE_BATCH for part in parts):
            differences.append(f"a part is too large: {[len(encode_compact(event)) for event in events]}")
    return sent, differences


def _split(events: list[dict[str, Any]]) -> tuple[list[list[dict[str, Any]]], int | None]:
    parts = []
    try:
        for part in tcspec.split_batch(events):
            parts.append(part)  # noqa: PERF402 - the parts before an oversize event are returned
    except OversizeEvent as oversize:
        return parts, oversize.index
    return parts, None


def compare_bulk_requests(count: int, seed: int) -> tuple[int, list[str]]:
    """Split so many lists of conversions; return the number of parts, and descriptions of the differences."""
    rng = Random(seed)  # noqa: S311 - counts, not secrets
    made, differences = 0, []
    for _ in range(count):
        items = [rng.choice((0, 1, 40, 75, 149, 150, 151, 400)) for _ in range(rng.randint(0, 30))]
        items += [0] * rng.choice((0, 0, 970, 1_000, 2_100))
        lines = [{"id": str(index), "conversion_items": [{}] * number} for index, number in enumerate(items)]
        parts = list(tcspec.split_bulk(lines))
        made += len(parts)
        is_complete = [line for part in parts for line in part] == lines
        is_full = all(not _fits([*part, after[0]]) for part, after in pairwise(parts))
        if not (is_complete and is_full and all(_fits(part) or len(part) == 1 for part in parts)):
            differences.append(f"parts of {items}")
    return made, differences


def _fits(part: list[dict[str, Any]]) -> bool:
    return len(part) <= MAX_LINES and sum(len(line["conversion_items"]) for line in part) <= MAX_ITEMS
