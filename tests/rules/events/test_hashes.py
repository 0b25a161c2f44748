from __future__ import annotations

import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rule_fixes import assert_fixes, find, of_user, pointers
from tcspec.kinds import EVENT_2_0
from tcspec.rules.context import RuleContext
from tcspec.rules.events.hashes import breaks_a_hash, find_algorithm, has_hashes, iter_digests, plain_forms

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
@example(of_user(country="0" * 32))
@example(of_user(country=hashlib.md5(b"", usedforsecurity=False).hexdigest()))
def test_fixes_of_a_user(event):
    """Each fix of a user's properties removes its violation and adds none, whatever hashes the user has."""
    assert_fixes(event, "TC31", "TC32")


@pytest.mark.parametrize("name", ["id", "ID", "card", "tcId", "consentID", "consistent_anonymous_id", "badge"])
def test_hexadecimal_keys(name):
    """An identifier or a custom property may look like a hash."""
    assert not find(of_user(**{name: MD5}), "TC314")


@pytest.mark.parametrize("name", ["email", "phone", "firstname", "lastname", "city", "zipcode", "birthdate"])
def test_hash_in_a_plain_property(name):
    """A hash in a property that describes the person is reported, and not as a wrong format too."""
    assert [violation.code for violation in find(of_user(**{name: LETTERED}), "TC31")] == (
        ["TC311", "TC314"] if name == "email" else ["TC314"]
    )


def test_no_fix_over_another_value():
    """A hash is not moved to a property that is present."""
    (violation,) = find(of_user(email=SHA256, email_sha256=7), "TC314")
    assert violation.fix is None


def test_invalid_hash():
    """A string that is not a hash, in a property for hashes, is left to the contract."""
    for text in ("AB" * 15, "AB" * 32, EMAIL, "", "XY" * 16):
        assert not find(of_user(email_md5=text), "TC313", "TC314", "TC321")


@pytest.mark.parametrize(
    "variant", [EMAIL, f" {EMAIL}\t", EMAIL.upper(), f"{EMAIL.title()} "], ids=["plain", "spaced", "capital", "both"]
)
def test_accepted_forms_of_an_email(variant):
    """The e-mail may have been trimmed and lower-cased before it was hashed, or not."""
    digest = hashlib.sha256(variant.encode()).hexdigest()
    assert not find(of_user(email=variant, email_sha256=digest), "TC321")
    assert not find(of_user(email=variant, email_sha256=SHA256, email_md5=MD5.upper()), "TC321")
    assert pointers(of_user(email=variant, email_sha256="0" * 64), "TC321") == ["/user/email_sha256"]


def test_accepted_forms_of_a_phone():
    """The phone number may have been hashed with or without its signs."""
    for variant in ("+41 21 555-01-23", "+41215550123", "41215550123"):
        digest = hashlib.sha256(variant.encode()).hexdigest()
        assert not find(of_user(phone="+41 21 555-01-23", phone_sha256=digest), "TC321")


@pytest.mark.parametrize(
    ("plain", "hashed"),
    [
        ("0041 21 555 01 23", "+41215550123"),
        ("0041215550123", "41215550123"),
        ("+41 (0)21 555 01 23", "+41215550123"),
        ("+41 ( 0 ) 21-555-01-23", "41215550123"),
        ("021 555 01 23", "+41215550123"),
        ("41 21 555 01 23", "+41215550123"),
    ],
)
def test_notations_of_a_phone(plain, hashed):
    """A number in another notation than the hashed one is the same number; of a national one it is not known."""
    digest = hashlib.sha256(hashed.encode()).hexdigest()
    assert not find(of_user(phone=plain, phone_sha256=digest), "TC321")
    is_national = not plain.startswith(("+", "00"))
    assert bool(find(of_user(phone=plain, phone_sha256="0" * 64), "TC321")) is not is_national


@pytest.mark.parametrize(
    "plain", ["j.doe+shop@gmail.com", "J.Doe@googlemail.com", " jdoe@Gmail.com ", "j.d.o.e+@gmail.com"]
)
def test_addresses_of_gmail(plain):
    """An address of Gmail may have been hashed without dots, without a suffix, or with the other domain."""
    local = plain.strip().lower().partition("+")[0].partition("@")[0]
    for hashed in ("jdoe@gmail.com", f"{local}@gmail.com", "jdoe@googlemail.com"):
        digest = hashlib.sha256(hashed.encode()).hexdigest()
        assert not find(of_user(email=plain, email_sha256=digest), "TC321")
    assert find(
        of_user(email="j.doe+a@shop.example", email_sha256=hashlib.sha256(b"jdoe@shop.example").hexdigest()), "TC321"
    )


def test_hashes_of_custom_properties():
    """A custom property may have a hash beside it too."""
    digest = hashlib.sha256(b"B-7").hexdigest()
    assert not find(of_user(badge="B-7", badge_sha256=digest), "TC321")
    assert pointers(of_user(badge="B-8", badge_sha256=digest), "TC321") == ["/user/badge_sha256"]
    assert not find(of_user(badge=8, badge_sha256=digest), "TC321")


def test_hash_in_place_of_the_plain_value():
    """A hash beside a value that is no plain text is skipped, and the next one is compared."""
    user = {"email": MD5, "email_sha256": "0" * 64, "phone": "+41215550123", "phone_sha256": "0" * 64}
    assert pointers(of_user(**user), "TC321") == ["/user/phone_sha256"]


def test_fix_of_capital_letters():
    """The fix of a hash with capital letters is the same hash in lower case."""
    [violation] = find(of_user(email_md5=MD5.upper()), "TC313")
    assert violation.fix is not None
    assert violation.fix.patch == ({"op": "replace", "path": "/user/email_md5", "value": MD5},)


@given(st.text(max_size=8), st.sampled_from(("md5", "sha256")), st.booleans())
def test_iter_digests(text, algorithm, is_upper):
    """A hash is recognised by its name and length, and matches its text whatever the case of its digits."""
    digits = hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()
    (digest,) = iter_digests({f"badge_{algorithm}": digits.upper() if is_upper else digits})
    assert (digest.name, digest.plain, digest.algorithm) == (f"badge_{algorithm}", "badge", algorithm)
    assert digest.matches(text)
    assert not digest.matches(f"{text}x")
    assert digits not in repr(digest).lower()


@pytest.mark.parametrize("name", ["_md5", "_sha256", "badge", "badge_MD5", "badge_md5_", "badge_sha256"])
def test_names_without_a_digest(name):
    """The name of a hash is that of its property and the suffix of its algorithm."""
    assert not list(iter_digests({name: "0" * 32}))


def test_find_algorithm():
    """A string of 32 or 64 hexadecimal digits looks like a hash, any other does not."""
    assert [find_algorithm(text) for text in ("a" * 32, "F" * 64, "a" * 31, "g" * 32, "", "\u0661" * 32)] == [
        "md5",
        "sha256",
        *[None] * 4,
    ]


@given(st.text(max_size=12))
def test_plain_forms(text):
    """The accepted forms include the text as it is, trimmed and lower-cased."""
    assert {text, text.strip(), text.strip().lower()} <= plain_forms(text)


def test_breaks_a_hash():
    """A change breaks a hash that matched before and does not match after it, and only that."""
    user = {"email": "Ada@x", "email_sha256": hashlib.sha256(b"ada@x").hexdigest()}
    assert not breaks_a_hash(user, "email", "ada@x")
    assert breaks_a_hash(user, "email", "grace@x")
    assert not breaks_a_hash({**user, "email_sha256": "0" * 64}, "email", "grace@x")
    assert not breaks_a_hash(user, "phone", "+41")


def test_forms_of_an_address():
    """The forms of an address of Gmail are these, and the address as it is written."""
    text = " A.b+C+d(0)@gmail.com"
    names = ("a.b+c+d", "ab+c+d", "a.b", "ab")
    expected = {text, text.strip(), text.strip().lower(), "A.b+C+d@gmail.com", "Ab+C+d@gmailcom"}
    expected |= {f"{name}@{host}" for name in names for host in ("gmail.com", "googlemail.com")}
    assert plain_forms(text) == expected | {"abcdgmailcom"}


def test_forms_of_a_phone():
    """The forms of a phone number are those of any text, and without the zeros of its country code."""
    assert plain_forms("0041 2") == {"0041 2", "00412", "+412", "412"}


def test_later_properties_are_compared():
    """What looks like no hash, a hash that matches, and one of a custom property do not stop the check."""
    matching = {"email": EMAIL, "email_sha256": SHA256}
    assert pointers(of_user(**matching, city="Aix", city_md5="0" * 32), "TC321") == ["/user/city_md5"]
    assert pointers(of_user(badge=MD5, nick="x", city=MD5), "TC314") == ["/user/city"]
    assert pointers(of_user(phone=" +41 2", phone_md5="0" * 32), "TC321") == ["/user/phone_md5"]


def test_has_hashes():
    """A user has hashes when a value looks like one, or when a property is named as one."""
    users = ({"id": "C-1"}, {"note": "x" * 32}, {"note": "a" * 32}, {"email_md5": 7})
    found = [has_hashes(RuleContext({"event_name": "login", "user": each}, EVENT_2_0, "server", 0)) for each in users]
    assert found == [False, False, True, True]
