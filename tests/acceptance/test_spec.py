"""The models, held against the facts about the vendor's pages, property by property.

Where a model differs on purpose, `spec_exceptions.yaml` says what it does and which row of the contradictions decided.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from judges import ROOT, SCHEMAS, schema
from tcspec.models.events import EVENTS
from tcspec.models.events.names import BROWSER_EVENTS, LISTED_ONLY
from tcspec.models.introspection import reachable_models
from tcspec.models.values import Info

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SPEC = ROOT.parent / "shared" / "spec"
EXCEPTIONS = ROOT / "tests" / "spec_exceptions.yaml"
ENVELOPE = {"event_name", "user", "context"}

pytestmark = pytest.mark.skipif(not SPEC.is_dir(), reason="the facts about the vendor's pages are not here")


@dataclass
class Held:
    """A property as the facts have it and as the models have it."""

    where: str
    name: str
    fact: Mapping[str, Any]
    ours: Mapping[str, Any]
    required: bool
    published: Mapping[str, Any]

    def aspects(self) -> Iterator[tuple[str, Any, Any]]:
        """Give each aspect with what the facts say and what the models say."""
        fact, ours = self.fact, self.ours
        yield "type", types(fact["type"]), types(ours["type"])
        yield "required", fact["if_missing"] == "error", self.required
        yield "missing", fact["if_missing"], ours["missing"]
        yield "format", fact.get("format"), ours.get("format")
        yield "enum", fact.get("enum"), ours.get("enum")
        yield "recommended", fact.get("enum_recommended", fact.get("values_seen")), ours.get("recommended")
        yield "minimum", fact.get("minimum"), self.published.get("minimum", ours.get("minimum"))
        yield "maximum", fact.get("maximum"), self.published.get("maximum", ours.get("maximum"))
        yield "length", fact.get("expected_length"), ours.get("length")
        yield "unit", fact.get("unit"), ours.get("unit")
        asked = fact.get("expected_type", fact.get("canonical_type", fact["type"]))
        yield "expected", None if types(asked) == types(ours["type"]) else asked, ours.get("expected")
        yield (
            "deprecated",
            bool(fact.get("deprecated") or fact.get("deprecated_alias_of")),
            bool(ours.get("deprecated")),
        )
        yield "condition", "condition" in fact, "condition" in ours
        yield "source", True, any(is_cited(ours["source"], source) for source in fact["sources"])


@dataclass
class Exceptions:
    """The differences that are meant, and which of them were met."""

    entries: list[dict[str, Any]]
    met: set[int] = field(default_factory=set)

    def allow(self, where: str, name: str, aspect: str, ours: object) -> bool:
        """Tell whether a difference is meant."""
        for number, entry in enumerate(self.entries):
            places = entry["in"] if isinstance(entry["in"], list) else [entry["in"]]
            if (
                any(re.fullmatch(place, where) for place in places)
                and name in entry["properties"]
                and aspect == entry["aspect"]
                and ours == (types(entry["ours"]) if aspect == "type" else entry["ours"])
            ):
                self.met.add(number)
                return True
        return False


def facts(name: str) -> dict[str, Any]:
    """Load one file of facts."""
    return yaml.safe_load((SPEC / name).read_text(encoding="utf-8"))


def types(text: str) -> frozenset[str]:
    """Read a type, whatever the order of its branches and the spelling of objects."""
    return frozenset(re.sub(r"object<(\w+)>", r"\1", text).replace("unspecified", "any").split("|"))


def is_cited(ours: str, source: str) -> bool:
    """Tell whether a place of ours is a source of the facts, with or without its line."""
    page, _, line = source.partition("@")
    return ours in {page, page + "#" + line.partition("#")[2]}


@pytest.fixture(scope="module")
def catalogue():
    """Load the published catalogue."""
    return json.loads((SCHEMAS / "catalog.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def exceptions():
    """Load the differences that are meant."""
    return Exceptions(yaml.safe_load(EXCEPTIONS.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def held(catalogue):
    """Pair every property of the facts with the same property of the models."""
    return [*held_of_events(catalogue), *held_of_objects(catalogue)]


def held_of_events(catalogue) -> Iterator[Held]:
    """Pair the properties of the envelope and of every event."""
    events = facts("events.yaml")
    shared = {one["name"]: one for one in events["envelope"]["properties"]}
    envelope = {"name": "envelope", "properties": shared.values()}
    for event in [envelope, *(one for one in events["events"] if one["status"] != "listed_only")]:
        model = EVENTS.get(event["name"]) or reachable_models(*EVENTS.values())["SourceEvent"]
        entries = catalogue["events"].get(event["name"], catalogue["envelope"])["properties"]
        for fact in event["properties"]:
            inside, _, name = fact["name"].rpartition(".")
            if inside:
                entry = catalogue["objects"]["Context"]["properties"][name]
                yield Held(event["name"], fact["name"], fact, entry, entry["missing"] == "error", {})
            else:
                own = name in entries  # else the envelope speaks for the event, and cites its own page
                entry = entries[name] if own else catalogue["envelope"]["properties"][name]
                told = fact if own else fact | {"sources": shared[name]["sources"]}
                required = model.model_fields[name].is_required() or name == "event_name"
                yield Held(event["name"], name, told, entry, required, bounds(model.__name__, name))


def held_of_objects(catalogue) -> Iterator[Held]:
    """Pair the properties of every object."""
    models = reachable_models(*EVENTS.values())
    for where, told in facts("objects.yaml")["objects"].items():
        for fact in told["fields"]:
            inside, _, name = fact["name"].rpartition(".")
            holder = catalogue["objects"][where]["properties"][inside]["object"] if inside else where
            entry = catalogue["objects"][holder]["properties"][name]
            required = models[holder].model_fields[name].is_required()
            yield Held(where, fact["name"], fact, entry, required, {})


def bounds(definition: str, name: str) -> Mapping[str, Any]:
    """Find the published schema of a property in a definition or in what it extends."""
    definitions = schema("2.0")["$defs"]
    while definition:
        known = definitions[definition]
        published = known.get("properties", {}).get(name)
        if isinstance(published, dict) and {"type", "anyOf", "$ref"} & published.keys():
            branches = published.get("anyOf", [published])
            return next((branch for branch in branches if "minimum" in branch), published)
        definition = known.get("$ref", "").rpartition("/")[2]
    return {}


def test_every_event_is_there(catalogue):
    """Every event of the facts has a class or is listed, with the same family, status and sources."""
    told = facts("events.yaml")["events"]
    assert {event["name"] for event in told} == set(EVENTS) | set(LISTED_ONLY)
    for event in told:
        entry = catalogue["events"][event["name"]]
        assert (entry["family"], entry["status"]) == (event["family"], event["status"])
        pages = {re.sub("@[0-9a-f]+", "", source) for source in event["sources"]}
        ours = {source.partition(", ")[0] for source in entry["sources"]}
        assert ours == pages, event["name"]
        assert set(entry.get("aliases", [])) == {
            alias.split()[0] for alias in event.get("aliases_seen", []) if alias.startswith("video_")
        }
        rules = [rule for rule in event.get("rules", []) if "==" in rule]
        assert [rule for rule in entry.get("rules", []) if "==" in rule] == sorted(
            rules, key=lambda rule: "livestream" not in rule
        )


def test_every_property_is_there(catalogue):
    """An event or object of the models has the properties of the facts, and what is more was observed."""
    told = facts("events.yaml")
    for event in told["events"]:
        known = catalogue["events"][event["name"]]["properties"].keys() | ENVELOPE
        assert {one["name"] for one in event["properties"] if "." not in one["name"]} <= known, event["name"]
        assert known - ENVELOPE <= {one["name"] for one in event["properties"]}, event["name"]
    for name, held_object in facts("objects.yaml")["objects"].items():
        ours = catalogue["objects"][name]["properties"]
        wanted = {one["name"].partition(".")[0] for one in held_object["fields"]}
        assert wanted <= ours.keys(), name
        assert {one for one in ours if ours[one]["basis"] == "documented"} <= wanted, name


def test_every_aspect_of_every_property_agrees(held, exceptions):
    """Type, requirement, severity, format, lists, bounds, unit and source are those of the facts, or an exception."""
    assert len(held) > 850
    different = [
        f"{one.where}.{one.name}: {aspect}: {fact} != {ours}"
        for one in held
        for aspect, fact, ours in one.aspects()
        if fact != ours and not exceptions.allow(one.where, one.name, aspect, ours)
    ]
    assert different == []
    unused = [entry for number, entry in enumerate(exceptions.entries) if number not in exceptions.met]
    assert unused == []


def test_every_exception_cites_a_row():
    """An exception names rows of the contradictions that exist, or what the vendor's clients were seen to do."""
    rows = set(
        re.findall(r"^\| (K[0-9]{3}) \|", (SPEC / "contradictions.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    for entry in yaml.safe_load(EXCEPTIONS.read_text(encoding="utf-8")):
        cited = set(re.findall("K[0-9]{3}", entry["because"]))
        assert cited <= rows, entry
        assert cited or "observed" in entry["because"] or "hashing" in entry["because"], entry


def test_every_row_that_is_cited_exists():
    """The rows that the models cite are rows of the contradictions."""
    rows = set(
        re.findall(r"^\| (K[0-9]{3}) \|", (SPEC / "contradictions.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tcspec" / "models").rglob("*.py")]
    cited = {row for text in sources for row in re.findall("K[0-9]{3}", text)}
    assert cited
    assert cited <= rows


def test_closed_lists_and_browser_names_are_complete():
    """The lists of values and the names of the browser are those of the facts."""
    told = facts("events.yaml")
    assert tuple(told["non_wire_names"]["names"]) == BROWSER_EVENTS
    for event in told["events"]:
        if event["status"] == "listed_only":
            listed = LISTED_ONLY[event["name"]]
            assert listed.properties == tuple(one["name"] for one in event["properties"])


def test_hashes_are_those_of_the_facts(catalogue):
    """The suffixes and lengths of hashed properties are those of the facts."""
    sizes = facts("objects.yaml")["hashing"]["sizes"]
    assert {name: told["length"] for name, told in catalogue["hashes"].items()} == sizes
    definitions = schema("2.0")["$defs"]
    assert definitions["Md5Hex"]["maxLength"] == sizes["md5"]
    assert definitions["Sha256Hex"]["maxLength"] == sizes["sha256"]


def test_advice_is_worth_its_fields(catalogue):
    """Every subject that advice can speak of is used somewhere."""
    told = json.dumps(catalogue)
    spelt = {name: "condition" if name == "when" else name for name in Info.__dataclass_fields__}
    assert [name for name in spelt.values() if f'"{name}": ' not in told] == []
