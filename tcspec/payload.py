"""A payload as it was given: read strictly, its kind known, and the places of what is found in it."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.detection import is_pixel, kind_of
from tcspec.errors import Severity
from tcspec.jsontext import positions, reader
from tcspec.jsontext.encoder import encode
from tcspec.jsontext.pointer import join, split
from tcspec.pixels.pixel import Pixel, read_pixel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import Violation
    from tcspec.jsontext.reader import Limits

    PayloadLike = dict[str, Any] | bytes | bytearray | memoryview | str


_LINE_FEED = re.compile("\n")


@dataclass(frozen=True, slots=True)
class Payload:
    """A payload as a Python value and as the bytes of its body or call; `pixel` when it was a call."""

    kind: str
    document: dict[str, Any]
    body: bytes
    pixel: Pixel | None = None
    is_text: bool = False

    def notices(self) -> Iterator[Violation]:
        """Say what the call of a pixel lacks beside its event; the vendor's own examples lack it too (K117)."""
        if self.pixel is None:
            return
        for name, value in (("tc_s", self.pixel.site), ("token", self.pixel.token)):
            if value is None:
                violation = codes.MISSING_PARAMETER.violation(
                    "", f"`{name}` is missing in the query", {"property": name}
                )
                yield replace(violation, severity=Severity.WARNING, source=codes.ANONYMOUS_PIXEL.source)

    def members(self) -> list[Any]:
        """Give the events of a batch as they were given: of a text the bytes that each has in it."""
        events = self.document.get("batch")
        if not isinstance(events, list) or not self.is_text:
            return events if isinstance(events, list) else []
        # Imported here: only batches in text need it.
        from msgspec import Raw, json  # noqa: PLC0415

        root = json.decode(self.body, type=dict[str, Raw])
        return [bytes(event) for event in json.decode(root["batch"], type=list[Raw])]

    def placed(self, violations: list[Violation]) -> list[Violation]:
        """Give violations with their line and column, when the payload was given as text."""
        if not violations or not (self.is_text or self.pixel):
            return violations
        text = self.body.decode()
        pointers = {violation.pointer for violation in violations}
        places = self._places_in_call(text, pointers) if self.pixel else positions.locate_all(text, pointers)
        return [
            replace(violation, line=line, column=column)
            for violation in violations
            for line, column in [places[violation.pointer]]
        ]

    def _places_in_call(self, text: str, pointers: set[str]) -> dict[str, tuple[int, int]]:
        assert self.pixel is not None  # noqa: S101 - for the type checker
        starts = [0, *(found.end() for found in _LINE_FEED.finditer(text))]
        offsets = {each: _offset(each, self.pixel) for each in pointers}
        lines = {each: bisect_right(starts, offset) for each, offset in offsets.items()}
        return {each: (line, offsets[each] - starts[line - 1] + 1) for each, line in lines.items()}


def _offset(pointer: str, pixel: Pixel) -> int:
    """Find where the first parameter stands that tells of a place, or of what is around it."""
    parts = split(pointer)
    around = (join(parts[:length]) for length in range(len(parts), -1, -1))
    return next((pixel.offsets[each] for each in around if each in pixel.offsets), 0)


def read_payload(payload: PayloadLike, kind: str | None, limits: Limits) -> Payload:
    """Read a payload strictly, and find out its kind when it is not told.

    Raises:
        UnreadablePayload: when it is no JSON object within the limits, nor the call of a pixel.
        WrongArgument: when it is of a Python type that holds no payload.
    """
    if isinstance(payload, str):
        payload = reader.encode_text(payload)
    if isinstance(payload, bytes | bytearray | memoryview):
        raw = reader.require_bytes(payload)
        if is_pixel(raw, kind):
            pixel = read_pixel(raw, limits)
            return Payload("pixel", pixel.event, raw, pixel)
        document = reader.read_object(raw, limits)
        return Payload(kind or kind_of(document), document, raw, is_text=True)
    body = encode(reader.require_object(payload), limits.depth)
    # Read back: the engines know neither tuples nor subclasses of str and float, JSON does.
    document = json.loads(body)
    return Payload(kind or kind_of(document), document, body)
