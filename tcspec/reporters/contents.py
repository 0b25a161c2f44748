"""What reports show of a payload: the events in it, their sizes and times, and values that describe no person."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tcspec.detection import detect
from tcspec.errors import Severity, TcspecError
from tcspec.jsontext.pointer import follow, parse_index
from tcspec.kinds import EVENT_KINDS
from tcspec.personal import MASK, mask_name
from tcspec.reporters.masking import may_show_at
from tcspec.reporters.printing import printable
from tcspec.reporters.results import SourceText
from tcspec.reporters.text import shorten
from tcspec.size import payload_size
from tcspec.timestamps import read_timestamp
from tcspec.validation import has_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.reporters.results import PayloadResult

_UNREADABLE = "(unreadable)"
_LONGEST = 80
_BODY = "/body"
# The web container has no timestamp, and the time in `created`.
_TIMES = ("event_timestamp", "eventTimestamp", "created")


@dataclass(frozen=True, slots=True)
class Part:
    """A payload, or an event of a batch; `size` in bytes of the compact body, `time` in epoch milliseconds.

    `pointer` is where it is in what the pointers of violations start from.
    """

    name: str
    dialect: str
    kind: str = ""
    size: int | None = None
    time: int | None = None
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class PayloadContent:
    """A payload as far as it can be read, and its parts: the whole, then the events of a batch."""

    parts: tuple[Part, ...]
    source: SourceText

    def part_at(self, pointer: str) -> Part:
        """Return the part of a violation: an event of a batch that can be read, or the whole."""
        whole, *events = self.parts
        prefix = f"{whole.pointer}/batch/"
        index = parse_index(pointer.removeprefix(prefix).partition("/")[0]) if pointer.startswith(prefix) else None
        # An event that cannot be read has no kind: what is wrong with it counts for the batch.
        return events[index] if index is not None and index < len(events) and events[index].kind else whole

    def value_at(self, pointer: str, *, show_values: bool) -> str:
        """Return a value as JSON, shortened, masked if it may describe a person; nothing for an object or array.

        With `show_values` nothing is masked, and objects and arrays are there too.
        """
        root, payload = self.parts[0].pointer, self.source.payload
        inside = pointer.removeprefix(root)
        if payload is None or not inside or not pointer.startswith(f"{root}/"):
            return ""
        try:
            value = follow(payload.document, inside)
        except LookupError:
            return ""
        if isinstance(value, dict | list) and not show_values:
            return ""
        may_show = show_values or may_show_at(self.source, inside, value)
        return printable(shorten(json.dumps(value, ensure_ascii=False), _LONGEST)) if may_show else MASK


def read_content(result: PayloadResult) -> PayloadContent:
    """Return the content of a payload; if it cannot be read, one part that states that."""
    root, unreadable = result.pointer, _UNREADABLE
    if result.answer is not None:
        root, unreadable = _BODY, f"({result.answer['endpoint'] or 'request'})"
    payload = result.payload
    source = SourceText(result.raw, result.line, result.column, payload)
    if payload is None:
        return PayloadContent((Part(unreadable, unreadable, pointer=root),), source)
    parts = [_part(payload.document, root, payload.kind.name)]
    for inside, event in payload.events():
        pointer = root + inside
        is_object = isinstance(event, dict)
        parts.append(_part(event, pointer) if is_object else Part(_UNREADABLE, _UNREADABLE, pointer=pointer))
    return PayloadContent(tuple(parts), source)


def check_parts(result: PayloadResult) -> Iterator[tuple[Part, bool]]:
    """Yield a payload and the events of a batch, each with whether it has no errors."""
    whole, *events = read_content(result).parts
    yield whole, not has_errors(result.violations)
    prefix = f"{whole.pointer}/batch/"
    errors = (each.pointer for each in result.violations if each.severity is Severity.ERROR)
    invalid = {pointer.removeprefix(prefix).partition("/")[0] for pointer in errors if pointer.startswith(prefix)}
    for index, event in enumerate(events):
        yield event, str(index) not in invalid


def safe_name(name: str, longest: int, *, show_values: bool = False) -> str:
    """Return a name from a payload so that a table may show it: printable, short, masked when it may be personal."""
    return printable(shorten(name if show_values else mask_name(name), longest))


def _part(document: dict[str, Any], pointer: str, kind: str | None = None) -> Part:
    detected = detect(document)
    kind, dialect = (detected.kind, detected.dialect) if kind in {None, detected.kind} else (str(kind), str(kind))
    name = document.get("event_name", document.get("event"))
    if kind not in EVENT_KINDS:
        name = f"({kind})"
    elif not isinstance(name, str):
        name = "(no name)"
    return Part(name, dialect, kind, payload_size(document), _read_time(document), pointer)


def _read_time(document: dict[str, Any]) -> int | None:
    """Return the time of an event from where any of its dialects has it."""
    for container in (document.get("context"), document, document.get("properties")):
        if isinstance(container, dict):
            for name in _TIMES:
                with suppress(TcspecError):
                    return read_timestamp(container.get(name)).ms
    return None
