from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rule_fixes import NOW, assert_fixes, find, of_user
from tcspec.rules.linting import lint

_emails = st.one_of(st.emails(), st.text(" @aA.İΣß\u00a0", max_size=8))
_phones = st.one_of(
    st.text("+0123456789 ().-/", max_size=14), st.from_regex(r"\+[1-9][0-9 .-]{4,12}[0-9]", fullmatch=True)
)
_dates = st.one_of(
    st.dates().map(str),
    st.dates().map(lambda day: day.strftime("%Y/%m/%d")),
    st.dates().map(lambda day: day.strftime("%Y%m%d")),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True),
)
_countries = st.one_of(st.from_regex("[A-Za-z]{2,3}", fullmatch=True), st.text(max_size=4))
_genders = st.one_of(st.sampled_from(("F", "male", "Female ", "x")), st.text(max_size=3))
odd = st.one_of(st.none(), st.integers(), st.booleans(), st.lists(st.text(), max_size=1), st.just({}))


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "email": st.one_of(_emails, odd),
            "phone": st.one_of(_phones, odd),
            "birthdate": st.one_of(_dates, odd),
            "country": st.one_of(_countries, odd),
            "gender": st.one_of(_genders, odd),
        },
    )
)
def test_fixes_of_a_profile(profile):
    """Each fix of a profile removes its violation and adds none."""
    assert_fixes(of_user(**profile), "TC315", "TC316", "TC317", "TC318", "TC319")


@pytest.mark.parametrize(
    ("name", "text"),
    [("email", "Zq7Xv@Shop.example"), ("phone", "+41 73 920"), ("country", "Zq7Xv"), ("gender", "Zq7Xv")],
)
def test_values_are_not_shown(name, text):
    """Message, data, hint and title of the fix do not show the value; only the patch has the new one."""
    (violation,) = find(of_user(**{name: text}), "TC31")
    text_of_violation = repr((violation.message, violation.data, violation.hint, violation.fix and violation.fix.title))
    assert text not in text_of_violation
    assert "Zq7Xv" not in text_of_violation


@pytest.mark.parametrize("name", ["email", "phone", "birthdate", "country", "gender"])
@pytest.mark.parametrize("value", [None, 7, True, [], {}, ["ada@shop.example"]])
def test_values_of_wrong_types(name, value):
    """A value that is not a string is left to the contract."""
    assert not find(of_user(**{name: value}), "TC31")


def test_safety_of_email_fixes():
    """Removing white space is safe; lower-casing may change the address and is not."""
    fixes = [find(of_user(email=text), "TC315")[0].fix for text in (" a@b.example", "A@b.example", " A@b.example")]
    assert [fix.is_safe for fix in fixes] == [True, False, False]


def test_hash_of_the_present_form():
    """There is no fix if a hash only matches the present form."""
    text = "+41 21 555"
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert find(of_user(phone=text, phone_sha256=digest), "TC316")[0].fix is None
    assert find(of_user(phone=text, phone_sha256="0" * 64), "TC316")[0].fix is not None
    assert find(of_user(phone=text, phone_md5=7), "TC316")[0].fix is not None


def test_trunk_zero():
    """A number with a zero in parentheses is not fixed by removing the parentheses."""
    assert find(of_user(phone="+44 ( 0 ) 20 5550 0123"), "TC316")[0].fix is None


def test_birthdate_of_today():
    """Today, wherever on Earth it has begun, is a birthdate; a later day is not."""
    day = 86_400_000
    born = of_user(birthdate="2026-11-18")
    for offset, is_fine in ((-2 * day, False), (-day, True), (0, True)):
        present = 1_794_960_000_000 + offset
        assert (not lint(born, select=["TC317"], now=present)) is is_fine
    assert lint(born, select=["TC317"], now=10**30)
    assert present < NOW


def test_properties_of_other_objects():
    """Only the user has a profile: the same names elsewhere are not checked."""
    event = of_user() | {"email": "NO", "country": "NO WHERE", "gender": "unisex"}
    assert not find(event, "TC31")


def test_all_problems_of_an_email():
    """White space and capital letters of an e-mail are reported together."""
    [violation] = find(of_user(email=" Ada@shop.example"), "TC315")
    assert violation.message == "the e-mail has white space around it and capital letters, but is matched as a string"


@pytest.mark.parametrize(
    ("name", "text", "fixed"),
    [
        ("phone", "0041215550123", "+41215550123"),
        ("phone", "00 41 (21) 555", "+4121555"),
        ("phone", "0215550123", None),
        ("phone", "00(0)20", None),
        ("birthdate", "1988-02-29T00:00:00Z", "1988-02-29"),
        ("birthdate", "1988-02-29 00:00:00.000+01:00", "1988-02-29"),
        ("birthdate", "1988-02-29T12:00:00Z", None),
        ("birthdate", "1987-02-29T00:00:00Z", None),
    ],
)
def test_fixes_that_guess(name, text, fixed):
    """`00` for the plus sign of a number, and midnight of a birthday, are what they seem in most countries."""
    (violation,) = find(of_user(**{name: text}), "TC31")
    assert (violation.fix and (violation.fix.patch[0]["value"], violation.fix.is_safe)) == (fixed and (fixed, False))
