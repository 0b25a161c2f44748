from __future__ import annotations

import re

from tcspec.rules.iso_codes import COUNTRIES, CURRENCIES


def test_currencies():
    """The currencies are the active ones and those withdrawn since 2021, without codes that are no money."""
    assert all(re.fullmatch("[A-Z]{3}", code) for code in CURRENCIES)
    assert len(CURRENCIES) == 182
    assert {"EUR", "USD", "CHF", "JPY", "XOF", "XAF", "HRK", "BGN", "XCG"} <= CURRENCIES
    assert not {"XXX", "XTS", "DEM", "EUX"} & CURRENCIES


def test_countries():
    """Every country has a code of two letters and one of three."""
    assert sorted(map(len, COUNTRIES)) == [2] * 250 + [3] * 250
    assert all(code.isascii() and code.isupper() for code in COUNTRIES)
    assert {"CH", "CHE", "FR", "FRA", "USA", "XK", "XKX"} <= COUNTRIES
    assert not {"UK", "EU", "EUR", "SU"} & COUNTRIES
