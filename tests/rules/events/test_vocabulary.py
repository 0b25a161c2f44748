from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payloads import full
from tcspec.contract.schemas import load_catalogue
from tcspec.kinds import EVENT_2_0
from tcspec.rules.context import RuleContext
from tcspec.rules.events.vocabulary import closest, places, same_but_spelt, snake_case, standard_names, users_of


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
def test_snake_case(name, snake):
    """Words are told apart by capitals and separators, and joined by one underscore."""
    assert snake_case(name) == snake


@given(st.text())
def test_snake_case_is_settled(name):
    """Spelling a name in snake case twice is spelling it once."""
    assert snake_case(snake_case(name)) == snake_case(name)


@pytest.mark.parametrize("name", standard_names())
def test_a_standard_name_is_found_in_other_spellings(name):
    """A standard name is found whatever its capitals and separators are."""
    for spelling in (name.upper(), name.replace("_", "-"), name.replace("_", " ").title(), name.replace("_", "")):
        assert same_but_spelt(spelling, standard_names()) == name


def test_closeness():
    """One slip in a word is close, another word is not, and neither is another number."""
    known = ("search_term", "category_1", "id")
    assert closest("serach_term", known) == "search_term"
    assert closest("Search_Trem", known) == "search_term"
    assert closest("category_2", known) is None
    assert closest("colour", known) is None


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("osund", "sound", "sound"),
        ("sonud", "sound", "sound"),
        ("blipm", "blimp", "blimp"),
        ("cdoe", "code", "code"),
        ("rul", "url", None),
        ("sounx", "sound", None),
        ("soabd", "sound", None),
        ("sduno", "sound", None),
        ("sonu", "sound", None),
        ("nousd", "sound", None),
    ],
)
def test_swapped_letters(name, known, meant):
    """In a short word two neighbouring letters that are interchanged are a slip, and nothing else is."""
    assert closest(name, ("colour", known)) == meant


def test_long_names_are_not_compared():
    """A name of more than 64 characters is no slip of the pen, and is not held against any."""
    assert closest("x" * 1_000_000, standard_names()) is None
    assert same_but_spelt("x" * 1_000_000, standard_names()) is None
    assert same_but_spelt(f"search{' ' * 54}term", ("search_term",)) == "search_term"
    assert same_but_spelt(f"search{' ' * 55}term", ("search_term",)) is None
    assert closest("x" * 63 + "y", ("x" * 64,)) == "x" * 64
    assert closest("x" * 64 + "y", ("x" * 65,)) is None


def test_places():
    """The root and every object that the catalogue knows are found, items one by one."""
    event = full("purchase")
    found = {place.path for place in places(RuleContext(event, EVENT_2_0, "server", 0))}
    assert {(), ("user",), ("context",), ("context", "device", "os"), ("items", 0, "product")} <= found
    assert all(not list(place.unknown) for place in places(RuleContext(event, EVENT_2_0, "server", 0)))


def test_users_of_a_property():
    """The events that have a property are those of its name in the catalogue."""
    assert users_of("search_term") == ("search",)
    assert users_of("no_such_property") == ()
    assert all("items" in load_catalogue()["events"][name]["properties"] for name in users_of("items"))
