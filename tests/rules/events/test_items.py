from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rule_fixes import SENT, assert_fixes_mend, found, pointers
from strategies.values import scalars
from tcspec.errors import Severity

PRODUCT = {"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}


def listed(*items, name="view_item_list"):
    """Make an event of some items."""
    return {"event_name": name, **SENT, "items": list(items)}


_names = st.sampled_from(
    ("id", "name", "price", "category_2", "item_category2", "item_category_2", "item_category5", "item_category6")
)
_held = st.dictionaries(_names, st.one_of(st.just("Women"), st.just(5), scalars), max_size=5)
_lines = st.one_of(
    scalars,
    st.builds(lambda item, product: item | {"product": product}, _held, st.one_of(_held, scalars)),
)


@given(st.lists(_lines, max_size=3), st.sampled_from(("view_item_list", "select_item", "x")))
def test_fixes_of_items_mend(items, name):
    """Whatever items hold, each fix silences its rule and adds no violation."""
    assert_fixes_mend(listed(*items, name=name), "TC42")


@pytest.mark.parametrize("items", [None, "L1", {}, 7, [None], ["L1"], [[]], [{"product": []}], [{"id": 7}, {"id": 7}]])
def test_other_types_are_of_the_contract(items):
    """Of items that are none only the contract speaks."""
    for name in ("view_item_list", "select_item", "refund"):
        assert not found({"event_name": name, **SENT, "items": items[:1] if isinstance(items, list) else items}, "TC42")
    assert not found({"event_name": "view_item_list", **SENT, "items": items}, "TC42")


def test_custom_items_are_free():
    """What events of one's own call items is their matter."""
    line = {"id": "L1", "price": 5, "product": {"item_category2": "Women"}}
    assert not found(listed(line, line, name="brochure_downloaded"), "TC42")
    assert not found(listed(name="login"), "TC42")


def test_no_items_is_as_bad_as_the_table_says():
    """An empty list is a warning where items are asked for, else a remark; a refund of all needs none."""
    assert [violation.severity for violation in found(listed(), "TC420")] == [Severity.WARNING]
    assert [violation.severity for violation in found(listed(name="add_payment_info"), "TC420")] == [Severity.INFO]
    assert [violation.severity for violation in found({"event_name": "refund", **SENT}, "TC420")] == [Severity.INFO]
    assert not found({"event_name": "add_payment_info", **SENT}, "TC420")
    assert not found({"event_name": "view_cart", **SENT}, "TC420")


def test_a_price_is_told_once():
    """A price in the item alone is told as misplaced, not as missing too; in both places it is a remark."""
    alone = listed({"id": "L1", "price": 5, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla"}})
    (violation,) = found(alone, "TC421", "TC422")
    assert (violation.code, violation.severity, violation.fix.is_safe) == ("TC422", Severity.WARNING, False)
    (violation,) = found(listed({"id": "L1", "price": 5, "product": PRODUCT}), "TC421", "TC422")
    assert (violation.code, violation.severity, violation.fix) == ("TC422", Severity.INFO, None)
    assert not found(listed({"id": "L1", "price": "5", "product": PRODUCT}), "TC422")


def test_a_category_is_renamed_safely_and_moved_unsafely():
    """In the product no more than the name changes; from the item it is moved, which is a guess."""
    here = found(listed({"product": {**PRODUCT, "item_category2": "Women"}}), "TC423")
    there = found(listed({"product": PRODUCT, "item_category2": "Women"}), "TC423")
    assert [violation.fix.is_safe for violation in (*here, *there)] == [True, False]


def test_two_categories_for_one_place():
    """Of two that would go to one place the first is moved, the other told only."""
    both = listed({"product": {**PRODUCT, "item_category2": "Women"}, "item_category2": "Trail"})
    assert {violation.pointer: violation.fix is None for violation in found(both, "TC423")} == {
        "/items/0/item_category2": True,
        "/items/0/product/item_category2": False,
    }


def test_an_id_is_told_with_the_item_that_has_it_too():
    """An item with the id of another says which."""
    violations = found(listed(*({"id": name, "product": PRODUCT} for name in ("a", "b", "a", "a"))), "TC425")
    assert [violation.pointer for violation in violations] == ["/items/2/id", "/items/3/id"]
    assert {violation.data["first"] for violation in violations} == {"/items/0"}


def test_items_of_a_batch_have_their_place():
    """In a batch the place begins with that of the event, in the fix too."""
    line = {"id": "L1", "quantity": 1, "product": {**PRODUCT, "item_category2": "Women"}}
    batch = {"batch": [listed(line)]}
    assert pointers(batch, "TC423") == ["/batch/0/items/0/product/item_category2"]
    assert found(batch, "TC423")[0].fix.patch[0]["path"] == "/batch/0/items/0/product/category_2"


def test_one_item_does_not_hide_another():
    """An item without a price or an id, or with both prices, is passed over, and those after it are still told."""
    items = [
        {"id": 1, "product": PRODUCT},
        {"id": "L1", "product": PRODUCT, "price": 5},
        {"id": "L1", "product": {"id": "SKU-1"}, "price": 5},
    ]
    assert pointers(listed(*items), "TC422") == ["/items/1/price", "/items/2/price"]
    assert pointers(listed(*items), "TC425") == ["/items/2/id"]
