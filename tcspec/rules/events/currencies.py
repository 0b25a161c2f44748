"""Currencies of events, as far as the catalogue knows them, and the rules on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tcspec.contract.currencies import CURRENCIES, SUCCESSORS, currency_of, suggest_currency
from tcspec.errors import Fix
from tcspec.rules.events.amounts import has_items, root_amounts
from tcspec.rules.fixes.offers import add, replace
from tcspec.rules.rule import UNSAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import Path, RuleContext

_TABLES = "developers/tracking/events-reference/README.md"


def has_money(spec: Mapping[str, Any]) -> bool:
    """Return whether the catalogue has a currency, or items with currencies, for an event."""
    return "currency" in spec.get("properties", {}) or has_items(spec)


def has_odd_currencies(event: RuleContext) -> bool:
    """Return whether an event and its products have several currencies, or one that is not in ISO 4217."""
    values = (event.value.get("currency"), *[product.get("currency") for _, product in event.products])
    currencies = {value for value in values if isinstance(value, str)}
    return len(currencies) > 1 or not currencies <= CURRENCIES


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
    # Where its absence is an error, the contract reports it.
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
            owner = "event" if currency_of(event.value) else "first product"
            message = f"the currency of the product is `{currency}`, that of the {owner} is `{first}`"
            hint = "convert the amounts, or send one event per currency"
            yield Finding(path, message, {"expected": first, "actual": currency}, hint)
