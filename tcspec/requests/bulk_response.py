"""The answer of the bulk endpoints, worked out beforehand: one error for each kind of error, with samples.

The codes and the shape are the vendor's, the details are in our words ("for humans, may change"); lines count from 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.errors import Severity, UnreadablePayload
from tcspec.jsontext.pointer import split
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, read
from tcspec.validation import validate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tcspec.errors import Violation

MISSING, WRONG_TYPE, WRONG_FORMAT = "MISSING_REQUIRED_PROPERTY", "INVALID_PROPERTY_TYPE", "INVALID_PROPERTY_FORMAT"
PARSE_ERROR = "PARSE_ERROR"
SAMPLE = 10
"""How many line numbers and ids of an error are told."""

_KINDS_OF_ERROR = {"TC801": MISSING, "TC802": WRONG_TYPE, "TC803": WRONG_FORMAT, codes.NOT_AN_OBJECT.id: WRONG_TYPE}


@dataclass(slots=True)
class _Error:
    """One kind of error: how often it was met, and where first."""

    detail: str
    count: int = 0
    lines: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def add(self, line: int, identifier: object) -> None:
        """Count an occurrence; a sample of lines and ids is kept, each once."""
        self.count += 1
        if line not in self.lines and len(self.lines) < SAMPLE:
            self.lines.append(line)
            if isinstance(identifier, str):
                self.ids.append(identifier)


@dataclass(slots=True)
class Aggregation:
    """What was found in the lines of a bulk request so far, in memory that does not grow with them."""

    accepted: int = 0
    rejected: int = 0
    is_readable: bool = True
    _errors: dict[tuple[str, str], _Error] = field(default_factory=dict)

    def add(self, line: int, identifier: object, violations: Iterable[Violation]) -> None:
        """Count a line: accepted when no violation is an error, else rejected, however many there are."""
        errors = [violation for violation in violations if violation.severity is Severity.ERROR]
        self.rejected += bool(errors)
        self.accepted += not errors
        for violation in errors:
            if violation.code not in _KINDS_OF_ERROR:
                self.is_readable = False
                continue
            kind, name = _KINDS_OF_ERROR[violation.code], _property(violation)
            known = self._errors.setdefault((kind, name), _Error(_detail(kind, name, violation)))
            known.add(line, identifier)

    def answer(self) -> dict[str, Any]:
        """Give the answer; a request of which a line is no JSON is not read at all, and nothing is counted."""
        if not self.is_readable:
            return {"errors": [{"code": PARSE_ERROR, "detail": "a line is not JSON"}], "data": {}}
        data = {"accepted_object_count": self.accepted, "rejected_object_count": self.rejected}
        in_order = sorted(self._errors.items(), key=lambda entry: (entry[1].lines[0], entry[0][1], entry[0][0]))
        errors = [_told(kind, name, error) for (kind, name), error in in_order]
        return {"errors": errors, "data": data} if errors else {"data": data}


def bulk_answer(lines: Iterable[bytes], kind: str, *, limits: Limits = DEFAULT_LIMITS) -> dict[str, Any]:
    """Work out what a bulk endpoint answers to the lines of a request, blank ones left out.

    What tcspec refuses to read (see `documents`) counts as a line that is no JSON.

    Raises:
        UnknownKind: when tcspec knows no such kind.
    """
    aggregation = Aggregation()
    for number, line in enumerate(lines, 1):
        if line.strip():
            aggregation.add(number, identifier_of(line, limits), validate(line, kind, limits=limits))
    return aggregation.answer()


def identifier_of(line: bytes, limits: Limits = DEFAULT_LIMITS) -> object:
    """Give the `id` of the object on a line; None when there is none."""
    try:
        value = read(line, limits)
    except UnreadablePayload:
        return None
    return value.get("id") if isinstance(value, dict) else None


def _property(violation: Violation) -> str:
    """Name the property in the vendor's way: the path of names, without the places in lists."""
    names = [part for part in split(violation.pointer) if not part.isdigit()]
    if isinstance(violation.data.get("property"), str):
        names.append(violation.data["property"])
    return ".".join(names)


def _detail(kind: str, name: str, violation: Violation) -> str:
    if kind == MISSING:
        return f'the required property "{name}" is missing'
    return f'"{name}" must be {violation.data["expected"]}' if name else "a line must be an object"


def _told(kind: str, name: str, error: _Error) -> dict[str, Any]:
    meta: dict[str, Any] = {"property": name} if name and kind != MISSING else {}
    meta |= {"line_numbers": error.lines, "error_count": error.count, "ids": error.ids}
    return {"code": kind, "detail": error.detail, "meta": meta}
