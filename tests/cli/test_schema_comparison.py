from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import put, tcspec
from tcspec.contract.schemas import json_schema

DRAFT = "https://json-schema.org/draft/2020-12/schema"
OLD = {"$schema": DRAFT, "type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def file(name, schema):
    """Write a schema into the current folder."""
    return put(name, json.dumps(schema).encode())


def compare(new, *options):
    """Compare the old schema with a new one."""
    return tcspec("schema", "--compare", file("old.json", OLD), file("new.json", OLD | new), *options)


def test_identical():
    """Schemas that accept the same payloads are identical, and nothing else is printed."""
    ran = compare({"title": "A thing"})
    assert (ran.code, ran.out, ran.err) == (0, "old.json -> new.json: identical\n", "")


def test_compatible():
    """A schema that accepts more is compatible, which passes."""
    ran = compare({"required": []})
    assert (ran.code, ran.out) == (0, "old.json -> new.json: compatible\n")


def test_breaking():
    """A schema that rejects what was accepted is breaking, which fails, with a payload that shows it."""
    ran = compare({"required": ["name"]})
    assert ran.code == 1
    assert ran.out == 'old.json -> new.json: breaking\n  accepted before, rejected now: {"id": ""}\n'


def test_unknown():
    """What is neither proved nor refuted is unknown, which fails."""
    text = {"type": "string"}
    old, new = ({"properties": {"id": text | {"pattern": pattern}}} for pattern in ("^(?=ab*c)", "^(?=ab{3}c)"))
    ran = tcspec("schema", "--compare", file("old.json", OLD | old), file("new.json", OLD | new))
    assert (ran.code, ran.out) == (1, "old.json -> new.json: unknown\n")


def test_names():
    """A published schema is found by its name, the newest version of its kind by default."""
    ran = tcspec("schema", "--compare", "product/2.0", "product")
    assert (ran.code, ran.out) == (0, "product/2.0 -> product: identical\n")
    narrower = json_schema("product")
    narrower["$defs"]["CatalogProduct"]["properties"]["name"]["maxLength"] = 400
    ran = tcspec("schema", "--compare", "product", file("product.json", narrower))
    assert ran.code == 1
    assert '"name": "aaaaaaaaaaaaaaaaaaaa… (401 characters)"' in ran.out


def test_folders():
    """Folders are compared schema by schema; a missing one fails, a new one passes, and other files are listed."""
    file("a/x/one.json", OLD)
    file("b/x/one.json", OLD | {"required": []})
    file("b/two.json", OLD)
    file("b/catalog.json", {"events": []})
    ran = tcspec("schema", "--compare", "a", "b")
    assert ran.code == 0
    assert ran.out == "two.json: new\nx/one.json: compatible\n"
    assert ran.err == "b/catalog.json has no $schema and is skipped\n"
    ran = tcspec("schema", "--compare", "b", "a")
    assert (ran.code, ran.out.splitlines()[0]) == (1, "two.json: removed")


def test_json():
    """The JSON report has one object per schema, with the whole counterexample when it is breaking."""
    file("a/gone.json", OLD)
    file("a/one.json", OLD)
    file("b/one.json", OLD | {"required": ["name"], "properties": {"id": {"maxLength": 100, "type": "string"}}})
    file("a/same.json", OLD)
    file("b/same.json", OLD)
    ran = tcspec("schema", "--compare", "a", "b", "--format", "json")
    report = json.loads(ran.out)
    assert (ran.code, report["format_version"]) == (1, 1)
    gone, one, same = report["schemas"]
    assert gone == {"name": "gone.json", "verdict": "removed", "is_safe": False}
    assert one.keys() == {"name", "verdict", "is_safe", "counterexample"}
    assert (one["verdict"], one["is_safe"]) == ("breaking", False)
    assert one["counterexample"].keys() == {"id"}
    assert same == {"name": "same.json", "verdict": "identical", "is_safe": True}


@pytest.mark.parametrize("payload", [None, False, 0, "", []])
def test_a_counterexample_may_be_anything(payload):
    """A counterexample may be null, false or empty."""
    ran = tcspec(
        "schema",
        "--compare",
        file("a.json", {"const": payload}),
        file("b.json", {"not": {"const": payload}}),
        "--format",
        "json",
    )
    assert json.loads(ran.out)["schemas"][0]["counterexample"] == payload
    assert ran.code == 1


BAD = {
    "missing": (None, "new.json: No such file or directory"),
    "no JSON": (b'{"a": }', "new.json: it is not JSON: "),
    "no UTF-8": (b"\xff", "new.json: it is not JSON: "),
    "duplicate keys": (b'{"type": "object", "type": "null"}', "new.json: it is not JSON: "),
    "too deep": (b"[" * 300 + b"]" * 300, "new.json: it is not JSON: nesting exceeds the maximum depth of 200 levels"),
    "no schema": (b"[]", "new.json: it is not a JSON Schema: a schema is an object or a boolean"),
    "a wrong keyword": (
        b'{"required": "id"}',
        "new.json: it is not a JSON Schema: /required has a value that the draft does not allow there (type)",
    ),
    "a remote reference": (
        b'{"$ref": "https://example.com/s"}',
        "new.json: it is not a JSON Schema: ",
    ),
}


@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("is_first", [True, False])
def test_bad_input(case, is_first):
    """A file that cannot be read, or is not a schema, is a usage error, in one line with the file and the reason."""
    raw, message = BAD[case]
    old = file("old.json", OLD)
    if raw is not None:
        put("new.json", raw)
    ran = tcspec("schema", "--compare", *(("new.json", old) if is_first else (old, "new.json")))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"tcspec: {message}")
    assert ran.err.count("\n") == 1


def test_bad_folders():
    """A folder can only be compared with a folder, and both must contain a schema."""
    file("a/one.json", OLD)
    ran = tcspec("schema", "--compare", "a", "product")
    assert (ran.code, ran.err) == (2, "tcspec: product: expected a folder, because a is one\n")
    ran = tcspec("schema", "--compare", "product", "a")
    assert (ran.code, ran.err) == (2, "tcspec: product: expected a folder, because a is one\n")
    file("b/other.json", [])
    for folders in (("b", "a"), ("a", "b")):
        ran = tcspec("schema", "--compare", *folders)
        assert ran.code == 2
        assert "b: no schema found" in ran.err
    put("b/one.json", b"{")
    ran = tcspec("schema", "--compare", "a", "b")
    assert (ran.code, ran.out) == (2, "")
    assert "b/one.json: it is not JSON: " in ran.err


def test_catalogue_is_no_schema():
    """The catalogue is published, but is not a schema."""
    ran = tcspec("schema", "--compare", "catalog", "product")
    assert (ran.code, ran.err) == (2, "tcspec: catalog: it is not a JSON Schema\n")


def test_unreadable():
    """A file that cannot be opened is an error."""
    Path("old.json").symlink_to("old.json")
    ran = tcspec("schema", "--compare", "old.json", "product")
    assert (ran.code, ran.err) == (2, "tcspec: old.json: Too many levels of symbolic links\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--compare", "product"],
        ["--compare", "product", "user", "--check"],
        ["product", "--compare", "product", "user"],
        ["--format", "json"],
        ["--compare", "product", "user", "--format", "sarif"],
    ],
)
def test_misuse(arguments):
    """Anything but two schemas and a known format is a usage error."""
    ran = tcspec("schema", *arguments)
    assert (ran.code, ran.out) == (2, "")


def test_recursion_ends():
    """The comparison of a recursive schema ends."""
    tree = {"type": "object", "properties": {"inner": {"$ref": "#"}}}
    ran = tcspec("schema", "--compare", file("a.json", tree), file("b.json", tree | {"required": ["id"]}))
    assert (ran.code, ran.out) == (1, "a.json -> b.json: breaking\n  accepted before, rejected now: {}\n")
