"""The laws of fixes, tried on payloads of every kind with what rules find in them, and on the fixtures of the rules."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from locations import FIXTURES
from strategies.batches import batches
from strategies.data_apis import ANY
from strategies.documents import serialized
from strategies.events import nearly_valid_events, valid_events
from strategies.objects import biased_objects
from tcspec.jsontext.patch import apply_patch, patch_value
from tcspec.jsontext.positions import find_span, iter_children
from tcspec.rules.fixes.fixing import fix, fix_json
from tcspec.rules.linting import lint
from tcspec.validation import validate

FIXTURES = FIXTURES / "rules"
NOW = 1_795_000_000_000
FAILING = [
    (path.stem, content.get("kind"), content.get("sender"), failing["payload"])
    for path in sorted(FIXTURES.glob("TC*.json"))
    for content in [json.loads(path.read_text(encoding="utf-8"))]
    for failing in content.get("failing", ())
    if "payload" in failing
]
of_fixtures = st.sampled_from(FAILING).map(lambda failing: failing[3])


@st.composite
def _merged(draw):
    """Draw an event with what is wrong in several fixtures, so that fixes get in each other's way."""
    event: dict = {}
    for payload in draw(st.lists(of_fixtures, min_size=2, max_size=4)):
        for name, value in payload.items():
            both = isinstance(value, dict) and isinstance(event.get(name), dict)
            event[name] = event[name] | value if both else value
    return event


PAYLOADS = st.one_of(
    *(of_fixtures, _merged(), valid_events, nearly_valid_events(), biased_objects, batches),
    st.lists(_merged(), max_size=3).map(lambda events: {"batch": events}),
    st.sampled_from(sorted(ANY)).flatmap(lambda kind: ANY[kind]),
)


def told(payload):
    """Count what is wrong with a payload."""
    found = [*validate(payload), *lint(payload, now=NOW)]
    return Counter((each.code, each.pointer, str(each.data.get("property"))) for each in found)


def leaves(text, node):
    """List the scalars of a text, and its empty objects and arrays: texts as they are read, all else as it is spelt."""
    inner = list(iter_children(text, node))
    if inner:
        return [leaf for each in inner for leaf in leaves(text, each)]
    spelling = text[node.start : node.end]
    return [json.dumps(json.loads(spelling)) if spelling[0] == '"' else spelling]


def leaves_of(raw):
    """Collect the leaves of a JSON text."""
    text = raw.decode()
    return set(leaves(text, find_span(text, ())))


@given(serialized(PAYLOADS), st.booleans())
def test_a_second_run_changes_nothing(drawn, unsafe):
    """What was fixed has nothing more that can be fixed."""
    once = fix_json(drawn[1], unsafe=unsafe, now=NOW)
    twice = fix_json(once.text, unsafe=unsafe, now=NOW)
    assert (twice.text, twice.applied) == (once.text, ())
    assert len(twice.skipped) == len(once.skipped)


@given(PAYLOADS, st.booleans())
def test_nothing_new_is_wrong(payload, unsafe):
    """A fixed payload has fewer violations, one less for each that was fixed, and no code that it had not before.

    A violation may be elsewhere, since what it is about may have moved.
    """
    result = fix(payload, unsafe=unsafe, now=NOW)
    before, after = told(payload), told(result.payload)
    assert Counter(code for code, _, _ in after) <= Counter(code for code, _, _ in before)
    assert bool(result.applied) == (after.total() < before.total())


@given(serialized(PAYLOADS), st.booleans())
def test_no_value_is_lost(drawn, unsafe):
    """Every value is still there at least once, numbers as spelt before, but those that a fix declares to replace."""
    raw = drawn[1]
    result = fix_json(raw, unsafe=unsafe, now=NOW)
    operations = [operation for each in result.applied for operation in each.fix.patch if operation["op"] == "replace"]
    assume(not any(isinstance(operation["value"], dict | list) for operation in operations))
    lost = leaves_of(raw) - leaves_of(result.text) - {"{}", "[]"}
    assert len(lost) <= len(operations)


@given(serialized(PAYLOADS))
def test_what_needs_no_fix_is_not_touched(drawn):
    """Where nothing is fixed the bytes are those that were given."""
    result = fix_json(drawn[1], now=NOW)
    assert (result.text == drawn[1]) == (not result.applied)


@given(serialized(PAYLOADS))
def test_bytes_and_dicts_agree(drawn):
    """A payload is fixed alike as a dict and as a text in whichever spelling."""
    payload, raw = drawn
    of_text, of_dict = fix_json(raw, now=NOW), fix(payload, now=NOW)
    assert json.loads(of_text.text) == of_dict.payload
    assert [each.code for each in of_text.applied] == [each.code for each in of_dict.applied]


@given(serialized(PAYLOADS))
def test_the_value_and_the_text_are_patched_alike(drawn):
    """A patch makes of a JSON value what it makes of its text, with the keys in the same order."""
    payload, raw = drawn
    for violation in lint(raw, now=NOW):
        if violation.fix:
            patched = patch_value(payload, violation.fix.patch)
            assert json.dumps(patched) == json.dumps(json.loads(apply_patch(raw, violation.fix.patch).text))


@pytest.mark.parametrize(("code", "kind", "sender", "payload"), FAILING, ids=[failing[0] for failing in FAILING])
def test_the_fixed_rule_is_silent(code, kind, sender, payload):
    """A rule whose fixes were all applied finds nothing more."""
    before = lint(payload, select=[code], kind=kind, sender=sender, now=NOW)
    result = fix(payload, unsafe=True, select=[code], kind=kind, sender=sender, now=NOW)
    after = lint(result.payload, select=[code], kind=kind, sender=sender, now=NOW)
    assert not [each for each in after if each.fix] or result.skipped
    assert len(after) <= len(before) - len(result.applied)
