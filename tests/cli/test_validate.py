"""`tcspec validate`: the contract and the size limits, as `tcspec.validate`."""

from __future__ import annotations

import json

import pytest

import tcspec
from command import put
from command import tcspec as run

SECONDS = {
    "event_name": "search",
    "user": {"id": 12},
    "context": {"event_id": "e-1", "event_timestamp": "1718006400000"},
}


def codes(*arguments):
    """Return the codes that a command reports."""
    return [json.loads(line)["code"] for line in run(*arguments, "--format", "ndjson").out.splitlines()]


def test_only_the_contract(tmp_path, monkeypatch):
    """`validate` reports what `tcspec.validate` finds, and `check` what `tcspec.check` finds."""
    monkeypatch.chdir(tmp_path)
    path = put("a.json", json.dumps(SECONDS).encode())
    raw = json.dumps(SECONDS).encode()
    assert sorted(codes("validate", path)) == [each.code for each in tcspec.validate(raw)] == ["TC101", "TC302"]
    assert sorted(codes("check", path)) == sorted(each.code for each in tcspec.check(raw))
    assert set(codes("check", path)) > {"TC101", "TC302", "TC215"}


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_engines(tmp_path, monkeypatch, engine):
    """Both engines report the same."""
    monkeypatch.chdir(tmp_path)
    path = put("a.json", json.dumps(SECONDS).encode())
    assert codes("validate", "--engine", engine, path) == ["TC101", "TC302"]


def test_size(tmp_path, monkeypatch):
    """The library and the command line measure the compact body of a document, whatever its white space."""
    monkeypatch.chdir(tmp_path)
    event = {"event_name": "login", "user": {}, "context": {"event_id": "e", "event_timestamp": 1718006400000}}
    pretty = json.dumps(event | {"list": [0] * 9_000}, indent=8)
    assert len(pretty) > 63_000
    assert codes("validate", put("a.json", pretty.encode())) == [each.code for each in tcspec.validate(pretty)] == []


def test_engine_is_for_validate():
    """`check` has no choice of engine."""
    assert run("check", "--engine", "reference", "-").code == 2
