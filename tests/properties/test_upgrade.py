"""Properties of the upgrade, on everything that could be stored: 1.0, 2.0, neither, and bytes that are not JSON."""

from __future__ import annotations

import copy
import json

import jsonpatch
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tcspec
from reference.upgrade import is_legacy, reference_upgrade
from strategies.documents import duplicate_keys, hostile_documents, serialize, serialized
from strategies.events import valid_events
from strategies.legacy import mixed_events, with_object_user
from strategies.objects import biased_objects
from tcspec.strategies import legacy_events
from tcspec.strategies.values import json_values, texts

objects = st.one_of(biased_objects, legacy_events(), mixed_events, valid_events)

NOT_REQUIRED_BY_1_0 = {"TC101", "TC201", "TC202", "TC401", "TC402", "TC501", "TC601"}
"""The codes of violations that an upgraded valid 1.0 event may have.

Properties may be missing, since 1.0 required fewer; `lifecycle` counts may be strings, an order `id` a number.
"""


def is_equal(left, right):
    """Compare JSON values with their types: `1` is neither `true` nor `1.0`."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


@given(objects)
def test_agrees_with_the_reference(event):
    """The upgraded event has the values, types and order of root keys of the reference implementation."""
    expected = reference_upgrade(event)
    upgraded = tcspec.upgrade(event)
    assert is_equal(upgraded, expected)
    assert list(upgraded) == list(expected)


@given(serialized(objects))
def test_agrees_on_bytes(drawn):
    """The bytes of an event in any notation are upgraded to the same value as its dict, in the same key order."""
    event, raw = drawn
    assert json.dumps(json.loads(tcspec.upgrade_json(raw))) == json.dumps(tcspec.upgrade(event))


@given(objects)
def test_is_idempotent(event):
    """Upgrading an upgraded event changes nothing, and it is not in the 1.0 format."""
    upgraded = tcspec.upgrade(event)
    assert not is_legacy(upgraded)
    assert json.dumps(tcspec.upgrade(upgraded)) == json.dumps(upgraded)
    assert tcspec.trace_upgrade(upgraded).changes == ()


@given(serialized(objects))
def test_is_idempotent_on_bytes(drawn):
    """Upgrading upgraded bytes returns the same bytes."""
    upgraded = tcspec.upgrade_json(drawn[1])
    assert tcspec.upgrade_json(upgraded) == upgraded


@given(objects)
def test_is_pure(event):
    """The result is a new dict, and the input does not change, whatever is done to the new objects in the result."""
    before = copy.deepcopy(event)
    shared = {id(part) for part in containers(event)}
    upgraded = tcspec.upgrade(event)
    assert upgraded is not event
    for part in [part for part in containers(upgraded) if id(part) not in shared]:
        part.clear()
    assert is_equal(event, before)
    assert list(event) == list(before)


def containers(value):
    """Yield every object and array in a JSON value, and the value itself."""
    if isinstance(value, (dict, list)):
        yield value
        for child in value.values() if isinstance(value, dict) else value:
            yield from containers(child)


@given(objects)
def test_is_undone_by_its_inverse(event):
    """The patch makes the result of the input, and the inverse makes the input of the result."""
    trace = tcspec.trace_upgrade(event)
    assert is_equal(trace.event, tcspec.upgrade(event))
    assert is_equal(jsonpatch.apply_patch(event, trace.patch), trace.event)
    assert is_equal(jsonpatch.apply_patch(trace.event, trace.inverse), event)
    assert trace.patch or not trace.changes


@given(serialized(objects))
def test_is_undone_by_its_inverse_on_bytes(drawn):
    """On bytes too, the patch makes the result of the input, and the inverse the input of the result."""
    event, raw = drawn
    trace = tcspec.trace_upgrade(raw)
    assert trace.event == tcspec.upgrade_json(raw)
    upgraded = json.loads(trace.event)
    assert is_equal(jsonpatch.apply_patch(event, trace.patch), upgraded)
    assert is_equal(jsonpatch.apply_patch(upgraded, trace.inverse), event)


@given(serialized(objects.map(reference_upgrade)))
def test_keeps_the_bytes_of_canonical_events(drawn):
    """A document that needs no change keeps its bytes, white space included."""
    assert tcspec.upgrade_json(drawn[1]) == drawn[1]


UNUSUAL_NOTATIONS = (
    *("1.10", "1E5", "-0", "1e400", "9" * 30, "9" * 5000, "1.0E-7", '"a\\/b"', '"\\u00e9"', "{}", "[ ]"),
    '{"a" : 1,\t"a":1.10 }',
)


@st.composite
def slices(draw):
    """Draw values in unusual notations under keys that no change moves."""
    names = draw(st.lists(texts.map(lambda text: f"x_{text}"), min_size=1, max_size=4, unique=True))
    spaced = serialized(json_values()).map(lambda drawn: drawn[1].decode().strip(" \t\r\n"))
    return {name: draw(st.one_of(st.sampled_from(UNUSUAL_NOTATIONS), spaced)) for name in names}


def members(named, rng):
    """Write the members of an object, with its values as they are written."""
    return "\n, ".join(f"{serialize(key, rng)} : {raw} " for key, raw in named.items())


def sliced(raw):
    """Return the texts of the values of an object."""
    return {key: bytes(part).decode() for key, part in msgspec.json.decode(raw, type=dict[str, msgspec.Raw]).items()}


@given(slices(), slices(), slices(), slices(), st.randoms(use_true_random=False))
def test_keeps_every_byte_of_what_is_not_converted(properties, user, page, metadata, rng):
    """Every value that no change converts stays byte for byte as it was, wherever it moves."""
    user = f"{{ {members(user, rng)}}}"
    address, clash = '"https:\\/\\/a.example"', '{"mine" : 1.10}'
    inside = members(properties | {"context": clash, "user": user}, rng)
    around = members(metadata | {"page": f'{{"location": {address}, {members(page, rng)}}}'}, rng)
    upgraded = sliced(tcspec.upgrade_json(f'{{"event": "x", "properties": {{{inside}}}, {around}}}'.encode()))
    context = sliced(upgraded.pop("context"))
    assert upgraded == {"event_name": '"x"', **properties, "user": user}
    assert sliced(context.pop("page")) == {**page, "url": address}
    assert sliced(sliced(context.pop("legacy"))["properties"]) == {"context": clash}
    assert context == metadata


def test_integers_of_any_length():
    """An integer of more digits than Python converts is a category, or a timestamp that cannot be read, like others."""
    event = {"user": {"consent_categories": [10**5000, -(10**5000)]}, "context": {"event_timestamp": 10**5000}}
    digits = "1" + "0" * 5000
    assert tcspec.upgrade(event) == {**event, "user": {"consent_categories": [digits, f"-{digits}"]}}
    raw = f'{{"user":{{"consent_categories":[{digits},-{digits}]}},"context":{{"event_timestamp":{digits}}}}}'
    expected = raw.replace(f"[{digits},-{digits}]", f'["{digits}","-{digits}"]')
    assert tcspec.upgrade_json(raw.encode()).decode() == expected


def test_events_of_any_depth_within_the_limit():
    """An event of 200 levels is upgraded, one of 201 is too deep."""
    text = '{"event":"x","properties":{"levels":%s}}'
    deepest = text % ("[" * 198 + "]" * 198)
    assert tcspec.upgrade(json.loads(deepest)) == reference_upgrade(json.loads(deepest))
    assert json.loads(tcspec.upgrade_json(deepest.encode())) == reference_upgrade(json.loads(deepest))
    with pytest.raises(tcspec.UnreadablePayload) as refused:
        tcspec.upgrade_json((text % ("[" * 199 + "]" * 199)).encode())
    assert [violation.code for violation in refused.value.violations] == ["TC006"]


@given(duplicate_keys())
def test_refuses_duplicate_keys_only_where_it_rearranges(drawn):
    """A duplicate key in an object that is rearranged makes a payload unreadable; deeper ones stay."""
    text, path = drawn
    if path == ("properties", "deep"):
        inner = text[text.index('"deep": ') + len('"deep": ') : -len("}}")]
        assert inner.encode() in tcspec.upgrade_json(text.encode())
        return
    with pytest.raises(tcspec.UnreadablePayload) as refused:
        tcspec.upgrade_json(text.encode())
    assert [violation.code for violation in refused.value.violations] == ["TC004"]


@given(hostile_documents)
def test_is_total_on_bytes(raw):
    """Any bytes are upgraded to a JSON object, or have violations that are errors."""
    result = upgrade_or_violations(raw)
    if isinstance(result, bytes):
        assert isinstance(json.loads(result, parse_int=float), dict)
        assert tcspec.upgrade_json(result) == result
    else:
        assert {violation.severity for violation in result} == {tcspec.Severity.ERROR}


def upgrade_or_violations(raw):
    """Return the upgraded bytes, or the violations with which they were refused."""
    try:
        return tcspec.upgrade_json(raw)
    except tcspec.UnreadablePayload as refused:
        return refused.violations


@given(legacy_events(with_object_user))
def test_valid_legacy_events(event):
    """The only errors of an upgraded valid 1.0 event are those of properties that 1.0 did not require."""
    assert tcspec.validate(event, version="1.0") == []
    violations = tcspec.validate(tcspec.upgrade(event), version="2.0")
    assert {violation.code for violation in violations} <= NOT_REQUIRED_BY_1_0


@given(valid_events)
def test_keeps_valid_events_valid(event):
    """A valid 2.0 event is valid in its canonical form."""
    assert tcspec.is_valid(tcspec.upgrade(event))
