"""Rules on products, alone and inside conversions, and on the currency of either."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tcspec.errors import Fix, Severity
from tcspec.rules.bulk.known import known_properties
from tcspec.rules.context import pointer
from tcspec.rules.currencies import CURRENCIES
from tcspec.rules.rule import SAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.bulk.known import Known
    from tcspec.rules.context import RuleContext

_PAGE = "features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md"
_BULK = ("product", "conversion")
_CURRENCY = re.compile("[A-Z]{3}")
_GTIN = re.compile("[0-9]{8,14}")
_SPACED = re.compile("[0-9]+(?:[ -][0-9]+)+")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?[eE][+]?[0-9]{1,2}")


@rule("TC825", "a gtin is no number of an article", source=f"{_PAGE}; K109", kinds=_BULK, fix=SAFE)
def wrong_gtin(subject: RuleContext) -> Iterator[Finding]:
    """Tell a gtin that has not 8 to 14 digits.

    UPC, EAN, JAN and ISBN numbers have 8 to 13 digits, the newer GTIN 14. Shopping destinations match products by
    it, and drop what matches none. When it came as 1.35E+17, a spreadsheet has destroyed it: export the column as text.

    Bad:

        {"id": "SKU-4711", "gtin": "4.00638E+12"}

    Good:

        {"id": "SKU-4711", "gtin": "4006381333931"}
    """
    for known in known_properties(subject):
        if known.entry.get("format") == "gtin" and isinstance(known.value, str):
            yield from _gtin(known, known.value)


def _gtin(known: Known, value: str) -> Iterator[Finding]:
    if _GTIN.fullmatch(value) or not value.strip():
        return
    where, fix = pointer(*known.path), None
    data = {"property": known.name, "expected": "8 to 14 digits", "actual": "other text"}
    if _SCIENTIFIC.fullmatch(value):
        message = "a spreadsheet wrote the number in scientific notation, and its last digits are lost"
        yield Finding(where, message, data, "take it from the source again, as text")
        return
    digits = re.sub("[ -]", "", value)
    if _SPACED.fullmatch(value) and _GTIN.fullmatch(digits):
        patch = {"op": "replace", "path": where, "value": digits}
        fix = Fix("write the digits without what separates them", (patch,), is_safe=True)
    if value.isascii() and value.isdigit():
        data["actual"] = f"{len(value)} digits"
    yield Finding(where, f"expected 8 to 14 digits, found {data['actual']}", data, fix=fix)


@rule(
    "TC826", "a product is for nobody on the list", Severity.INFO, source=f"{_PAGE}; K025, K111", kinds=_BULK, fix=SAFE
)
def unlisted_value(subject: RuleContext) -> Iterator[Finding]:
    """Tell a gender of a product that is not on the list of the page.

    One document has a list, the other takes any text; events have letters of their own. Filters and feeds are built on
    the list, and products beside it are in none of them.

    Bad:

        {"id": "SKU-4711", "gender": "Female"}

    Good:

        {"id": "SKU-4711", "gender": "female"}
    """
    for known in known_properties(subject):
        listed, value = known.entry.get("recommended"), known.value
        if not listed or not isinstance(value, str) or not value.strip() or value in listed:
            continue
        where, word = pointer(*known.path), value.strip().lower()
        data = {"property": known.name, "expected": ", ".join(listed), "actual": "other text"}
        meant = [name for name in listed if name.startswith(word)]
        fix = None
        if len(meant) == 1:
            patch = {"op": "replace", "path": where, "value": meant[0]}
            fix = Fix(f"write {meant[0]}", (patch,), is_safe=word == meant[0])
        yield Finding(where, f"`{known.name}` is none of {', '.join(listed)}", data, fix=fix)


@rule("TC832", "a currency does not exist", source=f"{_PAGE}; K112", kinds=_BULK)
def unknown_currency(subject: RuleContext) -> Iterator[Finding]:
    """Tell a currency of three capital letters that ISO 4217 does not have.

    The shape is all that the contract asks. An amount in a currency that does not exist cannot be converted, and is
    missing in every total.

    Bad:

        {"id": "SKU-4711", "price": 119.9, "currency": "EUO"}

    Good:

        {"id": "SKU-4711", "price": 119.9, "currency": "EUR"}
    """
    for known in known_properties(subject):
        is_code = known.entry.get("format") == "iso4217" and isinstance(known.value, str)
        if is_code and _CURRENCY.fullmatch(known.value) and known.value not in CURRENCIES:
            data = {"property": known.name, "expected": "a currency of ISO 4217", "actual": known.value}
            yield Finding(pointer(*known.path), f"{known.value} is no currency of ISO 4217", data)
