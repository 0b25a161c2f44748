"""The codes of the contract: unique, in their families, and never without a meaning."""

from __future__ import annotations

import re

import pytest

from tcspec.codes import CODES, FAMILIES, MISSING, WRONG_TYPE, WRONG_VALUE, Code, contract_code
from tcspec.errors import Basis, Severity, Violation

every_code = pytest.mark.parametrize("code", CODES.values(), ids=CODES)


@every_code
def test_spelling(code):
    """A code is `TC` and three digits, of a family from 0 to 8; 9 is reserved."""
    assert re.fullmatch("TC[0-8][0-9]{2}", code.id)
    assert CODES[code.id] is code


@every_code
def test_meaning(code):
    """Every code says in a few words what was found; those outside the contract's table say who asks."""
    assert code.title
    assert not code.title.endswith(".")
    assert code.source or code.id[2] in "1234568"


def test_titles_are_unique():
    """No two codes mean the same."""
    assert len({code.title for code in CODES.values()}) == len(CODES)


def test_are_stable():
    """A code that was given out keeps its meaning and its gravity for ever."""
    assert {code.id for code in CODES.values()} >= {
        *(f"TC0{number:02}" for number in (*range(1, 13), 20, 21, *range(30, 45))),
        *(f"TC{family}0{broken}" for family in (*range(1, 7), 8) for broken in (1, 2, 3)),
        *("TC204", "TC701", "TC702", "TC810", "TC811"),
    }
    milder = {code.id: code.severity.value for code in CODES.values() if code.severity is not Severity.ERROR}
    assert milder == {
        **dict.fromkeys(("TC021", "TC040", "TC041", "TC043", "TC044", "TC204", "TC811"), "warning"),
        **dict.fromkeys(("TC037", "TC810"), "info"),
    }


@pytest.mark.parametrize("family", FAMILIES)
def test_contract_codes(family):
    """In the families of the contract 01 is missing, 02 a wrong type and 03 a wrong value."""
    found = [contract_code(family, broken) for broken in (MISSING, WRONG_TYPE, WRONG_VALUE)]
    assert [code.id for code in found] == [f"TC{family}01", f"TC{family}02", f"TC{family}03"]
    assert [code.title for code in found] == [
        f"{FAMILIES[family]}: something is missing",
        f"{FAMILIES[family]}: a type is wrong",
        f"{FAMILIES[family]}: a value is wrong",
    ]


@pytest.mark.parametrize(("family", "broken"), [(1, 0), (1, 4), (7, 3), (9, 1)])
def test_no_other_contract_codes(family, broken):
    """There is no other way to break the contract."""
    with pytest.raises(KeyError):
        contract_code(family, broken)


def test_makes_violations():
    """A code makes violations that carry its gravity, its basis and its source."""
    code = Code("TC099", "an example", Severity.INFO, Basis.OBSERVED, "a page")
    assert code.violation("/a", "because") == Violation(
        "TC099", Severity.INFO, "/a", "because", {}, Basis.OBSERVED, "a page", line=None, column=None, hint=None
    )
    assert code.violation("", "because", {"actual": 1}).data == {"actual": 1}


def test_cannot_be_changed():
    """The table is no one's to change."""
    with pytest.raises(TypeError):
        CODES["TC001"] = None
