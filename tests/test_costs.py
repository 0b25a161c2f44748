"""What most payloads cost: counted in calls and modules, because times depend on the machine."""

from __future__ import annotations

import json
import sys

import pytest

from fixture_files import FIXTURES
from payloads import full
from tcspec import is_valid
from tcspec.validation import is_surely_valid

MOST = 0.9


def count_calls(function, *arguments):
    """Return how many Python functions a call enters, that of the function itself too."""
    calls = 0

    def count(_, event, __):
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        function(*arguments)
    finally:
        sys.setprofile(None)
    return calls


def compact(payload):
    """Encode a payload as JavaScript does."""
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize("name", ["purchase", "page_view", "a_custom_name"])
def test_calls_of_is_valid(name):
    """A valid event takes four calls: it is read, compared with what was read, and checked against one definition."""
    event = compact(full(name))
    assert is_valid(event)
    assert count_calls(is_valid, event) == len(("is_valid", "is_surely_valid", "read_with_notation", "_is_valid_event"))


def test_most_events_are_surely_valid():
    """Most valid events need nothing else, compact or not; no event that is invalid is surely valid."""
    documents = [path.read_bytes() for path in sorted((FIXTURES / "event" / "2.0" / "valid").glob("*.json"))]
    documents += [compact(json.loads(raw)) for raw in documents]
    assert sum(map(is_surely_valid, documents)) > MOST * len(documents)
    invalid = [path.read_bytes() for path in sorted((FIXTURES / "event" / "2.0" / "invalid").rglob("*.json"))]
    assert invalid
    assert not any(map(is_surely_valid, invalid))
