"""VS Code shows with the published schemas what tcspec finds, in files that name their schema."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from fixture_files import kind_of
from locations import FIXTURES, ROOT
from node import find_node

FOLDER = Path(__file__).parent
VERSIONS = {"event": "2.0", "batch": "2.0", "user": "1.0"}
"""The kinds of which a file is one JSON document, each with its newest version."""


def put_header(path):
    """Return the text of a fixture with the address of its schema as its first member."""
    kind = kind_of(path)
    schema = (ROOT / "schemas" / kind / f"{VERSIONS[kind]}.json").as_uri()
    return path.read_text(encoding="utf-8").replace("{", f'{{"$schema": "{schema}", ', 1)


def run(files, complete):
    """Return the problems that the editor shows in files, and what it proposes in unfinished ones."""
    done = subprocess.run(
        [find_node(FOLDER), "check.mjs"],
        cwd=FOLDER,
        input=json.dumps({"files": files, "complete": complete}),
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def shown():
    """Return what the editor shows, of all fixtures and of unfinished events."""
    paths = [
        path
        for kind, version in VERSIONS.items()
        for path in (FIXTURES / kind / version).rglob("*.json")
        if not any(part.startswith("TC0") for part in path.parts)  # they are about bytes
    ]
    schema = (ROOT / "schemas/event/2.0.json").as_uri()
    return run(
        {path.as_uri(): put_header(path) for path in paths},
        {
            "file:///name.json": f'{{"$schema": "{schema}", "event_name": "|"}}',
            "file:///property.json": f'{{"$schema": "{schema}", "event_name": "search", "|"}}',
        },
    )


def test_valid(shown):
    """In a valid fixture the editor shows nothing."""
    valid = {uri: found for uri, found in shown["problems"].items() if "/valid/" in uri}
    assert valid
    assert {uri: found for uri, found in valid.items() if found} == {}


def test_invalid(shown):
    """In an invalid fixture the editor shows a problem."""
    invalid = {uri.partition("/fixtures/")[2]: found for uri, found in shown["problems"].items() if "/invalid/" in uri}
    assert invalid
    assert [uri for uri, found in invalid.items() if not found] == []


def test_proposals(shown):
    """The editor proposes the standard events, and the properties of the event that is named."""
    assert '"purchase"' in shown["proposals"]["file:///name.json"]
    assert {"search_term", "user", "context"} <= set(shown["proposals"]["file:///property.json"])
