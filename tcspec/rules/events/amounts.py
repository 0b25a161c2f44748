"""Numbers and amounts of money of events, as far as the catalogue knows them, and the rules on amounts."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tcspec.errors import Basis, Fix, Severity
from tcspec.json_types import is_number
from tcspec.patterns import compile_late
from tcspec.rules.fixes.offers import move
from tcspec.rules.known_objects import properties_of
from tcspec.rules.rule import UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import Path, RuleContext

_TABLES = "developers/tracking/events-reference/README.md"
_AMOUNT = compile_late(r"(?:.+_)?(?:value|revenue|amount|price|discount)")
_GROSS_AND_NET = (("value", "revenue"), ("original_value", "original_revenue"))
_NEGATIVE = re.compile(rb":\s*-")
_PARTS = ("revenue", "tax_amount", "shipping_amount")
_MAX_ADDED = 10**12
_ROUNDING = Decimal("0.02")


def has_items(spec: Mapping[str, Any]) -> bool:
    """Return whether the catalogue has items for an event."""
    return "object" in spec.get("properties", {}).get("items", {})


def has_numbers(spec: Mapping[str, Any]) -> bool:
    """Return whether the catalogue has a number, or items with numbers, for an event."""
    return any("number" in each["type"].split("|") or "object" in each for each in spec.get("properties", {}).values())


def has_negative(event: RuleContext) -> bool:
    """Return whether an event may have a negative number."""
    return event.text is None or _NEGATIVE.search(event.text) is not None


def iter_numbers(event: RuleContext) -> Iterator[tuple[Path, float]]:
    """Yield the known numbers of the root, the items and their products, with their paths."""
    yield from _known_numbers(event.properties.numbers, (), event.value)
    for path, item in event.lines:
        yield from _known_numbers(properties_of("Item").numbers, path, item)
    for path, product in event.products:
        yield from _known_numbers(properties_of("Product").numbers, path, product)


@lru_cache(maxsize=1024)
def is_amount(name: str) -> bool:
    """Return whether a numeric property is an amount of money, by its name."""
    return bool(_AMOUNT.fullmatch(name))


def root_amounts(event: RuleContext) -> dict[str, float]:
    """Return the known amounts of money at the root of an event."""
    root, amounts = event.known_objects[0], filter(is_amount, event.known_objects[0].shape.numbers)
    return {name: root.value[name] for name in amounts if is_number(root.value[name])}


@rule(
    "TC412",
    "negative amount or quantity",
    basis=Basis.INFERRED,
    source=_TABLES,
    events=has_numbers,
    needs=has_negative,
)
def negative_amount(event: RuleContext) -> Iterator[Finding]:
    """An amount of money or a quantity is negative.

    The event name gives the direction: a `refund` of 40 pays 40 back. A negative amount is subtracted twice, or changes
    the sign of totals.

    Bad:

        {"event_name": "refund", "value": -40, "currency": "EUR"}

    Good:

        {"event_name": "refund", "value": 40, "currency": "EUR"}
    """
    for path, value in iter_numbers(event):
        name = str(path[-1])
        if value < 0 and (is_amount(name) or name.endswith("quantity")):
            data = {"property": name, "minimum": 0}
            yield Finding(path, f"`{name}` is negative", data, "remove the sign: the event name gives the direction")


@rule("TC413", "value is less than the revenue", source=f"{_TABLES}; K037", events=has_numbers)
def value_below_revenue(event: RuleContext) -> Iterator[Finding]:
    """An amount with tax and shipping is smaller than the amount without them.

    `value` is what the customer pays, `revenue` is without tax and shipping. If they are swapped, every report of one
    shows the other.

    Bad:

        {"event_name": "refund", "value": 16, "revenue": 20.33, "currency": "EUR"}

    Good:

        {"event_name": "refund", "value": 20.33, "revenue": 16, "currency": "EUR"}
    """
    if not any(net in event.value for _, net in _GROSS_AND_NET):
        return
    amounts = root_amounts(event)
    for gross, net in _GROSS_AND_NET:
        # A negative amount has a rule of its own.
        if gross in amounts and net in amounts and 0 <= amounts[gross] < amounts[net]:
            message = f"`{gross}`, with tax and shipping, is less than `{net}`, without them"
            hint = f"check whether `{gross}` and `{net}` are swapped"
            yield Finding((gross,), message, {"property": gross, "other": net}, hint)


@rule("TC415", "amounts do not add up", Severity.INFO, source=f"{_TABLES}#L1137; K038", events=has_numbers)
def other_total(event: RuleContext) -> Iterator[Finding]:
    """The value is not the sum of revenue, tax and shipping, though all four are present.

    The vendor's own examples do not add up either, so this is an info: perhaps shipping is counted twice, or tax is
    left out. Differences up to two cents are rounding.

    Bad:

        {"event_name": "refund", "value": 30, "revenue": 16, "tax_amount": 3.2, "shipping_amount": 4.9}

    Good:

        {"event_name": "refund", "value": 24.1, "revenue": 16, "tax_amount": 3.2, "shipping_amount": 4.9}
    """
    if not all(part in event.value for part in _PARTS):
        return
    amounts = root_amounts(event)
    # Beyond that a float has no exact cents.
    if not all(0 <= amounts.get(name, -1) < _MAX_ADDED for name in ("value", *_PARTS)):
        return
    # As decimals: the sum of floats is off by fractions of a cent.
    total = sum(Decimal(str(amounts[name])) for name in _PARTS)
    # A value below the revenue has a rule of its own.
    if amounts["value"] >= amounts["revenue"] and abs(Decimal(str(amounts["value"])) - total) > _ROUNDING:
        message = "`value` is not the sum of `revenue`, `tax_amount` and `shipping_amount`"
        yield Finding(("value",), message, {"expected": f"{total:.2f}"}, "check what each of the amounts includes")


@rule("TC416", "missing value", source=f"{_TABLES}#L2282; K029, K031", fix=UNSAFE, events=has_numbers)
def missing_value(event: RuleContext) -> Iterator[Finding]:
    """An event lacks its amount, or has it under the former name.

    Without `value`, a product view or an addition to the cart counts as worth nothing. The amount of `view_item` was
    called `revenue` until 2025, and one page still calls it so.

    Bad:

        {"event_name": "view_item", "revenue": 119.9, "currency": "EUR", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}}
        ]}

    Good:

        {"event_name": "view_item", "value": 119.9, "currency": "EUR", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}}
        ]}
    """
    specs = event.spec.get("properties", {})
    if specs.get("value", {}).get("missing") != "warning" or "value" in event.value:
        return
    # Where a missing revenue is reported as well, either of the two is enough.
    if specs.get("revenue", {}).get("missing") != "warning" or "revenue" not in event.value:
        yield Finding((), "missing `value`", {"property": "value"}, "add the amount with tax")
    elif "revenue" in root_amounts(event):
        fix = Fix("rename to `value`", (move(("revenue",), ("value",)),))
        message = "`revenue` is the former name of `value`"
        yield Finding(("revenue",), message, {"expected": "value"}, "rename it to `value`", fix, Severity.INFO)


def _known_numbers(names: frozenset[str], path: Path, value: Mapping[str, Any]) -> Iterator[tuple[Path, float]]:
    for name, number in value.items():
        if name in names and is_number(number):
            yield (*path, name), number
