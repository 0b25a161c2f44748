from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rule_fixes import SENT, assert_fixes_mend, found, pointers
from strategies.values import numbers, scalars
from tcspec.errors import Severity

LINE = {"id": "L1", "quantity": 1, "product": {"id": "SKU-4711", "name": "Trail shoe Arolla", "price": 119.9}}


def event(name, **properties):
    """Make an event of a server."""
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
def test_fixes_of_a_sale_mend(sale):
    """Whatever an event says of money and items, each fix silences its rule and adds no violation."""
    assert_fixes_mend(sale, "TC4")


@pytest.mark.parametrize("name", ["brochure_downloaded", "login", None, 7])
def test_custom_money_is_free(name):
    """What events of one's own call value, currency or items is their matter."""
    properties = {"value": -1, "revenue": 5, "currency": "EUX", "items": [{"id": "L1", "product": {"currency": "EUR"}}]}
    assert not found(event(name, **properties), "TC41")


def test_currency_is_asked_for_when_the_table_says_so():
    """On most events an amount asks for a currency; on some it is asked for always; an error is the contract's."""
    assert not found(event("view_cart", items=[LINE]), "TC410")
    assert pointers(event("view_cart", items=[LINE], value=0), "TC410") == [""]
    assert not found(event("view_cart", items=[LINE], value="5"), "TC410")
    assert pointers(event("add_to_cart", items=[LINE]), "TC410") == [""]
    assert not found(event("purchase", items=[LINE], value=5), "TC410")
    assert not found(event("add_to_cart", items=[LINE], currency=None), "TC410")


def test_currency_of_the_products_is_a_guess():
    """The currency that all products share is offered, not safely; an unknown one is not."""
    for currencies, offered in ((["EUR"], "EUR"), (["EUR", None], "EUR"), (["EUR", "CHF"], None), (["EUX"], None)):
        items = [{"id": "L", "product": {"id": "P", "currency": currency}} for currency in currencies]
        (violation,) = found(event("view_cart", items=items, value=5), "TC410")
        assert (violation.fix.patch[0]["value"] if violation.fix else None) == offered
        assert not (violation.fix and violation.fix.is_safe)


@pytest.mark.parametrize("currency", ["eur", "EURO", "", "€", None, 978, "EU\n"])
def test_another_shape_of_currency_is_of_the_contract(currency):
    """Of what is no three capital letters only the contract speaks."""
    assert not found(event("generate_lead", value=5, currency=currency), "TC411")


def test_several_currencies_are_told_of_each_product():
    """Each product that is not in the currency of the event is told; without one, the first product counts."""
    items = [{"id": "L", "product": {"id": "P", "currency": currency}} for currency in ("CHF", "EUR", "CHF")]
    places = [f"/items/{index}/product/currency" for index in range(3)]
    assert pointers(event("view_cart", items=items, currency="EUR"), "TC414") == [places[0], places[2]]
    assert pointers(event("view_cart", items=items), "TC414") == [places[1]]
    assert pointers(event("view_item_list", items=items, currency="EUR"), "TC414") == [places[1]]


def test_sums_are_left_two_cents():
    """A sum is compared exactly, in decimals, and two cents are left to rounding."""
    parts = {"revenue": 0.1, "tax_amount": 0.2, "shipping_amount": 0}
    assert not found(event("refund", value=0.32, **parts), "TC415")
    (violation,) = found(event("refund", value=0.3201, **parts), "TC415")
    assert violation.data["expected"] == "0.30"
    assert not found(event("refund", value=10**12, **parts), "TC415")
    assert not found(event("refund", value=5, **(parts | {"tax_amount": True})), "TC415")


def test_an_integer_of_any_length_is_looked_at():
    """A number beyond the range of floats is compared like any other."""
    huge = b"9" * 400
    sale = b'{"event_name":"refund","value":%b,"revenue":1%b,"tax_amount":-%b,"shipping_amount":0,"context":{}}'
    assert pointers(sale % (huge, huge, huge), "TC412", "TC413", "TC415") == ["/tax_amount", "/value"]


def test_revenue_stands_in_for_value_where_pages_disagree():
    """On `view_item` revenue is the former name and a remark; where no page has it, the value is missing."""
    (violation,) = found(event("view_item", revenue=5), "TC416")
    assert (violation.severity, violation.fix.is_safe) == (Severity.INFO, False)
    (violation,) = found(event("add_to_cart", revenue=5), "TC416")
    assert (violation.severity, violation.fix) == (Severity.WARNING, None)
    assert not found(event("view_item", revenue="5"), "TC416")
    assert not found(event("view_item", value=None), "TC416")


def test_a_value_that_is_the_revenue_alone():
    """A value that leaves out tax and shipping does not add up, even where it is no less than the revenue."""
    sale = {"value": 100, "revenue": 100, "tax_amount": 19, "shipping_amount": 5}
    assert pointers(event("purchase", **sale), "TC415") == ["/value"]
    assert pointers(event("purchase", **sale | {"value": 124}), "TC415") == []
