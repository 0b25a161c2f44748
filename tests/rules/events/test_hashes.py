from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rule_fixes import assert_fixes_mend, found, of_user, pointers

EMAIL = "ada@shop.example"
MD5 = hashlib.md5(EMAIL.encode(), usedforsecurity=False).hexdigest()
SHA256 = hashlib.sha256(EMAIL.encode()).hexdigest()
LETTERED = "ab" * 16

plain_texts = st.one_of(
    st.sampled_from((EMAIL, " Ada@Shop.example", MD5, MD5.upper(), SHA256, "+41 21 555 01 23", "che", "Female", "")),
    st.text(max_size=6),
    st.from_regex("[0-9a-fA-F]{32}", fullmatch=True),
)
hash_texts = st.one_of(
    st.sampled_from((MD5, MD5.upper(), SHA256, SHA256.upper())),
    plain_texts.map(lambda text: hashlib.sha256(text.encode()).hexdigest()),
    plain_texts.map(lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()),
    st.integers(),
)
names = st.sampled_from(("email", "phone", "country", "gender", "birthdate", "firstname", "id", "card", "badge", ""))
hashed_names = st.builds("".join, st.tuples(names, st.sampled_from(("_md5", "_sha256"))))
users = st.builds(
    lambda plain, hashed: of_user(**plain, **hashed),
    st.dictionaries(names, plain_texts, max_size=4),
    st.dictionaries(hashed_names, hash_texts, max_size=4),
)


@given(users)
def test_fixes_of_a_user_mend(event):
    """Each fix of a user's properties silences its rule and adds no violation, whatever hashes stand beside."""
    assert_fixes_mend(event, "TC31", "TC32")


@pytest.mark.parametrize("name", ["id", "ID", "card", "tcId", "consentID", "consistent_anonymous_id", "badge"])
def test_keys_may_be_hexadecimal(name):
    """An identifier, or a property of one's own, may look like a hash and be none."""
    assert not found(of_user(**{name: MD5}), "TC314")


@pytest.mark.parametrize("name", ["email", "phone", "firstname", "lastname", "city", "zipcode", "birthdate"])
def test_what_describes_a_person_is_no_hash(name):
    """A hash in a property that describes the person is told, and not told once more as a wrong format."""
    assert [violation.code for violation in found(of_user(**{name: LETTERED}), "TC31")] == (
        ["TC311", "TC314"] if name == "email" else ["TC314"]
    )


def test_a_place_that_is_taken_is_left_alone():
    """A hash is not moved to where another value stands."""
    (violation,) = found(of_user(email=SHA256, email_sha256=7), "TC314")
    assert violation.fix is None


def test_a_hash_that_the_contract_refuses_is_not_told_twice():
    """Of a text that is no hash, in a place for hashes, only the contract speaks."""
    for text in ("AB" * 15, "AB" * 32, EMAIL, "", "XY" * 16):
        assert not found(of_user(email_md5=text), "TC313", "TC314", "TC321")


@pytest.mark.parametrize(
    "spelling", [EMAIL, f" {EMAIL}\t", EMAIL.upper(), f"{EMAIL.title()} "], ids=["plain", "spaced", "capital", "both"]
)
def test_every_usual_spelling_may_be_hashed(spelling):
    """The e-mail may have been trimmed and put in small letters before it was hashed, or not at all."""
    digest = hashlib.sha256(spelling.encode()).hexdigest()
    assert not found(of_user(email=spelling, email_sha256=digest), "TC321")
    assert not found(of_user(email=spelling, email_sha256=SHA256, email_md5=MD5.upper()), "TC321")
    assert pointers(of_user(email=spelling, email_sha256="0" * 64), "TC321") == ["/user/email_sha256"]


def test_a_phone_may_be_hashed_without_its_signs():
    """Partners hash the digits of a phone number, with or without the plus sign."""
    for spelling in ("+41 21 555-01-23", "+41215550123", "41215550123"):
        digest = hashlib.sha256(spelling.encode()).hexdigest()
        assert not found(of_user(phone="+41 21 555-01-23", phone_sha256=digest), "TC321")


def test_properties_of_ones_own_may_be_hashed():
    """Any property may stand beside its hash, also one that the vendor does not know."""
    digest = hashlib.sha256(b"B-7").hexdigest()
    assert not found(of_user(badge="B-7", badge_sha256=digest), "TC321")
    assert pointers(of_user(badge="B-8", badge_sha256=digest), "TC321") == ["/user/badge_sha256"]
    assert not found(of_user(badge=8, badge_sha256=digest), "TC321")


def test_a_plain_hash_does_not_hide_another():
    """A hash beside what is no plain text is passed over, and the next one is still compared."""
    user = {"email": MD5, "email_sha256": "0" * 64, "phone": "+41215550123", "phone_sha256": "0" * 64}
    assert pointers(of_user(**user), "TC321") == ["/user/phone_sha256"]


def test_a_hash_is_mended_in_small_letters():
    """The fix of a hash in capitals is the same hash in small letters."""
    [violation] = found(of_user(email_md5=MD5.upper()), "TC313")
    assert violation.fix is not None
    assert violation.fix.patch == ({"op": "replace", "path": "/user/email_md5", "value": MD5},)
