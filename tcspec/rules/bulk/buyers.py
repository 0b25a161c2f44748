"""Rules on the buyer of a conversion: addresses and consent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tcspec.errors import Fix
from tcspec.rules.bulk.known import known_properties
from tcspec.rules.context import pointer
from tcspec.rules.countries import COUNTRIES
from tcspec.rules.rule import SAFE, Finding, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.rules.context import RuleContext

_PAGE = "features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md"
_ALPHA_2 = re.compile("[A-Z]{2}")
_SEPARATORS = re.compile(r"[\s,;|]+")
_WHOLE, _CONSENT = "full_address", ("user", "consent_categories")


@rule("TC823", "an address is not given as a whole", source=f"{_PAGE}; K097", kinds=("conversion",))
def no_full_address(conversion: RuleContext) -> Iterator[Finding]:
    """Tell an address whose whole form is absent or null.

    The interface description asks for `full_address`, the page calls it optional and shows null. What goes by the
    former refuses the conversion, or prints an empty label.

    Bad:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "shipped",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "shipping_address": {"locality": "Lausanne", "full_address": null},
         "conversion_items": [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}}]}

    Good:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "shipped",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "shipping_address": {"locality": "Lausanne", "full_address": "Quai du Lac 3, 1006 Lausanne"},
         "conversion_items": [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}}]}
    """
    for known in known_properties(conversion):
        if known.entry.get("object") != "Address" or not isinstance(known.value, dict):
            continue
        data = {"property": _WHOLE, "expected": "text"}
        if _WHOLE not in known.value:
            yield Finding(pointer(*known.path), f"`{_WHOLE}` is missing in `{known.name}`", data)
        elif known.value[_WHOLE] is None:
            where = pointer(*known.path, _WHOLE)
            yield Finding(where, f"`{_WHOLE}` is null in `{known.name}`", data | {"actual": "null"})


@rule("TC824", "a country is not in two letters", source=f"{_PAGE}; K098", kinds=("conversion",), fix=SAFE)
def country_not_in_two_letters(conversion: RuleContext) -> Iterator[Finding]:
    """Tell an `iso_country_code` that is not the code of a country in two capital letters.

    The page names the standard without saying which of its codes; the example has two letters, and three letters stand
    in `country_code`. Carriers and tax rules look the country up by it.

    Bad:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "shipped",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "shipping_address": {"iso_country_code": "CHE", "full_address": "Quai du Lac 3, 1006 Lausanne"},
         "conversion_items": [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}}]}

    Good:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example"}, "type": "online", "status": "shipped",
         "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "shipping_address": {"iso_country_code": "CH", "full_address": "Quai du Lac 3, 1006 Lausanne"},
         "conversion_items": [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}}]}
    """
    for known in known_properties(conversion):
        value = known.value
        is_code = known.entry.get("format") == "iso3166-1-alpha2" and isinstance(value, str)
        if not is_code or not value.strip() or _is_country(value):
            continue
        where, fix, meant = pointer(*known.path), None, value.strip().upper()
        if value.isascii() and _is_country(meant):
            patch = {"op": "replace", "path": where, "value": meant}
            fix = Fix("write the code in capital letters", (patch,), is_safe=True)
        message = f"`{known.name}` is no country of ISO 3166-1 in two capital letters"
        yield Finding(where, message, {"property": known.name, "expected": "two capital letters"}, fix=fix)


def _is_country(code: str) -> bool:
    return bool(_ALPHA_2.fullmatch(code)) and code in COUNTRIES


@rule("TC827", "consent categories are one text", source=f"{_PAGE}; K096", kinds=("conversion",), fix=SAFE)
def consent_as_text(conversion: RuleContext) -> Iterator[Finding]:
    """Tell consent categories of a conversion that are a text.

    The table of the page has a text, the example a list, and events have lists. As a text, "1,3" is one category that
    nobody has, and the conversion goes to no destination that asks for consent.

    Bad:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example", "consent_categories": "1,3"},
         "type": "online", "status": "shipped", "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "conversion_items": [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}}]}

    Good:

        {"id": "T-2024-00042", "user": {"email": "ada@shop.example", "consent_categories": ["1", "3"]},
         "type": "online", "status": "shipped", "created": "2024-06-10T08:13:20+02:00", "currency": "EUR",
         "conversion_items": [{"id": "L1", "original_quantity": 5, "product": {"id": "SKU-4711"}}]}
    """
    value = conversion.at(*_CONSENT)
    if not isinstance(value, str):
        return
    where, fix = pointer(*_CONSENT), None
    categories = [part for part in _SEPARATORS.split(value) if part]
    if categories:
        patch = {"op": "replace", "path": where, "value": categories}
        fix = Fix("write the categories as a list", (patch,), is_safe=categories == [value])
    data = {"property": _CONSENT[-1], "expected": "a list of texts", "actual": "text"}
    yield Finding(where, "the categories are one text, not a list", data, fix=fix)
