from __future__ import annotations

import json

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


def test_wider():
    """A schema that accepts more is wider, which passes, with a payload that only the new one accepts."""
    ran = compare({"required": []})
    assert (ran.code, ran.out) == (0, "old.json -> new.json: wider\n  refused before, taken now: {}\n")


def test_narrower():
    """A schema that accepts less is narrower, which fails, with a payload that only the old one accepts."""
    ran = compare({"maxProperties": 1})
    assert ran.code == 1
    first, second = ran.out.splitlines()
    assert first == "old.json -> new.json: narrower"
    assert second.startswith('  taken before, refused now: {"id": "", ')


def test_incomparable():
    """Incomparable schemas have a counter-example for each direction."""
    ran = compare({"required": ["name"]})
    assert (ran.code, ran.out.splitlines()) == (
        1,
        [
            "old.json -> new.json: incomparable",
            '  taken before, refused now: {"id": ""}',
            '  refused before, taken now: {"name": {}}',
        ],
    )


LONG = {"id": {"type": "string", "minLength": 10**9}}
LONGER = {"id": {"type": "string", "minLength": 10**9 + 1}}


@pytest.mark.parametrize(
    ("old", "new", "code", "verdict"),
    [
        ({"properties": LONG}, {"properties": LONGER}, 1, "unknown (identical or narrower)"),
        ({"properties": LONGER}, {"properties": LONG}, 0, "unknown (identical or wider)"),
        ({"properties": LONG}, {"properties": {}}, 0, "wider"),
        ({"properties": LONGER, "required": []}, {"properties": LONG}, 1, "unknown (narrower or incomparable)"),
        ({"properties": LONG}, {"properties": LONGER, "required": []}, 1, "unknown (wider or incomparable)"),
        ({"$ref": "#x", "$defs": {"a": {"$anchor": "x"}}}, {}, 1, "unknown"),
    ],
)
def test_unknown(old, new, code, verdict):
    """An undecided comparison is unknown, with what is known; it fails only if a payload is certainly refused."""
    ran = tcspec("schema", "--compare", file("old.json", OLD | old), file("new.json", OLD | new))
    assert (ran.code, ran.out.splitlines()[0]) == (code, f"old.json -> new.json: {verdict}")


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
    assert ran.out == "two.json: new\nx/one.json: wider\n  refused before, taken now: {}\n"
    assert ran.err == "b/catalog.json has no $schema and is passed over\n"
    ran = tcspec("schema", "--compare", "b", "a")
    assert (ran.code, ran.out.splitlines()[0]) == (1, "two.json: removed")


def test_json():
    """The JSON report has one object per schema, with both answers and the whole counter-examples."""
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
    assert one["refused_now"].keys() >= {"id"}
    assert (one["verdict"], one["covers_old"], one["covered_by_old"]) == ("incomparable", False, False)
    assert one["taken_now"].keys() == {"name"}
    assert same == {
        "name": "same.json",
        "verdict": "identical",
        "is_safe": True,
        "covers_old": True,
        "covered_by_old": True,
    }


@pytest.mark.parametrize("payload", [None, False, 0, "", []])
def test_a_counter_example_may_be_anything(payload):
    """A counter-example may be null, false or empty."""
    ran = tcspec(
        "schema",
        "--compare",
        file("a.json", {"const": payload}),
        file("b.json", {"not": {"const": payload}}),
        "--format",
        "json",
    )
    assert json.loads(ran.out)["schemas"][0]["refused_now"] == payload
    assert ran.code == 1


BAD = {
    "missing": (None, "new.json: No such file or directory"),
    "no JSON": (b'{"a": }', "new.json: no JSON: "),
    "no UTF-8": (b"\xff", "new.json: no JSON: "),
    "duplicate keys": (b'{"type": "object", "type": "null"}', "new.json: no JSON: "),
    "too deep": (b"[" * 300 + b"]" * 300, "new.json: no JSON: nesting exceeds the maximum depth of 200 levels"),
    "no schema": (b"[]", "new.json: no JSON Schema: it is neither an object nor true or false"),
    "a wrong keyword": (b'{"required": "id"}', "new.json: no JSON Schema: "),
    "a remote reference": (
        b'{"$ref": "https://example.com/s"}',
        "new.json: it refers to 'https://example.com/s', and nothing is",
    ),
    "a cycle": (b'{"$ref": "#"}', "new.json: no JSON Schema: '#' refers to itself without end"),
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
    assert (ran.code, ran.err) == (2, "tcspec: product: no folder, as a is\n")
    ran = tcspec("schema", "--compare", "product", "a")
    assert (ran.code, ran.err) == (2, "tcspec: product: no folder, as a is\n")
    file("b/other.json", [])
    for folders in (("b", "a"), ("a", "b")):
        ran = tcspec("schema", "--compare", *folders)
        assert ran.code == 2
        assert "b: there is no schema in it" in ran.err
    put("b/one.json", b"{")
    ran = tcspec("schema", "--compare", "a", "b")
    assert (ran.code, ran.out) == (2, "")
    assert "b/one.json: no JSON: " in ran.err


def test_catalogue_is_no_schema():
    """The catalogue is published, but is not a schema."""
    ran = tcspec("schema", "--compare", "catalog", "product")
    assert (ran.code, ran.err) == (2, "tcspec: catalog: no JSON Schema\n")


def test_unreadable(monkeypatch):
    """A file that cannot be opened is an error."""
    file("old.json", OLD)

    def refuse(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    ran = tcspec("schema", "--compare", "old.json", "product")
    assert (ran.code, ran.err) == (2, "tcspec: old.json: Permission denied\n")


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
    assert (ran.code, ran.out) == (1, "a.json -> b.json: narrower\n  taken before, refused now: {}\n")
