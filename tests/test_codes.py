"""The codes of the contract and of transport: unique, stable, each in its family."""

from __future__ import annotations

import re

import pytest

from tcspec.codes import CODES, MISSING, WRONG_TYPE, WRONG_VALUE, Code, contract_code
from tcspec.errors import Basis, Severity, Violation

every_code = pytest.mark.parametrize("code", CODES.values(), ids=CODES)


@every_code
def test_form(code):
    """A code is `TC` and three digits, of a family from 0 to 8; 9 is reserved."""
    assert re.fullmatch("TC[0-8][0-9]{2}", code.id)
    assert CODES[code.id] is code


@every_code
def test_title(code):
    """Every code has a title without a full stop, and a source unless that of the property counts."""
    assert code.title
    assert not code.title.endswith(".")
    assert code.source or code.id[2] in "1234568"


def test_titles_are_unique():
    """No two codes have the same title."""
    assert len({code.title for code in CODES.values()}) == len(CODES)


def test_stable():
    """A code never disappears and keeps its severity."""
    assert {code.id for code in CODES.values()} >= {
        *(f"TC0{number:02}" for number in (*range(1, 13), 20, 21, *range(30, 47))),
        *(f"TC{family}0{problem}" for family in (*range(1, 7), 8) for problem in (1, 2, 3)),
        *("TC204", "TC701", "TC702", "TC703", "TC810", "TC811"),
    }
    below_error = {code.id: code.severity.value for code in CODES.values() if code.severity is not Severity.ERROR}
    assert below_error == {
        **dict.fromkeys(("TC021", "TC040", "TC041", "TC043", "TC044", "TC204", "TC703", "TC811"), "warning"),
        **dict.fromkeys(("TC037", "TC045", "TC046", "TC810"), "info"),
    }


@pytest.mark.parametrize("family", [1, 2, 3, 4, 5, 6, 8])
def test_contract_codes(family):
    """In the families of the contract 01 is a missing property, 02 a wrong type and 03 an invalid value."""
    codes = [contract_code(family, problem) for problem in (MISSING, WRONG_TYPE, WRONG_VALUE)]
    assert [code.id for code in codes] == [f"TC{family}01", f"TC{family}02", f"TC{family}03"]
    missing, wrong_type, wrong_value = (code.title for code in codes)
    name = missing.removeprefix("missing required ")
    assert name.endswith(" property")
    assert wrong_type == f"{name} has the wrong type"
    assert wrong_value == f"{name} has an invalid value"


@pytest.mark.parametrize(("family", "problem"), [(1, 0), (1, 4), (7, 4), (9, 1)])
def test_no_other_contract_codes(family, problem):
    """The contract has no other codes."""
    with pytest.raises(KeyError):
        contract_code(family, problem)


def test_violation():
    """A violation has the severity, the basis and the source of its code."""
    code = Code("TC099", "an example", Severity.INFO, Basis.OBSERVED, "a page")
    assert code.violation("/a", "because") == Violation(
        "TC099", Severity.INFO, "/a", "because", {}, Basis.OBSERVED, "a page", line=None, column=None, hint=None
    )
    assert code.violation("", "because", {"actual": 1}).data == {"actual": 1}


def test_table_is_read_only():
    """The table is read-only."""
    with pytest.raises(TypeError):
        CODES["TC001"] = None
