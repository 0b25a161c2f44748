from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from command import tcspec
from tcspec import payload_size

EVENT = {"event_name": "login", "user": {"id": "c-1"}, "name": "Théo", "context": {"event_id": "1"}}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def put(name: str, *events: dict, indent: int | None = None) -> str:
    """Write events into a file, one a line when there are several."""
    text = "\n".join(json.dumps(event, indent=indent) for event in events).encode()
    Path(name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return name


def heavy(size: int) -> dict:
    """Make an event of so many bytes."""
    return EVENT | {"text": "x" * (size - payload_size(EVENT | {"text": ""}))}


def file_of(*arguments: object) -> dict:
    """Give what the JSON report says of the only file."""
    (file,) = json.loads(tcspec("size", "--format", "json", *arguments).out)["files"]
    return file


def test_text():
    """The bytes of the compact body are told, the share of the limit, and what weighs most."""
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
    assert file_of("--as-sent", path)["bytes"] == Path(path).stat().st_size > file_of(path)["bytes"]
    Path("b.json").write_bytes(b"\xff" * 10)
    assert file_of("--as-sent", "b.json")["largest"] == [
        {"line": 1, "kind": "event", "bytes": 10, "share": 0.0003, "costliest": {}}
    ]


@pytest.mark.parametrize(
    ("size", "code", "told"), [(32_000, 0, None), (32_001, 0, "TC021"), (32_768, 0, "TC021"), (32_769, 1, "TC020")]
)
def test_limits(size, code, told):
    """Above the certain limit is an error and makes the exit code 1, above the possible one is a warning."""
    path = put("a.json", heavy(size))
    assert tcspec("size", path).code == code
    assert [violation["code"] for violation in file_of(path)["violations"]] == ([told] if told else [])
    assert file_of(path)["limit"] == {"safe": 32_000, "hard": 32_768}


def test_kind():
    """A batch has a limit of its own, which counts when a payload is one or is said to be."""
    path = put("a.json", heavy(40_000))
    batch = put("b.json", {"batch": [EVENT] * 1000})
    assert tcspec("size", batch).code == 0
    assert file_of(batch)["largest"][0]["kind"] == "batch"
    assert tcspec("size", "--kind", "event", batch).code == 1
    assert tcspec("size", "--kind", "batch", path).code == 0
    assert file_of("--kind", "batch", path)["largest"][0]["share"] == round(40_000 / 512_000, 4)


def test_events_of_a_batch():
    """An event of a batch that is over its own limit is told at its place, measured as the whole is."""
    path = put("a.json", {"batch": [EVENT, heavy(32_769)]}, indent=2)
    assert [(each["code"], each["pointer"]) for each in file_of(path)["violations"]] == [("TC020", "/batch/1")]
    assert tcspec("size", path).code == tcspec("size", "--as-sent", path).code == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b'{"id": "P1", "brand": "Northwind", "gtin": "1", "custom": "%s"}'),
        ("a.txt", b"?tc_s=1&event_name=%s"),
    ],
)
def test_kinds_without_limit(name, content):
    """What has no documented limit is weighed, and never too heavy."""
    Path(name).write_bytes(content % (b"x" * 40_000))
    ran = tcspec("size", name)
    assert ran.code == 0
    assert "no known limit" in ran.out
    assert file_of(name)["largest"][0]["share"] is None


@pytest.mark.parametrize("name", ["a.ndjson", "a.jsonl.gz", "a.log"])
def test_lines(name):
    """Of a stream the largest payloads are named with their lines, and all that are too heavy."""
    sizes = [1000, 40_000, 2000, 33_000, 500, 32_900, 41_000]
    path = put(name, *map(heavy, sizes))
    file = file_of(path)
    assert [(each["line"], each["bytes"]) for each in file["largest"]] == [(7, 41_000), (2, 40_000), (4, 33_000)]
    assert file["bytes"] == sum(sizes)
    assert [(violation["code"], violation["line"]) for violation in file["violations"]] == [
        ("TC020", line) for line in (2, 4, 6, 7)
    ]
    ran = tcspec("size", path)
    assert ran.code == 1
    assert f"{name}: 7 payloads with {sum(sizes):,} bytes; the largest are listed" in ran.out


def test_unreadable():
    """What cannot be read is a violation, a file that cannot be opened is misuse, and the rest is measured."""
    Path("a.ndjson").write_bytes(b"{\n" + json.dumps(EVENT).encode())
    ran = tcspec("size", "a.ndjson")
    assert ran.code == 1
    assert ran.out.startswith("a.ndjson:1:2: TC001 error")
    assert f"a.ndjson:2: {payload_size(EVENT)} bytes" in ran.out
    ran = tcspec("size", "missing.json", "a.ndjson")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "tcspec: missing.json: No such file or directory")
    assert tcspec("size", "--max-length", "5", "a.ndjson").out.count("TC007 error") == 1


def test_nothing():
    """A run that measured nothing fails, unless that is allowed."""
    Path("a.ndjson").write_bytes(b"\n")
    assert tcspec("size", "a.ndjson").code == 1
    assert tcspec("size", "--allow-empty", "a.ndjson").code == 0
