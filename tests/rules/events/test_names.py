from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from payloads import full, minimal
from tcspec.contract.schemas import load_catalogue
from tcspec.rules.events.names import events_with, standard_names
from tcspec.rules.known_names import KnownNames, normalize
from tcspec.rules.linting import lint

CODES = ["TC110", "TC111", "TC117"]
ROOT_NAMES = tuple(load_catalogue()["events"]["purchase"]["properties"])
LONG_ENOUGH = tuple(name for name in ROOT_NAMES if len(normalize(name)) >= 4)


def find(name, **rest):
    """Return the violations of an event that is valid apart from its name."""
    return lint(minimal() | {"event_name": name} | rest, select=CODES, kind="event")


@pytest.mark.parametrize(
    "name",
    [
        *load_catalogue()["events"],
        "brochure_downloaded",
        "login_failed",
        "order",
        "sign_in",
        "add_to_list",
        "",
        "x" * 99,
    ],
)
def test_good_names(name):
    """Standard names, and custom ones that are close to none, have no violation."""
    assert find(name) == []


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("Purchase", "purchase"),
        ("page view", "page_view"),
        ("addToCart", "add_to_cart"),
        ("view.item.list", "view_item_list"),
        ("video_starts", "video_start"),
        ("view_itmes", "view_item"),
        ("begin_chekout", "begin_checkout"),
        ("ad_to_crt", "add_to_cart"),
        ("addtocrat", "add_to_cart"),
        ("Cart View", "view_cart"),
        ("searxh", "search"),
        ("saerhc", "search"),
        ("sginpu", "sign_up"),
    ],
)
def test_similar_names(name, suggestion):
    """A misspelling, other case and other separators are a warning, with a suggestion."""
    [violation] = find(name)
    assert (violation.code, violation.severity.value, violation.pointer) == ("TC110", "warning", "/event_name")
    assert violation.hint == f"did you mean `{suggestion}`?"
    assert violation.data["expected"] == suggestion


@pytest.mark.parametrize("name", [None, 7, True, [], ["login"], {}, {"login": 1}])
def test_names_of_wrong_types(name):
    """A name that is not a string is left to the contract."""
    assert find(name) == []


def test_no_fix_that_breaks_the_contract():
    """A name has no fix if the event would violate the contract of the standard event."""
    [broken] = find("purchse")
    assert broken.fix is None
    [whole] = find("logn")
    assert whole.fix is not None
    assert not whole.fix.is_safe


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("add_payement_info", "add_payment_info"),
        ("video_full_screen_off", "video_fullscreen_off"),
        ("remove_from_to_cart", "remove_from_cart"),
    ],
)
def test_misspellings_of_the_vendor(name, suggestion):
    """The vendor's own misspellings are reported once, as warnings, by a rule of their own."""
    [violation] = find(name)
    assert (violation.code, violation.severity.value, violation.data["expected"]) == ("TC111", "warning", suggestion)


def test_fix_of_a_misspelling():
    """The fix of a misspelling of the vendor is safe."""
    [violation] = find("add_payement_info", payment_method="card")
    assert violation.fix is not None
    assert violation.fix.is_safe


@pytest.mark.parametrize(
    "name", ["container_ready", "container_12_3_ready", "consent-ready", "track_all_events", "privacy-module-loaded"]
)
def test_names_of_the_browser(name):
    """Every name of the browser is an info, whatever its placeholders are."""
    [violation] = find(name)
    assert (violation.code, violation.severity.value, violation.fix) == ("TC117", "info", None)


@pytest.mark.parametrize("name", standard_names())
def test_signals_of_events(name):
    """The signal of a standard event is reported with the name of the event."""
    [violation] = find(f"track_{name}")
    assert (violation.code, violation.data["expected"]) == ("TC117", name)


@pytest.mark.parametrize("name", ["track_order", "container_x_y_ready", "containers_ready_now"])
def test_names_close_to_those_of_the_browser(name):
    """Custom names that only start like those of the browser are not reported as such."""
    assert [violation.code for violation in find(name)] != ["TC117"]


@st.composite
def typos(draw, names):
    """Draw a name and the same name with a letter too many, too few, wrong, or swapped with the next one."""
    name = draw(st.sampled_from(names))
    at = draw(st.integers(0, len(name) - 2))
    letter = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    edits = (
        name[:at] + letter + name[at:],
        name[:at] + name[at + 1 :],
        name[:at] + letter + name[at + 1 :],
        name[:at] + name[at + 1] + name[at] + name[at + 2 :],
    )
    separator = draw(st.sampled_from("_- ."))
    return name, draw(st.sampled_from(edits)).replace("_", separator)


@given(typos(standard_names()))
def test_every_typo_of_an_event_name(drawn):
    """One edit anywhere in any standard event name is found, whatever the separators are."""
    _, typo = drawn
    assert normalize(typo) in map(normalize, standard_names()) or KnownNames(standard_names()).find_similar(typo)


@given(typos(LONG_ENOUGH))
def test_every_typo_of_a_property_name(drawn):
    """One edit anywhere in the name of a property of four letters or more is found, though the property is there."""
    name, typo = drawn
    event = full("purchase")
    assume(not {normalize(each) for each in ROOT_NAMES} & {normalize(typo)})
    codes = {each.code for each in lint(event | {typo: "x"}, select=["TC112"]) if each.pointer == f"/{typo}"}
    assert codes == {"TC112"} or events_with(typo), name


def test_events_with():
    """The events with a property are those of the catalogue."""
    assert events_with("search_term") == ("search",)
    assert events_with("no_such_property") == ()
    assert all("items" in load_catalogue()["events"][name]["properties"] for name in events_with("items"))


def test_a_personal_name_with_white_space():
    """A name that may be personal is not suggested without its white space either."""
    (violation,) = lint(full("login") | {" 33698765432": 1}, select="TC119", kind="event")
    assert (violation.hint, violation.data["expected"]) == ("write `(masked)`", "(masked)")
