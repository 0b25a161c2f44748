"""Rules on the strings of products and conversions."""

from __future__ import annotations

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.data_apis import NEARLY_VALID, VALID, biased
from tcspec.contract.schemas import load_catalogue
from tcspec.jsontext.pointer import follow
from tcspec.kinds import version_of
from tcspec.rules.bulk.properties import iter_known_properties, max_length
from tcspec.rules.context import RuleContext
from tcspec.rules.linting import lint
from tcspec.validation import validate


def product(**more):
    """Return a product."""
    return {"id": "SKU-4711", **more}


def codes(payload, kind="product", select=("TC8",)):
    """Return the codes of the violations."""
    return [violation.code for violation in lint(payload, select=select, kind=kind)]


@pytest.mark.parametrize("odd", [None, 0, True, [], {}, ["x" * 251], {"length": "x" * 251}])
def test_strings_of_wrong_types(odd):
    """A value that is not a string is left to the contract."""
    names = load_catalogue()["objects"]["CatalogProduct"]["properties"]
    assert codes(dict.fromkeys(names, odd)) == []


@pytest.mark.parametrize(
    ("length", "rules", "valid"),
    [(250, [], True), (251, ["TC821"], True), (255, ["TC821"], True), (256, [], False)],
)
def test_between_two_limits(length, rules, valid):
    """A length between the two documented limits is a warning; above both it is an error, once."""
    payload = product(brand="é" * length)
    assert codes(payload) == rules
    assert (validate(payload, "product") == []) is valid
    address = {"shipping_address": {"full_address": "é" * length}}
    assert codes(address, "conversion", ["TC821"]) == rules


def test_long_strings_are_not_shown():
    """A string that is too long is reported by its length only."""
    [violation] = lint(product(mpn="secret" * 42), select=["TC821"], kind="product")
    assert "secret" not in repr(violation)
    assert violation.data == {"property": "mpn", "expected": "at most 250 characters", "actual": "252 characters"}


def test_safe_limits_are_below_the_contract():
    """Wherever the catalogue has a safe length, the contract allows more or has no limit."""
    for kind, owner in (("product", "CatalogProduct"), ("conversion", "Conversion"), ("conversion", "Address")):
        for name, entry in load_catalogue()["objects"][owner]["properties"].items():
            limit = max_length(version_of(kind), owner, name) if "max_length" in entry else None
            assert limit is None or limit > entry["max_length"]


def test_custom_properties():
    """Custom properties are not checked, whatever their names are."""
    assert codes(product(custom={"brand": "", "gtin": "x"}, gtin_of_mine="")) == []


def test_iter_known_properties():
    """The known properties in arrays and objects are found, and no others."""
    payload = {"id": "T-1", "mine": 1, "conversion_items": [7, {"id": "L1", "product": {"id": "SKU-4711", "x": 1}}]}
    known = iter_known_properties(RuleContext(payload, version_of("conversion"), "server", 0))
    assert {known.path for known in known} == {
        ("id",),
        ("conversion_items",),
        ("conversion_items", 1, "id"),
        ("conversion_items", 1, "product"),
        ("conversion_items", 1, "product", "id"),
    }


anything = st.one_of(
    *(
        st.tuples(st.just(kind), drawn[kind])
        for kind in ("product", "conversion", "user")
        for drawn in (VALID, NEARLY_VALID)
    ),
    st.tuples(st.sampled_from(("product", "conversion", "user")), biased),
)


@given(anything)
def test_fixes(drawn):
    """No rule on the data APIs is an error, and every fix removes its violation and breaks nothing."""
    kind, payload = drawn
    before = {(violation.code, violation.pointer) for violation in validate(payload, kind)}
    for violation in lint(payload, kind=kind):
        assert violation.severity.value in {"info", "warning"}
        follow(payload, violation.pointer)
        if violation.fix:
            after = jsonpatch.apply_patch(payload, list(violation.fix.patch))
            still = {(each.code, each.pointer) for each in lint(after, kind=kind)}
            assert (violation.code, violation.pointer) not in still
            assert {(each.code, each.pointer) for each in validate(after, kind)} <= before
