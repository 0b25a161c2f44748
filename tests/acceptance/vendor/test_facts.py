"""The models, compared with the facts about the vendor's pages, property by property.

`exceptions.yaml` lists where a model differs on purpose, and the row of the contradictions that decided it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from acceptance.vendor.facts import SPEC, Exceptions, is_cited, load_facts, load_rows, parse_type
from locations import ROOT
from tcspec.models.events import EVENTS
from tcspec.models.events.names import BROWSER_EVENTS, LISTED_ONLY
from tcspec.models.introspection import reachable_models
from tcspec.models.values import Info
from validators import SCHEMAS, base_of, schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

EXCEPTIONS = Path(__file__).with_name("exceptions.yaml")
ENVELOPE = {"event_name", "user", "context"}

pytestmark = pytest.mark.skipif(not SPEC.is_dir(), reason="the facts about the vendor's pages are not here")


@dataclass
class Property:
    """A property in the facts and in the models."""

    owner: str
    name: str
    fact: Mapping[str, Any]
    ours: Mapping[str, Any]
    required: bool
    published: Mapping[str, Any]

    def aspects(self) -> Iterator[tuple[str, Any, Any]]:
        """Yield each aspect with its value in the facts and its value in the models."""
        fact, ours = self.fact, self.ours
        yield "type", parse_type(fact["type"]), parse_type(ours["type"])
        yield "required", fact["if_missing"] == "error", self.required
        yield "missing", fact["if_missing"], ours["missing"]
        yield "format", fact.get("format"), ours.get("format")
        yield "enum", fact.get("enum"), ours.get("enum")
        yield "recommended", fact.get("enum_recommended", fact.get("values_seen")), ours.get("recommended")
        yield "minimum", fact.get("minimum"), self.published.get("minimum", ours.get("minimum"))
        yield "maximum", fact.get("maximum"), self.published.get("maximum", ours.get("maximum"))
        yield "length", fact.get("expected_length"), ours.get("length")
        yield "unit", fact.get("unit"), ours.get("unit")
        expected = fact.get("expected_type", fact.get("canonical_type", fact["type"]))
        yield "expected", None if parse_type(expected) == parse_type(ours["type"]) else expected, ours.get("expected")
        is_deprecated = bool(fact.get("deprecated") or fact.get("deprecated_alias_of"))
        yield "deprecated", is_deprecated, bool(ours.get("deprecated"))
        yield "condition", "condition" in fact, "condition" in ours
        yield "source", True, any(is_cited(ours["source"], source) for source in fact["sources"])


@pytest.fixture(scope="module")
def catalogue():
    """Load the published catalogue."""
    return json.loads((SCHEMAS / "catalog.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def properties(catalogue):
    """Pair every property of the facts with the same property of the models."""
    return [*event_properties(catalogue), *object_properties(catalogue)]


def event_properties(catalogue) -> Iterator[Property]:
    """Pair the properties of the envelope and of every event."""
    events = load_facts("events.yaml")
    shared = {each["name"]: each for each in events["envelope"]["properties"]}
    envelope = {"name": "envelope", "properties": shared.values()}
    for event in [envelope, *(each for each in events["events"] if each["status"] != "listed_only")]:
        model = EVENTS.get(event["name"]) or reachable_models(*EVENTS.values())["SourceEvent"]
        entries = catalogue["events"].get(event["name"], catalogue["envelope"])["properties"]
        for fact in event["properties"]:
            parent, _, name = fact["name"].rpartition(".")
            if parent:
                entry = catalogue["objects"]["Context"]["properties"][name]
                yield Property(event["name"], fact["name"], fact, entry, entry["missing"] == "error", {})
            else:
                is_own = name in entries  # otherwise it is the envelope's property, and cites the envelope's page
                entry = entries[name] if is_own else catalogue["envelope"]["properties"][name]
                cited = fact if is_own else fact | {"sources": shared[name]["sources"]}
                required = model.model_fields[name].is_required() or name == "event_name"
                yield Property(event["name"], name, cited, entry, required, published(model.__name__, name))


def object_properties(catalogue) -> Iterator[Property]:
    """Pair the properties of every object."""
    models = reachable_models(*EVENTS.values())
    for owner, described in load_facts("objects.yaml")["objects"].items():
        for fact in described["fields"]:
            parent, _, name = fact["name"].rpartition(".")
            holder = catalogue["objects"][owner]["properties"][parent]["object"] if parent else owner
            entry = catalogue["objects"][holder]["properties"][name]
            required = models[holder].model_fields[name].is_required()
            yield Property(owner, fact["name"], fact, entry, required, {})


def published(definition: str, name: str) -> Mapping[str, Any]:
    """Return the published schema of a property, from a definition or the one that it extends."""
    definitions = schema("2.0")["$defs"]
    while definition:
        known = definitions[definition]
        found = known.get("properties", {}).get(name)
        if isinstance(found, dict) and {"type", "anyOf", "$ref"} & found.keys():
            branches = found.get("anyOf", [found])
            return next((branch for branch in branches if "minimum" in branch), found)
        definition = base_of(known)
    return {}


def test_every_event_exists(catalogue):
    """Every event of the facts has a model or is listed, with the same family, status, sources and rules."""
    events = load_facts("events.yaml")["events"]
    assert {event["name"] for event in events} == set(EVENTS) | set(LISTED_ONLY)
    for event in events:
        entry = catalogue["events"][event["name"]]
        assert (entry["family"], entry["status"]) == (event["family"], event["status"])
        pages = {re.sub("@[0-9a-f]+", "", source) for source in event["sources"]}
        assert {source.partition(", ")[0] for source in entry["sources"]} == pages, event["name"]
        assert set(entry.get("aliases", [])) == {
            alias.split()[0] for alias in event.get("aliases_seen", []) if alias.startswith("video_")
        }
        rules = [rule for rule in event.get("rules", []) if "==" in rule]
        assert [rule for rule in entry.get("rules", []) if "==" in rule] == sorted(
            rules, key=lambda rule: "livestream" not in rule
        )


def test_every_property_exists(catalogue):
    """An event or object of the models has the properties of the facts; any other was observed."""
    for event in load_facts("events.yaml")["events"]:
        ours = catalogue["events"][event["name"]]["properties"]
        facts = {each["name"] for each in event["properties"]}
        assert {name for name in facts if "." not in name} <= ours.keys() | ENVELOPE, event["name"]
        assert documented(ours) - ENVELOPE <= facts, event["name"]
    for name, described in load_facts("objects.yaml")["objects"].items():
        ours = catalogue["objects"][name]["properties"]
        facts = {each["name"].partition(".")[0] for each in described["fields"]}
        assert facts <= ours.keys(), name
        assert documented(ours) <= facts, name


def documented(properties):
    """Return the names of the properties that a page of the vendor documents."""
    return {name for name, entry in properties.items() if entry["basis"] == "documented"}


def test_every_aspect_of_every_property_agrees(properties):
    """Type, requirement, severity, format, lists, bounds, unit and source are those of the facts, or an exception."""
    exceptions = Exceptions.load(EXCEPTIONS)
    assert len(properties) > 850
    different = [
        f"{each.owner}.{each.name}: {aspect}: {fact} != {ours}"
        for each in properties
        for aspect, fact, ours in each.aspects()
        if fact != ours and not exceptions.allow(each.owner, each.name, aspect, ours)
    ]
    assert different == []
    assert exceptions.unused() == []


def test_every_exception_cites_a_row():
    """An exception cites existing rows of the contradictions, or what the vendor's clients were observed to do."""
    rows = load_rows()
    for entry in Exceptions.load(EXCEPTIONS).entries:
        cited = set(re.findall("K[0-9]{3}", entry["because"]))
        assert cited <= rows, entry
        assert cited or "observed" in entry["because"] or "hashing" in entry["because"], entry


def test_every_cited_row_exists():
    """The rows that the models cite are rows of the contradictions."""
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tcspec" / "models").rglob("*.py")]
    cited = {row for text in sources for row in re.findall("K[0-9]{3}", text)}
    assert cited
    assert cited <= load_rows()


def test_closed_lists_and_browser_names_are_complete():
    """The lists of values and the event names of the browser are those of the facts."""
    events = load_facts("events.yaml")
    assert tuple(events["non_wire_names"]["names"]) == BROWSER_EVENTS
    for event in events["events"]:
        if event["status"] == "listed_only":
            listed = LISTED_ONLY[event["name"]]
            assert listed.properties == tuple(each["name"] for each in event["properties"])


def test_hashes_are_those_of_the_facts(catalogue):
    """The suffixes and lengths of hashed properties are those of the facts."""
    sizes = load_facts("objects.yaml")["hashing"]["sizes"]
    assert {name: entry["length"] for name, entry in catalogue["hashes"].items()} == sizes
    definitions = schema("2.0")["$defs"]
    assert definitions["Md5Hex"]["maxLength"] == sizes["md5"]
    assert definitions["Sha256Hex"]["maxLength"] == sizes["sha256"]


def test_every_field_of_info_is_used(catalogue):
    """Every field of `Info` appears somewhere in the catalogue."""
    text = json.dumps(catalogue)
    keys = ["condition" if name == "when" else name for name in Info.__dataclass_fields__]
    assert [key for key in keys if f'"{key}": ' not in text] == []
