"""Properties of fixes, on payloads of every kind and on the fixtures of the rules."""

from __future__ import annotations

import json
import re
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
from tcspec.errors import Severity
from tcspec.jsontext.patch import apply_patch
from tcspec.jsontext.positions import find_span, iter_children
from tcspec.jsontext.value_patch import patch_value
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
    """Draw an event with the violations of several fixtures, whose fixes may conflict."""
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


def count_violations(payload):
    """Count the violations of a payload by code, pointer and property."""
    found = [*validate(payload), *lint(payload, now=NOW)]
    return Counter((each.code, each.pointer, str(each.data.get("property"))) for each in found)


def count_errors(payload):
    """Count the errors of a payload by code."""
    found = [*validate(payload), *lint(payload, now=NOW)]
    return Counter(each.code for each in found if each.severity is Severity.ERROR)


def leaves(text, node):
    """Return the scalars and empty containers of a JSON text: strings by their value, all others by their text."""
    inner = list(iter_children(text, node))
    if inner:
        return [leaf for each in inner for leaf in leaves(text, each)]
    leaf = text[node.start : node.end]
    return [json.dumps(json.loads(leaf)) if leaf[0] == '"' else leaf]


def leaves_of(raw):
    """Return the distinct leaves of a JSON document."""
    text = raw.decode()
    return set(leaves(text, find_span(text, ())))


@given(serialized(PAYLOADS), st.booleans())
def test_fixing_is_idempotent(drawn, unsafe):
    """A fixed payload has no more violations that can be fixed."""
    once = fix_json(drawn[1], unsafe=unsafe, now=NOW)
    twice = fix_json(once.text, unsafe=unsafe, now=NOW)
    assert (twice.text, twice.applied) == (once.text, ())
    assert len(twice.skipped) == len(once.skipped)


@given(PAYLOADS, st.booleans())
def test_no_new_violations(payload, unsafe):
    """A fixed payload has fewer violations, and no code more often than before; or fewer errors, which hid the others.

    Pointers are not compared, since a fix may move a value.
    """
    result = fix(payload, unsafe=unsafe, now=NOW)
    before, after = count_violations(payload), count_violations(result.payload)
    errors, errors_after = count_errors(payload), count_errors(result.payload)
    assert errors_after <= errors
    if errors_after == errors:
        assert Counter(code for code, _, _ in after) <= Counter(code for code, _, _ in before)
        assert bool(result.applied) == (after.total() < before.total())
    else:
        assert result.applied


@given(serialized(PAYLOADS), st.booleans())
def test_no_value_is_lost(drawn, unsafe):
    """Every value is still there, numbers with the same text, but those that a fix replaces, or removes on request."""
    raw = drawn[1]
    result = fix_json(raw, unsafe=unsafe, now=NOW)
    operations = [operation for each in result.applied for operation in each.fix.patch]
    replaced = [operation for operation in operations if operation["op"] == "replace"]
    removed = [operation for operation in operations if operation["op"] == "remove"]
    assume(not any(isinstance(operation["value"], dict | list) for operation in replaced))
    lost = leaves_of(raw) - leaves_of(result.text) - {"{}", "[]"}
    assert len(lost) <= len(replaced) + (len(removed) if unsafe else 0)


@given(serialized(PAYLOADS))
def test_unfixed_payloads_keep_their_bytes(drawn):
    """A document without an applied fix keeps its bytes."""
    result = fix_json(drawn[1], now=NOW)
    assert (result.text == drawn[1]) == (not result.applied)


def read_numbers(value):
    """Return a JSON value with numbers in the place of the strings that are numbers."""
    match value:
        case dict():
            return {key: read_numbers(member) for key, member in value.items()}
        case list():
            return list(map(read_numbers, value))
        case str() if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value, re.ASCII):
            return float(value)
    return value


@given(serialized(PAYLOADS))
def test_bytes_and_dicts_agree(drawn):
    """A payload is fixed in the same way as a dict and as any JSON text, whose digits stay in quotes."""
    payload, raw = drawn
    of_text, of_dict = fix_json(raw, now=NOW), fix(payload, now=NOW)
    assert read_numbers(json.loads(of_text.text)) == read_numbers(of_dict.payload)
    assert [each.code for each in of_text.applied] == [each.code for each in of_dict.applied]


@given(serialized(PAYLOADS))
def test_the_value_and_the_text_are_patched_alike(drawn):
    """A patch has the same result on a JSON value and on its text, with the keys in the same order."""
    payload, raw = drawn
    for violation in lint(raw, now=NOW):
        if violation.fix:
            patched = patch_value(payload, violation.fix.patch)
            assert json.dumps(patched) == json.dumps(json.loads(apply_patch(raw, violation.fix.patch).text))


@pytest.mark.parametrize(("code", "kind", "sender", "payload"), FAILING, ids=[failing[0] for failing in FAILING])
def test_fixed_rules_find_no_more_fixes(code, kind, sender, payload):
    """A rule whose fixes were all applied offers no more fixes."""
    before = lint(payload, select=[code], kind=kind, sender=sender, now=NOW)
    result = fix(payload, unsafe=True, select=[code], kind=kind, sender=sender, now=NOW)
    after = lint(result.payload, select=[code], kind=kind, sender=sender, now=NOW)
    assert not [each for each in after if each.fix] or result.skipped
    assert len(after) <= len(before) - len(result.applied)
