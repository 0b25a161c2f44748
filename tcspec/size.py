"""The size of a payload on the wire: measured, checked against the limits, and split where it is too much.

The vendor gives 32KB an event and 500KB a batch and defines neither KB nor what is counted; read here as bytes of
the UTF-8 body, a warning above the decimal and an error above the binary reading (rows K011, K012).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from tcspec.arguments import check_arguments, explained_recursion
from tcspec.codes import NEARLY_TOO_LARGE, TOO_LARGE
from tcspec.errors import OversizeEvent, TcspecError, UnknownKind, UnreadablePayload, Violation, WrongArgument
from tcspec.json_types import type_name
from tcspec.jsontext.encoder import encode, to_json_value
from tcspec.jsontext.pointer import escape
from tcspec.jsontext.reader import decode_leniently, read_object
from tcspec.kinds import BATCH, EVENT, KINDS, SizeLimit
from tcspec.personal import mask_pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMITED_KINDS = tuple(kind.name for kind in KINDS.values() if kind.size_limit)
"""The names of the kinds that have a size limit."""

_MAX_DESCENTS = 8
_LISTED = 3
"""How many paths are named: enough to act on."""


@check_arguments()
def payload_size(payload: object) -> int:
    """Return the number of UTF-8 bytes of a payload's compact JSON body.

    Bytes are counted as they are, a text as its UTF-8 encoding.

    Raises:
        UnreadablePayload: when a Python value has no JSON form.
    """
    value = to_json_value(payload)
    if isinstance(value, bytes | bytearray | memoryview):
        # Not `len`, which counts items: those of a view can be wider than a byte.
        return memoryview(value).nbytes
    if isinstance(value, str):
        # Measuring is no reading: a lone surrogate is reported by whoever reads the text.
        return len(value.encode(errors="surrogatepass"))
    return len(encode(value))


@check_arguments()
def check_size(payload: object, kind: str = EVENT.name) -> list[Violation]:
    """Check a payload against the size limit of its kind (`event` or `batch`).

    Args:
        payload: a dict or a model, of which the compact body is measured, or bytes or text, measured as they are.
        kind: whose limit counts.

    Returns:
        Nothing, or one violation: a warning above 32,000 (500,000) bytes, an error above 32,768 (512,000).

    Raises:
        UnknownKind: when the kind has no size limit.
        UnreadablePayload: when a Python value has no JSON form.
    """
    limit = size_limit(kind)
    value = to_json_value(payload)
    size = payload_size(value)
    return [oversize(size, value, kind)] if size > limit.safe else []


def check_member(event: object, pointer: str) -> list[Violation]:
    """Check an event of a batch against the limit of an event; `pointer` is its place in the batch (K012).

    Raises:
        UnreadablePayload: when a Python value has no JSON form.
    """
    size = payload_size(event)
    return [oversize(size, event, EVENT.name, pointer)] if size > size_limit(EVENT.name).safe else []


def oversize(size: int, payload: object, kind: str, pointer: str = "") -> Violation:
    """Build the violation of a body that is over the safe limit of its kind, with the paths that cost most."""
    limit = size_limit(kind)
    code, bound = (TOO_LARGE, limit.hard) if size > limit.hard else (NEARLY_TOO_LARGE, limit.safe)
    costliest = {pointer + path: weight for path, weight in costliest_paths(payload).items()}
    message = f"the {kind} has {size:,} bytes, the limit is {bound:,}"
    if costliest:
        path, weight = next(iter(costliest.items()))
        message += f"; {mask_pointer(path)} alone has {weight:,}"
    return code.violation(pointer, message, {"expected": bound, "actual": size, "costliest": costliest})


def size_limit(kind: str) -> SizeLimit:
    """Return the size limit of a kind.

    Raises:
        UnknownKind: when the kind has no size limit.
    """
    limit = KINDS[kind].size_limit if kind in LIMITED_KINDS else None
    if limit is None:
        raise UnknownKind(str(kind), LIMITED_KINDS)
    return limit


def costliest_paths(payload: object) -> dict[str, int]:
    """Return the three paths that cost most: JSON Pointer to bytes of the compact value, the heaviest first.

    What makes up more than half of a path stands in its place, so that the path to act on is named.
    """
    paths = _weigh_children("", _document(payload))
    # Each descent encodes all children again, so that their number is bounded.
    for _ in range(_MAX_DESCENTS):
        if not paths:
            break
        pointer, value, weight = paths[0]
        inner = _weigh_children(pointer, value)
        if not inner or inner[0][2] * 2 <= weight:
            break
        paths = sorted([*inner, *paths[1:]], key=_heaviest_first)
    return {pointer: weight for pointer, _, weight in paths[:_LISTED]}


def _document(payload: object) -> object:
    """Return the JSON value of a payload; None of bytes or text that have none."""
    document = decode_leniently(payload)
    if document is not payload:
        try:
            encode(document)  # what the lenient reader accepted may have no JSON form: 1e400, half surrogate pairs
        except UnreadablePayload:
            return None
    return document


def _weigh_children(pointer: str, value: object) -> list[tuple[str, Any, int]]:
    sized = ((path, child, len(encode(child))) for path, child in _children(pointer, value))
    return sorted(sized, key=_heaviest_first)


def _heaviest_first(path: tuple[str, Any, int]) -> tuple[int, str]:
    return -path[2], path[0]


def _children(pointer: str, value: object) -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        return [(f"{pointer}/{escape(key)}", child) for key, child in value.items()]
    if isinstance(value, list):
        return [(f"{pointer}/{index}", child) for index, child in enumerate(value)]
    return []


Item = TypeVar("Item")
"""What is split: dicts, models of tcspec, or JSON text in bytes."""

LINES_A_REQUEST = 1_000
"""How many lines the vendor recommends at most for one bulk request (K102)."""

ITEMS_A_REQUEST = 150
"""How many conversion items the vendor states, without saying of what; a part keeps within it (K102)."""

_EMPTY_BATCH = len('{"batch":[]}')
_COMMA = 1


@check_arguments(events=(Iterable,))
def split_batch(events: Iterable[Item]) -> Iterator[list[Item]]:
    """Split events into batches, in order and each as long as fits.

    The body `{"batch":[...]}` of every part, compact, has at most 500,000 bytes, and no event more than 32,768. Parts
    are yielded as soon as they are full, so that the events may have no end.

    Raises:
        OversizeEvent: at an event that fits in no batch; what comes before it has been yielded by then.
        UnreadablePayload: likewise, at a Python value that has no JSON form.
        WrongArgument: likewise, at what is neither a dict, a model nor bytes.
    """
    # A part can be made smaller, an event cannot: a part keeps within the safe reading, an event within the hard one.
    limit = size_limit(EVENT.name).hard
    capacity = size_limit(BATCH.name).safe - _EMPTY_BATCH

    def weight_of(index: int, event: Item) -> int:
        size = payload_size(event)
        if size > limit:
            raise OversizeEvent(index, size, limit)
        return size + _COMMA

    # The last event has no comma behind it.
    return _parts(events, weight_of, lambda _, weight: weight - _COMMA <= capacity)


@check_arguments(objects=(Iterable,))
def split_bulk(objects: Iterable[Item]) -> Iterator[list[Item]]:
    """Split products or conversions into bulk requests, in order and each as long as fits.

    A part has at most 1,000 lines and 150 conversion items; a conversion with more items is a part of its own, for
    an object is never cut (K102).

    Raises:
        UnreadablePayload: at bytes that are no JSON object; what comes before them has been yielded.
        WrongArgument: likewise, at what is neither a dict, a model nor bytes.
    """

    def items_of(_: int, line: Item) -> int:
        document = read_object(line) if isinstance(line, bytes) else to_json_value(line)
        items = document.get("conversion_items")
        return len(items) if isinstance(items, list) else 0

    return _parts(objects, items_of, lambda lines, items: lines <= LINES_A_REQUEST and items <= ITEMS_A_REQUEST)


def _parts(
    items: Iterable[Item], weight_of: Callable[[int, Item], int], fits: Callable[[int, int], bool]
) -> Iterator[list[Item]]:
    """Yield parts, each filled before the next; `fits` takes the count and the weight that a part would have."""
    part: list[Item] = []
    weight = 0
    for index, each in enumerate(items):
        try:
            with explained_recursion():
                if not isinstance(to_json_value(each), dict | bytes):
                    raise WrongArgument("each payload as a dict, a model or JSON text in bytes", type_name(each))
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
