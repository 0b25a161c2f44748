"""Rules on all payloads of one file or request: units, ids and currencies that do not fit together.

Their memory is flat: of ids they only keep fingerprints, and no more than `MAX_TEXTS` of these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec.errors import Basis, Severity
from tcspec.patterns import compile_late
from tcspec.rules.context import CREATED, TIMESTAMP
from tcspec.rules.placeholders import is_placeholder
from tcspec.rules.rule import Finding, stream_rule
from tcspec.rules.streams.fingerprints import MAX_TEXTS, Fingerprints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tcspec.rules.context import Path, RuleContext
    from tcspec.rules.rule import StreamCheck

    ReadValue = Callable[[RuleContext], tuple[Path, str] | None]
    """Reads the path and the value that payloads of one file should share; None when a payload has none."""

_HTTP = "features/sources/sources-catalog/http-tracking-api.md"
_REFERENCE = "developers/tracking/events-reference/README.md"
_BULK_PAGE = "features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md"
_EVENT_IDS: tuple[Path, ...] = (("context", "event_id"), ("context", "eventId"))
_OBJECT_IDS: tuple[Path, ...] = (("id",),)
_UNITS = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds", "text": "ISO 8601"}
_CURRENCY = compile_late("[A-Z]{3}")


@stream_rule("TC230", "several timestamp units in one file", source=f"{_HTTP}; K001")
def several_units() -> StreamCheck:
    """A timestamp has another unit than the first one of its file; each unit is reported once.

    One sender writes one unit. A file with several units was joined from two exports, or its program was changed; a
    consumer that expects one unit misreads the rest.

    Bad:

        [{"event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400000}},
         {"event_name": "login", "context": {"event_id": "e-2", "event_timestamp": 1718006460}}]

    Good:

        [{"event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400000}},
         {"event_name": "login", "context": {"event_id": "e-2", "event_timestamp": 1718006460000}}]
    """

    def read_unit(event: RuleContext) -> tuple[Path, str] | None:
        readings = ((TIMESTAMP, event.timestamp), (CREATED, event.created))
        return next(((path, reading.unit) for path, reading in readings if reading), None)

    return _find_other_values(read_unit, lambda unit: f"timestamps in {_UNITS[unit]}")


@stream_rule("TC235", "duplicate event", source=f"{_REFERENCE}; K070")
def duplicate_events() -> StreamCheck:
    """An event has the same id as an earlier event of the file.

    Events are identified by their id, and destinations count events with the same id once. Either the event is sent
    twice, or the ids are not unique and events are lost.

    Bad:

        [{"event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400000}},
         {"event_name": "search", "context": {"event_id": "e-1", "event_timestamp": 1718006460000}}]

    Good:

        [{"event_name": "login", "context": {"event_id": "e-1", "event_timestamp": 1718006400000}},
         {"event_name": "search", "context": {"event_id": "e-2", "event_timestamp": 1718006460000}}]
    """
    return _find_duplicate_ids(_EVENT_IDS, "event")


@stream_rule("TC430", "duplicate purchase", source=f"{_REFERENCE}; K070")
def duplicate_purchases() -> StreamCheck:
    """A purchase has the same id as an earlier purchase of the file, and another event id.

    An event that is sent twice is recognised by its event id. A purchase that is sent again under another one, as when
    the page that confirms it is loaded again, or by the browser and the server, counts twice: orders and revenue are
    too high. Send it once, or each time with the same event id.

    Bad:

        [{"event_name": "purchase", "id": "O-1", "context": {"event_id": "e-1", "event_timestamp": 1718006400000}},
         {"event_name": "purchase", "id": "O-1", "context": {"event_id": "e-2", "event_timestamp": 1718006400900}}]

    Good:

        [{"event_name": "purchase", "id": "O-1", "context": {"event_id": "e-1", "event_timestamp": 1718006400000}},
         {"event_name": "refund", "id": "O-1", "context": {"event_id": "e-2", "event_timestamp": 1718006460000}}]
    """
    purchases, events = Fingerprints(), Fingerprints()

    def check(line: int, event: RuleContext) -> Iterator[Finding]:
        if event.at("event_name") != "purchase" or not _is_id(event.at("id"), event):
            return
        event_path = next((path for path in _EVENT_IDS if _is_id(event.at(*path), event)), None)
        # Without an event id nothing tells whether the purchase or the event was sent twice.
        if event_path is None:
            return
        identifier = event.at("id")
        # What was sent twice as one event is a duplicate event, and not a duplicate purchase.
        was_full, is_known = events.is_full, events.add(f"{identifier}\n{event.at(*event_path)}", line)
        first_line = purchases.add(identifier, line)
        if first_line and not is_known and not was_full:
            other = "another purchase of the document" if first_line == line else f"the purchase on line {first_line}"
            message = f"{other} has the same id, but another event id, so that the purchase counts twice"
            yield Finding(("id",), message, {"property": "id", "first_line": first_line})
        if events.is_full and not was_full:
            # Which event ids were seen before is not known any more.
            message = f"from here on purchases are not compared, as there are more than {MAX_TEXTS:,}"
            yield Finding(("id",), message, {"expected": f"at most {MAX_TEXTS:,} ids"}, severity=Severity.INFO)

    return check


@stream_rule(
    "TC850",
    "duplicate product or conversion",
    source=_BULK_PAGE,
    basis=Basis.DOCUMENTED,
    kinds=("product", "conversion"),
)
def duplicate_objects() -> StreamCheck:
    """A product or a conversion has the same id as an earlier one of the request.

    Objects are merged by their ids, and the last one of a request with the same id replaces the others: what only they
    contain is lost.

    Bad:

        [{"id": "SKU-4711", "name": "Trail shoe Arolla"}, {"id": "SKU-4711", "price": 119.9}]

    Good:

        [{"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}, {"id": "SKU-4712", "price": 95}]
    """
    return _find_duplicate_ids(_OBJECT_IDS, "object")


@stream_rule("TC851", "several currencies in one file", Severity.INFO, source="K051", kinds=("conversion",))
def several_currencies() -> StreamCheck:
    """A conversion has another currency than the first one of its file; each currency is reported once.

    A shop that sells in several currencies has such files. Otherwise the amounts of some orders were converted and
    those of others were not, and totals over the file are wrong.

    Bad:

        [{"id": "T-1", "currency": "EUR", "conversion_items": []},
         {"id": "T-2", "currency": "CHF", "conversion_items": []}]

    Good:

        [{"id": "T-1", "currency": "EUR", "conversion_items": []},
         {"id": "T-2", "currency": "EUR", "conversion_items": []}]
    """

    def read_currency(conversion: RuleContext) -> tuple[Path, str] | None:
        currency = conversion.at("currency")
        is_currency = isinstance(currency, str) and _CURRENCY.fullmatch(currency)
        return (("currency",), currency) if is_currency else None

    return _find_other_values(read_currency, lambda currency: f"conversions in {currency}")


def _find_other_values(read_value: ReadValue, describe: Callable[[str], str]) -> StreamCheck:
    """Return the check that reports every value that differs from the first one of the file, once."""
    first_lines: dict[str, int] = {}

    def check(line: int, payload: RuleContext) -> Iterator[Finding]:
        read = read_value(payload)
        if read is None:
            return
        path, value = read
        if first_lines and value not in first_lines:
            first, first_line = next(iter(first_lines.items()))
            message = f"expected {describe(first)} as on line {first_line}, got {describe(value)}"
            yield Finding(path, message, {"expected": first, "actual": value, "first_line": first_line})
        first_lines.setdefault(value, line)

    return check


def _find_duplicate_ids(paths: tuple[Path, ...], noun: str) -> StreamCheck:
    """Return the check that reports an id that occurred before, at the first of some paths with a string."""
    seen = Fingerprints()
    is_limit_reported = False

    def check(line: int, payload: RuleContext) -> Iterator[Finding]:
        nonlocal is_limit_reported
        path = next((path for path in paths if _is_id(payload.at(*path), payload)), None)
        if path is None:
            return
        # Products and conversions of one file do not share their ids.
        first_line = seen.add(f"{payload.version.kind} {payload.at(*path)}", line)
        if first_line:
            # The events of a batch begin on the line of the batch.
            other = f"another {noun} of the document" if first_line == line else f"the {noun} on line {first_line}"
            yield Finding(path, f"{other} has the same id", {"property": path[-1], "first_line": first_line})
        elif seen.is_full and not is_limit_reported:
            is_limit_reported = True
            message = f"from here on ids are only compared with the first {MAX_TEXTS:,}"
            yield Finding(path, message, {"expected": f"at most {MAX_TEXTS:,} ids"}, severity=Severity.INFO)

    return check


def _is_id(value: object, payload: RuleContext) -> bool:
    return isinstance(value, str) and not (payload.may_have_placeholder and is_placeholder(value))
