"""The published files: what they must be, for whom reads them and for every tool that compiles them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from judges import ROOT, SCHEMAS, Ajv, rust, schema

from tcspec.models import publishing
from tcspec.models.events import EVENTS, FAMILIES
from tcspec.models.events.names import BROWSER_EVENTS, LISTED_ONLY

VERSIONS = ("1.0", "2.0")
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
    "length",
    "unit",
    "deprecated",
    "replaced_by",
    "rows",
}


@pytest.fixture(scope="module")
def catalogue():
    """Load the published catalogue."""
    return json.loads((SCHEMAS / "catalog.json").read_text(encoding="utf-8"))


def all_properties(catalogue):
    """Give every property entry of the catalogue."""
    holders = [catalogue["envelope"], *catalogue["events"].values(), *catalogue["objects"].values()]
    return [(name, entry) for holder in holders for name, entry in holder["properties"].items()]


def test_committed_files_are_what_the_models_publish():
    """The committed schemas and catalogue are up to date: `tcspec schema --write schemas` changes nothing."""
    assert publishing.drift(SCHEMAS) == []


def test_drift_is_seen_and_mended(tmp_path):
    """A file that is missing, edited or stale is named, and written anew; the others are left alone."""
    assert publishing.write(tmp_path) == ["event/1.0.json", "event/2.0.json", "catalog.json"]
    assert publishing.drift(tmp_path) == []
    untouched = (tmp_path / "event" / "1.0.json").stat().st_mtime_ns
    (tmp_path / "event" / "2.0.json").write_text("{}\n", encoding="utf-8")
    (tmp_path / "catalog.json").unlink()
    assert publishing.drift(tmp_path) == ["event/2.0.json", "catalog.json"]
    assert publishing.write(tmp_path) == ["event/2.0.json", "catalog.json"]
    assert publishing.drift(tmp_path) == []
    assert (tmp_path / "event" / "1.0.json").stat().st_mtime_ns == untouched
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
        "1.0.json",
        "2.0.json",
        "catalog.json",
    ]


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    """A file is replaced whole or not at all, and no remains are left beside it."""
    publishing.write(tmp_path)
    (tmp_path / "catalog.json").write_text("old\n", encoding="utf-8")

    def full_disk(_self, _target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="No space"):
        publishing.write(tmp_path)
    assert (tmp_path / "catalog.json").read_text(encoding="utf-8") == "old\n"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["catalog.json"]


def test_publishing_is_deterministic():
    """Another process, with another hash seed, publishes the same bytes."""
    program = (
        "import hashlib, json; from tcspec.models.publishing import publish; "
        "print(hashlib.sha256(json.dumps(publish()).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, cwd=ROOT, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


@pytest.mark.parametrize("path", ["event/1.0.json", "event/2.0.json", "catalog.json"])
def test_files_end_as_text_files_do(path):
    """Published files are indented by two, in UTF-8, and end with one line break."""
    text = (SCHEMAS / path).read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("version", VERSIONS)
def test_schemas_are_valid_under_the_metaschema(version):
    """Each schema is a schema of draft 2020-12, under a name of its own."""
    published = schema(version)
    jsonschema.Draft202012Validator.check_schema(published)
    assert published["$schema"] == jsonschema.Draft202012Validator.META_SCHEMA["$id"]
    assert published["$id"] == f"urn:tcspec:event:{version}"


@pytest.mark.parametrize("version", VERSIONS)
def test_schemas_compile_under_ajv_in_strict_mode(version):
    """Ajv compiles each schema in strict mode, without union types, and accepts its examples."""
    judge = Ajv({"event": schema(version)})
    assert all(judge.accepts("event", schema(version)["examples"]))
    judge.close()


def test_schemas_pass_the_linter():
    """The sourcemeta linter has nothing to say of the published schemas."""
    pytest.importorskip("sourcemeta_jsonschema", reason="sourcemeta-jsonschema is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "sourcemeta_jsonschema", "lint", SCHEMAS / "event"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("version", VERSIONS)
def test_no_format_is_asserted(version):
    """Formats are advice, so no schema asserts one, nor uses a character class that engines read differently."""
    text = (SCHEMAS / "event" / f"{version}.json").read_text(encoding="utf-8")
    assert '"format"' not in text
    assert not [letter for letter in "dDwWsSbB" if f"\\\\{letter}" in text]


@pytest.mark.parametrize("version", VERSIONS)
def test_everything_is_told(version):
    """Every definition has a title and a description, every property a description and valid examples."""
    definitions = schema(version)["$defs"]
    for name, definition in definitions.items():
        assert definition["title"] == name
        assert definition["description"], name
        for prop, published in definition.get("properties", {}).items():
            if published is True or "const" in published:
                continue
            target = definitions[published["$ref"].rpartition("/")[2]] if "$ref" in published else {}
            assert target.get("title") or published["title"], (name, prop)
            told = target | published
            assert told.get("description"), (name, prop)
            if "context" in prop or prop == "properties":
                continue
            assert told.get("examples"), (name, prop)


@pytest.mark.parametrize("version", VERSIONS)
def test_examples_of_events_are_valid(version):
    """The examples of the root and of every event are events that the schema accepts."""
    published = schema(version)
    definitions = published["$defs"]
    examples = [*published["examples"]]
    for choice in published["allOf"]:
        examples += definitions[choice["then"]["$ref"].rpartition("/")[2]]["examples"]
    assert len(examples) == len(EVENTS) + 2
    assert [example for example in examples if not rust(version).is_valid(example)] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_definition_is_used(version):
    """No definition is published that nothing refers to."""
    text = json.dumps(schema(version))
    unused = [name for name in schema(version)["$defs"] if f'"#/$defs/{name}"' not in text]
    assert unused == []


def test_the_catalogue_knows_every_event(catalogue):
    """The catalogue lists the standard, platform-made and merely listed events, each with its family and class."""
    assert set(catalogue["events"]) == set(EVENTS) | set(LISTED_ONLY)
    for family, members in FAMILIES.items():
        for event in members:
            entry = catalogue["events"][event.model_fields["event_name"].default]
            assert (entry["family"], entry["class"]) == (family, event.__name__)
            assert entry["description"]
            assert entry["sources"]
    statuses = [entry["status"] for entry in catalogue["events"].values()]
    assert {status: statuses.count(status) for status in set(statuses)} == {
        "standard": 49,
        "platform_generated": 2,
        "listed_only": 2,
    }
    assert catalogue["browser_events"] == list(BROWSER_EVENTS)


def test_the_classes_of_the_catalogue_are_published(catalogue):
    """Every class and object that the catalogue names is a definition of the schema."""
    definitions = schema("2.0")["$defs"]
    assert {entry["class"] for entry in catalogue["events"].values()} <= set(definitions)
    assert set(catalogue["objects"]) <= set(definitions)
    assert {entry["object"] for _, entry in all_properties(catalogue) if "object" in entry} <= set(catalogue["objects"])


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
    ],
)
def test_the_catalogue_tells_what_rules_need(catalogue, holder, name, expected):
    """Advice on a type, on a field and on a class is merged, the outermost word first."""
    entry = catalogue
    for step in holder:
        entry = entry[step]
    entry = entry["properties"][name]
    assert entry | expected == entry
