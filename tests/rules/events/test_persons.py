from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.rules.events.persons import algorithm_of, breaks_a_hash, digests, is_blank, spellings


@given(st.text(max_size=8), st.sampled_from(("md5", "sha256")), st.booleans())
def test_a_digest_knows_its_text(text, algorithm, is_upper):
    """A hash is known by its name and length, and is that of its text whatever the case of its digits."""
    given_ = hashlib.new(algorithm, text.encode(), usedforsecurity=False).hexdigest()
    (digest,) = digests({f"badge_{algorithm}": given_.upper() if is_upper else given_})
    assert (digest.name, digest.plain, digest.algorithm) == (f"badge_{algorithm}", "badge", algorithm)
    assert digest.is_of(text)
    assert not digest.is_of(f"{text}.")
    assert given_ not in repr(digest).lower()


@pytest.mark.parametrize("name", ["_md5", "_sha256", "badge", "badge_MD5", "badge_md5_", "badge_sha256"])
def test_other_names_hold_no_digest(name):
    """A hash has the name of its property before the ending of its own algorithm."""
    assert not list(digests({name: "0" * 32}))


def test_hashes_are_known_by_their_length():
    """A text of 32 or 64 hexadecimal digits looks like a hash, any other does not."""
    assert [algorithm_of(text) for text in ("a" * 32, "F" * 64, "a" * 31, "g" * 32, "", "\u0661" * 32)] == [
        "md5",
        "sha256",
        *[None] * 4,
    ]


@given(st.text(max_size=12))
def test_a_text_is_a_spelling_of_itself(text):
    """Whatever else is accepted, the text as it is may be hashed."""
    assert {text, text.strip(), text.strip().lower()} <= spellings(text)


def test_a_change_that_keeps_the_hash_right_breaks_nothing():
    """A hash is broken when it was right before and is not afterwards, and only then."""
    user = {"email": "Ada@x", "email_sha256": hashlib.sha256(b"ada@x").hexdigest()}
    assert not breaks_a_hash(user, "email", "ada@x")
    assert breaks_a_hash(user, "email", "grace@x")
    assert not breaks_a_hash({**user, "email_sha256": "0" * 64}, "email", "grace@x")
    assert not breaks_a_hash(user, "phone", "+41")


def test_blank():
    """White space is as good as nothing; what is no text is something."""
    assert [is_blank(value) for value in ("", " \t\u00a0", "x", None, 0, [])] == [True, True, *[False] * 4]
