"""Rules on the texts of products and conversions."""

from __future__ import annotations

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategies.data_apis import NEARLY_VALID, VALID, biased
from tcspec.contract.schemas import load_catalogue
from tcspec.jsontext.pointer import follow
from tcspec.kinds import version_of
from tcspec.rules.bulk.known import known_properties, longest
from tcspec.rules.context import RuleContext
from tcspec.rules.linting import lint
from tcspec.validation import validate


def product(**more):
    """Make a product."""
    return {"id": "SKU-4711", **more}


def codes(payload, kind="product", select=("TC8",)):
    """Give the codes that the rules find."""
    return [violation.code for violation in lint(payload, select=select, kind=kind)]


@pytest.mark.parametrize("odd", [None, 0, True, [], {}, ["x" * 251], {"length": "x" * 251}])
def test_values_of_wrong_types(odd):
    """A text of a wrong type is the contract's to tell."""
    names = load_catalogue()["objects"]["CatalogProduct"]["properties"]
    assert codes(dict.fromkeys(names, odd)) == []


@pytest.mark.parametrize(
    ("length", "rules", "valid"),
    [(250, [], True), (251, ["TC821"], True), (255, ["TC821"], True), (256, [], False)],
)
def test_between_two_limits(length, rules, valid):
    """A text between the limits of the two documents is a warning; one above both is an error, told once."""
    given_ = product(brand="é" * length)
    assert codes(given_) == rules
    assert (validate(given_, "product") == []) is valid
    address = {"shipping_address": {"full_address": "é" * length}}
    assert codes(address, "conversion", ["TC821"]) == rules


def test_long_texts_are_not_shown():
    """A text that is too long is told by its length alone."""
    [violation] = lint(product(mpn="secret" * 42), select=["TC821"], kind="product")
    assert "secret" not in repr(violation)
    assert violation.data == {"property": "mpn", "expected": "at most 250 characters", "actual": "252 characters"}


def test_every_softer_limit_is_below_the_contract():
    """Wherever the catalogue has a safe length, the contract allows more or says nothing."""
    for kind, owner in (("product", "CatalogProduct"), ("conversion", "Conversion"), ("conversion", "Address")):
        for name, entry in load_catalogue()["objects"][owner]["properties"].items():
            hard = longest(version_of(kind), owner, name) if "max_length" in entry else None
            assert hard is None or hard > entry["max_length"]


def test_objects_of_their_own():
    """What is custom is free, whatever its name."""
    assert codes(product(custom={"brand": "", "gtin": "x"}, gtin_of_mine="")) == []


def test_known_properties_of_every_depth():
    """The properties that are known are found in lists and objects, and no others."""
    payload = {"id": "T-1", "mine": 1, "conversion_items": [7, {"id": "L1", "product": {"id": "SKU-4711", "x": 1}}]}
    known = known_properties(RuleContext(payload, version_of("conversion"), "server", 0))
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
def test_fixes_mend(drawn):
    """On any payload no rule is an error, and every fix silences its rule there and breaks nothing."""
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
