"""Find the payload in an object that is only around it, as message brokers and warehouses write it."""

from __future__ import annotations

from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Any

from tcspec.detection import is_payload
from tcspec.jsontext.pointer import join
from tcspec.jsontext.reader import decode_leniently
from tcspec.jsontext.syntax_errors import decode_base64
from tcspec.personal import mask_pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    JsonObject = Mapping[str, Any]

_MOST_SEARCHED, _DEEPEST_SEARCHED = 200, 6
"""How many values of a document are searched for a payload, and how deep in it."""


def _open_json(text: str) -> Any:  # noqa: ANN401 - any JSON value
    return decode_leniently(text) if text.lstrip()[:1] in {"{", "["} else None


def _open_base64(text: str) -> Any:  # noqa: ANN401 - as above
    # So base64 of a text begins whose first character is a brace, and those of which a broker writes JSON follow.
    decoded = decode_base64(text) if text.startswith(("ew", "ey")) else None
    return None if decoded is None else decode_leniently(decoded)


def find_payload(document: JsonObject, open_string: Callable[[str], Any] = _open_json) -> str | None:
    """Return a pointer to a payload within a JSON object, with `*` for the items of arrays; None where none is found.

    Strings that hold JSON (or what `open_string` reads) are opened, but no string within them. The search is bounded,
    and a pointer with a personal name is not returned: it is for a hint.
    """
    waiting: deque[tuple[tuple[str, ...], object, bool]] = deque([((), document, False)])
    for _ in range(_MOST_SEARCHED):
        if not waiting:
            break
        path, value, is_opened = waiting.popleft()
        if isinstance(value, str) and not is_opened:
            value, is_opened = open_string(value), True
        if path and is_payload(value):
            pointer = join(path)
            return pointer if mask_pointer(pointer) == pointer else None
        # No more than are searched at all: an object may have millions of members.
        if len(path) < _DEEPEST_SEARCHED and isinstance(value, dict):
            waiting += [((*path, key), member, is_opened) for key, member in islice(value.items(), _MOST_SEARCHED)]
        elif len(path) < _DEEPEST_SEARCHED and isinstance(value, list):
            waiting += [((*path, "*"), item, is_opened) for item in value[:_MOST_SEARCHED]]
    return None


def explain_base64(document: JsonObject) -> str | None:
    """Return where within an object a payload is in base64."""
    pointer = find_payload(document, _open_base64)
    return pointer and f"a payload is in base64 at {pointer}: decode it first, with base64d and fromjson of jq"
