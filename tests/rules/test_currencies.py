from __future__ import annotations

import re

from tcspec.rules.currencies import CURRENCIES


def test_currencies():
    """The table has every money that is paid with, those that ended since 2021, and no code that is no money."""
    assert all(re.fullmatch("[A-Z]{3}", code) for code in CURRENCIES)
    assert len(CURRENCIES) == 182
    assert {"EUR", "USD", "CHF", "JPY", "XOF", "XAF", "HRK", "BGN", "XCG"} <= CURRENCIES
    assert not {"XXX", "XTS", "DEM", "EUX"} & CURRENCIES
