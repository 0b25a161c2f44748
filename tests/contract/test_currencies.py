from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tcspec
from rule_fixes import SENT
from tcspec.contract.currencies import CURRENCIES, SUCCESSORS, suggest_currency


def of_currency(currency):
    """Return an event with a currency."""
    return {"event_name": "generate_lead", "value": 50, "currency": currency, **SENT}


def test_currencies():
    """The currencies are the active ones and those withdrawn since 2021, without codes that are no money."""
    assert all(re.fullmatch("[A-Z]{3}", code) for code in CURRENCIES)
    assert len(CURRENCIES) == 182
    assert {"EUR", "USD", "CHF", "JPY", "XOF", "XAF", "HRK", "BGN", "XCG"} <= CURRENCIES
    assert not {"XXX", "XTS", "DEM", "EUX"} & CURRENCIES


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *[("eur", "EUR"), (" Eur ", "EUR"), ("EUR ", "EUR"), ("\u20ac", "EUR"), ("Euro", "EUR"), ("EUROS", "EUR")],
        *[(978, "EUR"), ("978", "EUR"), (840, "USD"), (8, "ALL"), ("008", "ALL"), (756, "CHF"), (392, "JPY")],
        *[
            ("\u00a3", "GBP"),
            ("US$", "USD"),
            ("us $", "USD"),
            ("z\u0142", "PLN"),
            ("SFr.", "CHF"),
            ("RMB", "CNY"),
            ("cnh", "CNY"),
        ],
        *[
            (text, None)
            for text in ("$", "\u00a5", "", "null", "BTC", "GBX", "xyz", "XXX", "97", "9780", "FRF", 0, -978, 10**30)
        ],
    ],
)
def test_suggestions(value, expected):
    """A number, a symbol, a word or another case suggests the one currency that it is for."""
    assert suggest_currency(value) == expected


@given(st.one_of(st.text(max_size=5), st.integers(), st.sampled_from(sorted(CURRENCIES)).map(str.lower)))
def test_suggestions_are_valid(value):
    """What is suggested is a currency, and the fix makes the event valid and free of the violation."""
    assert suggest_currency(value) in {None, *CURRENCIES}
    for violation in tcspec.check(of_currency(value)):
        if violation.pointer == "/currency" and violation.fix and violation.fix.patch[0]["op"] == "replace":
            [operation] = violation.fix.patch
            assert not [each for each in tcspec.check(of_currency(operation["value"])) if each.pointer == "/currency"]


@pytest.mark.parametrize("code", SUCCESSORS)
def test_ended_currencies(code):
    """Of a currency that ended the hint names the one that replaced it; the amounts are others, so there is no fix."""
    assert code not in CURRENCIES
    [violation] = [each for each in tcspec.check(of_currency(code)) if each.pointer == "/currency"]
    assert violation.hint == f"it was replaced by `{SUCCESSORS[code]}`: convert the amounts"
    assert violation.fix is None
    assert SUCCESSORS[code] in CURRENCIES
