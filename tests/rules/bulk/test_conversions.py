"""Rules on the lines of a conversion."""

from __future__ import annotations

import pytest

from tcspec.errors import Severity
from tcspec.rules.linting import lint


def found(payload, *select):
    """Give codes and pointers of what the rules find."""
    return [(violation.code, violation.pointer) for violation in lint(payload, kind="conversion", select=select)]


@pytest.mark.parametrize(
    "odd", [None, 1, "L1", {}, [None], [[]], ["L1", "L1"], [{"id": 1}, {"id": 1}], [{"product": 1}]]
)
def test_lines_of_wrong_types(odd):
    """Lines, ids and products of wrong types are the contract's to tell."""
    assert found({"currency": "EUR", "conversion_items": odd}, "TC82", "TC83") == []


def test_a_currency_of_a_wrong_type():
    """A currency that is no text is the contract's to tell."""
    lines = [{"id": "L1", "product": {"id": "SKU-4711", "currency": "EUR"}}]
    assert found({"currency": None, "conversion_items": lines}, "TC830") == []
    assert found({"conversion_items": lines}, "TC830") == []


@pytest.mark.parametrize("odd", ["5", None, True, [5], {}])
def test_terms_of_wrong_types(odd):
    """Where a term of a formula is no number, nothing is calculated."""
    line = {"original_quantity": 5, "cancelled_quantity": odd, "final_quantity": 9}
    assert found({"cancelled_quantity": 3, "conversion_items": [line]}, "TC831", "TC833") == []
    line = {"original_quantity": 5, "final_quantity": odd}
    assert found({"original_quantity": odd, "conversion_items": [line]}, "TC831", "TC833") == []


def test_decimals_are_exact():
    """Amounts are calculated in decimals, and a cent is rounding."""
    line = {"original_amount": 0.3, "cancelled_amount": 0.1, "returned_amount": 0.1, "exchanged_amount": 0}
    assert found({"conversion_items": [line | {"final_amount": 0.1}]}, "TC831") == []
    assert found({"conversion_items": [line | {"final_amount": 0.11}]}, "TC831") == []
    assert len(found({"conversion_items": [line | {"final_amount": 0.12}]}, "TC831")) == 1


def test_what_is_absent_counts_where_the_page_says_so():
    """An absent quantity of a line is none; an absent amount is unknown."""
    assert len(found({"conversion_items": [{"original_quantity": 5, "final_quantity": 4}]}, "TC831")) == 1
    assert found({"conversion_items": [{"original_amount": 5, "final_amount": 4}]}, "TC831") == []
    assert found({"original_quantity": 5, "final_quantity": 4, "conversion_items": []}, "TC831") == []


def test_what_is_unknown_does_not_hide_the_rest():
    """Where one line has no id, or one number does not follow from what is there, the others are still told."""
    lines = [{"id": 1}, {"id": "L1"}, {"id": "L1"}]
    assert found({"conversion_items": lines}, "TC828") == [("TC828", "/conversion_items/2/id")]
    amounts = {"original_amount": 5, "cancelled_amount": 0, "returned_amount": 0, "exchanged_amount": 0}
    odd = {"original_quantity": "5", "final_quantity": 4, **amounts, "final_amount": 4}
    assert found({"conversion_items": [odd]}, "TC831") == [("TC831", "/conversion_items/0/final_amount")]
    odd = {"original_quantity": 5, "final_quantity": 4, "original_amount": "5", "final_amount": 4}
    assert found({"conversion_items": [odd]}, "TC831") == [("TC831", "/conversion_items/0/final_quantity")]


def test_what_has_a_formula_is_no_total():
    """A number that has a formula is held against that, not against the lines; a cent is rounding in either."""
    assert found({"final_quantity": 9, "conversion_items": [{"final_quantity": 4}]}, "TC833") == []
    assert found({"original_quantity": 1.01, "conversion_items": [{"original_quantity": 1}]}, "TC833") == []


def test_totals_without_lines():
    """Without lines, or where one of them is no object, there is nothing to add up, or nothing is said."""
    assert found({"original_quantity": 5}, "TC833") == []
    assert found({"original_quantity": 5, "conversion_items": [{"original_quantity": 1}, 7]}, "TC833") == []
    assert found({"original_quantity": 5, "conversion_items": []}, "TC833") == [("TC833", "/original_quantity")]


def test_huge_numbers():
    """Numbers of any size are calculated with."""
    line = {"original_quantity": 10**400, "final_quantity": -1.5e308}
    [violation] = lint({"conversion_items": [line]}, kind="conversion", select=["TC831"])
    assert violation.severity is Severity.INFO
    assert violation.data["expected"] == "a number of more than 20 digits"


def test_ids_are_not_shown():
    """That an id is repeated is told by the place of the first line that has it."""
    lines = [{"id": "secret"}, {"id": "L2"}, {"id": "secret"}]
    [violation] = lint({"conversion_items": lines}, kind="conversion", select=["TC828"])
    assert violation.message == "the line at /conversion_items/0 has the same id"
