"""Rules on products, alone and inside conversions."""

from __future__ import annotations

import pytest

from tcspec.rules.linting import lint


def find(payload, kind="product", **how):
    """Return the codes and pointers of the violations."""
    return [
        (violation.code, violation.pointer) for violation in lint(payload, kind=kind, select=["TC82", "TC83"], **how)
    ]


@pytest.mark.parametrize(("length", "codes"), [(250, []), (251, ["TC821"]), (255, ["TC821"]), (256, [])])
def test_two_limits(length, codes):
    """The rule reports a string between both documented limits; above the larger one the contract does."""
    assert [code for code, _ in find({"id": "SKU-4711", "brand": "x" * length})] == codes


@pytest.mark.parametrize("gtin", ["1.35E+17", "4.00638e12", "4,00638E+12", "4E+12"])
def test_gtin_in_scientific_notation(gtin):
    """A gtin in scientific notation has lost digits and has no fix."""
    [violation] = lint({"id": "SKU-4711", "gtin": gtin}, kind="product", select=["TC825"])
    assert "removed its last digits" in violation.message
    assert violation.hint
    assert violation.fix is None


@pytest.mark.parametrize(
    ("gtin", "fixed"),
    [
        ("978-3-16-148410-0", "9783161484100"),
        ("4 006381 333931", "4006381333931"),
        ("4006381333931\n", "4006381333931"),
        ("\u00a04006381333931 ", "4006381333931"),
    ],
)
def test_gtin_with_separators(gtin, fixed):
    """Removing the separators of a gtin, and the white space around it, is safe."""
    [violation] = lint({"id": "SKU-4711", "gtin": gtin}, kind="product", select=["TC825"])
    assert violation.fix.is_safe
    assert violation.fix.patch[0]["value"] == fixed


@pytest.mark.parametrize("gtin", ["٤٠٠٦٣٨١٣٣٣٩٣١", "400638\n1333931", "--------", "12 34"])
def test_other_gtins(gtin):
    """Anything but 8 to 14 ASCII digits is reported without a fix."""
    [violation] = lint({"id": "SKU-4711", "gtin": gtin}, kind="product", select=["TC825"])
    assert violation.fix is None


def test_values_of_other_types():
    """A gtin that is a number is left to the contract."""
    assert find({"id": "SKU-4711", "gtin": 4006381333931, "gender": 1, "currency": ["EUO"]}) == []


@pytest.mark.parametrize(
    ("gender", "safe"), [("FEMALE", True), (" male ", True), ("Unisex", True), ("f", False), ("u", False)]
)
def test_fix_of_a_gender(gender, safe):
    """A word in other case has a safe fix, a letter of the events an unsafe one."""
    [violation] = lint({"id": "SKU-4711", "gender": gender}, kind="product", select=["TC826"])
    assert violation.fix.is_safe is safe


def test_products_of_a_conversion():
    """The products of a conversion are checked where they are."""
    product = {"id": "SKU-4711", "gtin": "1", "gender": "w", "currency": "EUO"}
    conversion = {"currency": "ZZZ", "conversion_items": [{"id": "L1"}, {"id": "L2", "product": product}]}
    assert set(find(conversion, "conversion")) == {
        ("TC825", "/conversion_items/1/product/gtin"),
        ("TC826", "/conversion_items/1/product/gender"),
        ("TC830", "/conversion_items/1/product/currency"),
        ("TC832", "/conversion_items/1/product/currency"),
        ("TC832", "/currency"),
    }


@pytest.mark.parametrize("text", ["undefined", "NULL", "{{ id }}", "[object Object]", "%%ID%%"])
def test_placeholders_of_a_user(text):
    """The id, the card and the e-mail of a user are looked at as those of a product are."""
    person = {"id": text, "card": text, "email": text, "custom": {"note": text}}
    found = lint({"person": person}, select=["TC835"])
    assert {each.pointer for each in found} == {"/person/id", "/person/card", "/person/email"}
    assert lint({"person": {"id": "C-1", "lastname": "Null", "card": ""}}, select=["TC835"]) == []
