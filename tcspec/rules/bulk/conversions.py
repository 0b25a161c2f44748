"""Rules on the lines of a conversion: their ids, their number, their currency, and whether they add up."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Severity
from tcspec.rules.bulk.known import known_properties
from tcspec.rules.context import pointer
from tcspec.rules.decimals import exact, shown
from tcspec.rules.rule import Finding, rule
from tcspec.size import ITEMS_A_REQUEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import RuleContext

_PAGE = "features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md"
_KINDS = ("conversion",)
_ITEMS, _LINE = "conversion_items", "ConversionItem"
_ROUNDED = Decimal("0.01")
"""By how much amounts may be off because each was rounded."""


@rule("TC828", "two lines of a conversion have one id", source=f"{_PAGE}; K101", kinds=_KINDS)
def repeated_lines(conversion: RuleContext) -> Iterator[Finding]:
    """Tell a line whose id another line before it has.

    Lines are told apart by their ids, and merged by them when the conversion is sent again: of two lines with one id,
    one is lost. The vendor's own example repeats them.

    Bad:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "shipped",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "conversion_items": [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}},
                              {"id": "L1", "original_quantity": 1, "product": {"id": "SKU-4712"}}]}

    Good:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "shipped",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "conversion_items": [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}},
                              {"id": "L2", "original_quantity": 1, "product": {"id": "SKU-4712"}}]}
    """
    first: dict[str, str] = {}
    for path, line in conversion.items():
        identifier, where = line.get("id"), pointer(*path, "id")
        if not isinstance(identifier, str):
            continue
        if identifier in first:
            yield Finding(where, f"the line at {first[identifier]} has the same id", {"property": "id"})
        first.setdefault(identifier, pointer(*path))


@rule("TC829", "a conversion has more lines than the vendor states", source=f"{_PAGE}; K102", kinds=_KINDS)
def many_lines(conversion: RuleContext) -> Iterator[Finding]:
    """Tell a conversion of more than 150 lines.

    The page states this number without saying what becomes of more: they may be refused, or cut off in silence.

    Bad:

        {"id": "T-2024-00042", "conversion_items": [
         0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,
         0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,
         0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,0,1,2,3,4,5,6,7,8,9,
         0]}

    Good:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "shipped",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "conversion_items": [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}}]}
    """
    lines = conversion.at(_ITEMS)
    if isinstance(lines, list) and len(lines) > ITEMS_A_REQUEST:
        yield Finding(
            pointer(_ITEMS),
            f"{len(lines):,} lines, the vendor states {ITEMS_A_REQUEST} without saying what becomes of more",
            {"property": _ITEMS, "expected": f"at most {ITEMS_A_REQUEST}", "actual": f"{len(lines):,}"},
        )


@rule("TC830", "a product has another currency than its conversion", source=f"{_PAGE}; K113", kinds=_KINDS)
def other_currency(conversion: RuleContext) -> Iterator[Finding]:
    """Tell a product whose currency is not that of the conversion.

    A conversion has one currency, and its amounts are added up in it: prices in another one are taken for that.

    Bad:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "shipped",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "conversion_items": [{"id": "L1", "original_quantity": 5,
                               "product": {"id": "SKU-4711", "price": 119.9, "currency": "CHF"}}]}

    Good:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "shipped",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "conversion_items": [{"id": "L1", "original_quantity": 5,
                               "product": {"id": "SKU-4711", "price": 119.9, "currency": "EUR"}}]}
    """
    currency = conversion.at("currency")
    for path, line in conversion.items():
        product = line.get("product")
        other = product.get("currency") if isinstance(product, dict) else None
        if isinstance(currency, str) and isinstance(other, str) and other != currency:
            message = "the currency of the product is not that of the conversion"
            where = pointer(*path, "product", "currency")
            yield Finding(where, message, {"property": "currency"}, "convert the price")


@rule("TC831", "a result does not follow from its formula", Severity.INFO, source=f"{_PAGE}; K100", kinds=_KINDS)
def wrong_result(conversion: RuleContext) -> Iterator[Finding]:
    """Tell a final quantity or amount that is not what the page calculates it from.

    What remains is what was ordered without what was cancelled, returned and exchanged. Where the four numbers are
    there and say otherwise, two reports on one conversion will differ. A cent more or less is rounding.

    Bad:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "partially_returned",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "conversion_items": [{"id": "L1", "original_quantity": 5, "returned_quantity": 1, "final_quantity": 5,
                               "product": {"id": "SKU-4711"}}]}

    Good:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "partially_returned",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "conversion_items": [{"id": "L1", "original_quantity": 5, "returned_quantity": 1, "final_quantity": 4,
                               "product": {"id": "SKU-4711"}}]}
    """
    for known in known_properties(conversion):
        formula, given = known.entry.get("formula"), exact(known.value)
        if formula is None or given is None:
            continue
        around = conversion.at(*known.path[:-1])
        terms = [_term(around, known.owner, name) for name in formula.split(" - ")]
        numbers = [number for number in terms if number is not None]
        if len(numbers) < len(terms):
            continue
        result = numbers[0] - sum(numbers[1:], Decimal(0))
        if abs(result - given) > _ROUNDED:
            yield Finding(
                pointer(*known.path),
                f"`{known.name}` is {shown(given)}, and {formula} is {shown(result)}",
                {"property": known.name, "expected": shown(result), "actual": shown(given)},
            )


@rule("TC833", "a calculated total is not that of the lines", Severity.INFO, source=f"{_PAGE}; K100", kinds=_KINDS)
def wrong_total(conversion: RuleContext) -> Iterator[Finding]:
    """Tell a quantity of a conversion that is not the sum of the quantities of its lines.

    The platform adds the lines up and ignores what is sent: reports will show the sum, and the sender's own books
    something else. A line may be missing.

    Bad:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "shipped",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR", "original_quantity": 7,
         "conversion_items": [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}}]}

    Good:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "shipped",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR", "original_quantity": 5,
         "conversion_items": [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}}]}
    """
    lines = conversion.at(_ITEMS)
    for known in known_properties(conversion):
        given = exact(known.value)
        is_sum = known.entry.get("calculated") and "formula" not in known.entry
        if not is_sum or given is None or not isinstance(lines, list):
            continue
        parts = [_term(line, _LINE, known.name) for line in lines]
        numbers = [number for number in parts if number is not None]
        total = sum(numbers, Decimal(0))
        if len(numbers) == len(parts) and abs(total - given) > _ROUNDED:
            yield Finding(
                pointer(*known.path),
                f"`{known.name}` is {shown(given)}, and the lines add up to {shown(total)}",
                {"property": known.name, "expected": shown(total), "actual": shown(given)},
            )


def _term(owner: Any, kind: str, name: str) -> Decimal | None:  # noqa: ANN401 - any JSON value
    """Give a number of an object, or what counts when it is absent; None when there is none."""
    if not isinstance(owner, dict):
        return None
    entry: Mapping[str, Any] = load_catalogue()["objects"][kind]["properties"].get(name, {})
    return exact(owner.get(name, entry.get("default")))
