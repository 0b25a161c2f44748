"""Amounts and currencies of events, as far as the catalogue knows them, and the rules on them."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tcspec.contract.currencies import CURRENCIES, SUCCESSORS, suggest_currency
from tcspec.errors import Basis, Fix, Severity
from tcspec.patterns import compile_late
from tcspec.rules.decimals import is_number
from tcspec.rules.fixes.offers import add, move, replace
from tcspec.rules.known_objects import properties_of
from tcspec.rules.rule import UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import Path, RuleContext

_TABLES = "developers/tracking/events-reference/README.md"
_AMOUNT = compile_late(r"(?:.+_)?(?:value|revenue|amount|price|discount)")
_CURRENCY = compile_late("[A-Z]{3}")
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


def has_money(spec: Mapping[str, Any]) -> bool:
    """Return whether the catalogue has a currency, or items with currencies, for an event."""
    return "currency" in spec.get("properties", {}) or has_items(spec)


def has_negative(event: RuleContext) -> bool:
    """Return whether an event may have a negative number."""
    return event.text is None or _NEGATIVE.search(event.text) is not None


def has_odd_currencies(event: RuleContext) -> bool:
    """Return whether an event and its products have several currencies, or one that is not in ISO 4217."""
    values = (event.value.get("currency"), *[product.get("currency") for _, product in event.products])
    currencies = {value for value in values if isinstance(value, str)}
    return len(currencies) > 1 or not currencies <= CURRENCIES


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


def currency_of(value: Mapping[str, Any]) -> str | None:
    """Return the currency of an object; None when it has none, or one that violates the contract."""
    currency = value.get("currency")
    return currency if isinstance(currency, str) and _CURRENCY.fullmatch(currency) else None


def iter_currencies(event: RuleContext) -> Iterator[tuple[Path, str]]:
    """Yield the currencies of an event and of its products, with their paths; not those of custom events."""
    own = currency_of(event.value)
    if own and event.root_spec("currency"):
        yield ("currency",), own
    for path, product in event.products:
        if currency := currency_of(product):
            yield (*path, "currency"), currency


@rule("TC410", "missing currency", source=f"{_TABLES}; K030, K031", fix=UNSAFE, events=has_money)
def missing_currency(event: RuleContext) -> Iterator[Finding]:
    """An event has an amount without a currency.

    120 euros are not 120 yen; reports and partners that count money skip the event. If all products have the same
    currency, the fix uses it.

    Bad:

        {"event_name": "generate_lead", "value": 50}

    Good:

        {"event_name": "generate_lead", "value": 50, "currency": "EUR"}
    """
    spec = event.spec.get("properties", {}).get("currency", {})
    if spec.get("missing") != "warning" or "currency" in event.value:
        return
    # Some tables ask for a currency only beside an amount.
    if spec.get("condition") and not root_amounts(event):
        return
    found = {currency_of(product) for _, product in event.products} - {None}
    fix = None
    if len(found) == 1 and found <= CURRENCIES:
        (shared,) = found
        fix = Fix("add the currency of the products", (add(("currency",), shared),))
    message = "missing `currency`: amounts without a currency are not counted"
    yield Finding((), message, {"property": "currency"}, "add the three letters of ISO 4217", fix)


@rule(
    "TC411",
    "currency is not in ISO 4217",
    source=f"{_TABLES}; K112",
    fix=UNSAFE,
    events=has_money,
    needs=has_odd_currencies,
)
def unknown_currency(event: RuleContext) -> Iterator[Finding]:
    """A currency has three capital letters, but is not in ISO 4217.

    Its amounts cannot be converted: partners drop the event, or count it in another currency. Currencies that were
    withdrawn since 2021 are accepted, because stored events have the currency of their time.

    Bad:

        {"event_name": "generate_lead", "value": 50, "currency": "EUX"}

    Good:

        {"event_name": "generate_lead", "value": 50, "currency": "EUR"}
    """
    for path, currency in iter_currencies(event):
        if currency not in CURRENCIES:
            data = {"format": "iso4217", "actual": currency}
            hint, fix = "use a current code of ISO 4217", None
            if currency in SUCCESSORS:
                hint = f"it was replaced by `{SUCCESSORS[currency]}`: convert the amounts"
            elif suggestion := suggest_currency(currency):
                hint = f"did you mean `{suggestion}`?"
                fix = Fix(f"replace with `{suggestion}`", (replace(path, suggestion),))
            yield Finding(path, f"`{currency}` is not a currency of ISO 4217", data, hint, fix)


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
        if gross in amounts and net in amounts and 0 <= amounts[gross] < amounts[net]:
            message = f"`{gross}`, with tax and shipping, is less than `{net}`, without them"
            hint = f"check whether `{gross}` and `{net}` are swapped"
            yield Finding((gross,), message, {"property": gross, "other": net}, hint)


@rule(
    "TC414",
    "several currencies in one event",
    source=f"{_TABLES}#L2674; K051",
    events=has_money,
    needs=has_odd_currencies,
)
def several_currencies(event: RuleContext) -> Iterator[Finding]:
    """A product has another currency than its event, or than the first product if the event has none.

    The currency of a product overrides that of the event, but the platform does not support several in one event: its
    totals mix currencies.

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
    for path, currency in iter_currencies(event):
        first = first or currency
        if currency != first:
            message = f"the currency of the product is `{currency}`, that of the event is `{first}`"
            hint = "convert the amounts, or send one event per currency"
            yield Finding(path, message, {"expected": first, "actual": currency}, hint)


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
