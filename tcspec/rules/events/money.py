"""Rules on amounts and their currencies."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from tcspec.errors import Basis, Fix, Severity
from tcspec.rules.context import pointer
from tcspec.rules.currencies import CURRENCIES
from tcspec.rules.events.prices import amounts, currencies, currency_in, is_amount, numbers, products
from tcspec.rules.rule import UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import RuleContext

_TABLES = "developers/tracking/events-reference/README.md"
_GROSS = (("value", "revenue"), ("original_value", "original_revenue"))
_PARTS = ("revenue", "tax_amount", "shipping_amount")
_LARGEST = 10**12
_ROUNDING = Decimal("0.02")


@rule("TC410", "an amount is in no currency", source=f"{_TABLES}; K030, K031", fix=UNSAFE)
def without_currency(event: RuleContext) -> Iterator[Finding]:
    """Tell an event that has an amount and no currency.

    120 is another sum in euro than in yen; reports and partners that count money leave the event out. Where every
    product has the same currency, the fix takes that one.

    Bad:

        {"event_name": "generate_lead", "value": 50}

    Good:

        {"event_name": "generate_lead", "value": 50, "currency": "EUR"}
    """
    asked = event.event.get("properties", {}).get("currency", {})
    if asked.get("missing") != "warning" or "currency" in event.payload:
        return
    if asked.get("condition") and not amounts(event):
        return
    held = {currency_in(product) for _, product in products(event)} - {None}
    fix = None
    if len(held) == 1 and held <= CURRENCIES:
        (shared,) = held
        fix = Fix("take the currency of the products", ({"op": "add", "path": "/currency", "value": shared},))
    yield Finding(
        "",
        "`currency` is missing, without which amounts are not counted",
        {"property": "currency"},
        "give the three letters of ISO 4217",
        fix,
    )


@rule("TC411", "a currency is none of ISO 4217", source=f"{_TABLES}; K112")
def unknown_currency(event: RuleContext) -> Iterator[Finding]:
    """Tell a currency that looks like one and is not in the list of ISO 4217.

    Amounts in it cannot be converted: partners drop the event or count it as if it were in another money. Currencies
    that ended since 2021 are accepted, as stored events may be of their time.

    Bad:

        {"event_name": "generate_lead", "value": 50, "currency": "EUX"}

    Good:

        {"event_name": "generate_lead", "value": 50, "currency": "EUR"}
    """
    for path, currency in currencies(event):
        if currency not in CURRENCIES:
            yield Finding(
                pointer(*path),
                f"`{currency}` is no currency of ISO 4217",
                {"format": "iso4217", "actual": currency},
                "give the three letters of a currency in use",
            )


@rule("TC412", "an amount or quantity is negative", basis=Basis.INFERRED, source=_TABLES)
def negative_amount(event: RuleContext) -> Iterator[Finding]:
    """Tell a sum of money or a number of pieces that is below zero.

    The name of the event says which way money goes: a refund of 40 gives back 40. A negative one is taken off twice, or
    turns the sums of a report around.

    Bad:

        {"event_name": "refund", "value": -40, "currency": "EUR"}

    Good:

        {"event_name": "refund", "value": 40, "currency": "EUR"}
    """
    for path, value in numbers(event):
        name = str(path[-1])
        if value < 0 and (is_amount(name) or name.endswith("quantity")):
            yield Finding(
                pointer(*path),
                f"`{name}` is negative",
                {"property": name, "minimum": 0},
                "write it without the sign; the name of the event says which way it goes",
            )


@rule("TC413", "the value is below the revenue", source=f"{_TABLES}; K037")
def value_below_revenue(event: RuleContext) -> Iterator[Finding]:
    """Tell an amount with tax and shipping that is smaller than the amount without them.

    `value` is what the customer pays, `revenue` what remains of it. Turned around, each report of one shows the other.

    Bad:

        {"event_name": "refund", "value": 16, "revenue": 20.33, "currency": "EUR"}

    Good:

        {"event_name": "refund", "value": 20.33, "revenue": 16, "currency": "EUR"}
    """
    held = amounts(event)
    for gross, net in _GROSS:
        if gross in held and net in held and 0 <= held[gross] < held[net]:
            yield Finding(
                pointer(gross),
                f"`{gross}`, with tax and shipping, is below `{net}`, without them",
                {"property": gross, "other": net},
                f"check whether `{gross}` and `{net}` are interchanged",
            )


@rule("TC414", "an event has several currencies", source=f"{_TABLES}#L2674; K051")
def several_currencies(event: RuleContext) -> Iterator[Finding]:
    """Tell a product in another currency than its event, or than the first product when the event has none.

    The currency of a product overrides that of the event, yet the platform does not support several in one event: the
    sums are of unlike moneys.

    Bad:

        {"event_name": "view_item", "value": 99.9, "currency": "EUR", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "price": 99.9, "currency": "CHF"}}
        ]}

    Good:

        {"event_name": "view_item", "value": 99.9, "currency": "CHF", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "price": 99.9, "currency": "CHF"}}
        ]}
    """
    first = None
    for path, currency in currencies(event):
        first = first or currency
        if currency != first:
            yield Finding(
                pointer(*path),
                f"the product is in `{currency}`, the event in `{first}`",
                {"expected": first, "actual": currency},
                "convert the amounts, or send an event for each currency",
            )


@rule("TC415", "the amounts do not add up", Severity.INFO, source=f"{_TABLES}#L1137; K038")
def other_total(event: RuleContext) -> Iterator[Finding]:
    """Tell a value that is not the sum of revenue, tax and shipping, when all four are told.

    The vendor's own examples do not add up either, so this is a remark: perhaps the shipping is counted twice or the
    tax left out. Two cents are left to rounding.

    Bad:

        {"event_name": "refund", "value": 30, "revenue": 16, "tax_amount": 3.2, "shipping_amount": 4.9}

    Good:

        {"event_name": "refund", "value": 24.1, "revenue": 16, "tax_amount": 3.2, "shipping_amount": 4.9}
    """
    held = amounts(event)
    if not all(0 <= held.get(name, -1) < _LARGEST for name in ("value", *_PARTS)) or held["value"] < held["revenue"]:
        return
    total = sum(Decimal(str(held[name])) for name in _PARTS)
    if abs(Decimal(str(held["value"])) - total) > _ROUNDING:
        yield Finding(
            pointer("value"),
            "`value` is not the sum of `revenue`, `tax_amount` and `shipping_amount`",
            {"expected": f"{total:.2f}"},
            "check what each of the amounts includes",
        )


@rule("TC416", "the amount is missing, or has its former name", source=f"{_TABLES}#L2282; K029, K031", fix=UNSAFE)
def missing_value(event: RuleContext) -> Iterator[Finding]:
    """Tell an event whose amount the vendor asks for and that has none, or has it under the former name.

    Without `value`, what was looked at or put into the cart counts as worth nothing. On `view_item` it was called
    `revenue` until 2025, and one of the pages still says so.

    Bad:

        {"event_name": "view_item", "revenue": 119.9, "currency": "EUR", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}}
        ]}

    Good:

        {"event_name": "view_item", "value": 119.9, "currency": "EUR", "items": [
            {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}}
        ]}
    """
    known = event.event.get("properties", {})
    if known.get("value", {}).get("missing") != "warning" or "value" in event.payload:
        return
    # Where the absence of revenue counts as well, either will do.
    if known.get("revenue", {}).get("missing") != "warning" or "revenue" not in event.payload:
        yield Finding("", "`value` is missing", {"property": "value"}, "give the amount with tax")
    elif "revenue" in amounts(event):
        yield Finding(
            pointer("revenue"),
            "`revenue` is the former name of `value`",
            {"expected": "value"},
            "call it `value`",
            Fix("call it `value`", ({"op": "move", "from": "/revenue", "path": "/value"},)),
            Severity.INFO,
        )
