"""A payload that was read once: its kind, its JSON value, its bytes, and where things stand in them."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tcspec.contract.counting import sort_key
from tcspec.detection import detect_version, is_payload, is_pixel, kind_of
from tcspec.jsontext import reader
from tcspec.jsontext.encoder import encode, encode_compact, to_json_value
from tcspec.jsontext.integers import parse_integer
from tcspec.jsontext.pointer import join, split
from tcspec.kinds import EVENT, PIXEL, declared_kind, find_kind
from tcspec.patterns import compile_late

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.jsontext.reader import Limits
    from tcspec.kinds import Kind, Version
    from tcspec.pixels.pixel import Pixel

_LINE_FEED = compile_late("\n")


@dataclass(frozen=True, eq=False)
class Payload:
    """A payload that was read: every function that takes a payload takes this too, and does not read it again.

    `document` is its JSON value, `body` the bytes of the document, of the URL of a pixel, or of the compact body of a
    Python value. `pixel` is there when it was a URL or a query. Nothing in it is to be changed.
    """

    kind: Kind
    document: dict[str, Any] = field(repr=False)
    body: bytes = field(repr=False)
    is_text: bool = True
    pixel: Pixel | None = None

    @cached_property
    def version(self) -> Version | None:
        """Return the version that the payload shows; None for a flat hit, which is older than any."""
        return detect_version(self.document) if self.kind is EVENT else self.kind.version()

    @property
    def is_ga4(self) -> bool:
        """Return whether it only transports a GA4 hit, which is not checked."""
        return self.pixel is not None and self.pixel.is_ga4

    @cached_property
    def compact(self) -> bytes:
        """Return the body as it would be sent, without white space; of a pixel the URL or query."""
        return self.body if self.pixel or not self.is_text else encode_compact(self.document)

    @cached_property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode()

    def events(self) -> Iterator[tuple[str, Any]]:
        """Yield the members of a batch with their pointers; nothing of any other kind."""
        members = self.document.get("batch") if self.kind.name == "batch" else None
        for index, member in enumerate(members if isinstance(members, list) else ()):
            yield f"/batch/{index}", member

    def member_bodies(self) -> Iterator[tuple[str, bytes]]:
        """Yield the events of a batch as they stand in its body, with their pointers."""
        # Imported here: only the body of a request that is over a limit needs it.
        import msgspec  # noqa: PLC0415

        root = msgspec.json.decode(self.body, type=dict[str, msgspec.Raw])
        members = self.document.get("batch")
        if isinstance(members, list):
            for index, member in enumerate(msgspec.json.decode(root["batch"], type=list[msgspec.Raw])):
                yield f"/batch/{index}", bytes(member)

    def keep_digits(self, violations: list[Violation]) -> list[Violation]:
        """Return violations whose fixes write the numbers of the payload with the digits that they have in its text."""
        if not self.is_text or self.pixel or not any(violation.fix for violation in violations):
            return violations
        from tcspec.contract.digits import keep_digits  # noqa: PLC0415 - most payloads have no violations

        return keep_digits(violations, self.document, self.text)

    def arrange(self, violations: Iterable[Violation]) -> list[Violation]:
        """Return violations in the order of their pointers, with their line and column as far as these are known."""
        return self.locate(sorted(violations, key=sort_key))

    def locate(self, violations: Iterable[Violation]) -> list[Violation]:
        """Return violations with their line and column, when the payload was read from text."""
        violations = list(violations)
        if not violations or not self.is_text:
            return violations
        positions_of = self._positions({violation.pointer for violation in violations})
        return [violation.located_at(*positions_of[violation.pointer]) for violation in violations]

    def _positions(self, pointers: set[str]) -> dict[str, tuple[int, int]]:
        if self.pixel is None:
            from tcspec.jsontext import positions  # noqa: PLC0415 - most payloads have no violations

            return positions.locate_all(self.text, pointers)
        starts = [0, *(line_feed.end() for line_feed in _LINE_FEED.finditer(self.text))]
        offsets = {pointer: _parameter_offset(pointer, self.pixel) for pointer in pointers}
        lines = {pointer: bisect_right(starts, offset) for pointer, offset in offsets.items()}
        return {pointer: (line, offsets[pointer] - starts[line - 1] + 1) for pointer, line in lines.items()}


def _parameter_offset(pointer: str, pixel: Pixel) -> int:
    """Return where the first parameter stands that holds a pointer, or the nearest value around it."""
    parts = split(pointer)
    around = (join(parts[:length]) for length in range(len(parts), -1, -1))
    return next((pixel.offsets[each] for each in around if each in pixel.offsets), 0)


def read_payload(payload: object, kind: str | None = None, *, limits: Limits = reader.DEFAULT_LIMITS) -> Payload:
    """Read a payload strictly, once.

    Args:
        payload: a JSON document or the URL or query of a pixel, as bytes or text; a dict; a model of tcspec; or a
            `Payload`, which comes back as it is.
        kind: what the payload is; by default what a model declares, else what the payload shows.
        limits: bounds on the depth and the length of the document.

    Raises:
        UnreadablePayload: when it is neither a JSON object within the limits nor the URL or query of a pixel.
        UnknownKind: when tcspec knows no such kind.
        WrongArgument: when it is of a Python type that holds no payload.
    """
    if type(payload) is bytes:  # as most are: neither a model, which declares its kind, nor anything to convert
        return _read_bytes(payload, None if kind is None else find_kind(kind), limits)
    known = declared_kind(payload) if kind is None else find_kind(kind)
    if isinstance(payload, Payload):
        return payload if known is None or known is payload.kind else replace(payload, kind=known)
    value = to_json_value(payload)
    if isinstance(value, str):
        value = reader.encode_text(value)
    if not isinstance(value, bytes | bytearray | memoryview):
        body = encode(reader.require_object(value), limits.depth)
        # Read back: the engines know neither tuples nor subclasses of str and float, JSON does.
        document = json.loads(body, parse_int=parse_integer)
        return Payload(known or kind_of(document), document, body, is_text=False)
    return _read_bytes(reader.require_bytes(value), known, limits)


def recognise_payload(raw: bytes, kind: str | None = None, *, limits: Limits = reader.DEFAULT_LIMITS) -> Payload | None:
    """Read a payload as `read_payload` does; None when it shows no sign of being one.

    Raises:
        UnreadablePayload: when it is not JSON within the limits, and no pixel either.
        UnknownKind: when tcspec knows no such kind.
    """
    if is_pixel(raw):
        return read_payload(raw, kind, limits=limits)
    value = reader.read(raw, limits)
    return from_document(value, raw, None if kind is None else find_kind(kind)) if is_payload(value) else None


def _read_bytes(raw: bytes, known: Kind | None, limits: Limits) -> Payload:
    if is_pixel(raw, known):
        from tcspec.pixels.pixel import read_pixel  # noqa: PLC0415 - most payloads are no pixels

        pixel = read_pixel(raw, limits)
        return Payload(PIXEL, pixel.event, raw, pixel=pixel)
    return from_document(reader.read_object(raw, limits), raw, known)


def from_document(document: dict[str, Any], body: bytes, kind: Kind | None = None) -> Payload:
    """Return a payload whose document was read from its body before; its kind is detected when it is not known."""
    return Payload(kind or kind_of(document), document, body)
