from __future__ import annotations

import pytest

from payloads import minimal
from tcspec.contract.schemas import load_catalogue
from tcspec.rules.events.vocabulary import standard_names
from tcspec.rules.linting import lint

CODES = ["TC110", "TC111", "TC117"]


def found(name, **rest):
    """Give what the rules on names find in an otherwise valid event."""
    return lint(minimal() | {"event_name": name} | rest, select=CODES, kind="event")


@pytest.mark.parametrize(
    "name", [*load_catalogue()["events"], "brochure_downloaded", "login_failed", "order", "", "x" * 99]
)
def test_names_that_are_fine(name):
    """Standard names, and custom ones that resemble none, are silent."""
    assert found(name) == []


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Purchase", "purchase"),
        ("page view", "page_view"),
        ("addToCart", "add_to_cart"),
        ("view.item.list", "view_item_list"),
        ("video_starts", "video_start"),
        ("view_itmes", "view_item"),
        ("begin_chekout", "begin_checkout"),
    ],
)
def test_names_that_are_close(name, meant):
    """A slip of the pen, capitals and separators are told as info, with the name that is meant."""
    [violation] = found(name)
    assert (violation.code, violation.severity.value, violation.pointer) == ("TC110", "info", "/event_name")
    assert violation.hint == f"did you mean `{meant}`?"
    assert violation.data["expected"] == meant


@pytest.mark.parametrize("name", [None, 7, True, [], ["login"], {}, {"login": 1}])
def test_names_of_a_wrong_type(name):
    """A name that is no text is left to the contract."""
    assert found(name) == []


def test_a_name_is_mended_only_where_the_event_stays_valid():
    """An event that would break the contract of the standard name has no fix, only a hint."""
    [broken] = found("purchse")
    assert broken.fix is None
    [whole] = found("logn")
    assert whole.fix is not None
    assert not whole.fix.is_safe


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("add_payement_info", "add_payment_info"),
        ("video_full_screen_off", "video_fullscreen_off"),
        ("remove_from_to_cart", "remove_from_cart"),
    ],
)
def test_misspellings_of_the_vendor(name, meant):
    """The vendor's own misspellings are told once, as warnings, by a rule of their own."""
    [violation] = found(name)
    assert (violation.code, violation.severity.value, violation.data["expected"]) == ("TC111", "warning", meant)


def test_the_fix_of_a_misspelling_is_safe():
    """A misspelling of the vendor can be mended without thinking."""
    [violation] = found("add_payement_info", payment_method="card")
    assert violation.fix is not None
    assert violation.fix.is_safe


@pytest.mark.parametrize(
    "name", ["container_ready", "container_12_3_ready", "consent-ready", "track_all_events", "privacy-module-loaded"]
)
def test_names_of_the_browser(name):
    """Every name of the browser is told as info, whatever its placeholders hold."""
    [violation] = found(name)
    assert (violation.code, violation.severity.value, violation.fix) == ("TC117", "info", None)


@pytest.mark.parametrize("name", standard_names())
def test_signals_of_events(name):
    """The signal of a standard event is told with the event that is meant."""
    [violation] = found(f"track_{name}")
    assert (violation.code, violation.data["expected"]) == ("TC117", name)


@pytest.mark.parametrize("name", ["track_order", "container_x_y_ready", "containers_ready_now"])
def test_custom_names_like_those_of_the_browser(name):
    """Custom names that only begin alike are not those of the browser."""
    assert [violation.code for violation in found(name)] != ["TC117"]
