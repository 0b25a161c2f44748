from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from command import tcspec
from tcspec import payload_size

EVENT = {"event_name": "login", "user": {"id": "c-1"}, "name": "Théo", "context": {"event_id": "1"}}


pytestmark = pytest.mark.usefixtures("elsewhere")


def put(name: str, *events: dict, indent: int | None = None) -> str:
    """Write events into a file, one per line if there are several."""
    text = "\n".join(json.dumps(event, indent=indent) for event in events).encode()
    Path(name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return name


def event_of(size: int) -> dict:
    """Build an event of a size in bytes."""
    return EVENT | {"text": "x" * (size - payload_size(EVENT | {"text": ""}))}


def only_file(*arguments: object) -> dict:
    """Return the JSON report of the only file."""
    (file,) = json.loads(tcspec("size", "--format", "json", *arguments).out)["files"]
    return file


def test_text():
    """The report has the size of the compact body, its share of the limit, and the costliest paths."""
    ran = tcspec("size", put("a.json", EVENT, indent=4))
    assert ran.code == 0
    assert ran.out.splitlines() == [
        f"a.json:1: {payload_size(EVENT)} bytes, 0.3% of 32,768",
        "    16        /context",
        "    12        /user",
        "    7         /event_name",
    ]


def test_as_sent():
    """With --as-sent the bytes of the file are measured, whatever they are."""
    path = put("a.json", EVENT, indent=4)
    assert only_file("--as-sent", path)["bytes"] == Path(path).stat().st_size > only_file(path)["bytes"]
    Path("b.json").write_bytes(b"\xff" * 10)
    assert only_file("--as-sent", "b.json")["largest"] == [
        {"line": 1, "pointer": "", "kind": "event", "bytes": 10, "share": 0.0003, "costliest": {}}
    ]


@pytest.mark.parametrize(
    ("size", "code", "expected"), [(32_000, 0, None), (32_001, 0, "TC021"), (32_768, 0, "TC021"), (32_769, 1, "TC020")]
)
def test_limits(size, code, expected):
    """A size over the certain limit is an error and makes the exit code 1, one over the possible limit is a warning."""
    path = put("a.json", event_of(size))
    assert tcspec("size", path).code == code
    assert [violation["code"] for violation in only_file(path)["violations"]] == ([expected] if expected else [])
    assert only_file(path)["limit"] == {"safe": 32_000, "hard": 32_768}


def test_kind():
    """A batch has a limit of its own, which applies if a payload is a batch or --kind says so."""
    path = put("a.json", event_of(40_000))
    batch = put("b.json", {"batch": [EVENT] * 1000})
    assert tcspec("size", batch).code == 0
    assert only_file(batch)["largest"][0]["kind"] == "batch"
    assert tcspec("size", "--kind", "event", batch).code == 1
    assert tcspec("size", "--kind", "batch", path).code == 0
    assert only_file("--kind", "batch", path)["largest"][0]["share"] == round(40_000 / 512_000, 4)


def test_events_of_a_batch():
    """An event in a batch over its own limit is reported at its pointer, measured as the whole is."""
    path = put("a.json", {"batch": [EVENT, event_of(32_769)]}, indent=2)
    assert [(each["code"], each["pointer"]) for each in only_file(path)["violations"]] == [("TC020", "/batch/1")]
    assert tcspec("size", path).code == tcspec("size", "--as-sent", path).code == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b'{"id": "P1", "brand": "Northwind", "gtin": "1", "custom": "%s"}'),
        ("a.txt", b"?tc_s=1&event_name=%s"),
    ],
)
def test_kinds_without_limit(name, content):
    """A kind without a documented limit has a size and is never too large."""
    Path(name).write_bytes(content % (b"x" * 40_000))
    ran = tcspec("size", name)
    assert ran.code == 0
    assert "no known limit" in ran.out
    assert only_file(name)["largest"][0]["share"] is None


@pytest.mark.parametrize("name", ["a.ndjson", "a.jsonl.gz", "a.log"])
def test_lines(name):
    """Of a stream, the largest payloads are listed with their lines, and every payload over the limit is reported."""
    sizes = [1000, 40_000, 2000, 33_000, 500, 32_900, 41_000]
    path = put(name, *map(event_of, sizes))
    file = only_file(path)
    assert [(each["line"], each["bytes"]) for each in file["largest"]] == [(7, 41_000), (2, 40_000), (4, 33_000)]
    assert file["bytes"] == sum(sizes)
    assert [(violation["code"], violation["line"]) for violation in file["violations"]] == [
        ("TC020", line) for line in (2, 4, 6, 7)
    ]
    ran = tcspec("size", path)
    assert ran.code == 1
    assert f"{name}: 7 payloads with {sum(sizes):,} bytes; the largest are listed" in ran.out


def test_unreadable():
    """An unreadable document is a violation, a file that cannot be opened is an error, and the rest is measured."""
    Path("a.ndjson").write_bytes(b"{\n" + json.dumps(EVENT).encode())
    ran = tcspec("size", "a.ndjson")
    assert ran.code == 1
    assert ran.out.startswith("a.ndjson:1:2: TC001 error")
    assert f"a.ndjson:2: {payload_size(EVENT)} bytes" in ran.out
    ran = tcspec("size", "missing.json", "a.ndjson")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "tcspec: missing.json: No such file or directory")
    assert tcspec("size", "--max-length", "5", "a.ndjson").out.count("TC007 error") == 1


def test_nothing():
    """A run without any payload fails, unless --allow-empty is set."""
    Path("a.ndjson").write_bytes(b"\n")
    assert tcspec("size", "a.ndjson").code == 1
    assert tcspec("size", "--allow-empty", "a.ndjson").code == 0
