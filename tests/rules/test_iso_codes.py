from __future__ import annotations

from tcspec.rules.iso_codes import COUNTRIES


def test_countries():
    """Every country has a code of two letters and one of three."""
    assert sorted(map(len, COUNTRIES)) == [2] * 250 + [3] * 250
    assert all(code.isascii() and code.isupper() for code in COUNTRIES)
    assert {"CH", "CHE", "FR", "FRA", "USA", "XK", "XKX"} <= COUNTRIES
    assert not {"UK", "EU", "EUR", "SU"} & COUNTRIES
