"""A file may name its schema for editors, in a member `$schema` at its root; tcspec takes no notice of it."""

from __future__ import annotations

import json

import pytest

import tcspec
from command import put
from command import tcspec as run
from fixture_files import fixture_params, kind_of, payloads_of

HEADER = b'"$schema": "../schemas/event/2.0.json"'
FILES = [
    param
    for kind in ("event", "batch", "user", "product", "conversion")
    for suffix in (".json", ".ndjson")
    for param in fixture_params(kind, suffix)
]
OF_BYTES = ("TC0", "nearly-too-large")
"""Parts of the paths of fixtures that are about bytes, of which a header has some too."""
LEGACY = b'{"event": "login", "event_id": "1", "properties": {"method": "card"}}'


def put_header(body):
    """Return a document with the member as its first one."""
    before, brace, after = body.partition(b"{")
    return before + brace + HEADER + (b"" if after.lstrip().startswith(b"}") else b", ") + after


def findings(payload, kind):
    """Return all that is found in a payload, without the columns."""
    return [(each.code, each.severity, each.pointer, each.message, each.hint) for each in tcspec.check(payload, kind)]


@pytest.mark.slow
@pytest.mark.parametrize("path", [each for each in FILES if not any(part in each.id for part in OF_BYTES)])
def test_verdicts(path):
    """The kind, the version and all violations of a payload are the same with a `$schema` at its root."""
    for body in payloads_of(path):
        headed = put_header(body)
        assert tcspec.detect(headed) == tcspec.detect(body)
        for kind in (None, kind_of(path)):
            assert findings(headed, kind) == findings(body, kind)


def test_size():
    """It is counted in the size, as whatever is sent is."""
    assert tcspec.payload_size(put_header(LEGACY)) == len(put_header(LEGACY))


def test_an_upgrade_of_a_2_0_event():
    """An event in the 2.0 format keeps it, byte for byte."""
    event = put_header(b'{"event_name": "login", "user": {}, "context": {"event_id": "1"}}')
    assert tcspec.upgrade_json(event) == event


def test_an_upgrade_of_a_legacy_event():
    """Of a legacy event it moves into `context`, as every other key of the root does, where it is legal too."""
    upgraded = tcspec.upgrade(json.loads(put_header(LEGACY)))
    assert upgraded["context"] == {"event_id": "1", "$schema": "../schemas/event/2.0.json"}
    without = {**upgraded, "context": {"event_id": "1"}}
    assert findings(upgraded, "event") == findings(without, "event")


def test_a_fix(tmp_path, monkeypatch):
    """A file that is fixed keeps it in its place."""
    monkeypatch.chdir(tmp_path)
    event = put_header(
        b'{"event_name": "login", "user": {}, "context": {"event_id": "1", "event_timestamp": 1718006400}}'
    )
    assert run("fix", put("login.json", event)).code == 0
    assert (tmp_path / "login.json").read_bytes() == event.replace(b"1718006400", b"1718006400000")


def test_a_value_of_any_type():
    """Whatever its value is, it is never a violation."""
    event = {"event_name": "login", "user": {}, "context": {"event_id": "1", "event_timestamp": 1718006400000}}
    for value in ("", "purchase", 3, None, {"a": []}):
        assert findings({"$schema": value, **event}, None) == findings(event, None)
