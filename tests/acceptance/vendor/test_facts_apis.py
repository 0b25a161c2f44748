"""The models of the data and user APIs, compared with the facts about the vendor's pages, row by row.

`exceptions_apis.yaml` lists where a model differs on purpose, and the row of the contradictions that decided it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from acceptance.vendor.facts import CORPUS, SPEC, Exceptions, is_cited, load_facts, load_rows, parse_type
from tcspec.models.constraints import matches_type
from tcspec.models.datetimes import BulkDateTime
from validators import SCHEMAS, base_of, schema, verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXCEPTIONS = Path(__file__).with_name("exceptions_apis.yaml")
MODEL_NAMES = {
    "Conversion": "Conversion",
    "ConversionItem": "ConversionItem",
    "Address": "Address",
    "Product": "CatalogProduct",
    "UserPut": "UserPut",
}
"""The objects of the facts, and the names of their models."""
NESTED = {
    "Conversion": {"MatchingKeys": "user"},
    "Address": {"Coordinates": "coordinates"},
    "UserPut": {"Person": "person"},
}
"""The models whose properties the facts write as `parent.name`, and that parent."""
QUERIES = {
    "user_get": "UserQuery",
    "user_put": "UserPutQuery",
    "user_delete": "UserDeletionQuery",
    "visitor_get": "VisitorQuery",
}
"""The endpoints of the user API, and the models of their parameters."""

pytestmark = pytest.mark.skipif(not SPEC.is_dir(), reason="the facts about the vendor's pages are not here")


def definition(name: str) -> Mapping[str, Any]:
    """Return a published definition of any kind, with what it extends."""
    for kind in ("conversion", "product", "user"):
        definitions = schema("1.0" if kind == "user" else "2.0", kind)["$defs"]
        if name in definitions:
            own = definitions[name]
            base = base_of(own)
            extended = definition(base) if base else {}
            properties = extended.get("properties", {}) | own.get("properties", {})
            required = [*extended.get("required", ()), *own.get("required", ())]
            return own | {"properties": properties, "required": required}
    raise AssertionError(name)


def published(holder: str, name: str) -> Mapping[str, Any]:
    """Return the published schema of a property, with what it refers to."""
    found: Mapping[str, Any] = definition(holder)["properties"][name]
    if "$ref" in found:
        return definition(found["$ref"].rpartition("/")[2]) | found
    string = next((branch for branch in found.get("anyOf", ()) if branch["type"] == "string"), {})
    return {keyword: string[keyword] for keyword in ("maxLength",) if keyword in string} | found


@dataclass
class Row:
    """A row of the facts, and the same property in the catalogue and in a published schema."""

    owner: str
    name: str
    fact: Mapping[str, Any]
    ours: Mapping[str, Any]
    published: Mapping[str, Any]
    required: bool

    def aspects(self) -> Iterator[tuple[str, Any, Any]]:
        """Yield each aspect with its value in the facts and its value in the models."""
        fact, ours = self.fact, self.ours
        kind = fact["type"].replace("object<Product>", "CatalogProduct")
        yield "type", parse_type(ours.get("object", kind) if kind == "object" else kind), parse_type(ours["type"])
        yield "required", fact["required"] == "always", self.required
        yield "missing", "error" if fact["required"] == "always" else "none", ours["missing"]
        yield "hard length", fact.get("max_length_hard"), self.max_length()
        yield "safe length", fact.get("max_length_safe"), ours.get("max_length", fact.get("max_length_hard"))
        yield "least length", fact.get("min_length"), ours.get("min_length")
        yield "length of items", fact.get("item_max_length"), self.published.get("items", {}).get("maxLength")
        is_advice = "recommended" in fact.get("enum_note", "")
        yield "enum", None if is_advice else fact.get("enum"), self.published.get("enum")
        yield "enum of the catalogue", None if is_advice else fact.get("enum"), ours.get("enum")
        yield "recommended", fact.get("enum") if is_advice else None, ours.get("recommended")
        yield "format", fact.get("format"), ours.get("format")
        yield "unit", fact.get("unit"), ours.get("unit")
        yield "default", fact.get("default"), ours.get("default")
        yield "published default", fact.get("default"), self.published.get("default")
        yield "access", fact.get("access"), ours.get("access")
        yield "read-only", fact.get("access") == "read-only", self.published.get("readOnly", False)
        yield "calculated", bool(fact.get("calculated")), bool(ours.get("calculated"))
        yield "formula", fact.get("formula"), ours.get("formula")
        yield "null", bool(fact.get("nullable_seen")), {"type": "null"} in self.published.get("anyOf", ())

    def max_length(self) -> int | None:
        """Return the length limit; a closed list or a date format within the limit needs none of its own."""
        limit = self.fact.get("max_length_hard")
        longest = max(map(len, self.published.get("enum", ())), default=0)
        if self.ours.get("format") == "iso8601-with-timezone":
            longest = len("2024-06-10T08:13:20.000+02:00")
        return limit if limit and 0 < longest <= limit else self.published.get("maxLength")


@pytest.fixture(scope="module")
def catalogue():
    """Load the objects of the published catalogue."""
    return json.loads((SCHEMAS / "catalog.json").read_text(encoding="utf-8"))["objects"]


def rows(catalogue) -> Iterator[Row]:
    """Pair every row of the facts with the same property of the models."""
    for owner, facts in load_facts("apis.yaml")["schemas"].items():
        for fact in facts:
            parent, _, name = fact["name"].rpartition(".")
            holder = catalogue[MODEL_NAMES[owner]]["properties"][parent]["object"] if parent else MODEL_NAMES[owner]
            required = name in definition(holder).get("required", ())
            ours = catalogue[holder]["properties"][name]
            yield Row(owner, fact["name"], fact, ours, published(holder, name), required)


def parameters() -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Yield every parameter of the user API: the name of its model, the facts of its endpoint and its own."""
    for endpoint in load_facts("apis.yaml")["endpoints"]:
        if endpoint["id"] in QUERIES:
            for fact in endpoint["query"]:
                yield QUERIES[endpoint["id"]], endpoint, fact


def parameter_aspects(query: str, fact: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield each aspect of a parameter with its value in the facts and its value in the models."""
    ours = published(query, fact["name"])
    pattern = fact.get("pattern")
    yield "type", "string", ours["type"]  # every parameter of a query is a string
    yield "required", fact["required"] == "always", fact["name"] in definition(query)["required"]
    yield "pattern", pattern.replace(r"\d", "[0-9]") if pattern else None, ours.get("pattern")


def differences(catalogue) -> Iterator[tuple[str, str, str, Any, Any]]:
    """Yield every aspect in which the models differ from the facts."""
    for row in rows(catalogue):
        for aspect, fact, ours in row.aspects():
            if fact != ours:
                yield row.owner, row.name, aspect, fact, ours
    for query, _, parameter in parameters():
        for aspect, fact, ours in parameter_aspects(query, parameter):
            if fact != ours:
                yield query, parameter["name"], aspect, fact, ours


def test_every_row_exists(catalogue):
    """A model has exactly the properties of the facts, and so have the objects inside it."""
    facts = load_facts("apis.yaml")["schemas"]
    assert facts.keys() == MODEL_NAMES.keys()
    for owner, fact_rows in facts.items():
        ours = {*catalogue[MODEL_NAMES[owner]]["properties"]}
        for nested, parent in NESTED.get(owner, {}).items():
            ours |= {f"{parent}.{name}" for name in catalogue[nested]["properties"]}
        assert ours == {row["name"] for row in fact_rows}, owner


def test_every_parameter_exists(catalogue):
    """A call of the user API has exactly the parameters of the facts."""
    facts: dict[str, set[str]] = {}
    for query, _, fact in parameters():
        facts.setdefault(query, set()).add(fact["name"])
    assert facts == {query: {*catalogue[query]["properties"]} for query in QUERIES.values()}


def test_every_aspect_of_every_row_agrees(catalogue):
    """Type, requirement, lengths, lists, format, unit, default, access and formula are those of the facts."""
    exceptions = Exceptions.load(EXCEPTIONS)
    assert len(list(rows(catalogue))) == 99
    assert [each for each in differences(catalogue) if not exceptions.allow(*each[:3], each[4])] == []
    assert exceptions.unused() == []


def test_every_source_is_cited(catalogue):
    """A property cites the page and line of its row, and its object every document of the row."""
    for row in rows(catalogue):
        page, *others = row.fact["sources"]
        assert is_cited(row.ours["source"], page), (row.owner, row.name)
        cited = {source.partition("#")[0] for source in catalogue[MODEL_NAMES[row.owner]]["sources"]}
        assert {other.partition("@")[0] for other in others} <= cited, (row.owner, row.name)
    for query, endpoint, fact in parameters():
        source = catalogue[query]["properties"][fact["name"]]["source"]
        assert any(is_cited(source, each) for each in endpoint["sources"])


def test_every_exception_cites_a_row():
    """An exception cites existing rows of the contradictions."""
    rows = load_rows()
    for entry in Exceptions.load(EXCEPTIONS).entries:
        cited = set(re.findall("K[0-9]{3}", entry["because"]))
        assert cited
        assert cited <= rows


def test_dates_have_the_formats_of_the_facts():
    """Every date format of the facts is read, and every example date of the schema has one of them."""
    facts = load_facts("apis.yaml")["date_formats_bulk"]
    values = {"YYYY": "2024", "MM": "06", "DD": "10", "HH": "08", "SS": "20", "sss": "125", "hh": "02", "mm": "00"}
    for date_format in facts["accepted"]:
        date = re.sub("|".join(values), lambda found: values[found[0]], date_format)
        assert re.fullmatch(facts["regex"], date)
        assert matches_type(BulkDateTime, date), date_format
    for date in schema(kind="conversion")["$defs"]["BulkDateTime"]["examples"]:
        assert re.fullmatch(facts["regex"], date)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the vendor's samples are not here")
@pytest.mark.parametrize(
    ("kind", "version", "samples"), [("conversion", "2.0", 3), ("product", "2.0", 1), ("user", "1.0", 1)]
)
def test_samples_are_valid(kind, version, samples):
    """The samples of the vendor's pages are valid, where they are JSON or were repaired."""
    paths = sorted((CORPUS / kind).glob("*.json"))
    assert len(paths) == samples
    for path in paths:
        assert verdicts(json.loads(path.read_text(encoding="utf-8")), version, kind) == {True}, path.name
