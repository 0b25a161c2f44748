"""Rules over the payloads of one file or request: what only shows when one is held against another.

Their memory is flat: of ids only fingerprints are kept, and of no more than `fingerprints.MOST`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from tcspec.codes import Code
from tcspec.errors import Basis, Severity, UnreadableTimestamp
from tcspec.rules.context import pointer
from tcspec.rules.rule import EVENTS, Finding
from tcspec.rules.streams.fingerprints import MOST, Fingerprints
from tcspec.timestamps import read_timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tcspec.errors import Violation
    from tcspec.rules.context import Path, RuleContext

    See: TypeAlias = Callable[[int, RuleContext], Iterator[Finding]]
    """Looks at the next payload, with the line on which it starts, and remembers what it needs of it."""

_HTTP = "features/sources/sources-catalog/http-tracking-api.md"
_REFERENCE = "developers/tracking/events-reference/README.md"
_BULK_PAGE = "features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md"
_TIMES: tuple[Path, ...] = (("context", "event_timestamp"), ("context", "created"))
_IDS: tuple[Path, ...] = (("context", "event_id"), ("context", "eventId"))
_UNITS = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds", "text": "ISO text"}
_CURRENCY = re.compile("[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class StreamRule:
    """A rule over many payloads: what it is called, whom it is for, and how a watch over a file is started."""

    code: Code
    kinds: tuple[str, ...]
    start: Callable[[], See]

    def told(self, finding: Finding) -> Violation:
        """Tell what was found as a violation."""
        found = self.code.violation(finding.pointer, finding.message, finding.data)
        return replace(found, severity=finding.severity or found.severity, hint=finding.hint)


def stream_rule(  # noqa: PLR0913 - the fields of a code
    identifier: str,
    title: str,
    severity: Severity = Severity.WARNING,
    *,
    source: str,
    basis: Basis = Basis.INFERRED,
    kinds: tuple[str, ...] = EVENTS,
) -> Callable[[Callable[[], See]], StreamRule]:
    """Make a rule of the function that starts a watch; its arguments are those of `rule`."""
    return lambda start: StreamRule(Code(identifier, title, severity, basis, source), kinds, start)


@stream_rule("TC230", "times of one file are in several units", source=f"{_HTTP}; K001")
def several_units() -> See:
    """Tell the first time that is in another unit than the first of its file, once for each unit.

    One sender writes one unit. Where a file has several, two exports were joined, or a program was changed in the
    middle; whoever reads all of it by one unit loses a part.

    Bad:

        [{"event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400000}},
         {"event_name": "login", "context": {"event_id": "e-2", "event_timestamp": 1718006460}}]

    Good:

        [{"event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400000}},
         {"event_name": "login", "context": {"event_id": "e-2", "event_timestamp": 1718006460000}}]
    """
    first: dict[str, int] = {}

    def see(line: int, event: RuleContext) -> Iterator[Finding]:
        for place in _TIMES:
            try:
                unit = read_timestamp(event.at(*place)).unit
            except UnreadableTimestamp:
                continue
            if first and unit not in first:
                usual, where = next(iter(first.items()))
                message = f"this time is in {_UNITS[unit]}, the first of the file, on line {where}, in {_UNITS[usual]}"
                yield Finding(pointer(*place), message, {"expected": usual, "actual": unit, "first_line": where})
            first.setdefault(unit, line)
            return

    return see


@stream_rule("TC235", "an event is there twice", source=f"{_REFERENCE}; K070")
def repeated_events() -> See:
    """Tell an event whose id another event of the file has.

    The id is what events are told apart by, and destinations count those with one id once. Either the event is sent
    twice, or ids are made in a way that repeats them, and then events are lost.

    Bad:

        [{"event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400000}},
         {"event_name": "search", "context": {"event_id": "e-1", "event_timestamp": 1718006460000}}]

    Good:

        [{"event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400000}},
         {"event_name": "search", "context": {"event_id": "e-2", "event_timestamp": 1718006460000}}]
    """
    return _repeated(_IDS, "event")


@stream_rule(
    "TC850",
    "an object is there twice",
    source=_BULK_PAGE,
    basis=Basis.DOCUMENTED,
    kinds=("product", "conversion"),
)
def repeated_objects() -> See:
    """Tell a product or conversion whose id another one of the request has.

    Objects are merged by their ids, and of those with one id in one request the last one wins: what only the others
    said is lost.

    Bad:

        [{"id": "SKU-4711", "name": "Trail shoe Arolla"}, {"id": "SKU-4711", "price": 119.9}]

    Good:

        [{"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}, {"id": "SKU-4712", "price": 95}]
    """
    return _repeated((("id",),), "object")


@stream_rule(
    "TC851", "conversions of one file are in several currencies", Severity.INFO, source="K051", kinds=("conversion",)
)
def several_currencies() -> See:
    """Tell the first conversion in another currency than the first of its file, once for each currency.

    A shop that sells in several currencies has such files, and all is well. In any other, amounts were converted for
    some orders only, and totals over the file are wrong.

    Bad:

        [{"id": "T-1", "currency": "EUR", "conversion_items": []},
         {"id": "T-2", "currency": "CHF", "conversion_items": []}]

    Good:

        [{"id": "T-1", "currency": "EUR", "conversion_items": []},
         {"id": "T-2", "currency": "EUR", "conversion_items": []}]
    """
    first: dict[str, int] = {}

    def see(line: int, conversion: RuleContext) -> Iterator[Finding]:
        currency = conversion.at("currency")
        if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
            return
        if first and currency not in first:
            usual, where = next(iter(first.items()))
            message = f"this conversion is in {currency}, the first of the file, on line {where}, in {usual}"
            yield Finding("/currency", message, {"expected": usual, "actual": currency, "first_line": where})
        first.setdefault(currency, line)

    return see


def _repeated(places: tuple[Path, ...], what: str) -> See:
    """Watch out for an id that was there before, at the first of some places that holds a text."""
    seen = Fingerprints()
    is_told = False

    def see(line: int, subject: RuleContext) -> Iterator[Finding]:
        nonlocal is_told
        place = next((place for place in places if _is_id(subject.at(*place))), None)
        if place is None:
            return
        before = seen.add(f"{subject.version.kind} {subject.at(*place)}", line)
        if before:
            where = f"another {what} of the document" if before == line else f"the {what} on line {before}"
            message = f"{where} has the same id"
            yield Finding(pointer(*place), message, {"property": place[-1], "first_line": before})
        elif seen.is_full and not is_told:
            is_told = True
            message = f"from here on ids are compared with the first {MOST:,} only"
            yield Finding(pointer(*place), message, {"expected": f"at most {MOST:,} ids"}, severity=Severity.INFO)

    return see


def _is_id(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
