"""What a judged payload shows of itself: the events in it, how large they are and of when, and values that may be told.

A value is told when the catalogue knows the property and it describes no person; of all else nobody knows what it is.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tcspec.contract.catalogue import find_entry, is_personal
from tcspec.detection import detect, is_pixel
from tcspec.errors import TcspecError
from tcspec.jsontext.pointer import follow, split
from tcspec.jsontext.reader import MAX_DEPTH, Limits, read
from tcspec.kinds import BATCH_2_0, PIXEL_2_0, version_of
from tcspec.pixels.pixel import read_pixel
from tcspec.reporters.text import printable
from tcspec.size import payload_size
from tcspec.timestamps import read_timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.kinds import Version
    from tcspec.reporters.results import PayloadResult

    Path = tuple[str | int, ...]

MASK = "(masked)"

_UNREADABLE = "(unreadable)"
_LONGEST = 80
_BODY = "/body"
_MEMBER = 2
"""How many parts the pointer of an event of a batch has."""
_WINDOW = 2_000
_LOCAL_PART = 64
_EMAIL = re.compile(r"""[^\s@"'`<>(){}\[\]/,;:=?&]{1,64}(?:@|%40)[\w.-]+""")
_SIGNS_OF_EMAIL = ("@", "%40")
_TELLING_SIGNS = (*_SIGNS_OF_EMAIL, "://")
_TELLING_NAMES = frozenset({"cookie", "search_term", "site_id", "test_code"})
_MOMENTS = ("event_timestamp", "eventTimestamp", "created")


@dataclass(frozen=True, slots=True)
class Part:
    """A payload, or an event of a batch: what it is called, its dialect, its kind, its bytes and its moment in ms."""

    name: str
    dialect: str
    kind: str = ""
    size: int | None = None
    moment: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What was judged, as far as it can be read; `around` is the pointer of the payload in what violations tell of."""

    whole: Part
    payload: dict[str, Any] | None = None
    version: Version | None = None
    around: str = ""

    def parts(self) -> Iterator[Part]:
        """Give the payload, and the events of a batch."""
        yield self.whole
        for event in self._events():
            yield _part(event) if isinstance(event, dict) else Part(_UNREADABLE, _UNREADABLE)

    def part_at(self, pointer: str) -> Part:
        """Give the part in which a pointer lies: an event of a batch, or the whole."""
        path = self._path(pointer)
        events = self._events()
        if events and path and len(path) >= _MEMBER and path[0] == "batch":
            try:
                event = follow(events, f"/{path[1]}")
            except LookupError:
                return self.whole
            return _part(event) if isinstance(event, dict) else self.whole
        return self.whole

    def value_at(self, pointer: str, *, show_values: bool) -> str:
        """Tell what stands at a pointer, masked where it may describe a person; nothing of an object or a list.

        When values are asked for all are told, objects and lists too, shortened.
        """
        path = self._path(pointer)
        if not path or self.payload is None:
            return ""
        try:
            reached, value = _walked(self.payload, path)
        except LookupError:
            return ""
        if isinstance(value, dict | list) and not show_values:
            return ""
        spelt = json.dumps(value, ensure_ascii=False)
        return shortened(spelt, _LONGEST) if show_values or self._may_tell(reached, spelt) else MASK

    def _may_tell(self, path: Path, spelt: str) -> bool:
        payload, version = self.payload or {}, self.version
        if version is BATCH_2_0 and path[0] == "batch" and len(path) > _MEMBER:
            payload = payload["batch"][path[1]]
            version, path = _version_of(payload), path[_MEMBER:]
        if version is None or is_personal(path, version) or not _TELLING_NAMES.isdisjoint(path):
            return False
        known = find_entry(path, payload, version)
        # A text where an object belongs may hold what belongs into it.
        is_scalar = bool(known) and "object" not in known and known["type"] != "object"
        return is_scalar and not any(sign in spelt for sign in _TELLING_SIGNS)

    def _path(self, pointer: str) -> tuple[str, ...] | None:
        """Give the path in the payload; None of what lies beside it."""
        if self.around and pointer != self.around and not pointer.startswith(f"{self.around}/"):
            return None
        return split(pointer.removeprefix(self.around))

    def _events(self) -> list[Any]:
        events = self.payload.get("batch") if self.payload and self.version is BATCH_2_0 else None
        return events if isinstance(events, list) else []


def content_of(judged: PayloadResult) -> Content:
    """Read what was judged once more, whatever limits it was held against."""
    if judged.answer is not None:
        around, unreadable = _BODY, f"({judged.answer['endpoint'] or 'request'})"
    else:
        around, unreadable = judged.pointer, _UNREADABLE
    try:
        if is_pixel(judged.raw, judged.kind):
            pixel = read_pixel(judged.raw, _limits(judged.raw)).event
            return Content(_part(pixel, "pixel"), pixel, PIXEL_2_0)
        document = read(judged.raw, _limits(judged.raw))
        payload = follow(document, judged.pointer)
        if isinstance(payload, dict):
            return Content(_part(payload, judged.kind), payload, _version_of(payload, judged.kind), around)
    except (TcspecError, LookupError):
        pass
    return Content(Part(unreadable, unreadable), around=around)


def told(text: str, *, show_values: bool, most: int = 300) -> str:
    """Make a text from outside fit to be told: on one line, not too long, and without e-mail addresses."""
    if not show_values and any(sign in text for sign in _SIGNS_OF_EMAIL):
        # Where a long text is cut there may be half an address.
        text = _EMAIL.sub(MASK, text[:_WINDOW])[: None if len(text) <= _WINDOW else -_LOCAL_PART]
    return shortened(text, most)


def shortened(text: str, most: int) -> str:
    """Give the beginning of a text, on one line and without control characters."""
    return printable(text if len(text) <= most else f"{text[: most - 1]}…")


def _limits(raw: bytes) -> Limits:
    return Limits(MAX_DEPTH, max(len(raw), 1))


def _version_of(payload: dict[str, Any], kind: str | None = None) -> Version | None:
    found = detect(payload)
    if kind not in {None, found.kind}:
        return version_of(str(kind))
    return version_of(found.kind, found.version) if found.version else None


def _part(payload: dict[str, Any], kind: str | None = None) -> Part:
    found = detect(payload)
    kind, dialect = (found.kind, found.dialect) if kind in {None, found.kind} else (str(kind), str(kind))
    return Part(_name(payload, kind), dialect, kind, payload_size(payload), _moment(payload))


def _name(payload: Mapping[str, Any], kind: str) -> str:
    if kind not in {"event", "pixel"}:
        return f"({kind})"
    given = payload.get("event_name", payload.get("event"))
    return given if isinstance(given, str) else "(no name)"


def _moment(payload: Mapping[str, Any]) -> int | None:
    """Read the moment of an event where any of its dialects has it."""
    for holder in (payload.get("context"), payload, payload.get("properties")):
        given = holder if isinstance(holder, dict) else {}
        for name in _MOMENTS:
            try:
                return read_timestamp(given.get(name)).ms
            except TcspecError:
                continue
    return None


def _walked(payload: Any, path: tuple[str, ...]) -> tuple[Path, Any]:  # noqa: ANN401 - any JSON value
    """Follow a path; give it with the places in lists as numbers, and what it leads to."""
    value, reached = payload, []
    for part in path:
        reached.append(int(part) if isinstance(value, list) and part.isdecimal() else part)
        value = follow(value, f"/{part.replace('~', '~0').replace('/', '~1')}")
    return tuple(reached), value
