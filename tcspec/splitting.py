"""Split what is too much for one request: events into batches, products and conversions into bulk requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from tcspec.documents import read_object
from tcspec.errors import OversizeEvent, TcspecError, WrongArgument
from tcspec.size import limit_of, payload_size
from tcspec.values import type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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
