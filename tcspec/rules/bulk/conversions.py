"""Rules on conversions: addresses, consent, status, lines, and whether quantities and amounts add up."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tcspec.contract.currencies import currency_of
from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Fix, Severity
from tcspec.jsontext.pointer import join
from tcspec.rules.bulk.properties import PAGE, iter_known_properties
from tcspec.rules.context import find_duplicate_ids
from tcspec.rules.decimals import format_number, to_decimal
from tcspec.rules.fixes.offers import replace
from tcspec.rules.iso_codes import COUNTRIES
from tcspec.rules.rule import SAFE, Finding, rule
from tcspec.size import ITEMS_A_REQUEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.rules.context import Path, RuleContext

_KINDS = ("conversion",)
_ALPHA_2 = re.compile("[A-Z]{2}")
_SEPARATORS = re.compile(r"[\s,;|]+")
_CONSENT: Path = ("user", "consent_categories")
_MAX_ROUNDING = Decimal("0.01")
"""How much an amount may differ because it was rounded."""


@rule("TC820", "calculated property is sent", Severity.INFO, source=f"{PAGE}; K100", kinds=_KINDS)
def read_only_property(conversion: RuleContext) -> Iterator[Finding]:
    """A property is read-only, because the platform calculates it.

    Its value is ignored, though every example of the vendor sends it. A correction of nothing but this property has no
    effect.

    Bad:

        {"id": "T-42", "final_quantity": 5, "conversion_items": [{"id": "L1", "original_quantity": 5}]}

    Good:

        {"id": "T-42", "conversion_items": [{"id": "L1", "original_quantity": 5}]}
    """
    for known in iter_known_properties(conversion):
        if known.spec.get("access") == "read-only":
            message = f"`{known.name}` is calculated by the platform, its value is ignored"
            yield Finding(known.path, message, {"property": known.name})


@rule("TC823", "address without full_address", source=f"{PAGE}; K097", kinds=_KINDS)
def no_full_address(conversion: RuleContext) -> Iterator[Finding]:
    """The `full_address` of an address is missing or null.

    The interface description requires it, but the page calls it optional and shows null. A consumer of the former
    refuses the conversion, or prints an empty label.

    Bad:

        {"id": "T-42", "shipping_address": {"locality": "Lausanne", "full_address": null}}

    Good:

        {"id": "T-42", "shipping_address": {"locality": "Lausanne", "full_address": "Quai du Lac 3, 1006 Lausanne"}}
    """
    for known in iter_known_properties(conversion):
        if known.spec.get("object") != "Address" or not isinstance(known.value, dict):
            continue
        data = {"property": "full_address", "expected": "a string"}
        if "full_address" not in known.value:
            yield Finding(known.path, f"missing `full_address` in `{known.name}`", data)
        elif known.value["full_address"] is None:
            message = f"`full_address` is null in `{known.name}`"
            yield Finding((*known.path, "full_address"), message, data | {"actual": "null"})


@rule("TC824", "country is not a two-letter code of ISO 3166-1", source=f"{PAGE}; K098", kinds=_KINDS, fix=SAFE)
def country_not_alpha_2(conversion: RuleContext) -> Iterator[Finding]:
    """An `iso_country_code` is not the code of a country in two capital letters.

    The page names the standard but not which of its codes; the example has two letters, and `country_code` has three.
    Carriers and tax rules look up the country by this code.

    Bad:

        {"id": "T-42", "shipping_address": {"iso_country_code": "CHE", "full_address": "Quai du Lac 3, 1006 Lausanne"}}

    Good:

        {"id": "T-42", "shipping_address": {"iso_country_code": "CH", "full_address": "Quai du Lac 3, 1006 Lausanne"}}
    """
    for known in iter_known_properties(conversion):
        value = known.value
        is_code = known.spec.get("format") == "iso3166-1-alpha2" and isinstance(value, str)
        # A blank string has a rule of its own.
        if not is_code or not value.strip() or _is_country(value):
            continue
        fix, code = None, value.strip().upper()
        # Only ASCII: some other letters have capitals in it, as the dotless i.
        if value.isascii() and _is_country(code):
            fix = Fix("use capital letters", (replace(known.path, code),), is_safe=True)
        message = f"`{known.name}` is not a two-letter code of ISO 3166-1"
        yield Finding(known.path, message, {"property": known.name, "expected": "two capital letters"}, fix=fix)


@rule("TC827", "consent categories are one string", source=f"{PAGE}; K096", kinds=_KINDS, fix=SAFE)
def consent_as_string(conversion: RuleContext) -> Iterator[Finding]:
    """The consent categories of a conversion are a string.

    The table of the page has a string, its example an array, and events have arrays. The string "1,3" is one category
    that nobody has, so the conversion reaches no destination that requires consent.

    Bad:

        {"id": "T-42", "user": {"email": "ada@shop.example", "consent_categories": "1,3"}}

    Good:

        {"id": "T-42", "user": {"email": "ada@shop.example", "consent_categories": ["1", "3"]}}
    """
    value = conversion.at(*_CONSENT)
    if not isinstance(value, str):
        return
    fix = None
    categories = [part for part in _SEPARATORS.split(value) if part]
    if categories:
        # Safe for one category only: what separates may belong to a name.
        fix = Fix("write the categories as an array", (replace(_CONSENT, categories),), categories == [value])
    data = {"property": _CONSENT[-1], "expected": "an array of strings", "actual": "a string"}
    yield Finding(_CONSENT, "expected an array of strings, got a string", data, fix=fix)


@rule("TC828", "duplicate line id", source=f"{PAGE}; K101", kinds=_KINDS)
def duplicate_line(conversion: RuleContext) -> Iterator[Finding]:
    """A line has the same id as an earlier line.

    Lines are identified by their ids, and merged when the conversion is sent again: of two lines with the same id, one
    is lost. The vendor's own example has such lines.

    Bad:

        {"id": "T-42", "conversion_items": [{"id": "L1", "product": {"id": "SKU-4711"}},
                                            {"id": "L1", "product": {"id": "SKU-4712"}}]}

    Good:

        {"id": "T-42", "conversion_items": [{"id": "L1", "product": {"id": "SKU-4711"}},
                                            {"id": "L2", "product": {"id": "SKU-4712"}}]}
    """
    for path, first in find_duplicate_ids(conversion.iter_items()):
        yield Finding(path, f"the line at {join(first)} has the same id", {"property": "id"})


@rule("TC829", "conversion has more lines than the documented maximum", source=f"{PAGE}; K102", kinds=_KINDS)
def many_lines(conversion: RuleContext) -> Iterator[Finding]:
    """A conversion has more than 150 lines.

    The page gives this maximum but not what happens to more: they may be refused, or silently truncated.

    Bad:

        {"id": "T-42", "conversion_items": [151 items]}

    Good:

        {"id": "T-42", "conversion_items": [3 items]}
    """
    lines = conversion.at("conversion_items")
    if isinstance(lines, list) and len(lines) > ITEMS_A_REQUEST:
        expected, actual = f"at most {ITEMS_A_REQUEST}", f"{len(lines):,}"
        data = {"property": "conversion_items", "expected": expected, "actual": actual}
        yield Finding(("conversion_items",), f"expected {expected} lines, got {actual}", data)


@rule("TC830", "product in another currency than its conversion", source=f"{PAGE}; K113", kinds=_KINDS)
def other_currency(conversion: RuleContext) -> Iterator[Finding]:
    """The currency of a product is not that of the conversion.

    A conversion has one currency, and its amounts are added up in it, whatever the currency of a price is.

    Bad:

        {"id": "T-42", "currency": "EUR",
         "conversion_items": [{"id": "L1", "product": {"id": "SKU-4711", "price": 119.9, "currency": "CHF"}}]}

    Good:

        {"id": "T-42", "currency": "EUR",
         "conversion_items": [{"id": "L1", "product": {"id": "SKU-4711", "price": 119.9, "currency": "EUR"}}]}
    """
    currency = currency_of(conversion.value)
    for path, line in conversion.iter_items():
        product = line.get("product")
        other = currency_of(product) if isinstance(product, dict) else None
        if currency and other and other != currency:
            message = "the currency of the product is not that of the conversion"
            yield Finding((*path, "product", "currency"), message, {"property": "currency"}, "convert the price")


@rule("TC831", "calculated value does not match its formula", Severity.INFO, source=f"{PAGE}; K100", kinds=_KINDS)
def wrong_result(conversion: RuleContext) -> Iterator[Finding]:
    """A final quantity or amount is not the result of the formula on the page.

    The final value is the original one minus what was cancelled, returned and exchanged. If the four values contradict
    each other, reports on the same conversion differ. A difference of one cent is rounding.

    Bad:

        {"id": "T-42", "conversion_items": [
            {"id": "L1", "original_quantity": 5, "returned_quantity": 1, "final_quantity": 5}]}

    Good:

        {"id": "T-42", "conversion_items": [
            {"id": "L1", "original_quantity": 5, "returned_quantity": 1, "final_quantity": 4}]}
    """
    for known in iter_known_properties(conversion):
        formula, value = known.spec.get("formula"), to_decimal(known.value)
        if formula is None or value is None:
            continue
        owner = conversion.at(*known.path[:-1])
        terms = [_number_of(owner, known.owner, name) for name in formula.split(" - ")]
        numbers = [term for term in terms if term is not None]
        # Without one of its terms the result cannot be known.
        if len(numbers) < len(terms):
            continue
        result = numbers[0] - sum(numbers[1:], Decimal(0))
        if abs(result - value) > _MAX_ROUNDING:
            expected, actual = format_number(result), format_number(value)
            message = f"`{known.name}` is {actual}, but {formula} is {expected}"
            yield Finding(known.path, message, {"property": known.name, "expected": expected, "actual": actual})


@rule("TC833", "calculated total does not match the lines", Severity.INFO, source=f"{PAGE}; K100", kinds=_KINDS)
def wrong_total(conversion: RuleContext) -> Iterator[Finding]:
    """A quantity of a conversion is not the sum of the quantities of its lines.

    The platform adds up the lines and ignores the value, so reports and the sender's own books differ. Perhaps a line
    is missing.

    Bad:

        {"id": "T-42", "original_quantity": 7, "conversion_items": [{"id": "L1", "original_quantity": 5}]}

    Good:

        {"id": "T-42", "original_quantity": 5, "conversion_items": [{"id": "L1", "original_quantity": 5}]}
    """
    lines = conversion.at("conversion_items")
    for known in iter_known_properties(conversion):
        value = to_decimal(known.value)
        is_sum = known.spec.get("calculated") and "formula" not in known.spec
        if not is_sum or value is None or not isinstance(lines, list):
            continue
        terms = [_number_of(line, "ConversionItem", known.name) for line in lines]
        numbers = [term for term in terms if term is not None]
        total = sum(numbers, Decimal(0))
        if len(numbers) == len(terms) and abs(total - value) > _MAX_ROUNDING:
            expected, actual = format_number(total), format_number(value)
            message = f"`{known.name}` is {actual}, but the sum of the lines is {expected}"
            yield Finding(known.path, message, {"property": known.name, "expected": expected, "actual": actual})


@rule("TC834", "status is pending", source=f"{PAGE}; K061", kinds=_KINDS)
def pending_status(conversion: RuleContext) -> Iterator[Finding]:
    """The status of a conversion is `pending`.

    The page lists this status, but the interface description does not, and a server that follows it refuses the
    conversion. `pending_shipment` and `in_progress` are in both.

    Bad:

        {"id": "T-42", "status": "pending"}

    Good:

        {"id": "T-42", "status": "pending_shipment"}
    """
    if conversion.at("status") == "pending":
        message = "`pending` is only on one of the vendor's two lists of statuses"
        yield Finding(("status",), message, {"property": "status"}, "use `pending_shipment` or `in_progress`")


def _is_country(code: str) -> bool:
    # The list has the codes of three letters too.
    return bool(_ALPHA_2.fullmatch(code)) and code in COUNTRIES


def _number_of(owner: Any, kind: str, name: str) -> Decimal | None:  # noqa: ANN401 - any JSON value
    """Return a number of an object, or its default if it is absent; None when there is none."""
    if not isinstance(owner, dict):
        return None
    spec: Mapping[str, Any] = load_catalogue()["objects"][kind]["properties"].get(name, {})
    return to_decimal(owner.get(name, spec.get("default")))
