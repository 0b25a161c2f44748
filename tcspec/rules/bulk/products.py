"""Rules on products, also inside conversions, and on strings and currencies of either."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tcspec.contract.currencies import CURRENCIES
from tcspec.errors import Basis, Fix, Severity
from tcspec.rules.bulk.properties import PAGE, iter_known_properties, max_length
from tcspec.rules.fixes.offers import replace
from tcspec.rules.placeholders import PLACEHOLDER_HINT, describe_placeholder
from tcspec.rules.rule import SAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.bulk.properties import KnownProperty
    from tcspec.rules.context import RuleContext

_KINDS = ("product", "conversion")
_CURRENCY = re.compile("[A-Z]{3}")
_GTIN = re.compile("[0-9]{8,14}")
_SPACED = re.compile(r"\s*[0-9]+(?:[ -][0-9]+)*\s*")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?[eE][+]?[0-9]{1,2}")


@rule("TC821", "string exceeds the smaller of two documented limits", source=f"{PAGE}; K092", kinds=_KINDS)
def long_string(payload: RuleContext) -> Iterator[Finding]:
    """A string is shorter than one documented limit, but longer than the other.

    The page and the interface description of the vendor differ by five characters. A string between the two may be
    accepted, truncated, or refused with the whole object.

    Bad:

        {"id": "SKU-4711", "brand": "[251 characters]"}

    Good:

        {"id": "SKU-4711", "brand": "Northwind"}
    """
    for known in iter_known_properties(payload):
        safe, length = known.spec.get("max_length"), len(known.value) if isinstance(known.value, str) else 0
        if safe is None or length <= safe:
            continue
        # Beyond the larger limit it is an error of the contract.
        limit = max_length(payload.version, known.owner, known.name)
        if limit is None or length <= limit:
            data = {"property": known.name, "expected": f"at most {safe} characters", "actual": f"{length} characters"}
            message = f"`{known.name}` has {length} characters, but one document of the vendor allows {safe}"
            yield Finding(known.path, message, data)


@rule("TC822", "empty string", source=f"{PAGE}; K093", kinds=_KINDS)
def empty_string(payload: RuleContext) -> Iterator[Finding]:
    """A string is empty or blank where the page requires at least one character.

    The object is merged into the stored one, so an empty string may replace a value. Leave out what is unknown.

    Bad:

        {"id": "SKU-4711", "name": "", "price": 119.9}

    Good:

        {"id": "SKU-4711", "price": 119.9}
    """
    for known in iter_known_properties(payload):
        if known.spec.get("min_length") and isinstance(known.value, str) and not known.value.strip():
            actual = "a blank" if known.value else "an empty"
            data = {"property": known.name, "expected": "a string", "actual": f"{actual} string"}
            yield Finding(known.path, f"`{known.name}` is {actual} string: leave it out if it is unknown", data)


@rule(
    "TC835",
    "placeholder in a product, conversion or user",
    basis=Basis.INFERRED,
    source=PAGE,
    kinds=(*_KINDS, "user"),
)
def placeholder(payload: RuleContext) -> Iterator[Finding]:
    """A string is what a program writes where it has no value, such as `undefined`.

    Objects are merged by their ids: all those whose id is `undefined` become one.

    Bad:

        {"id": "undefined", "name": "Trail shoe Arolla"}

    Good:

        {"id": "SKU-4711", "name": "Trail shoe Arolla"}
    """
    for known in iter_known_properties(payload):
        # A blank string has a rule of its own.
        if isinstance(known.value, str) and known.value.strip():
            found = describe_placeholder(known.name, known.value, known.spec)
            if found:
                yield Finding(known.path, f"`{known.name}` is {found}", {"property": known.name}, PLACEHOLDER_HINT)


@rule("TC825", "gtin is not 8 to 14 digits", source=f"{PAGE}; K109", kinds=_KINDS, fix=SAFE)
def wrong_gtin(payload: RuleContext) -> Iterator[Finding]:
    """A gtin does not consist of 8 to 14 digits.

    UPC, EAN, JAN and ISBN numbers have 8 to 13 digits, a GTIN has up to 14. Shopping destinations match products by it
    and drop the others. A number such as 1.35E+17 was destroyed by a spreadsheet: export the column as text.

    Bad:

        {"id": "SKU-4711", "gtin": "4.00638E+12"}

    Good:

        {"id": "SKU-4711", "gtin": "4006381333931"}
    """
    for known in iter_known_properties(payload):
        if known.spec.get("format") == "gtin" and isinstance(known.value, str):
            yield from _check_gtin(known, known.value)


@rule(
    "TC826",
    "gender of a product is not on the list",
    Severity.INFO,
    source=f"{PAGE}; K025, K111",
    kinds=_KINDS,
    fix=SAFE,
)
def unlisted_gender(payload: RuleContext) -> Iterator[Finding]:
    """The gender of a product is not on the list of the page.

    One document has a list, the other accepts any string; events have letters instead. Filters and feeds use the list,
    and skip products with other values.

    Bad:

        {"id": "SKU-4711", "gender": "Female"}

    Good:

        {"id": "SKU-4711", "gender": "female"}
    """
    for known in iter_known_properties(payload):
        listed, value = known.spec.get("recommended"), known.value
        if not listed or not isinstance(value, str) or not value.strip() or value in listed:
            continue
        word = value.strip().lower()
        # The beginning of one word only, such as the `f` that events have (K025); it is no safe fix.
        matches = [name for name in listed if name.startswith(word)]
        fix = None
        if len(matches) == 1:
            (match,) = matches
            fix = Fix(f"replace with `{match}`", (replace(known.path, match),), word == match)
        expected = ", ".join(listed)
        data = {"property": known.name, "expected": expected, "actual": "another string"}
        yield Finding(known.path, f"expected one of {expected}; got another string", data, fix=fix)


@rule("TC832", "currency of a product or conversion is not in ISO 4217", source=f"{PAGE}; K112", kinds=_KINDS)
def unknown_currency(payload: RuleContext) -> Iterator[Finding]:
    """A currency has three capital letters, but is not in ISO 4217.

    The contract only requires the form. An amount in a currency that does not exist cannot be converted, and is missing
    in all totals.

    Bad:

        {"id": "SKU-4711", "price": 119.9, "currency": "EUO"}

    Good:

        {"id": "SKU-4711", "price": 119.9, "currency": "EUR"}
    """
    for known in iter_known_properties(payload):
        is_code = known.spec.get("format") == "iso4217" and isinstance(known.value, str)
        if is_code and _CURRENCY.fullmatch(known.value) and known.value not in CURRENCIES:
            data = {"property": known.name, "expected": "a currency of ISO 4217", "actual": known.value}
            yield Finding(known.path, f"`{known.value}` is not a currency of ISO 4217", data)


def _check_gtin(known: KnownProperty, value: str) -> Iterator[Finding]:
    if _GTIN.fullmatch(value) or not value.strip():
        return
    data = {"property": known.name, "expected": "8 to 14 digits", "actual": "another string"}
    # As in the vendor's template for CSV, which has 1.35E+17 (K109).
    if _SCIENTIFIC.fullmatch(value):
        message = "`gtin` is in scientific notation: a spreadsheet removed its last digits"
        yield Finding(known.path, message, data, "export it again, as text")
        return
    fix = None
    digits = re.sub(r"[\s-]", "", value)
    if _SPACED.fullmatch(value) and _GTIN.fullmatch(digits):
        fix = Fix("remove the separators", (replace(known.path, digits),), is_safe=True)
    if value.isascii() and value.isdigit():
        data["actual"] = f"{len(value)} digits"
    yield Finding(known.path, f"expected 8 to 14 digits, got {data['actual']}", data, fix=fix)
