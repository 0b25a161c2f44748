"""Known names, and which of them another name was intended to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.rules.events.names import standard_names
from tcspec.rules.known_names import KnownNames, to_snake_case

STANDARD = KnownNames(standard_names())


@pytest.mark.parametrize(
    ("name", "snake"),
    [
        ("pageType", "page_type"),
        ("PageType", "page_type"),
        ("page-type", "page_type"),
        ("page type", "page_type"),
        ("page_type", "page_type"),
        ("pageURL", "page_url"),
        ("URLPath", "url_path"),
        ("event_Id", "event_id"),
        ("", ""),
    ],
)
def test_to_snake_case(name, snake):
    """Words are split at capitals and separators, and joined by one underscore."""
    assert to_snake_case(name) == snake


@given(st.text())
def test_to_snake_case_is_idempotent(name):
    """Snake case of a name in snake case is the name itself."""
    assert to_snake_case(to_snake_case(name)) == to_snake_case(name)


@pytest.mark.parametrize("name", standard_names())
def test_find_same(name):
    """A standard name is found whatever its case and separators are."""
    for variant in (name.upper(), name.replace("_", "-"), name.replace("_", " ").title(), name.replace("_", "")):
        assert STANDARD.find_same(variant) == name


def test_find_similar():
    """One misspelling in a word is similar, or the words in another order; another word or another number is not."""
    known = KnownNames(("search_term", "category_1", "id"))
    assert known.find_similar("serach_term") == "search_term"
    assert known.find_similar("Search_Trem") == "search_term"
    assert known.find_similar("termSearch") == "search_term"
    assert known.find_similar("category_2") is None
    assert known.find_similar("colour") is None


@pytest.mark.parametrize(
    ("name", "known", "suggestion"),
    [
        ("osund", "sound", "sound"),
        ("sonud", "sound", "sound"),
        ("blipm", "blimp", "blimp"),
        ("cdoe", "code", "code"),
        ("rul", "url", None),
        ("sounx", "sound", "sound"),
        ("soud", "sound", "sound"),
        ("sounds", "sound", "sound"),
        ("valuz", "value", "value"),
        ("coupom", "coupon", "coupon"),
        ("soabd", "sound", None),
        ("sduno", "sound", None),
        ("sonu", "sound", None),
        ("nousd", "sound", None),
        ("cuopno", "coupon", "coupon"),
        ("ccouponn", "coupon", "coupon"),
        ("couple", "coupon", None),
        ("cuopnx", "coupon", None),
        ("cccouponn", "coupon", None),
    ],
)
def test_short_names(name, known, suggestion):
    """In a short word one letter, or two swapped neighbouring ones, are a misspelling, and nothing else is."""
    assert KnownNames(("colour", known)).find_similar(name) == suggestion


def test_long_names():
    """A name of more than 64 characters is not compared."""
    assert STANDARD.find_similar("x" * 1_000_000) is None
    assert STANDARD.find_same("x" * 1_000_000) is None
    assert KnownNames(("search_term",)).find_same(f"search{' ' * 54}term") == "search_term"
    assert KnownNames(("search_term",)).find_same(f"search{' ' * 55}term") is None
    assert KnownNames(("x" * 64,)).find_similar("x" * 63 + "y") == "x" * 64
    assert KnownNames(("x" * 65,)).find_similar("x" * 64 + "y") is None


def test_several_similar_names():
    """Of several similar names the one with the fewest edits is suggested, and of as few the first."""
    assert KnownNames(("payment_mathod", "payment_method")).find_similar("payment_methud") == "payment_method"
    assert KnownNames(("shipping_amounts", "shipping_amount")).find_similar("shipping_amountz") == "shipping_amounts"


def test_snake_case_of_long_names():
    """A name of any length has words."""
    assert to_snake_case(f"pageType{'X' * 100}") == f"page_type_{'x' * 100}"
