"""Every row of the facts about the data APIs has fixtures that satisfy it and fixtures that violate it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

import tcspec
from acceptance.vendor.facts import SPEC, load_facts
from fixture_files import API_VERSIONS, payloads_of
from locations import FIXTURES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

pytestmark = pytest.mark.skipif(not SPEC.is_dir(), reason="the facts about the vendor's pages are not here")

FORMATS = ("iso8601-with-timezone", "iso4217")
"""Formats that the contract requires."""

ADDRESSES = ("billing_address", "contact_address", "shipping_address")
OCCURRENCES = {
    "Product": [("product", ""), ("conversion", "conversion_items.product.")],
    "Conversion": [("conversion", "")],
    "ConversionItem": [("conversion", "conversion_items.")],
    "Address": [("conversion", f"{name}.") for name in ADDRESSES],
    "UserPut": [("user", "")],
}
"""Where the objects of the facts occur: the kind, and the prefix of the names of their properties."""


@dataclass(frozen=True)
class Coverage:
    """What the fixtures of a kind contain, by the dotted name of a property."""

    values: Mapping[str, list[Any]]
    codes: Mapping[str, set[str]]


@cache
def coverage(kind: str) -> Coverage:
    """Collect the values of properties in valid fixtures, and the codes of violations in invalid ones."""
    values: dict[str, list[Any]] = {}
    codes: dict[str, set[str]] = {}
    folder = FIXTURES / kind / API_VERSIONS[kind]
    for path in sorted((folder / "valid").iterdir()):
        for raw in payloads_of(path):
            for name, value in iter_properties(json.loads(raw)):
                values.setdefault(name, []).append(value)
    for path in sorted((folder / "invalid").glob("TC8*/*")):
        for raw in payloads_of(path):
            for violation in tcspec.validate(raw, kind):
                parts = [part for part in violation.pointer.split("/")[1:] if not part.isdigit()]
                missing = [violation.data["property"]] if "property" in violation.data else []
                codes.setdefault(".".join([*parts, *missing]), set()).add(violation.code)
    return Coverage(values, codes)


def iter_properties(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every value inside a payload with its dotted name; the items of an array have the name of the array."""
    if name:
        yield name, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from iter_properties(inner, f"{name}.{key}" if name else key)
    if isinstance(value, list):
        for item in value:
            yield from iter_properties(item, name)


def rows():
    """Return every occurrence of every row of the facts: its kind, its dotted name and the row."""
    if not SPEC.is_dir():
        return []
    facts = load_facts("apis.yaml")["schemas"]
    return [
        pytest.param(kind, f"{prefix}{row['name']}", row, id=f"{kind}:{prefix}{row['name']}")
        for owner, occurrences in OCCURRENCES.items()
        for kind, prefix in occurrences
        for row in facts[owner]
    ]


def is_closed(row: Mapping[str, Any]) -> bool:
    """Return whether only the listed values of a row are valid."""
    return "enum" in row and "recommended" not in row.get("enum_note", "")


@pytest.mark.parametrize(("kind", "name", "row"), rows())
def test_satisfied(kind, name, row):
    """Some valid fixture has the property, each of its listed values, and a value of its maximum length."""
    values = coverage(kind).values[name]
    assert any(value not in (None, "", [], {}) for value in values)
    strings = [value for value in values if isinstance(value, str)]
    assert set(row.get("enum", ())) <= set(strings)
    limit = row.get("max_length_hard", row.get("item_max_length"))
    if limit and row.get("format") not in FORMATS and not is_closed(row):
        assert max(map(len, strings)) == limit
    if row.get("nullable_seen"):
        assert None in values


@pytest.mark.parametrize(("kind", "name", "row"), rows())
def test_violated(kind, name, row):
    """Some invalid fixture has the property in a wrong type, lacks it if it is required, or has an invalid value."""
    is_limited = "max_length_hard" in row or "item_max_length" in row
    has_invalid_values = is_limited or is_closed(row) or row.get("format") in FORMATS
    expected = {"TC802", *["TC801"] * (row["required"] == "always"), *["TC803"] * has_invalid_values}
    assert expected <= coverage(kind).codes[name]


def test_every_date_format():
    """The fixtures have every date in each of the four formats of the facts."""
    properties = ("product", "availability_date"), ("product", "expiration_date"), ("conversion", "created")
    for kind, name in (*properties, ("conversion", "updated")):
        dates = set(coverage(kind).values[name])
        assert len({("." in date, date.endswith("Z")) for date in dates}) == 4
