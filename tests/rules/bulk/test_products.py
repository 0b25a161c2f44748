"""Rules on products, alone and inside conversions."""

from __future__ import annotations

import pytest

from tcspec.rules.linting import lint


def found(payload, kind="product", **how):
    """Give codes and pointers of what the rules find."""
    return [
        (violation.code, violation.pointer) for violation in lint(payload, kind=kind, select=["TC82", "TC83"], **how)
    ]


@pytest.mark.parametrize("gtin", ["1.35E+17", "4.00638e12", "4,00638E+12", "4E+12"])
def test_numbers_that_a_spreadsheet_destroyed(gtin):
    """A gtin in scientific notation is told to be lost, and is not mended."""
    [violation] = lint({"id": "SKU-4711", "gtin": gtin}, kind="product", select=["TC825"])
    assert "its last digits are lost" in violation.message
    assert violation.hint
    assert violation.fix is None


@pytest.mark.parametrize(
    ("gtin", "fixed"), [("978-3-16-148410-0", "9783161484100"), ("4 006381 333931", "4006381333931")]
)
def test_numbers_with_separators(gtin, fixed):
    """What separates the digits is taken out safely."""
    [violation] = lint({"id": "SKU-4711", "gtin": gtin}, kind="product", select=["TC825"])
    assert violation.fix.is_safe
    assert violation.fix.patch[0]["value"] == fixed


@pytest.mark.parametrize("gtin", ["٤٠٠٦٣٨١٣٣٣٩٣١", "4006381333931\n", "--------", "12 34"])
def test_other_texts(gtin):
    """Anything but 8 to 14 ASCII digits is told, and left as it is."""
    [violation] = lint({"id": "SKU-4711", "gtin": gtin}, kind="product", select=["TC825"])
    assert violation.fix is None


def test_a_number_is_the_contracts():
    """A gtin that is a number is the contract's to tell."""
    assert found({"id": "SKU-4711", "gtin": 4006381333931, "gender": 1, "currency": ["EUO"]}) == []


@pytest.mark.parametrize(
    ("gender", "safe"), [("FEMALE", True), (" male ", True), ("Unisex", True), ("f", False), ("u", False)]
)
def test_what_gender_is_meant(gender, safe):
    """Another spelling of a name is mended safely, a letter of the events as a guess."""
    [violation] = lint({"id": "SKU-4711", "gender": gender}, kind="product", select=["TC826"])
    assert violation.fix.is_safe is safe


def test_products_of_a_conversion():
    """The products of a conversion are looked at where they are."""
    product = {"id": "SKU-4711", "gtin": "1", "gender": "w", "currency": "EUO"}
    conversion = {"currency": "ZZZ", "conversion_items": [{"id": "L1"}, {"id": "L2", "product": product}]}
    assert set(found(conversion, "conversion")) == {
        ("TC825", "/conversion_items/1/product/gtin"),
        ("TC826", "/conversion_items/1/product/gender"),
        ("TC830", "/conversion_items/1/product/currency"),
        ("TC832", "/conversion_items/1/product/currency"),
        ("TC832", "/currency"),
    }
