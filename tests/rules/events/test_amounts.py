from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rule_fixes import SENT, assert_fixes, find, pointers
from tcspec.contract.schemas import load_catalogue
from tcspec.errors import Severity
from tcspec.kinds import EVENT_2_0
from tcspec.rules.context import RuleContext
from tcspec.rules.events.amounts import has_numbers, is_amount, iter_numbers, root_amounts
from tcspec.rules.events.currencies import iter_currencies
from tcspec.strategies.values import numbers, scalars


def event(name, **properties):
    """Return an event of a server."""
    return {"event_name": name, **SENT, **properties}


_numbers = st.one_of(numbers, scalars, st.just(10**50))
_currencies = st.sampled_from(("EUR", "CHF", "EUX", "eur", None, 7))
_products = st.fixed_dictionaries({"id": st.just("SKU-4711")}, optional={"price": _numbers, "currency": _currencies})
_lines = st.one_of(
    scalars,
    st.fixed_dictionaries(
        {"id": st.just("L1")},
        optional={"product": st.one_of(_products, scalars), "quantity": _numbers, "price": _numbers},
    ),
)
sales = st.builds(
    lambda name, properties: event(name, **properties),
    st.sampled_from(("purchase", "refund", "view_item", "add_to_cart", "view_cart", "generate_lead", "x")),
    st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(("value", "revenue", "tax_amount", "shipping_amount", "original_value"), _numbers),
            "currency": _currencies,
            "items": st.one_of(scalars, st.lists(_lines, max_size=3)),
        },
    ),
)


@given(sales)
def test_fixes_of_a_sale(sale):
    """Each fix of any amounts and items removes its violation and adds none."""
    assert_fixes(sale, "TC4")


@pytest.mark.parametrize("name", ["brochure_downloaded", "login", None, 7])
def test_amounts_of_custom_events(name):
    """Value, currency and items of custom events are not checked."""
    properties = {"value": -1, "revenue": 5, "currency": "EUX", "items": [{"id": "L1", "product": {"currency": "EUR"}}]}
    assert not find(event(name, **properties), "TC41")


def test_rounding_of_sums():
    """A sum is compared exactly, in decimals, with a tolerance of two cents."""
    parts = {"revenue": 0.1, "tax_amount": 0.2, "shipping_amount": 0}
    assert not find(event("refund", value=0.32, **parts), "TC415")
    (violation,) = find(event("refund", value=0.3201, **parts), "TC415")
    assert violation.data["expected"] == "0.30"
    assert not find(event("refund", value=10**12, **parts), "TC415")
    assert not find(event("refund", value=5, **(parts | {"tax_amount": True})), "TC415")


def test_huge_amounts():
    """Numbers beyond the range of floats are compared like any other."""
    huge = b"9" * 400
    sale = b'{"event_name":"refund","value":%b,"revenue":1%b,"tax_amount":-%b,"shipping_amount":0,"context":{}}'
    assert pointers(sale % (huge, huge, huge), "TC412", "TC413", "TC415") == ["/tax_amount", "/value"]


def test_revenue_instead_of_value():
    """On `view_item` revenue is the former name and an info; elsewhere the value is missing."""
    (violation,) = find(event("view_item", revenue=5), "TC416")
    assert (violation.severity, violation.fix.is_safe) == (Severity.INFO, False)
    (violation,) = find(event("add_to_cart", revenue=5), "TC416")
    assert (violation.severity, violation.fix) == (Severity.WARNING, None)
    assert not find(event("view_item", revenue="5"), "TC416")
    assert not find(event("view_item", value=None), "TC416")


def test_value_without_tax_and_shipping():
    """A value equal to the revenue does not add up if there is tax or shipping."""
    sale = {"value": 100, "revenue": 100, "tax_amount": 19, "shipping_amount": 5}
    assert pointers(event("purchase", **sale), "TC415") == ["/value"]
    assert pointers(event("purchase", **sale | {"value": 124}), "TC415") == []


def context(name, **properties):
    """Return an event as rules check it."""
    return RuleContext({"event_name": name, **SENT, **properties}, EVENT_2_0, "server", 0)


def test_is_amount():
    """Of the numbers in the catalogue, all but quantities and positions are amounts."""
    known = load_catalogue()
    named = {
        name
        for properties in (
            *(entry["properties"] for entry in known["events"].values() if entry["family"] == "e-commerce"),
            known["objects"]["Item"]["properties"],
            known["objects"]["Product"]["properties"],
        )
        for name, entry in properties.items()
        if "number" in entry["type"].split("|")
    }
    assert {name for name in named if not is_amount(name)} == {
        "quantity",
        "returned_quantity",
        "cancelled_quantity",
        "list_position",
    }
    assert {"value", "revenue", "price", "discount", "tax_amount", "original_revenue"} <= named


def test_booleans_are_not_amounts():
    """`true` is not an amount of money."""
    assert root_amounts(context("generate_lead", value=True, id="LEAD-88")) == {}
    assert root_amounts(context("generate_lead", value=0)) == {"value": 0}


def test_iter_numbers():
    """Known numbers of the root, items and products have their paths; custom ones are skipped."""
    product = {"id": "SKU-4711", "price": 3, "weight": 4, "currency": "CHF"}
    sale = context("view_cart", value=1, floor=9, currency="EUR", items=[{"quantity": 2, "product": product}, None])
    assert dict(iter_numbers(sale)) == {
        ("value",): 1,
        ("items", 0, "quantity"): 2,
        ("items", 0, "product", "price"): 3,
    }
    assert dict(iter_currencies(sale)) == {("currency",): "EUR", ("items", 0, "product", "currency"): "CHF"}


def test_custom_events_have_no_known_numbers():
    """A custom event has no known amounts, items or currencies."""
    custom = context("brochure_downloaded", value=1, currency="EUR", items=[{"quantity": 2}])
    assert [*iter_numbers(custom), *custom.lines, *iter_currencies(custom)] == []


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"value": {"type": "number"}}, True),
        ({"label": {"type": "string"}, "value": {"type": "string|number"}}, True),
        ({"items": {"type": "array<Item>", "object": "Item"}}, True),
        ({"label": {"type": "string"}, "phone_number": {"type": "string|null"}}, False),
        ({}, False),
    ],
)
def test_has_numbers(properties, expected):
    """An event has numbers when a property, or an item, may be one."""
    assert has_numbers({"properties": properties}) is expected
    assert not has_numbers({})


def test_root_amounts():
    """Only amounts of money count, not other numbers."""
    numbers = {"value": 5, "revenue": "4", "cancelled_quantity": 3, "floor": 2}
    assert root_amounts(context("purchase", **numbers)) == {"value": 5}
    assert root_amounts(context("video_volume", sound=1, bitrate=2)) == {}
