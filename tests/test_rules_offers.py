"""A fix is offered where the contract finds no more after it than before, in the whole payload."""

from __future__ import annotations

import copy
from collections import Counter

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st
from payloads import minimal

from tcspec.engines import fast
from tcspec.rules.fixing.offers import add, move, offer, replace
from tcspec.rules.subjects import Subject
from tcspec.versions import EVENT_2_0

VALUES = st.sampled_from([1, -1, 2.5, "1", "", None, True, [], {}, {"id": "1"}])
MEMBERS = st.dictionaries(st.sampled_from(["id", "quantity", "price", "list_position", "own"]), VALUES, max_size=4)
ITEMS = st.lists(MEMBERS | st.fixed_dictionaries({"id": st.just("1"), "product": MEMBERS}), min_size=1, max_size=4)


def broken(event):
    """Count what the contract finds in a whole event."""
    return Counter(fast(event, EVENT_2_0, event["event_name"]))


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
    """What is asked of one item alone is what would be asked of the whole payload, and nothing is changed by it."""
    event, operations = drawn
    before = copy.deepcopy(event)
    after = jsonpatch.apply_patch(event, copy.deepcopy(operations))
    fix = offer(Subject(event, EVENT_2_0, "server", 0), "do it", *operations, is_safe=True)
    assert (fix is not None) == (broken(after) <= broken(event))
    assert event == before
    if fix:
        assert (fix.patch, fix.is_safe) == (tuple(operations), True)


def is_offered(event, *operations):
    """Tell whether operations on an event are offered."""
    return offer(Subject(event, EVENT_2_0, "server", 0), "do it", *operations) is not None


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
    """Operations on one item, on several, and on what is outside are each held against the contract."""
    items = [{"id": "1", "quantity": 1}, {"id": "2", "Quantity": 1, "product": {"id": "2", "price": 1}, "quantity": 3}]
    event = minimal("purchase") | {"items": items}
    assert is_offered(event, *operations) is expected


@pytest.mark.parametrize(
    "operations",
    [
        [move(("items", 1, "Quantity"), ("items", 1, "amount"))],
        [add(("items", 1, "quantity"), 1), replace(("items", 1, "Quantity"), 2)],
    ],
)
def test_other_items_are_not_looked_at(operations):
    """What is offered for one item costs the same beside any other items."""
    event = minimal("purchase") | {"items": [object(), {"id": "2", "Quantity": 1}, object()]}
    assert is_offered(event, *operations)


@pytest.mark.parametrize(
    ("event", "name", "expected"),
    [
        (minimal("login") | {"event_name": "logn", "user": 7}, "login", True),
        (minimal("login") | {"event_name": "logn"}, "purchase", False),
        ({"event_name": "page_view", "user": {}, "context": {}}, "search", False),
    ],
)
def test_another_name_asks_for_other_things(event, name, expected):
    """An event may be renamed when its new name asks for nothing more that it lacks."""
    assert is_offered(event, replace(("event_name",), name)) is expected


def test_who_sends_it_stays():
    """What a client of the vendor sends goes on showing it; what a server sends is free."""
    event = minimal("login")
    event["context"] = {"eventId": "e-1", "event_timestamp": 1718000000000}
    renaming = move(("context", "eventId"), ("context", "event_id"))
    assert not is_offered(event, renaming)
    event["context"]["version"] = "2.0"
    assert is_offered(event, renaming)
    assert is_offered(minimal("login") | {"Method": "passkey"}, move(("Method",), ("method",)))
