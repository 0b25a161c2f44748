"""Rules on addresses and consent of a conversion."""

from __future__ import annotations

import pytest

from tcspec.rules.linting import lint


def found(payload, select=("TC823", "TC824", "TC827")):
    """Give codes and pointers of what the rules find."""
    return [(violation.code, violation.pointer) for violation in lint(payload, kind="conversion", select=select)]


@pytest.mark.parametrize("odd", [None, 1, "Lausanne", [], [{}]])
def test_addresses_of_wrong_types(odd):
    """An address that is no object is the contract's to tell."""
    assert found({"shipping_address": odd}) == []


@pytest.mark.parametrize("odd", [1, [], {}, True])
def test_members_of_wrong_types(odd):
    """A whole address, country or consent of a wrong type is the contract's to tell."""
    address = {"full_address": odd, "iso_country_code": odd}
    assert found({"shipping_address": address, "user": {"consent_categories": odd if odd != {} else 1}}) == []


def test_nothing_personal_is_shown():
    """What is said of an address shows nothing of it."""
    address = {"full_address": None, "locality": "Lausanne", "iso_country_code": "Switzerland"}
    violations = lint({"shipping_address": address}, kind="conversion", select=["TC823", "TC824"])
    assert [violation.code for violation in violations] == ["TC823", "TC824"]
    assert not {"Lausanne", "Switzerland"} & set(repr(violations).replace("'", " ").split())


@pytest.mark.parametrize(("code", "fixed"), [("ch", "CH"), (" Ch ", "CH"), ("zz", None), ("che", None), ("ﬁ", None)])
def test_countries(code, fixed):
    """A code in small letters is mended when there is such a country."""
    [violation] = lint({"billing_address": {"iso_country_code": code}}, kind="conversion", select=["TC824"])
    assert (violation.fix.patch[0]["value"] if violation.fix else None) == fixed


@pytest.mark.parametrize(
    ("text", "fixed", "safe"),
    [("1", ["1"], True), ("1,3", ["1", "3"], False), ("1; 3|4", ["1", "3", "4"], False), (" ", None, None)],
)
def test_consent(text, fixed, safe):
    """One category becomes a list of one safely; where several stand in a text, it is a guess."""
    [violation] = lint({"user": {"consent_categories": text}}, kind="conversion", select=["TC827"])
    assert (violation.fix.patch[0]["value"] if violation.fix else None) == fixed
    assert (violation.fix.is_safe if violation.fix else None) is safe
