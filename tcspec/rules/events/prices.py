"""The money of an event as rules see it: its amounts, lines and currencies, as far as the catalogue knows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tcspec.contract.schemas import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import Path, RuleContext

_AMOUNT = re.compile(r"(?:.+_)?(?:value|revenue|amount|price|discount)")
_SHAPE = re.compile("[A-Z]{3}")


def is_number(value: object) -> bool:
    """Tell whether a value is a JSON number: not `true`."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def lines(event: RuleContext) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Give the items of an event whose table has items, with their paths; those of custom events are left out."""
    if event.entry(("items",)).get("object"):
        yield from event.items()


def products(event: RuleContext) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Give the products of the items, with their paths."""
    for path, item in lines(event):
        product = item.get("product")
        if isinstance(product, dict):
            yield (*path, "product"), product


def numbers(event: RuleContext) -> Iterator[tuple[Path, float]]:
    """Give every number that the catalogue knows at the root, in the items and in their products, with its path."""
    objects = load_catalogue()["objects"]
    yield from _known(event.event.get("properties", {}), (), event.payload)
    for path, item in lines(event):
        yield from _known(objects["Item"]["properties"], path, item)
    for path, product in products(event):
        yield from _known(objects["Product"]["properties"], path, product)


def is_amount(name: str) -> bool:
    """Tell whether a numeric property is a sum of money, as its name says."""
    return bool(_AMOUNT.fullmatch(name))


def amounts(event: RuleContext) -> dict[str, float]:
    """Give the sums of money at the root of an event that the catalogue knows."""
    known = event.event.get("properties", {})
    return {str(path[-1]): value for path, value in _known(known, (), event.payload) if is_amount(str(path[-1]))}


def currency_in(holder: Mapping[str, Any]) -> str | None:
    """Give the currency that an object names; None when it has none, or one that the contract refuses."""
    currency = holder.get("currency")
    return currency if isinstance(currency, str) and _SHAPE.fullmatch(currency) else None


def currencies(event: RuleContext) -> Iterator[tuple[Path, str]]:
    """Give the currencies of an event and of its products, with their paths; custom ones are left out."""
    own = currency_in(event.payload)
    if own and event.entry(("currency",)):
        yield ("currency",), own
    for path, product in products(event):
        if given := currency_in(product):
            yield (*path, "currency"), given


def _known(known: Mapping[str, Mapping[str, Any]], path: Path, held: Mapping[str, Any]) -> Iterator[tuple[Path, float]]:
    for name, value in held.items():
        if is_number(value) and known.get(name, {}).get("type") == "number":
            yield (*path, name), value
