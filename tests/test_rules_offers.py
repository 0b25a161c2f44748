from __future__ import annotations

import copy

import jsonpatch
import pytest
from payloads import full, minimal

from tcspec.rules.fixing.offers import add, move, offer, replace
from tcspec.rules.linting import sender_of
from tcspec.rules.subjects import Subject
from tcspec.versions import EVENT_2_0

EVENT = minimal("purchase")


def mended(*operations, event=EVENT):
    """Try a fix on an event."""
    return offer(Subject(event, EVENT_2_0, sender_of(event), 0), "do it", *operations)


def test_a_fix_that_breaks_nothing():
    """A fix after which the contract finds no more than before is given as it is."""
    event = full("purchase")
    operation = move(("items", 0, "variant"), ("items", 0, "kind~/"))
    fix = mended(replace(("coupon",), "TENT10"), operation, event=event)
    assert fix is not None
    assert (fix.title, fix.is_safe, fix.patch[1]) == ("do it", False, operation)
    after = jsonpatch.apply_patch(event, list(fix.patch))
    assert after["items"][0]["kind~/"] == event["items"][0]["variant"]


@pytest.mark.parametrize(
    "operation",
    [replace(("value",), "much"), move(("id",), ("number",)), add(("coupon",), 7), replace(("items", 0), None)],
)
def test_a_fix_that_breaks_the_contract(operation):
    """A fix after which the contract finds more is not given."""
    assert mended(operation) is None


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (minimal(), "purchase"),
        ({key: value for key, value in minimal("search").items() if key != "search_term"}, "page_view"),
    ],
)
def test_another_event_lacks_something_else(event, name):
    """A fix that makes another event of one is not given where that lacks something that the first did not."""
    assert mended(replace(("event_name",), name), event=event) is None


def test_a_fix_that_changes_who_sends():
    """A fix after which the payload would pass as one of a server is not given, for of servers more is asked."""
    event = minimal("login")
    event["context"]["eventId"] = event["context"].pop("event_id")
    operation = move(("context", "eventId"), ("context", "event_id"))
    assert mended(operation, event=event) is None
    event["context"]["containerVersion"] = "3.1"
    assert mended(operation, event=event) is not None


def test_what_was_broken_may_stay_so():
    """A fix need not offer what else is broken."""
    assert mended(add(("coupon",), "TENT10"), event=EVENT | {"value": "much"}) is not None


def test_another_event_may_be_as_broken():
    """A fix that makes another event of one need not offer what else is broken."""
    broken = minimal("login") | {"event_name": "logn", "user": {"email": 5}}
    assert mended(replace(("event_name",), "login"), event=broken) is not None


def test_trying_changes_nothing():
    """The payload is not changed by the trial."""
    event = copy.deepcopy(EVENT)
    mended(move(("items", 0, "product", "id"), ("items", 0, "product", "sku")), add(("x",), 1), event=event)
    assert event == EVENT
