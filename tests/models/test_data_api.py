"""Products, conversions and their parts: what is accepted and refused, by every engine alike."""

from __future__ import annotations

import copy

import pytest
from pydantic import ValidationError
from pydantic_core import MISSING

from broken_payloads import break_payload
from payloads import OBJECTS, full_of, minimal_of
from tcspec.models import Address, CatalogProduct, Conversion, ConversionItem, Coordinates, MatchingKeys
from tcspec.models.data_api.conversion import REMAINING_AMOUNT, REMAINING_QUANTITY
from tcspec.models.introspection import get_examples, iter_models
from tcspec.models.properties import PAYMENT_METHODS, PURCHASE_STATUSES
from validators import MODELS, model_error_paths, rust_definition_validator, rust_validator, schema, verdicts

every_kind = pytest.mark.parametrize("kind", ["product", "conversion"])

BOOT = "\U0001f97e"
"""One code point, two units of UTF-16 and four bytes of UTF-8: lengths are counted in the first."""

CASES = {
    # a currency has the shape of ISO 4217 (K112)
    ("conversion", "currency"): (["EUR", "ZZZ"], ["eur", "EURO", "", None, 978]),
    ("product", "currency"): (["CHF"], ["Fr.", None]),
    # the data APIs refuse values that are not listed (K060); pending is listed (K061)
    ("conversion", "status"): ([*PURCHASE_STATUSES], ["lost", "Pending", "", None, 3, ["pending"]]),
    ("conversion", "payment_method"): ([*PAYMENT_METHODS], ["barter", None, True, {}]),
    ("product", "condition"): (["new", "refurbished", "used"], ["broken", None]),
    ("product", "availability"): (["in_stock", "available", "pre_order", "out_of_stock"], ["soon", None]),
    # a recommended list refuses nothing (K111)
    ("product", "gender"): (["unisex", "children", ""], [None, 1]),
    # lengths are counted in code points; the larger of two limits is the contract (K092, K094)
    ("product", "id"): (["", "x" * 50, BOOT * 50], ["x" * 51, BOOT * 51, None, 4711]),
    ("product", "name"): (["x" * 500, BOOT * 500], ["x" * 501, BOOT * 501, None]),
    ("product", "description"): (["", "x" * 5000, BOOT * 5000], ["x" * 5001, None]),
    ("product", "category_3"): (["x" * 250], ["x" * 251, None]),
    ("product", "brand"): (["", "x" * 251, "x" * 255], ["x" * 256, None]),
    ("product", "link"): (["x" * 2000], ["x" * 2001, None]),
    ("product", "tags"): ([[], ["x" * 250] * 300, [BOOT * 250]], ["trail", ["x" * 251], ["trail", None], None, [1]]),
    ("product", "colors"): ([[], ["x" * 255]], ["blue", ["x" * 256], None, [1]]),
    ("conversion", "id"): (["x" * 50], ["x" * 51, 42]),
    ("conversion", "type"): (["", "x" * 255], ["x" * 256, None]),
    # amounts and dimensions are numbers of any size, never texts
    ("product", "price"): ([0, -1, 1.5, 1e308, 2**70], ["1", True, None]),
    ("product", "weight"): ([640, 0.5], ["640 g", None]),
    ("conversion", "final_amount"): ([10.0, 0], ["10", None, [10]]),
    # what the platform calculates is ignored, yet it is a number (K100)
    ("conversion", "final_quantity"): ([3, 0.5], ["3", None]),
    ("conversion", "acknowledged"): ([True, False], [1, "true", None]),
    # the format of a number of world trade is advice (K109)
    ("product", "gtin"): (["4006381333931", "1.35E+17", ""], [4006381333931, None]),
    ("product", "custom"): ([{}, {"a": [None]}], [[], "a", None]),
    # lines
    ("conversion", "conversion_items"): ([[]], [None, {}, ["SKU-4711"], [{}], [{"id": "L1"}]]),
    # at least one key, whichever it is; what it holds is typed where its name is known (K095, K096)
    ("conversion", "user"): (
        [
            {"email": "ada@shop.example"},
            {"user_email": "x" * 255},
            {"crm": None},
            {"loyalty": 12, "email": ""},
            {"consent_categories": ["1", 3, 3.0]},
            {"consent_categories": []},
            {"consent_categories": "1"},
        ],
        [
            {},
            None,
            "ada@shop.example",
            [],
            {"email": None},
            {"email": "x" * 251},
            {"user_email": "x" * 256},
            {"user_email": 1},
            {"consent_categories": 1},
            {"consent_categories": None},
            {"consent_categories": [None]},
            {"consent_categories": [1.5]},
            {"consent_categories": [True]},
            {"consent_categories": {"1": True}},
        ],
    ),
    # the whole address may be null, and no other part of one (K097)
    ("conversion", "billing_address"): (
        [
            {},
            {"full_address": None},
            {"full_address": "x" * 255},
            {"full_address": "a\nb"},
            {"coordinates": {}},
            {"planet": 3},
        ],
        [
            None,
            "Quai du Lac 3",
            {"full_address": "x" * 256},
            {"full_address": 3},
            {"country": None},
            {"postal_code": 1006},
            {"coordinates": None},
            {"coordinates": {"latitude": "46.5"}},
            {"coordinates": [46.5, 6.6]},
        ],
    ),
}


def all_violations(kind):
    """Return every violation of the root object of a kind."""
    return list(break_payload(OBJECTS[kind].__name__, schema(kind=kind)["$defs"], full_of(kind)))


@every_kind
@pytest.mark.parametrize("payload_of", [minimal_of, full_of])
def test_least_and_fullest_payloads_are_valid(kind, payload_of):
    """A payload with the required properties is valid for every engine, and so is one with every property."""
    payload = payload_of(kind)
    assert list(rust_validator(kind=kind).iter_errors(payload)) == []
    assert verdicts(payload, kind=kind) == {True}


@every_kind
def test_every_constraint_can_be_broken(kind):
    """Every wrong type, missing property, string that is too long and unlisted value is refused by every engine."""
    found = all_violations(kind)
    assert len(found) > 150
    assert [str(broken) for broken in found if verdicts(broken.payload, kind=kind) != {False}] == []


@every_kind
def test_violations_are_reported_where_they_are(kind):
    """Both the schema and the model report a violation at its own path only."""
    for broken in all_violations(kind):
        errors = rust_validator(kind=kind).iter_errors(broken.payload)
        assert {tuple(error.instance_path)[: len(broken.path)] for error in errors} == {broken.path}, str(broken)
        with pytest.raises(ValidationError) as caught:
            MODELS[f"{kind}/2.0"](broken.payload).model_validate(broken.payload)
        assert model_error_paths(caught.value, broken.path) == {broken.path}, str(broken)


@pytest.mark.parametrize(("kind", "name"), CASES, ids=map(".".join, CASES))
def test_engines_agree_on_values(kind, name):
    """Every engine accepts and refuses the same values of a property."""
    good, bad = CASES[kind, name]
    for value, verdict in [*((value, True) for value in good), *((value, False) for value in bad)]:
        payload = minimal_of(kind) | {name: copy.deepcopy(value)}
        assert verdicts(payload, kind=kind) == {verdict}, value


@every_kind
def test_every_example_is_valid(kind):
    """Every example of every property, at any depth, is valid in a payload."""
    holders = {model.__name__: model for model in (Conversion, ConversionItem, MatchingKeys, Address, Coordinates)}
    for name in [*holders, "CatalogProduct"] if kind == "conversion" else ["CatalogProduct"]:
        model = holders.get(name, CatalogProduct)
        for field, known in model.model_fields.items():
            if next(iter_models(known.annotation), None) is None:
                assert get_examples(known), f"{name}.{field} has no example"
                for value in get_examples(known):
                    errors = rust_definition_validator(name, kind=kind).iter_errors({field: value})
                    assert not any(error.instance_path for error in errors), (field, value)


@every_kind
def test_payloads_come_back_as_they_went_in(kind):
    """A payload that was parsed is dumped with the same values, custom properties and nulls included."""
    payload = full_of(kind) | {"shelf": {"row": [1, None, 2.5]}, "nothing": None}
    assert OBJECTS[kind].model_validate(payload).model_dump() == payload


@pytest.mark.parametrize("value", [1, None, [], "", {"a": [None]}, 10**400, 1e-300, True])
@pytest.mark.parametrize("place", ["root", "user", "billing_address", "coordinates", "item", "product"])
def test_custom_properties_are_legal_everywhere(place, value):
    """Any JSON value under a custom name is legal at any depth."""
    payload = full_of("conversion")
    item = payload["conversion_items"][0]
    at = {
        "root": payload,
        "user": payload["user"],
        "billing_address": payload["billing_address"],
        "coordinates": payload["billing_address"]["coordinates"],
        "item": item,
        "product": item["product"],
    }
    at[place]["shelf_life"] = value
    assert verdicts(payload, kind="conversion") == {True}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Conversion", {"original_quantity", "cancelled_quantity", "returned_quantity", "exchanged_quantity"}),
        ("ConversionItem", set()),
    ],
)
def test_what_the_platform_calculates_is_read_only(name, kept):
    """Published schemas mark what the platform calculates, and the defaults of absent properties."""
    known = schema(kind="conversion")["$defs"][name]["properties"]
    marked = {one for one, published in known.items() if isinstance(published, dict) and published.get("readOnly")}
    assert marked == kept | ({"final_quantity"} if kept else set())
    defaults = {one: published["default"] for one, published in known.items() if "default" in published}
    assert defaults == ({} if kept else {"cancelled_quantity": 0, "returned_quantity": 0, "exchanged_quantity": 0})


def test_formulas_are_those_of_the_examples():
    """The numbers of our own example agree with the formulas of the catalogue."""
    conversion = full_of("conversion")
    line = conversion["conversion_items"][0]
    for holder, name, formula in (
        (conversion, "final_quantity", REMAINING_QUANTITY),
        (line, "final_quantity", REMAINING_QUANTITY),
        (line, "final_amount", REMAINING_AMOUNT),
    ):
        first, *others = formula.split(" - ")
        assert holder[name] == pytest.approx(holder[first] - sum(holder[other] for other in others))


def test_conversions_are_built_in_code():
    """A typed conversion is dumped as its payload; `custom` is the property of the vendor."""
    conversion = Conversion(
        id="T-1",
        user=MatchingKeys(custom={"crm": "C-1"}),
        type="online",
        status="pending",
        created="2024-06-10T06:13:20Z",
        currency="EUR",
        conversion_items=[
            ConversionItem(id="L1", original_quantity=2, product=CatalogProduct(id="SKU-1")),
        ],
        shipping_address=Address(full_address=None, coordinates=Coordinates(latitude=46.5, longitude=6.6)),
        custom={"gift": True},
    )
    assert conversion.comment is MISSING
    assert conversion.model_dump() == {
        "id": "T-1",
        "user": {"crm": "C-1"},
        "type": "online",
        "status": "pending",
        "created": "2024-06-10T06:13:20Z",
        "currency": "EUR",
        "conversion_items": [{"id": "L1", "original_quantity": 2, "product": {"id": "SKU-1"}}],
        "shipping_address": {"full_address": None, "coordinates": {"latitude": 46.5, "longitude": 6.6}},
        "custom": {"gift": True},
    }
    with pytest.raises(ValidationError, match="at least one property"):
        MatchingKeys()


def test_only_what_both_documents_ask_for_is_required():
    """A product requires its id, a conversion id, user, type, status, created, currency and items."""
    assert [name for name, field in CatalogProduct.model_fields.items() if field.is_required()] == ["id"]
    line = ["id", "original_quantity", "product"]
    assert [name for name, field in ConversionItem.model_fields.items() if field.is_required()] == line
    assert not any(field.is_required() for model in (Address, Coordinates) for field in model.model_fields.values())
    required = ["id", "user", "type", "status", "created", "currency", "conversion_items"]
    assert [name for name, field in Conversion.model_fields.items() if field.is_required()] == required


def test_closed_lists_are_those_of_events():
    """The lists that the data APIs enforce are those that events recommend (K060)."""
    known = schema(kind="conversion")["$defs"]["Conversion"]["properties"]
    assert sorted(known["status"]["enum"]) == sorted(PURCHASE_STATUSES)
    assert sorted(known["payment_method"]["enum"]) == sorted(PAYMENT_METHODS)


def test_a_product_is_the_same_inside_a_conversion():
    """The product of an item is validated like a line of the catalogue import."""
    inside = schema(kind="conversion")["$defs"]["CatalogProduct"]
    assert {"properties": inside["properties"], "required": inside["required"]} == {
        name: schema(kind="product")["$defs"]["CatalogProduct"][name] for name in ("properties", "required")
    }


@pytest.mark.parametrize("payload", [None, [], "SKU-4711", 3, True])
@every_kind
def test_a_payload_is_an_object(kind, payload):
    """Any other JSON value than an object is refused, without an exception."""
    assert verdicts(payload, kind=kind) == {False}
