"""The body of a bulk request: one object a line, judged one after the other and counted as the server would."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.errors import Severity
from tcspec.requests.bulk_response import Aggregation, identifier_of
from tcspec.requests.messages import lines_of, value_of
from tcspec.size import ITEMS_A_REQUEST, LINES_A_REQUEST
from tcspec.validation import has_errors, validate

if TYPE_CHECKING:
    from tcspec.errors import Violation
    from tcspec.jsontext.reader import Limits
    from tcspec.requests.endpoints import Endpoint
    from tcspec.requests.messages import Request

DOUBTFUL = frozenset({"TC003", "TC004", "TC005", "TC006", "TC007"})
"""What tcspec refuses to read and a server may read."""


@dataclass(slots=True)
class Lines:
    """What was found in the lines, and how many a server takes; of `doubtful` ones nobody knows."""

    violations: list[Violation] = field(default_factory=list)
    aggregation: Aggregation = field(default_factory=Aggregation)
    accepted: int = 0
    rejected: int = 0
    unreadable: int = 0
    doubtful: int = 0

    def add(self, number: int, line: Any, violations: list[Violation]) -> None:  # noqa: ANN401 - any JSON value
        """Count a line."""
        errors = {violation.code for violation in violations if violation.severity is Severity.ERROR}
        if errors & DOUBTFUL:
            self.doubtful += 1
        elif any(code.startswith("TC0") and code != codes.NOT_AN_OBJECT.id for code in errors):
            self.unreadable += 1
        elif has_errors(violations):
            self.rejected += 1
        else:
            self.accepted += 1
        self.aggregation.add(number, _identifier(line), violations)
        self.violations += (_on_line(number, violation) for violation in violations)


def check_lines(request: Request, endpoint: Endpoint, limits: Limits) -> Lines:
    """Judge the lines of a bulk request."""
    found = Lines()
    given = lines_of(request)
    if request.unreadable_body:
        found.violations += request.unreadable_body
        return found
    if not given:
        found.violations.append(codes.EMPTY.violation("/body", "there is no line"))
        return found
    if len(given) > 1 and isinstance(value_of(request.body), dict | list):
        message = "one JSON text on several lines: every object is a line of its own"
        found.violations.append(codes.NOT_JSON.violation("/body", message))
        found.unreadable += 1
        found.aggregation.add(1, None, found.violations)
        return found
    for number, line in given:
        violations = validate(line, endpoint.kind, limits=limits)
        found.add(number, line, [*violations, *_items(line, endpoint)])
    if len(given) > LINES_A_REQUEST:
        message = f"{len(given):,} lines, the vendor recommends {LINES_A_REQUEST:,} at most: longer requests may be cut"
        data = {"expected": LINES_A_REQUEST, "actual": len(given)}
        found.violations.append(codes.TOO_MANY_LINES.violation("/body", message, data))
    return found


def _items(line: Any, endpoint: Endpoint) -> list[Violation]:  # noqa: ANN401 - any JSON value
    value = value_of(line) if endpoint.kind == "conversion" else None
    items = value.get("conversion_items") if isinstance(value, dict) else None
    if not isinstance(items, list) or len(items) <= ITEMS_A_REQUEST:
        return []
    message = (
        f"{len(items):,} conversion items, the vendor states {ITEMS_A_REQUEST} without saying what becomes of more"
    )
    data = {"expected": ITEMS_A_REQUEST, "actual": len(items)}
    return [codes.TOO_MANY_ITEMS.violation("/conversion_items", message, data)]


def _identifier(line: Any) -> object:  # noqa: ANN401 - any JSON value
    if isinstance(line, bytes):
        return identifier_of(line)
    value = value_of(line)
    return value.get("id") if isinstance(value, dict) else None


def _on_line(number: int, violation: Violation) -> Violation:
    """Point from the whole body to what was found on one of its lines."""
    line = number if violation.line else None
    return replace(violation, pointer=f"/body/{number - 1}{violation.pointer}", line=line)
