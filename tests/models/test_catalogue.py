"""The catalogue has everything that rules and messages need to know beyond the contract."""

from __future__ import annotations

import json

import pytest

from tcspec.kinds import KINDS, VERSIONS
from tcspec.models.events import EVENTS, FAMILIES
from tcspec.models.events.names import BROWSER_EVENTS, LISTED_ONLY
from validators import SCHEMAS, schema

PAYLOADS = {"user": "UserPut", "product": "CatalogProduct", "conversion": "Conversion"}
QUERIES = {"UserQuery", "UserPutQuery", "UserDeletionQuery", "VisitorQuery"}
ALLOWED_IN_CATALOGUE = {
    "type",
    "description",
    "object",
    "missing",
    "basis",
    "source",
    "condition",
    "expected",
    "format",
    "enum",
    "recommended",
    "minimum",
    "maximum",
    "min_length",
    "max_length",
    "length",
    "unit",
    "default",
    "access",
    "calculated",
    "formula",
    "personal",
    "deprecated",
    "replaced_by",
    "rows",
}


@pytest.fixture(scope="module")
def catalogue():
    """Load the published catalogue."""
    return json.loads((SCHEMAS / "catalog.json").read_text(encoding="utf-8"))


def all_properties(catalogue):
    """Return the entry of every property in the catalogue."""
    holders = [catalogue["envelope"], *catalogue["events"].values(), *catalogue["objects"].values()]
    return [(name, entry) for holder in holders for name, entry in holder["properties"].items()]


def test_the_catalogue_knows_every_event(catalogue):
    """The catalogue lists the standard, platform-made and merely listed events, each with its family and class."""
    assert set(catalogue["events"]) == set(EVENTS) | set(LISTED_ONLY)
    for family, members in FAMILIES.items():
        for event in members:
            entry = catalogue["events"][event.model_fields["event_name"].default]
            assert (entry["family"], entry["class"]) == (family, event.__name__)
            assert entry["description"]
            assert entry["sources"]
    platform = {event.model_fields["event_name"].default for event in FAMILIES["system"]}
    expected = dict.fromkeys(EVENTS, "standard") | dict.fromkeys(platform, "platform_generated")
    expected |= dict.fromkeys(LISTED_ONLY, "listed_only")
    assert {name: entry["status"] for name, entry in catalogue["events"].items()} == expected
    assert catalogue["browser_events"] == list(BROWSER_EVENTS)


def test_the_classes_of_the_catalogue_are_published(catalogue):
    """Every class and object that the catalogue names is a definition of a schema."""
    definitions = {name for version in VERSIONS for name in schema(version.name, version.kind)["$defs"]}
    assert {entry["class"] for entry in catalogue["events"].values()} <= set(schema("2.0")["$defs"])
    assert set(catalogue["objects"]) <= definitions
    assert set(catalogue["objects"]) >= QUERIES
    assert {entry["object"] for _, entry in all_properties(catalogue) if "object" in entry} <= set(catalogue["objects"])


def test_the_catalogue_names_the_payloads_that_are_one_object(catalogue):
    """The catalogue names the objects of a user, a product and a conversion, as the schema of the kind does."""
    assert catalogue["payloads"] == PAYLOADS
    assert set(catalogue["payloads"].values()) <= set(catalogue["objects"])


def test_the_catalogue_knows_the_lists_that_the_contract_closes(catalogue):
    """A closed list of a schema is in the catalogue too."""
    for kind in catalogue["payloads"]:
        version = KINDS[kind].version().name
        for name, definition in schema(version, kind)["$defs"].items():
            for prop, published in definition.get("properties", {}).items():
                if isinstance(published, dict) and "enum" in published:
                    assert catalogue["objects"][name]["properties"][prop]["enum"] == published["enum"]


def test_entries_of_the_catalogue_are_complete(catalogue):
    """Every property has a type, a description, a severity when absent, a basis and a source, and no unknown key."""
    for name, entry in all_properties(catalogue):
        assert set(entry) <= ALLOWED_IN_CATALOGUE, name
        assert entry["type"], name
        assert entry["missing"] in {"error", "warning", "info", "none"}, name
        assert entry["basis"] in {"documented", "observed", "inferred"}, name
        assert entry["source"], name
        if name not in LISTED_ONLY["select_promotion"].properties:
            assert entry["description"], name


@pytest.mark.parametrize(
    ("holder", "name", "expected"),
    [
        (("events", "purchase"), "items", {"type": "array<Item>", "object": "Item", "missing": "error"}),
        (("events", "purchase"), "currency", {"type": "string", "format": "iso4217", "rows": ["K112"]}),
        (("events", "view_cart"), "currency", {"missing": "warning", "condition": "an amount is present"}),
        (("events", "page_view"), "type", {"deprecated": True, "replaced_by": "page_type", "rows": ["K052"]}),
        (("events", "video_volume"), "sound", {"missing": "warning", "minimum": 0, "maximum": 100}),
        (("events", "video_speed"), "sound", {"missing": "none", "type": "number", "expected": "integer"}),
        (("envelope",), "context", {"type": "Context", "object": "Context", "missing": "error"}),
        (("objects", "Context"), "event_timestamp", {"type": "number|string", "expected": "integer"}),
        (("objects", "User"), "rejected_vendors", {"basis": "observed", "type": "string|array<string>"}),
        (("objects", "Item"), "product", {"type": "Product", "object": "Product", "missing": "error"}),
        (("objects", "CatalogProduct"), "brand", {"min_length": 1, "max_length": 250, "rows": ["K092", "K093"]}),
        (("objects", "CatalogProduct"), "gender", {"recommended": ["male", "female", "unisex"], "max_length": 250}),
        (("objects", "CatalogProduct"), "condition", {"enum": ["new", "refurbished", "used"], "rows": ["K060"]}),
        (("objects", "Conversion"), "billing_address", {"type": "Address", "object": "Address", "missing": "none"}),
        (("objects", "Conversion"), "conversion_items", {"type": "array<ConversionItem>", "object": "ConversionItem"}),
        (("objects", "Conversion"), "original_amount", {"access": "write-once", "rows": ["K099"]}),
        (("objects", "Conversion"), "returned_quantity", {"access": "read-only", "calculated": True}),
        (("objects", "Conversion"), "currency", {"format": "iso4217", "rows": ["K112", "K113"]}),
        (("objects", "ConversionItem"), "returned_quantity", {"default": 0, "missing": "none"}),
        (("objects", "Address"), "full_address", {"type": "string|null", "expected": "string", "missing": "warning"}),
        (("objects", "UserPut"), "person", {"type": "Person", "object": "Person", "missing": "error"}),
        (("objects", "UserDeletionQuery"), "user_id", {"type": "string", "format": "digits", "rows": ["K114"]}),
    ],
)
def test_entries(catalogue, holder, name, expected):
    """The `Info` of a type, of a field and of a class is merged, the outermost first."""
    entry = catalogue
    for step in holder:
        entry = entry[step]
    entry = entry["properties"][name]
    assert entry | expected == entry
