"""The models of the other APIs, held against the facts about the vendor's pages, row by row.

Where a model differs on purpose, `spec_exceptions_apis.yaml` says what it does and which row of the contradictions
decided.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from acceptance.test_spec import SPEC, Exceptions, facts, is_cited, types
from judges import ROOT, SCHEMAS, schema, verdicts
from tcspec.models.constraints import matches_type
from tcspec.models.datetimes import BulkDateTime

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXCEPTIONS = ROOT / "tests" / "spec_exceptions_apis.yaml"
CORPUS = SPEC / "corpus"
OURS = {
    "Conversion": "Conversion",
    "ConversionItem": "ConversionItem",
    "Address": "Address",
    "Product": "CatalogProduct",
    "UserPut": "UserPut",
}
"""The objects of the facts, and what the models call them."""
NESTED = {
    "Conversion": {"MatchingKeys": "user"},
    "Address": {"Coordinates": "coordinates"},
    "UserPut": {"Person": "person"},
}
"""The objects of ours whose properties the facts write with a dot."""
QUERIES = {
    "user_get": "UserQuery",
    "user_put": "UserPutQuery",
    "user_delete": "UserDeletionQuery",
    "visitor_get": "VisitorQuery",
}
"""The endpoints of the user API, and what the models call their parameters."""

pytestmark = pytest.mark.skipif(not SPEC.is_dir(), reason="the facts about the vendor's pages are not here")


def definition(name: str) -> Mapping[str, Any]:
    """Find a published definition, and all that it extends, whichever kind it belongs to."""
    for kind in ("conversion", "product", "user"):
        held = schema("1.0" if kind == "user" else "2.0", kind)["$defs"]
        if name in held:
            known = held[name]
            extended = definition(known["$ref"].rpartition("/")[2]) if "$ref" in known else {}
            both = {word: extended.get(word, {}) | known.get(word, {}) for word in ("properties",)}
            return known | both | {"required": [*extended.get("required", ()), *known.get("required", ())]}
    raise AssertionError(name)


def published(holder: str, name: str) -> Mapping[str, Any]:
    """Give the published schema of a property, with what it refers to."""
    found: Mapping[str, Any] = definition(holder)["properties"][name]
    if "$ref" in found:
        return definition(found["$ref"].rpartition("/")[2]) | found
    text = next((branch for branch in found.get("anyOf", ()) if branch["type"] == "string"), {})
    return {word: text[word] for word in ("maxLength",) if word in text} | found


@dataclass
class Row:
    """A row of the facts, and the same property in the catalogue and in a published schema."""

    where: str
    name: str
    fact: Mapping[str, Any]
    ours: Mapping[str, Any]
    published: Mapping[str, Any]
    required: bool

    def aspects(self) -> Iterator[tuple[str, Any, Any]]:
        """Give each aspect with what the facts say and what the models say."""
        fact, ours = self.fact, self.ours
        kind = fact["type"].replace("object<Product>", "CatalogProduct")
        yield "type", types(ours.get("object", kind) if kind == "object" else kind), types(ours["type"])
        yield "required", fact["required"] == "always", self.required
        yield "missing", "error" if fact["required"] == "always" else "none", ours["missing"]
        yield "hard length", fact.get("max_length_hard"), self.hard_length()
        yield "safe length", fact.get("max_length_safe"), ours.get("max_length", fact.get("max_length_hard"))
        yield "least length", fact.get("min_length"), ours.get("min_length")
        yield "length of items", fact.get("item_max_length"), self.published.get("items", {}).get("maxLength")
        is_advice = "recommended" in fact.get("enum_note", "")
        yield "enum", None if is_advice else fact.get("enum"), self.published.get("enum")
        yield "told enum", None if is_advice else fact.get("enum"), ours.get("enum")
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

    def hard_length(self) -> int | None:
        """Give the longest text that is accepted; a list or a notation that stays within a limit stands for it."""
        limit = self.fact.get("max_length_hard")
        longest = max(map(len, self.published.get("enum", ())), default=0)
        if self.ours.get("format") == "iso8601-with-timezone":
            longest = len("2024-06-10T08:13:20.000+02:00")
        return limit if limit and 0 < longest <= limit else self.published.get("maxLength")


@pytest.fixture(scope="module")
def catalogue():
    """Load the objects of the published catalogue."""
    return json.loads((SCHEMAS / "catalog.json").read_text(encoding="utf-8"))["objects"]


@pytest.fixture(scope="module")
def exceptions():
    """Load the differences that are meant."""
    return Exceptions(yaml.safe_load(EXCEPTIONS.read_text(encoding="utf-8")))


def rows(catalogue) -> Iterator[Row]:
    """Pair every row of the facts with the same property of the models."""
    for where, told in facts("apis.yaml")["schemas"].items():
        for fact in told:
            inside, _, name = fact["name"].rpartition(".")
            holder = catalogue[OURS[where]]["properties"][inside]["object"] if inside else OURS[where]
            required = name in definition(holder).get("required", ())
            ours = catalogue[holder]["properties"][name]
            yield Row(where, fact["name"], fact, ours, published(holder, name), required)


def parameters() -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Give every call of the user API by the name of its parameters, with its facts and each parameter."""
    for endpoint in facts("apis.yaml")["endpoints"]:
        if endpoint["id"] in QUERIES:
            for fact in endpoint["query"]:
                yield QUERIES[endpoint["id"]], endpoint, fact


def parameter_aspects(query: str, fact: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Give each aspect of a parameter with what the facts say and what the models say."""
    known = published(query, fact["name"])
    asked = fact.get("pattern")
    yield "type", "string", known["type"]  # whatever the table says, a query is text
    yield "required", fact["required"] == "always", fact["name"] in definition(query)["required"]
    yield "pattern", asked.replace(r"\d", "[0-9]") if asked else None, known.get("pattern")


def differences(catalogue) -> Iterator[tuple[str, str, str, Any, Any]]:
    """Give every aspect in which the models differ from the facts."""
    for row in rows(catalogue):
        for aspect, fact, ours in row.aspects():
            if fact != ours:
                yield row.where, row.name, aspect, fact, ours
    for query, _, told in parameters():
        for aspect, fact, ours in parameter_aspects(query, told):
            if fact != ours:
                yield query, told["name"], aspect, fact, ours


def test_every_row_is_there(catalogue):
    """An object has exactly the properties of the facts, and so have the objects that it holds."""
    told = facts("apis.yaml")["schemas"]
    assert told.keys() == OURS.keys()
    for where, held in told.items():
        wanted = {one["name"] for one in held}
        ours = {*catalogue[OURS[where]]["properties"]}
        for nested, place in NESTED.get(where, {}).items():
            ours |= {f"{place}.{name}" for name in catalogue[nested]["properties"]}
        assert ours == wanted, where


def test_every_parameter_is_there(catalogue):
    """A call of the user API has exactly the parameters of the facts."""
    told: dict[str, set[str]] = {}
    for query, _, fact in parameters():
        told.setdefault(query, set()).add(fact["name"])
    assert told == {query: {*catalogue[query]["properties"]} for query in QUERIES.values()}


def test_every_aspect_of_every_row_agrees(catalogue, exceptions):
    """Type, requirement, lengths, lists, format, unit, default, access and formula are those of the facts."""
    assert len(list(rows(catalogue))) == 99
    assert [one for one in differences(catalogue) if not exceptions.allow(one[0], one[1], one[2], one[4])] == []
    unused = [entry for number, entry in enumerate(exceptions.entries) if number not in exceptions.met]
    assert unused == []


def test_every_source_is_cited(catalogue):
    """A property cites the page of its row with the line of its table, and its object every document of the row."""
    for row in rows(catalogue):
        page, *others = row.fact["sources"]
        assert is_cited(row.ours["source"], page), (row.where, row.name)
        cited = {source.partition("#")[0] for source in catalogue[OURS[row.where]]["sources"]}
        assert {other.partition("@")[0] for other in others} <= cited, (row.where, row.name)
    for query, endpoint, fact in parameters():
        assert any(is_cited(catalogue[query]["properties"][fact["name"]]["source"], one) for one in endpoint["sources"])


def test_every_exception_cites_a_row():
    """An exception names rows of the contradictions that exist."""
    known = set(re.findall(r"^\| (K[0-9]{3}) \|", (SPEC / "contradictions.md").read_text("utf-8"), re.MULTILINE))
    for entry in yaml.safe_load(EXCEPTIONS.read_text(encoding="utf-8")):
        cited = set(re.findall("K[0-9]{3}", entry["because"]))
        assert cited
        assert cited <= known


def test_dates_are_of_the_notations_of_the_facts():
    """Each notation of the facts is read, and every date of ours has the shape that the facts give."""
    told = facts("apis.yaml")["date_formats_bulk"]
    values = {"YYYY": "2024", "MM": "06", "DD": "10", "HH": "08", "SS": "20", "sss": "125", "hh": "02", "mm": "00"}
    for notation in told["accepted"]:
        date = re.sub("|".join(values), lambda found: values[found[0]], notation)
        assert re.fullmatch(told["regex"], date)
        assert matches_type(BulkDateTime, date), notation
    for date in schema(kind="conversion")["$defs"]["BulkDateTime"]["examples"]:
        assert re.fullmatch(told["regex"], date)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the vendor's own samples are not here")
@pytest.mark.parametrize(
    ("kind", "version", "samples"), [("conversion", "2.0", 3), ("product", "2.0", 1), ("user", "1.0", 1)]
)
def test_the_vendor_s_own_samples_are_valid(kind, version, samples):
    """The samples on the vendor's pages that are JSON, or are once repaired, are valid."""
    paths = sorted((CORPUS / kind).glob("*.json"))
    assert len(paths) == samples
    for path in paths:
        assert verdicts(json.loads(path.read_text(encoding="utf-8")), version, kind) == {True}, path.name
