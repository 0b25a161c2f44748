"""Rules on conversions."""

from __future__ import annotations

import pytest

from tcspec.errors import Severity
from tcspec.rules.linting import lint


def find(payload, *select):
    """Return the codes and pointers of the violations."""
    return [(violation.code, violation.pointer) for violation in lint(payload, kind="conversion", select=select)]


@pytest.mark.parametrize(
    "odd", [None, 1, "L1", {}, [None], [[]], ["L1", "L1"], [{"id": 1}, {"id": 1}], [{"product": 1}]]
)
def test_lines_of_wrong_types(odd):
    """Lines, ids and products of wrong types are left to the contract."""
    assert find({"currency": "EUR", "conversion_items": odd}, "TC82", "TC83") == []


def test_currency_of_a_wrong_type():
    """A currency that is not a string is left to the contract."""
    lines = [{"id": "L1", "product": {"id": "SKU-4711", "currency": "EUR"}}]
    assert find({"currency": None, "conversion_items": lines}, "TC830") == []
    assert find({"conversion_items": lines}, "TC830") == []
    # What is no currency has a violation of its own.
    assert find({"currency": "eur", "conversion_items": lines}, "TC830") == []
    assert find({"currency": "", "conversion_items": lines}, "TC830") == []


@pytest.mark.parametrize("odd", ["5", None, True, [5], {}])
def test_terms_of_wrong_types(odd):
    """Nothing is calculated if a term of a formula is not a number."""
    line = {"original_quantity": 5, "cancelled_quantity": odd, "final_quantity": 9}
    assert find({"cancelled_quantity": 3, "conversion_items": [line]}, "TC831", "TC833") == []
    line = {"original_quantity": 5, "final_quantity": odd}
    assert find({"original_quantity": odd, "conversion_items": [line]}, "TC831", "TC833") == []


def test_decimals_are_exact():
    """Amounts are calculated in decimals, and one cent is rounding."""
    line = {"original_amount": 0.3, "cancelled_amount": 0.1, "returned_amount": 0.1, "exchanged_amount": 0}
    assert find({"conversion_items": [line | {"final_amount": 0.1}]}, "TC831") == []
    assert find({"conversion_items": [line | {"final_amount": 0.11}]}, "TC831") == []
    assert len(find({"conversion_items": [line | {"final_amount": 0.12}]}, "TC831")) == 1


def test_defaults_of_absent_terms():
    """A missing quantity of a line counts as 0; a missing amount is unknown."""
    assert len(find({"conversion_items": [{"original_quantity": 5, "final_quantity": 4}]}, "TC831")) == 1
    assert find({"conversion_items": [{"original_amount": 5, "final_amount": 4}]}, "TC831") == []
    assert find({"original_quantity": 5, "final_quantity": 4, "conversion_items": []}, "TC831") == []


def test_later_lines_are_checked():
    """A line without an id, or a formula with an unknown term, does not stop the check."""
    lines = [{"id": 1}, {"id": "L1"}, {"id": "L1"}]
    assert find({"conversion_items": lines}, "TC828") == [("TC828", "/conversion_items/2/id")]
    amounts = {"original_amount": 5, "cancelled_amount": 0, "returned_amount": 0, "exchanged_amount": 0}
    odd = {"original_quantity": "5", "final_quantity": 4, **amounts, "final_amount": 4}
    assert find({"conversion_items": [odd]}, "TC831") == [("TC831", "/conversion_items/0/final_amount")]
    odd = {"original_quantity": 5, "final_quantity": 4, "original_amount": "5", "final_amount": 4}
    assert find({"conversion_items": [odd]}, "TC831") == [("TC831", "/conversion_items/0/final_quantity")]


def test_formula_instead_of_total():
    """A value with a formula is not compared with the lines; one cent is rounding."""
    assert find({"final_quantity": 9, "conversion_items": [{"final_quantity": 4}]}, "TC833") == []
    assert find({"original_quantity": 1.01, "conversion_items": [{"original_quantity": 1}]}, "TC833") == []


def test_totals_without_lines():
    """Without lines, or with a line that is not an object, no total is calculated."""
    assert find({"original_quantity": 5}, "TC833") == []
    assert find({"original_quantity": 5, "conversion_items": [{"original_quantity": 1}, 7]}, "TC833") == []
    assert find({"original_quantity": 5, "conversion_items": []}, "TC833") == [("TC833", "/original_quantity")]


def test_huge_numbers():
    """Numbers of any size are calculated with."""
    line = {"original_quantity": 10**400, "final_quantity": -1.5e308}
    [violation] = lint({"conversion_items": [line]}, kind="conversion", select=["TC831"])
    assert violation.severity is Severity.INFO
    assert violation.data["expected"] == "a number of more than 20 digits"


def test_ids_are_not_shown():
    """A duplicate id is reported with the pointer of the first line that has it."""
    lines = [{"id": "secret"}, {"id": "L2"}, {"id": "secret"}]
    [violation] = lint({"conversion_items": lines}, kind="conversion", select=["TC828"])
    assert violation.message == "the line at /conversion_items/0 has the same id"


def find_in_address(payload, select=("TC823", "TC824", "TC827")):
    """Return the codes and pointers of the violations."""
    return [(violation.code, violation.pointer) for violation in lint(payload, kind="conversion", select=select)]


@pytest.mark.parametrize("odd", [None, 1, "Lausanne", [], [{}]])
def test_addresses_of_wrong_types(odd):
    """An address that is not an object is left to the contract."""
    assert find_in_address({"shipping_address": odd}) == []


@pytest.mark.parametrize("odd", [1, [], {}, True])
def test_members_of_wrong_types(odd):
    """An address, country or consent of a wrong type is left to the contract."""
    address = {"full_address": odd, "iso_country_code": odd}
    assert find_in_address({"shipping_address": address, "user": {"consent_categories": odd if odd != {} else 1}}) == []


def test_address_is_not_shown():
    """The messages do not show the address."""
    address = {"full_address": None, "locality": "Lausanne", "iso_country_code": "Switzerland"}
    violations = lint({"shipping_address": address}, kind="conversion", select=["TC823", "TC824"])
    assert [violation.code for violation in violations] == ["TC823", "TC824"]
    assert not {"Lausanne", "Switzerland"} & set(repr(violations).replace("'", " ").split())


@pytest.mark.parametrize(("code", "fixed"), [("ch", "CH"), (" Ch ", "CH"), ("zz", None), ("che", None), ("ﬁ", None)])
def test_fix_of_a_country(code, fixed):
    """A code in lower case has a fix if the country exists."""
    [violation] = lint({"billing_address": {"iso_country_code": code}}, kind="conversion", select=["TC824"])
    assert (violation.fix.patch[0]["value"] if violation.fix else None) == fixed


@pytest.mark.parametrize(
    ("text", "fixed", "safe"),
    [("1", ["1"], True), ("1,3", ["1", "3"], False), ("1; 3|4", ["1", "3", "4"], False), (" ", None, None)],
)
def test_fix_of_consent(text, fixed, safe):
    """One category becomes an array of one, which is safe; splitting several is not."""
    [violation] = lint({"user": {"consent_categories": text}}, kind="conversion", select=["TC827"])
    assert (violation.fix.patch[0]["value"] if violation.fix else None) == fixed
    assert (violation.fix.is_safe if violation.fix else None) is safe
