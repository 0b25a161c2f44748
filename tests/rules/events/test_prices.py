from __future__ import annotations

from rule_fixes import SENT
from tcspec.contract.schemas import load_catalogue
from tcspec.kinds import EVENT_2_0
from tcspec.rules.context import RuleContext
from tcspec.rules.events.prices import amounts, currencies, is_amount, lines, numbers


def event(name, **properties):
    """Make an event as rules look at it."""
    return RuleContext({"event_name": name, **SENT, **properties}, EVENT_2_0, "server", 0)


def test_amounts_are_known_by_their_names():
    """Of the numbers that the catalogue knows, those of these names are money, and no others."""
    known = load_catalogue()
    named = {
        name
        for properties in (
            *(entry["properties"] for entry in known["events"].values() if entry["family"] == "e-commerce"),
            known["objects"]["Item"]["properties"],
            known["objects"]["Product"]["properties"],
        )
        for name, entry in properties.items()
        if entry["type"] == "number"
    }
    assert {name for name in named if not is_amount(name)} == {
        "quantity",
        "returned_quantity",
        "cancelled_quantity",
        "list_position",
    }
    assert {"value", "revenue", "price", "discount", "tax_amount", "original_revenue"} <= named


def test_booleans_are_no_amounts():
    """`true` is no sum of money."""
    assert amounts(event("generate_lead", value=True, id="LEAD-88")) == {}
    assert amounts(event("generate_lead", value=0)) == {"value": 0}


def test_numbers_have_their_paths():
    """Every known number is given with its path, at the root, in items and their products; custom ones are not."""
    product = {"id": "SKU-4711", "price": 3, "weight": 4, "currency": "CHF"}
    sale = event("view_cart", value=1, floor=9, currency="EUR", items=[{"quantity": 2, "product": product}, None])
    assert dict(numbers(sale)) == {
        ("value",): 1,
        ("items", 0, "quantity"): 2,
        ("items", 0, "product", "price"): 3,
    }
    assert dict(currencies(sale)) == {("currency",): "EUR", ("items", 0, "product", "currency"): "CHF"}


def test_custom_events_have_no_money():
    """Of an event of one's own neither amounts nor items nor currencies are known."""
    custom = event("brochure_downloaded", value=1, currency="EUR", items=[{"quantity": 2}])
    assert [*numbers(custom), *lines(custom), *currencies(custom)] == []
