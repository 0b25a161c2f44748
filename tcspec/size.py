"""Measure what a payload weighs on the wire, and hold it against the limits.

The vendor gives 32KB an event and 500KB a batch and defines neither KB nor what is counted; read here as bytes of
the UTF-8 body, warning above the decimal and error above the binary reading (rows K011, K012).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from tcspec.codes import NEARLY_TOO_LARGE, TOO_LARGE
from tcspec.errors import OversizeEvent, TcspecError, UnknownKind, UnreadablePayload, Violation, WrongArgument
from tcspec.jsontext.encoder import encode, type_name
from tcspec.jsontext.pointer import escape
from tcspec.jsontext.reader import read_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Limit:
    """The two readings of a limit, in bytes: what is safe, and what is surely too much."""

    safe: int
    hard: int


LIMITS = MappingProxyType({"event": Limit(32_000, 32_768), "batch": Limit(500_000, 512_000)})
_DEEPEST = 8


def payload_size(payload: object) -> int:
    """Count the UTF-8 bytes of a payload's compact JSON body.

    Bytes are taken as they are, a text as its UTF-8 encoding.

    Raises:
        UnreadablePayload: when a Python value has no JSON form.
    """
    if isinstance(payload, bytes | bytearray | memoryview):
        return memoryview(payload).nbytes
    if isinstance(payload, str):
        return len(payload.encode(errors="surrogatepass"))
    return len(encode(payload))


def check_size(payload: object, kind: str = "event", *, pointer: str = "") -> list[Violation]:
    """Hold a payload against the size limit of its kind (`event` or `batch`).

    Args:
        payload: a Python value, of which the compact body counts, or bytes or text, which count as they are.
        kind: whose limit counts.
        pointer: where the payload stands in a document that is told of.

    Returns:
        Nothing, or one violation: a warning above 32,000 (500,000) bytes, an error above 32,768 (512,000).

    Raises:
        UnknownKind: when the kind has no size limit.
        UnreadablePayload: when a Python value has no JSON form.
    """
    limit = limit_of(kind)
    size = payload_size(payload)
    if size <= limit.safe:
        return []
    code, bound = (TOO_LARGE, limit.hard) if size > limit.hard else (NEARLY_TOO_LARGE, limit.safe)
    costliest = {pointer + path: weight for path, weight in costliest_paths(payload).items()}
    message = f"the {kind} has {size:,} bytes, the limit is {bound:,}"
    if costliest:
        path, weight = next(iter(costliest.items()))
        message += f"; {path} alone has {weight:,}"
    return [code.violation(pointer, message, {"expected": bound, "actual": size, "costliest": costliest})]


def check_members(events: Iterable[object]) -> list[Violation]:
    """Hold each event of a batch against the limit of an event, at its place in the batch (K012).

    Raises:
        UnreadablePayload: when a Python value has no JSON form.
    """
    return [found for index, event in enumerate(events) for found in check_size(event, pointer=f"/batch/{index}")]


def limit_of(kind: str) -> Limit:
    """Give the size limit of a kind.

    Raises:
        UnknownKind: when the kind has no size limit.
    """
    try:
        return LIMITS[kind]
    except KeyError:
        raise UnknownKind(kind, tuple(LIMITS)) from None


def costliest_paths(payload: object, count: int = 3) -> dict[str, int]:
    """Name the paths that cost most: JSON Pointer to bytes of the compact value, the heaviest first.

    What makes up more than half of a path stands in its place, so that the path to act on is named.
    """
    if isinstance(payload, bytes | bytearray | memoryview | str):
        try:
            payload = json.loads(payload if isinstance(payload, str) else bytes(payload))
            encode(payload)  # what the lenient reader accepted may have no JSON form: 1e400, half surrogate pairs
        except (ValueError, RecursionError, UnreadablePayload):
            return {}
    paths = _weighed("", payload)
    for _ in range(_DEEPEST):
        if not paths:
            break
        pointer, value, weight = paths[0]
        inner = _weighed(pointer, value)
        if not inner or inner[0][2] * 2 <= weight:
            break
        paths = sorted([*inner, *paths[1:]], key=_heaviest_first)
    return {pointer: weight for pointer, _, weight in paths[:count]}


def _weighed(pointer: str, value: object) -> list[tuple[str, Any, int]]:
    weighed = ((path, child, len(encode(child))) for path, child in _children(pointer, value))
    return sorted(weighed, key=_heaviest_first)


def _heaviest_first(path: tuple[str, Any, int]) -> tuple[int, str]:
    return -path[2], path[0]


def _children(pointer: str, value: object) -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(f"{pointer}/{escape(key)}", child) for key, child in value.items()]
    if isinstance(value, list):
        return [(f"{pointer}/{index}", child) for index, child in enumerate(value)]
    return []


Given = TypeVar("Given", dict[str, Any], bytes)
"""What is split: Python values, or their JSON text."""

LINES_A_REQUEST = 1_000
"""How many lines the vendor recommends at most for one bulk request (K102)."""

ITEMS_A_REQUEST = 150
"""How many conversion items the vendor states, without saying of what; a part keeps within it (K102)."""

_EMPTY_BATCH = len('{"batch":[]}')
_COMMA = 1


def split_batch(events: Iterable[Given]) -> Iterator[list[Given]]:
    """Split events into batches, in order and each as long as fits.

    The body `{"batch":[...]}` of every part, compact, has at most 500,000 bytes, and no event more than 32,768. Parts
    are given as soon as they are full, so that the events may have no end.

    Raises:
        OversizeEvent: when it comes to an event that fits in no batch; what comes before it has been given by then.
        UnreadablePayload: likewise, when it comes to a Python value that has no JSON form.
        WrongArgument: likewise, when it comes to something that is neither a dict nor bytes.
    """
    limit = limit_of("event").hard
    room = limit_of("batch").safe - _EMPTY_BATCH

    def weight_of(index: int, event: Given) -> int:
        size = payload_size(event)
        if size > limit:
            raise OversizeEvent(index, size, limit)
        return size + _COMMA

    return _parts(events, weight_of, lambda _, weight: weight - _COMMA <= room)


def split_bulk(objects: Iterable[Given]) -> Iterator[list[Given]]:
    """Split products or conversions into bulk requests, in order and each as long as fits.

    A part has at most 1,000 lines and 150 conversion items; a conversion with more items is a part of its own, for
    an object is never cut (K102).

    Raises:
        UnreadablePayload: when it comes to bytes that are no JSON object; what comes before them has been given.
        WrongArgument: likewise, when it comes to something that is neither a dict nor bytes.
    """

    def items_of(_: int, line: Given) -> int:
        items = (read_object(line) if isinstance(line, bytes) else line).get("conversion_items")
        return len(items) if isinstance(items, list) else 0

    return _parts(objects, items_of, lambda lines, items: lines <= LINES_A_REQUEST and items <= ITEMS_A_REQUEST)


def _parts(
    given: Iterable[Given], weight_of: Callable[[int, Given], int], fits: Callable[[int, int], bool]
) -> Iterator[list[Given]]:
    """Fill parts one after the other; `fits` is asked of the count and the weight that a part would have."""
    part: list[Given] = []
    weight = 0
    for index, each in enumerate(given):
        try:
            if not isinstance(each, dict | bytes):
                raise WrongArgument("each payload as a dict or as JSON text in bytes", type_name(each))
            more = weight_of(index, each)
        except TcspecError:
            if part:
                yield part
            raise
        if part and not fits(len(part) + 1, weight + more):
            yield part
            part, weight = [], 0
        part.append(each)
        weight += more
    if part:
        yield part
