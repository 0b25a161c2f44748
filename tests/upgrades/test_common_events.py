"""The quick upgrade does what the table does, to most events."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benchmarks.corpus import Corpus
from benchmarks.dialects import KINDS
from fixture_files import FIXTURES
from strategies.documents import duplicate_keys, hostile_documents, serialized
from strategies.events import broken_events, valid_events
from strategies.legacy import mixed_events
from strategies.objects import biased_objects
from tcspec.errors import UnreadablePayload
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.strategies import legacy_events
from tcspec.upgrades.api import upgrade_json
from tcspec.upgrades.common_dialects import MOST_KEYS, find_dialect
from tcspec.upgrades.common_events import upgrade_common
from tcspec.upgrades.upgrading import upgrade_bytes

MOST = 0.9
MAX_CALLS = 30
"""How many Python functions may be called for an event; the table calls a thousand."""

objects = st.one_of(legacy_events(), biased_objects, mixed_events, valid_events, broken_events)


def compact(event):
    """Write an event as JavaScript does."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def is_common(raw, limits=DEFAULT_LIMITS):
    """Return whether a text is upgraded quickly; then check that this is what the table does."""
    with_document = upgrade_common(raw, limits, with_document=True)
    quick = upgrade_common(raw, limits)
    if quick is None or with_document is None:
        assert quick is with_document is None
        return False
    table = upgrade_bytes(raw, limits)
    assert quick.payload == with_document.payload == table.build_payload()
    assert quick.changes == with_document.changes
    assert sorted(quick.changes) == sorted({applied.change for applied in table.changes})
    assert not any(applied.kept for applied in table.changes)
    assert quick.time == with_document.time
    assert ([] if quick.time is None else [quick.time]) == list(table.times)
    # Encoded, so that types and key order count.
    assert json.dumps(with_document.document) == json.dumps(json.loads(quick.payload))
    return True


@given(serialized(objects))
def test_is_what_the_table_does(drawn):
    """An event in any notation is upgraded as by the table, in bytes, changes and time, or left to it."""
    is_common(drawn[1])


@given(objects)
def test_compact_events(event):
    """So is an event as most programs write it."""
    is_common(compact(event))


@given(hostile_documents)
@example(b'{"event":"x","event_name":"y"}')
@example(b'{"event":"x","properties":{"properties":{"a":1}}}')
@example(b'{"event":"x","properties":{"a":1},"a":2,"user":{"consent_categories":["1"]}}')
@example(b'{"properties":{"user":{}},"user":{}}')
@example(b'{"properties":[]}')
@example(b'{"properties":{"event_timestamp":1}}')
@example(b'{"event":"x","page":{"location":{"href":"y"}}}')
@example(b'{"event":"x","page":{"location":"y","url":null}}')
@example(b'{"event":"x","userAgent":"y","device":{"userAgent":"z"}}')
@example(b'{"event":"x","ip":"y","device":null}')
@example(b'{"event":"x","ip":"y","device":{"userAgent":"z","lang" : "fr"}}')
@example(b'{"event":"x","device":{"cookies":1.10,"cookie":2}}')
@example(b'{"event":"x","eventTimestamp":"1713464478904.5"}')
@example(b'{"event":"x","eventTimestamp":1713464478.9045}')
@example(b'{"event":"x","eventTimestamp":"0013464478904"}')
@example(b'{"event":"x","eventTimestamp":1713464478904.0}')
@example(b'{"version":1,"created":1713464478904,"properties":{"created":1}}')
@example(b'{"version":true,"properties":{"created":1713464478904}}')
@example(b'{"user":{"consent_categories":[1, -0 ,true,1.0, "2"]},"context": {"a" : 1}}')
@example(b'{"event_timestamp":1713464478904,"context":{"created":null}}')
@example(b'{"context":{"eventId":"a","event_timestamp" : "2024-06-10T24:00:00.000Z"}}')
def test_hostile_texts(raw):
    """A text that the table refuses, or upgrades in an unusual way, is left to it."""
    try:
        upgrade_bytes(raw, DEFAULT_LIMITS)
    except UnreadablePayload:
        assert upgrade_common(raw, DEFAULT_LIMITS) is None
    else:
        is_common(raw)


TIME = '"event_timestamp":1713464478904'


@pytest.mark.parametrize(
    "members",
    [
        '"event":"x"',
        '"event":"x","device":"userAgent"',
        '"event":"x","device":{"userAgent":"z"}',
        '"event":"x","device":{"cookies":{"a":1}}',
        '"event":"x","device":{"userAgent":"z","cookies":[1]}',
        '"event":"x","device":{"model":"z"},"locale":"fr","ip":"192.0.2.1"',
        '"event":"x","page":{"location":"https://shop.example/"}',
        '"event":"x","page":"location"',
        '"event":"x","created":1713464478904',
        '"event":"x","created":null',
        '"event":"x","user":{"consent_categories":["1",2]}',
        '"event":"x","user":{"id":"1"},"properties":{"a":1}',
        '"event":"x","properties":{"a":{"event":1},"user":{"consent_categories":["1"]}}',
        '"event":"x","version":1',
        '"event":"x","version":1,"properties":{"created":1713464478904,"a":1}',
        '"event":"x","version":2,"properties":{"created":1713464478904}',
        '"version":1,"event_name":"x"',
        '"properties":{"a":1}',
        f'"event_name":"x",{TIME},"context":{{"event_id":"1"}}',
        f'"event_name":"x",{TIME},"context":{{}}',
        f'"event_name":"x","context":{{"eventId":"1",{TIME}}}',
        f'"event":"x",{TIME},"event_id":"1"',
        ",".join(['"event":"x"', *(f'"k{number}":1' for number in range(MOST_KEYS - 1))]),
    ],
)
def test_common_forms(members):
    """What the clients of the vendor send is upgraded quickly."""
    assert is_common(f"{{{members}}}".encode())


@given(duplicate_keys())
def test_duplicate_keys(drawn):
    """A text with a duplicate key at any depth is left to the table."""
    assert upgrade_common(drawn[0].encode(), DEFAULT_LIMITS) is None


def test_limits():
    """A text that the upgrade makes longer or deeper than the limits is left to the table."""
    raw = compact({"event": "x", "properties": {}, "ip": "192.0.2.1"})
    upgraded = upgrade_json(raw)
    assert len(upgraded) > len(raw)
    assert is_common(raw, Limits(depth=4, length=len(upgraded)))
    assert not is_common(raw, Limits(depth=4, length=len(upgraded) - 1))
    assert not is_common(raw, Limits(depth=3))


def test_most_events():
    """Most events are upgraded quickly: of each dialect, in every notation, of every fixture."""
    lines = [line.text for kind in KINDS for line in Corpus(kind, 300)]
    stored = [
        path.read_bytes() for version in ("1.0", "2.0") for path in FIXTURES.glob(f"event/{version}/valid/**/*.json")
    ]
    for raws in (lines, stored, [compact(json.loads(raw)) for raw in stored]):
        assert sum(map(is_common, raws)) > MOST * len(raws) > 0


@pytest.mark.parametrize("kind", KINDS)
def test_calls(kind):
    """An event takes few calls of Python functions."""
    lines = [line.text for line in Corpus(kind, 200)]
    calls = 0

    def count(_, event, __):
        nonlocal calls
        calls += event == "call"

    for line in lines:
        upgrade_json(line)
    sys.setprofile(count)
    try:
        for line in lines:
            upgrade_json(line)
    finally:
        sys.setprofile(None)
    assert calls < MAX_CALLS * len(lines)


def test_what_is_asked_for():
    """The upgraded event as a value and the dialect of the given one are only there when they are asked for."""
    raw = b'{"event": "x", "properties": {"a": 1}}'
    bare = upgrade_common(raw, DEFAULT_LIMITS)
    assert (bare.document, bare.dialect) == (None, "")
    both = upgrade_common(raw, DEFAULT_LIMITS, with_document=True, with_dialect=True)
    assert both.document == json.loads(bare.payload)
    assert both.dialect == find_dialect(json.loads(raw)) != ""


def test_user_at_the_root():
    """The consent of a user at the root is converted, too, when the properties have no user."""
    common = upgrade_common(b'{"event": "x", "user": {"consent_categories": [1]}, "properties": {}}', DEFAULT_LIMITS)
    assert json.loads(common.payload)["user"] == {"consent_categories": ["1"]}


def test_properties_in_properties():
    """Properties with a member of their own name are left to the table."""
    assert upgrade_common(b'{"event": "x", "properties": {"properties": {}}}', DEFAULT_LIMITS) is None
