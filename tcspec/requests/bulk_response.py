"""The lines of a bulk request, and the response of the bulk endpoints to them: one error for each kind, with samples.

Codes and shape of the response are the vendor's. The details are ours: the vendor documents them as for people, and
subject to change. Lines count from 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.contract.counting import ViolationCounter
from tcspec.errors import Severity
from tcspec.jsontext.pointer import split
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, decode_leniently
from tcspec.personal import MASK, looks_personal, mask_name
from tcspec.size import ITEMS_A_REQUEST, LINES_A_REQUEST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tcspec.errors import Violation
    from tcspec.requests.bodies import BodyPayload
    from tcspec.requests.endpoints import Endpoint
    from tcspec.requests.request import Request

MISSING, WRONG_TYPE, WRONG_FORMAT = "MISSING_REQUIRED_PROPERTY", "INVALID_PROPERTY_TYPE", "INVALID_PROPERTY_FORMAT"
PARSE_ERROR = "PARSE_ERROR"
SAMPLE = 10
"""How many line numbers and ids of an error are in the response."""

UNCERTAIN = frozenset({"TC003", "TC004", "TC005", "TC006", "TC007"})
"""Codes of what tcspec refuses to read and a server may read."""

_ERROR_NAMES = {"TC801": MISSING, "TC802": WRONG_TYPE, "TC803": WRONG_FORMAT, codes.NOT_AN_OBJECT.id: WRONG_TYPE}
_NO_LIST = "write one object a line, without brackets around them and commas between them"


@dataclass(slots=True)
class _Error:
    """One error of the response: how often it occurs, and a sample of where."""

    detail: str
    count: int = 0
    lines: list[int] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)

    def add(self, line: int, identifier: object) -> None:
        """Count an occurrence; each line is in the sample once."""
        self.count += 1
        if line not in self.lines and len(self.lines) < SAMPLE:
            self.lines.append(line)
            if isinstance(identifier, str):
                self.ids.append(MASK if looks_personal(identifier) else identifier)


@dataclass(slots=True)
class BulkResponse:
    """The response to the lines so far, in memory that does not grow with their number.

    Lines are accepted, rejected for their contract, unreadable, or uncertain: tcspec refuses what a server may read.
    """

    accepted: int = 0
    rejected: int = 0
    unreadable: int = 0
    uncertain: int = 0
    _errors: dict[tuple[str, str], _Error] = field(default_factory=dict)

    def add(self, line: int, value: Any, violations: Iterable[Violation]) -> None:  # noqa: ANN401 - any JSON value
        """Count a line by its violations; `value` is what is on it, for the id of its object."""
        errors = [violation for violation in violations if violation.severity is Severity.ERROR]
        found = {violation.code for violation in errors}
        if found & UNCERTAIN:
            self.uncertain += 1
        # Whatever else is an error means that there is no JSON object to count.
        elif found - _ERROR_NAMES.keys():
            self.unreadable += 1
        elif errors:
            self.rejected += 1
        else:
            self.accepted += 1
        last: dict[str, _Error] = {}
        for violation in errors:
            if violation.code in last and violation.count > 1:
                # It stands for violations that are not listed; of which properties they are is not known.
                last[violation.code].count += violation.count
            elif violation.code in _ERROR_NAMES:
                kind, name = _ERROR_NAMES[violation.code], _property_path(violation)
                error = self._errors.setdefault((kind, name), _Error(_detail(kind, name, violation)))
                error.add(line, value.get("id") if isinstance(value, dict) else None)
                last[violation.code] = error

    def body(self) -> dict[str, Any]:
        """Return the body of the response; when a line is not JSON, nothing is counted."""
        if self.unreadable or self.uncertain:
            return {"errors": [{"code": PARSE_ERROR, "detail": "a line is not JSON"}], "data": {}}
        data = {"accepted_object_count": self.accepted, "rejected_object_count": self.rejected}
        in_order = sorted(self._errors.items(), key=lambda entry: (entry[1].lines[0], entry[0][1], entry[0][0]))
        errors = [_format_error(kind, name, error) for (kind, name), error in in_order]
        return {"errors": errors, "data": data} if errors else {"data": data}


def check_lines(
    request: Request, lines: list[BodyPayload], endpoint: Endpoint, limits: Limits = DEFAULT_LIMITS
) -> tuple[list[Violation], BulkResponse]:
    """Check the lines of a bulk request; return their violations and the response to them."""
    response = BulkResponse()
    if request.body_errors:
        return list(request.body_errors), response
    if not lines:
        return [codes.EMPTY.violation("/body", "the body is empty; expected one object per line")], response
    # A pretty-printed object is one error, and not one for each of its lines; its first line alone is not JSON.
    if len(lines) > 1 and lines[0].value is None and isinstance(decode_leniently(request.body), dict | list):
        violation = codes.NOT_JSON.violation("/body", "one JSON value on several lines; write each object on one line")
        response.add(1, None, [violation])
        return [violation], response
    counter = ViolationCounter(limits.violations)
    violations: list[Violation] = []
    for line in lines:
        found = [*_explain(line.check(limits), line.value), *_check_items(line.value, endpoint)]
        response.add(line.line, line.value, found)
        violations += counter.filter(map(line.place, found))
    violations = counter.with_remainders(violations)
    if len(lines) > LINES_A_REQUEST:
        message = f"{len(lines):,} lines exceed the recommended {LINES_A_REQUEST:,}; the request may be truncated"
        data = {"expected": LINES_A_REQUEST, "actual": len(lines)}
        violations.append(codes.TOO_MANY_LINES.violation("/body", message, data))
    return violations, response


def _explain(violations: list[Violation], value: object) -> list[Violation]:
    """Return the violations of a line with the hint that an array of objects needs."""
    return [replace(each, hint=_NO_LIST) for each in violations] if isinstance(value, list) else violations


def _check_items(value: Any, endpoint: Endpoint) -> list[Violation]:  # noqa: ANN401 - any JSON value
    items = value.get("conversion_items") if endpoint.kind == "conversion" and isinstance(value, dict) else None
    if not isinstance(items, list) or len(items) <= ITEMS_A_REQUEST:
        return []
    message = f"{len(items):,} conversion items exceed the documented maximum of {ITEMS_A_REQUEST}"
    data = {"expected": ITEMS_A_REQUEST, "actual": len(items)}
    return [codes.TOO_MANY_ITEMS.violation("/conversion_items", message, data)]


def _property_path(violation: Violation) -> str:
    """Return the property as the vendor names it: the path of keys, without the indexes of arrays."""
    names = [part for part in split(violation.pointer) if not part.isdigit()]
    if isinstance(violation.data.get("property"), str):
        names.append(violation.data["property"])
    return ".".join(map(mask_name, names))


def _detail(kind: str, name: str, violation: Violation) -> str:
    if kind == MISSING:
        return f'the required property "{name}" is missing'
    return f'"{name}" must be {violation.data["expected"]}' if name else "a line must be an object"


def _format_error(kind: str, name: str, error: _Error) -> dict[str, Any]:
    meta: dict[str, Any] = {"property": name} if name and kind != MISSING else {}
    meta |= {"line_numbers": error.lines, "error_count": error.count, "ids": error.ids}
    return {"code": kind, "detail": error.detail, "meta": meta}
