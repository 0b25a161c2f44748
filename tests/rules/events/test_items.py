from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rule_fixes import SENT, assert_fixes, find, pointers
from tcspec.errors import Severity
from tcspec.kinds import EVENT_2_0
from tcspec.rules.context import RuleContext
from tcspec.rules.events.items import has_foreign_names, has_null
from tcspec.strategies.values import scalars

PRODUCT = {"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}


def listed(*items, name="view_item_list"):
    """Return an event of some items."""
    return {"event_name": name, **SENT, "items": list(items)}


_names = st.sampled_from(
    ("id", "name", "price", "category_2", "item_category2", "item_category_2", "item_category5", "item_category6")
)
_members = st.dictionaries(_names, st.one_of(st.just("Women"), st.just(5), scalars), max_size=5)
_lines = st.one_of(
    scalars,
    st.builds(lambda item, product: item | {"product": product}, _members, st.one_of(_members, scalars)),
)


@given(st.lists(_lines, max_size=3), st.sampled_from(("view_item_list", "select_item", "x")))
def test_fixes_of_items(items, name):
    """Each fix of any items removes its violation and adds none."""
    assert_fixes(listed(*items, name=name), "TC42")


@pytest.mark.parametrize("items", [None, "L1", {}, 7, [None], ["L1"], [[]], [{"product": []}], [{"id": 7}, {"id": 7}]])
def test_items_of_wrong_types(items):
    """Items of wrong types are left to the contract."""
    for name in ("view_item_list", "select_item", "refund"):
        assert not find({"event_name": name, **SENT, "items": items[:1] if isinstance(items, list) else items}, "TC42")
    assert not find({"event_name": "view_item_list", **SENT, "items": items}, "TC42")


def test_items_of_custom_events():
    """The items of custom events are not checked."""
    line = {"id": "L1", "price": 5, "product": {"item_category2": "Women"}}
    assert not find(listed(line, line, name="brochure_downloaded"), "TC42")
    assert not find(listed(name="login"), "TC42")


def test_severity_of_missing_items():
    """An empty list is a warning where items are required, else an info; a full refund needs none."""
    assert [violation.severity for violation in find(listed(), "TC420")] == [Severity.WARNING]
    assert [violation.severity for violation in find(listed(name="add_payment_info"), "TC420")] == [Severity.INFO]
    assert [violation.severity for violation in find({"event_name": "refund", **SENT}, "TC420")] == [Severity.INFO]
    assert not find({"event_name": "add_payment_info", **SENT}, "TC420")
    assert not find({"event_name": "view_cart", **SENT}, "TC420")


def test_price_is_reported_once():
    """A price in the item only is reported as misplaced and not as missing; in both it is an info."""
    alone = listed({"id": "L1", "price": 5, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla"}})
    (violation,) = find(alone, "TC421", "TC422")
    assert (violation.code, violation.severity, violation.fix.is_safe) == ("TC422", Severity.WARNING, False)
    (violation,) = find(listed({"id": "L1", "price": 5, "product": PRODUCT}), "TC421", "TC422")
    assert (violation.code, violation.severity, violation.fix) == ("TC422", Severity.INFO, None)
    assert not find(listed({"id": "L1", "price": "5", "product": PRODUCT}), "TC422")


def test_safety_of_category_fixes():
    """Renaming a category in the product is safe, moving it from the item is not."""
    here = find(listed({"product": {**PRODUCT, "item_category2": "Women"}}), "TC423")
    there = find(listed({"product": PRODUCT, "item_category2": "Women"}), "TC423")
    assert [violation.fix.is_safe for violation in (*here, *there)] == [True, False]


def test_two_categories_with_one_target():
    """Of two categories with the same new name only the first has a fix."""
    both = listed({"product": {**PRODUCT, "item_category2": "Women"}, "item_category2": "Trail"})
    assert {violation.pointer: violation.fix is None for violation in find(both, "TC423")} == {
        "/items/0/item_category2": True,
        "/items/0/product/item_category2": False,
    }


def test_duplicate_id_names_the_first_item():
    """A duplicate id is reported with the first item that has it."""
    violations = find(listed(*({"id": name, "product": PRODUCT} for name in ("a", "b", "a", "a"))), "TC425")
    assert [violation.pointer for violation in violations] == ["/items/2/id", "/items/3/id"]
    assert {violation.data["first"] for violation in violations} == {"/items/0"}


def test_items_of_a_batch():
    """In a batch the pointers of the violation and its fix start with that of the event."""
    line = {"id": "L1", "quantity": 1, "product": {**PRODUCT, "item_category2": "Women"}}
    batch = {"batch": [listed(line)]}
    assert pointers(batch, "TC423") == ["/batch/0/items/0/product/item_category2"]
    assert find(batch, "TC423")[0].fix.patch[0]["path"] == "/batch/0/items/0/product/category_2"


def test_later_items_are_checked():
    """An item without a price or id, or with both prices, does not stop the check of later ones."""
    items = [
        {"id": 1, "product": PRODUCT},
        {"id": "L1", "product": PRODUCT, "price": 5},
        {"id": "L1", "product": {"id": "SKU-1"}, "price": 5},
    ]
    assert pointers(listed(*items), "TC422") == ["/items/1/price", "/items/2/price"]
    assert pointers(listed(*items), "TC425") == ["/items/2/id"]


def test_price_that_is_null():
    """A price is not moved over one that is null, nor is a null price missing beside one in the item."""
    line = {"id": "L1", "quantity": 1, "price": 5, "product": {**PRODUCT, "price": None}}
    found = find(listed(line), "TC421", "TC422")
    assert [(each.code, each.severity, each.fix) for each in found] == [("TC422", Severity.WARNING, None)]


def test_what_a_product_lacks():
    """The message names what is missing, but not the price that is in the item."""
    found = find(listed({"product": {}}, {"product": {}, "price": 5}), "TC421")
    assert [each.data["properties"] for each in found] == [["name", "price"], ["name"]]


def test_names_of_later_items():
    """An item without a name of another vendor does not stop the check."""
    assert pointers(listed({"product": {"id": "x"}}, {"product": {**PRODUCT, "item_id": "x"}}), "TC423") == [
        "/items/1/product/item_id"
    ]


@pytest.mark.parametrize(
    ("payload", "has_names", "has_nulls"),
    [
        (listed({"product": PRODUCT}), False, False),
        (listed({"product": {**PRODUCT, "item_id": None}}), True, True),
        (listed({"id": "L1"}), True, False),
        (listed(), False, False),
        (listed({"item_id": None}, name="mine"), False, False),
    ],
)
def test_what_items_may_have(payload, has_names, has_nulls):
    """Items may have names of another vendor when they show one, or have no product; a null shows in the text."""
    event = RuleContext(payload, EVENT_2_0, "server", 0)
    assert (has_foreign_names(event), has_null(event)) == (has_names, has_nulls)
