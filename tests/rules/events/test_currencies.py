from __future__ import annotations

import pytest

from rule_fixes import SENT, find, pointers
from tcspec.kinds import EVENT_2_0
from tcspec.rules.context import RuleContext
from tcspec.rules.events.currencies import has_odd_currencies

LINE = {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}}


def event(name, **properties):
    """Return an event of a server."""
    return {"event_name": name, **SENT, **properties}


def test_when_a_currency_is_required():
    """Most events need a currency if they have an amount, some always; an error is left to the contract."""
    assert not find(event("view_cart", items=[LINE]), "TC410")
    assert pointers(event("view_cart", items=[LINE], value=0), "TC410") == [""]
    assert not find(event("view_cart", items=[LINE], value="5"), "TC410")
    assert pointers(event("add_to_cart", items=[LINE]), "TC410") == [""]
    assert not find(event("purchase", items=[LINE], value=5), "TC410")
    assert not find(event("add_to_cart", items=[LINE], currency=None), "TC410")


def test_currency_of_the_products():
    """The currency that all products share is an unsafe fix, unless it is unknown."""
    for currencies, offered in ((["EUR"], "EUR"), (["EUR", None], "EUR"), (["EUR", "CHF"], None), (["EUX"], None)):
        items = [{"id": "L", "product": {"id": "P", "currency": currency}} for currency in currencies]
        (violation,) = find(event("view_cart", items=items, value=5), "TC410")
        assert (violation.fix.patch[0]["value"] if violation.fix else None) == offered
        assert not (violation.fix and violation.fix.is_safe)


@pytest.mark.parametrize("currency", ["eur", "EURO", "", "€", None, 978, "EU\n"])
def test_malformed_currency(currency):
    """A currency that is not three capital letters is left to the contract."""
    assert not find(event("generate_lead", value=5, currency=currency), "TC411")


def test_currency_of_each_product():
    """Each product in another currency than the event, or the first product, is reported."""
    items = [{"id": "L", "product": {"id": "P", "currency": currency}} for currency in ("CHF", "EUR", "CHF")]
    places = [f"/items/{index}/product/currency" for index in range(3)]
    assert pointers(event("view_cart", items=items, currency="EUR"), "TC414") == [places[0], places[2]]
    assert pointers(event("view_cart", items=items), "TC414") == [places[1]]
    assert pointers(event("view_item_list", items=items, currency="EUR"), "TC414") == [places[1]]


@pytest.mark.parametrize(
    ("own", "product", "expected"),
    [("EUR", "EUR", False), ("EUR", None, False), (None, None, False), ("EUR", "CHF", True), (None, "EUX", True)],
)
def test_has_odd_currencies(own, product, expected):
    """One currency of ISO 4217, or none, is nothing odd."""
    sale = {"event_name": "view_cart", "currency": own, "items": [{"product": {"currency": product}}]}
    assert has_odd_currencies(RuleContext(sale, EVENT_2_0, "server", 0)) is expected
