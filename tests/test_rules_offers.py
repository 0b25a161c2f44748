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


@pytest.mark.parametrize(
    ("operations", "is_offered"),
    [
        ([move(("items", 1, "Quantity"), ("items", 1, "quantity"))], True),
        ([move(("items", 0, "id"), ("items", 0, "ID"))], False),
        ([replace(("items", 1, "product", "price"), "a lot")], False),
        ([add(("currency",), "CHF"), move(("items", 1, "Quantity"), ("items", 1, "quantity"))], True),
        ([add(("currency",), 7), move(("items", 1, "Quantity"), ("items", 1, "quantity"))], False),
        ([replace(("items", 0, "quantity"), 2), replace(("items", 1, "quantity"), "two")], False),
    ],
)
def test_what_is_offered(operations, is_offered):
    """Operations on one item, on several, and on what is outside are each held against the contract."""
    items = [{"id": "1", "quantity": 1}, {"id": "2", "Quantity": 1, "product": {"id": "2", "price": 1}, "quantity": 3}]
    event = minimal("purchase") | {"items": items}
    assert bool(offer(Subject(event, EVENT_2_0, "server", 0), "do it", *operations)) is is_offered
