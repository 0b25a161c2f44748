from __future__ import annotations

import copy
from collections import Counter

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payloads import full, minimal
from tcspec.contract.engines import iter_fast_errors
from tcspec.dialects import dialect_of
from tcspec.kinds import EVENT_2_0
from tcspec.rules.context import RuleContext
from tcspec.rules.fixes.offers import add, move, offer, replace

EVENT = minimal("purchase")


def try_operations(*operations, event=EVENT):
    """Try a fix on an event."""
    return offer(RuleContext(event, EVENT_2_0, dialect_of(event).sender, 0), "do it", *operations)


def test_a_fix_that_breaks_nothing():
    """A fix after which the contract finds no more than before is offered as it is."""
    event = full("purchase")
    operation = move(("items", 0, "variant"), ("items", 0, "kind~/"))
    fix = try_operations(replace(("coupon",), "TENT10"), operation, event=event)
    assert fix is not None
    assert (fix.title, fix.is_safe, fix.patch[1]) == ("do it", False, operation)
    after = jsonpatch.apply_patch(event, list(fix.patch))
    assert after["items"][0]["kind~/"] == event["items"][0]["variant"]


@pytest.mark.parametrize(
    "operation",
    [replace(("value",), "much"), move(("id",), ("number",)), add(("coupon",), 7), replace(("items", 0), None)],
)
def test_a_fix_that_breaks_the_contract(operation):
    """A fix after which the contract finds more is not offered."""
    assert try_operations(operation) is None


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (minimal(), "purchase"),
        (minimal("login"), "search"),
        ({key: value for key, value in minimal("search").items() if key != "search_term"}, "page_view"),
    ],
)
def test_another_event_lacks_something_else(event, name):
    """A fix that renames an event is not offered if the new one lacks a property that the old one did not need."""
    assert try_operations(replace(("event_name",), name), event=event) is None


def test_a_fix_that_changes_who_sends():
    """A fix that makes the sender a server is not offered if the payload lacks what servers must send."""
    event = minimal("login")
    event["context"]["eventId"] = event["context"].pop("event_id")
    operation = move(("context", "eventId"), ("context", "event_id"))
    assert try_operations(operation, event=event) is None
    event["context"]["containerVersion"] = "3.1"
    assert try_operations(operation, event=event) is not None


def test_what_was_broken_may_stay_so():
    """Other violations of the payload do not keep a fix from being offered."""
    assert try_operations(add(("coupon",), "TENT10"), event=EVENT | {"value": "much"}) is not None


def test_another_event_may_be_as_broken():
    """Nor do they if the fix renames the event."""
    broken = minimal("login") | {"event_name": "logn", "user": {"email": 5}}
    assert try_operations(replace(("event_name",), "login"), event=broken) is not None


def test_trying_changes_nothing():
    """The payload is not changed by the trial."""
    event = copy.deepcopy(EVENT)
    try_operations(move(("items", 0, "product", "id"), ("items", 0, "product", "sku")), add(("x",), 1), event=event)
    assert event == EVENT


VALUES = st.sampled_from([1, -1, 2.5, "1", "", None, True, [], {}, {"id": "1"}])
MEMBERS = st.dictionaries(st.sampled_from(["id", "quantity", "price", "list_position", "own"]), VALUES, max_size=4)
ITEMS = st.lists(MEMBERS | st.fixed_dictionaries({"id": st.just("1"), "product": MEMBERS}), min_size=1, max_size=4)


def broken(event):
    """Count what the contract finds in a whole event."""
    return Counter(iter_fast_errors(event, EVENT_2_0, event["event_name"]))


@st.composite
def mendings(draw):
    """Draw a purchase of some items, right and wrong, and operations on one of them."""
    items = draw(ITEMS)
    index = draw(st.integers(0, len(items) - 1))
    item = items[index]
    names = sorted(item.keys() - {"product"})
    moved = draw(st.sampled_from(names)) if names and draw(st.booleans()) else None
    operations = [replace(("items", index, name), draw(VALUES)) for name in names if name != moved]
    operations += [move(("items", index, moved), ("items", index, "list_name"))] if moved else []
    operations += [add(("items", index, "discount"), draw(VALUES))]
    if isinstance(item.get("product"), dict):
        operations.append(add(("items", index, "product", "name"), draw(VALUES)))
    return minimal("purchase") | {"items": items}, operations


@given(mendings())
def test_one_item_speaks_for_all(drawn):
    """One item is checked alone with the result of checking the whole payload, and nothing changes."""
    event, operations = drawn
    before = copy.deepcopy(event)
    after = jsonpatch.apply_patch(event, copy.deepcopy(operations))
    fix = offer(RuleContext(event, EVENT_2_0, "server", 0), "do it", *operations, is_safe=True)
    assert (fix is not None) == (broken(after) <= broken(event))
    assert event == before
    if fix:
        assert (fix.patch, fix.is_safe) == (tuple(operations), True)


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ([move(("items", 1, "Quantity"), ("items", 1, "amount"))], True),
        ([move(("items", 0, "id"), ("items", 0, "ID"))], False),
        ([replace(("items", 1, "product", "price"), "a lot")], False),
        ([replace(("items", 1), {"id": "2", "quantity": 1, "product": {"id": "3"}})], True),
        ([replace(("items", 1), {"id": 2})], False),
        ([replace(("items", 1), {"id": "2", "product": {"id": "3"}}), add(("items", 1, "quantity"), 3)], True),
        ([add(("coupon",), "TENT"), move(("items", 1, "Quantity"), ("items", 1, "amount"))], True),
        ([add(("coupon",), 7), move(("items", 1, "Quantity"), ("items", 1, "amount"))], False),
        ([replace(("items", 0, "quantity"), 2), replace(("items", 1, "quantity"), "two")], False),
        ([add(("coupon",), "TENT")], True),
        ([add(("coupon",), 7)], False),
    ],
)
def test_what_is_offered(operations, expected):
    """Operations on one item, on several, and on what is outside are each checked against the contract."""
    items = [{"id": "1", "quantity": 1}, {"id": "2", "Quantity": 1, "product": {"id": "2", "price": 1}, "quantity": 3}]
    event = minimal("purchase") | {"items": items}
    assert (try_operations(*operations, event=event) is not None) is expected


@pytest.mark.parametrize(
    "operations",
    [
        [move(("items", 1, "Quantity"), ("items", 1, "a~/b"))],
        [add(("items", 1, "quantity"), 1), replace(("items", 1, "Quantity"), 2)],
    ],
)
def test_other_items_are_not_looked_at(operations):
    """A fix of one item costs the same whatever the number of other items."""
    event = minimal("purchase") | {"items": [object(), {"id": "2", "Quantity": 1}, object()]}
    assert try_operations(*operations, event=event)
