"""The fixtures of batches and of the data APIs: where a file stands is what must be true of each of its payloads."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from strategies.data_apis import KINDS
from test_fixtures import FIXTURES, errors, lines_of
from test_spec import SPEC

import tcspec
from tcspec.bulk import bulk_answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

VERSIONS = KINDS | {"batch": "2.0"}
LINES = ("product", "conversion")
NOTATIONS = ("iso8601-with-timezone", "iso4217")
"""Formats that the contract asks for."""

AS_TEXT_ONLY = ("TC001", "TC004", "TC008")
"""Codes of what no Python value can have."""

ADDRESSES = ("billing_address", "contact_address", "shipping_address")
PLACES = {
    "Product": [("product", ""), ("conversion", "conversion_items.product.")],
    "Conversion": [("conversion", "")],
    "ConversionItem": [("conversion", "conversion_items.")],
    "Address": [("conversion", f"{name}.") for name in ADDRESSES],
    "UserPut": [("user", "")],
}
"""Where the objects of the facts stand: in which kind, and below which name."""


def files(what):
    """List the fixtures of all kinds that are `valid` or `invalid`, as test parameters named after them."""
    paths = [
        path
        for kind, version in VERSIONS.items()
        for path in sorted((FIXTURES / kind / version / what).rglob("*json"))
        if path.is_file()
    ]
    return [pytest.param(path, id=path.relative_to(FIXTURES).as_posix()) for path in paths]


def kind_of(path: Path) -> str:
    """Give the kind of a fixture's payloads."""
    return path.relative_to(FIXTURES).parts[0]


def payloads(path: Path) -> list[bytes]:
    """Give the payloads of a fixture: its lines, or all of it."""
    return lines_of(path) if path.suffix == ".ndjson" else [path.read_bytes()]


def forms(raw: bytes, code: str = "") -> list[Any]:
    """Give a payload as bytes, and as a dict when it has one."""
    value = None if code in AS_TEXT_ONLY else json.loads(raw)
    return [raw, value] if isinstance(value, dict) else [raw]


class TestPayloads:
    """Files of `<kind>/<version>/valid` and `<kind>/<version>/invalid/<code>`."""

    @pytest.mark.parametrize("path", files("valid"))
    def test_valid(self, path):
        """Every payload of a valid fixture has no error, as bytes and as a dict, whichever engine judges."""
        kind = kind_of(path)
        for raw in payloads(path):
            for given in forms(raw):
                assert errors(tcspec.validate(given, kind)) == set()
                assert errors(tcspec.validate(given, kind, engine="reference")) == set()
                assert tcspec.is_valid(given, kind)

    @pytest.mark.parametrize("path", files("invalid"))
    def test_invalid(self, path):
        """Every payload of an invalid fixture has errors of the code that names its folder, and of no other."""
        kind, code = kind_of(path), path.parent.name
        for raw in payloads(path):
            for given in forms(raw, code):
                assert errors(tcspec.validate(given, kind)) == {code}, raw
                assert errors(tcspec.validate(given, kind, engine="reference")) == {code}
                assert not tcspec.is_valid(given, kind)

    @pytest.mark.parametrize("path", [*files("valid"), *files("invalid")])
    def test_form(self, path):
        """Products and conversions stand one a line, and no line is blank; anything else has a file of its own."""
        assert (path.suffix == ".ndjson") == (kind_of(path) in LINES)
        assert payloads(path)
        assert path.suffix == ".json" or all(raw.strip() for raw in payloads(path))

    @pytest.mark.parametrize("path", [each for each in files("valid") if kind_of(each.values[0]) in {"user", "batch"}])
    def test_detected(self, path):
        """A valid batch, or body of a user, is detected as what it is."""
        detected = tcspec.detect(path.read_bytes())
        assert (detected.kind, detected.version) == (kind_of(path), VERSIONS[kind_of(path)])

    @pytest.mark.parametrize("path", [each for each in files("valid") if kind_of(each.values[0]) == "batch"])
    def test_batches_after_upgrade(self, path):
        """The canonical form of a valid batch is valid, and bytes and dict have the same."""
        raw = path.read_bytes()
        upgraded = tcspec.upgrade_json(raw)
        assert errors(tcspec.validate(upgraded, "batch")) == set()
        assert json.loads(upgraded) == tcspec.upgrade(json.loads(raw))


class TestAnswers:
    """Files of `bulk`: the lines of a request, and what the endpoint answers."""

    @pytest.mark.parametrize("path", sorted((FIXTURES / "bulk").glob("*.ndjson")), ids=lambda path: path.stem)
    def test_answer(self, path):
        """The answer to the lines is the one beside them, but for the words of the details."""
        kind = "conversion" if path.stem.startswith("conversions-") else "product"
        answer = bulk_answer(path.read_bytes().split(b"\n"), kind)
        for error in answer.get("errors", ()):
            assert error.pop("detail")
        assert answer == json.loads(path.with_name(f"{path.stem}.answer.json").read_bytes())

    def test_every_case_has_both_files(self):
        """A request has an answer, and an answer a request."""
        names = {path.name for path in (FIXTURES / "bulk").iterdir()}
        stems = {name.removesuffix(".ndjson") for name in names if name.endswith(".ndjson")}
        assert names == {f"{stem}{ending}" for stem in stems for ending in (".ndjson", ".answer.json")}


@dataclass(frozen=True)
class Shown:
    """What the fixtures of a kind show, by the dotted name of a property."""

    values: Mapping[str, list[Any]]
    codes: Mapping[str, set[str]]


@cache
def shown(kind: str) -> Shown:
    """Collect the values that valid fixtures have, and the codes of what is wrong in invalid ones."""
    values: dict[str, list[Any]] = {}
    codes: dict[str, set[str]] = {}
    folder = FIXTURES / kind / VERSIONS[kind]
    for path in sorted((folder / "valid").iterdir()):
        for raw in payloads(path):
            for name, value in _properties(json.loads(raw)):
                values.setdefault(name, []).append(value)
    for path in sorted((folder / "invalid").glob("TC8*/*")):
        for raw in payloads(path):
            for violation in tcspec.validate(raw, kind):
                parts = [part for part in violation.pointer.split("/")[1:] if not part.isdigit()]
                asked = [violation.data["property"]] if "property" in violation.data else []
                codes.setdefault(".".join([*parts, *asked]), set()).add(violation.code)
    return Shown(values, codes)


def _properties(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Give every value inside a payload with its dotted name; items of a list go by the name of the list."""
    if name:
        yield name, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _properties(inner, f"{name}.{key}" if name else key)
    if isinstance(value, list):
        for item in value:
            yield from _properties(item, name)


def rows():
    """List the rows of the facts wherever they stand: kind, dotted name, and the row."""
    if not SPEC.is_dir():
        return []
    schemas = yaml.safe_load((SPEC / "apis.yaml").read_bytes())["schemas"]
    return [
        pytest.param(kind, f"{below}{row['name']}", row, id=f"{kind}:{below}{row['name']}")
        for what, places in PLACES.items()
        for kind, below in places
        for row in schemas[what]
    ]


@pytest.mark.skipif(not SPEC.is_dir(), reason="the facts about the vendor's pages are not here")
class TestFacts:
    """Every row of the facts has fixtures that satisfy it and fixtures that violate it."""

    @pytest.mark.parametrize(("kind", "name", "row"), rows())
    def test_satisfied(self, kind, name, row):
        """Some fixture has the property, with every value of its list, and as long as it may be."""
        values = shown(kind).values[name]
        assert any(value not in (None, "", [], {}) for value in values)
        texts = [value for value in values if isinstance(value, str)]
        assert set(row.get("enum", ())) <= set(texts)
        longest = row.get("max_length_hard", row.get("item_max_length"))
        if longest and row.get("format") not in NOTATIONS and not is_closed(row):
            assert max(map(len, texts)) == longest
        if row.get("nullable_seen"):
            assert None in values

    @pytest.mark.parametrize(("kind", "name", "row"), rows())
    def test_violated(self, kind, name, row):
        """Some fixture gives the property a wrong type, lacks what is asked for, has a value that is not accepted."""
        is_asked = row["required"] == "always"
        is_limited = "max_length_hard" in row or "item_max_length" in row
        has_wrong_values = is_limited or is_closed(row) or row.get("format") in NOTATIONS
        expected = {"TC802", *["TC801"] * is_asked, *["TC803"] * has_wrong_values}
        assert expected <= shown(kind).codes[name]

    def test_every_notation_of_a_date(self):
        """Each date is shown in every notation that the facts give."""
        for kind, name in (("product", "availability_date"), ("product", "expiration_date"), ("conversion", "created")):
            dates = set(shown(kind).values[name])
            assert len({_notation(date) for date in dates}) == 4
        assert len({_notation(date) for date in shown("conversion").values["updated"]}) == 4


def is_closed(row: Mapping[str, Any]) -> bool:
    """Tell whether no other value than those of the row's list is accepted."""
    return "enum" in row and "recommended" not in row.get("enum_note", "")


def _notation(date: str) -> tuple[bool, bool]:
    return "." in date, date.endswith("Z")
