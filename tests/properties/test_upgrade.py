"""The laws of the upgrade, tried on all that could be stored: 1.0, 2.0, neither, and no JSON at all."""

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
from strategies.documents import doubled_keys, hostile_documents, spell, spelt
from strategies.events import valid_events
from strategies.legacy import legacy_events, mixed_events, with_object_user
from strategies.objects import biased_objects
from strategies.values import json_values, texts

objects = st.one_of(biased_objects, legacy_events(), mixed_events, valid_events)

NOT_ASKED_BY_1_0 = {"TC101", "TC201", "TC202", "TC401", "TC402", "TC501", "TC601"}
"""What 2.0 may find wrong in an upgraded valid 1.0 event.

Something may be missing, since 1.0 asked for less; `lifecycle` counts may be texts, an order `id` a number.
"""


def same(left, right):
    """Compare JSON values with their types: `1` is neither `true` nor `1.0`."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


@given(objects)
def test_agrees_with_the_text_of_the_contract(event):
    """An upgrade gives the values, the types and the order of root keys that the contract describes."""
    expected = reference_upgrade(event)
    upgraded = tcspec.upgrade(event)
    assert same(upgraded, expected)
    assert list(upgraded) == list(expected)


@given(spelt(objects))
def test_agrees_on_bytes(drawn):
    """However an event is spelt, its bytes are upgraded to the value of its dict, in the same key order."""
    event, raw = drawn
    assert json.dumps(json.loads(tcspec.upgrade_json(raw))) == json.dumps(tcspec.upgrade(event))


@given(objects)
def test_ends_in_a_fixed_point(event):
    """Upgrading what was upgraded changes nothing, and never finds the 1.0 format again."""
    upgraded = tcspec.upgrade(event)
    assert not is_legacy(upgraded)
    assert json.dumps(tcspec.upgrade(upgraded)) == json.dumps(upgraded)
    assert tcspec.trace_upgrade(upgraded).changes == ()


@given(spelt(objects))
def test_ends_in_a_fixed_point_on_bytes(drawn):
    """Upgrading upgraded bytes gives these bytes."""
    upgraded = tcspec.upgrade_json(drawn[1])
    assert tcspec.upgrade_json(upgraded) == upgraded


@given(objects)
def test_leaves_the_input_untouched(event):
    """An upgrade returns a new dict, and its input is as it was, whatever is done to the new objects."""
    before = copy.deepcopy(event)
    shared = {id(part) for part in containers(event)}
    upgraded = tcspec.upgrade(event)
    assert upgraded is not event
    for part in [part for part in containers(upgraded) if id(part) not in shared]:
        part.clear()
    assert same(event, before)
    assert list(event) == list(before)


def containers(value):
    """List every object and array in a JSON value, the value included."""
    if isinstance(value, (dict, list)):
        yield value
        for child in value.values() if isinstance(value, dict) else value:
            yield from containers(child)


@given(objects)
def test_is_undone_by_its_inverse(event):
    """The patch makes the output of the input, and the inverse makes the input of the output."""
    trace = tcspec.trace_upgrade(event)
    assert same(trace.event, tcspec.upgrade(event))
    assert same(jsonpatch.apply_patch(event, trace.patch), trace.event)
    assert same(jsonpatch.apply_patch(trace.event, trace.inverse), event)
    assert trace.patch or not trace.changes


@given(spelt(objects))
def test_is_undone_by_its_inverse_on_bytes(drawn):
    """On bytes too, patch and inverse lead from the value to the upgraded value and back."""
    event, raw = drawn
    trace = tcspec.trace_upgrade(raw)
    assert trace.event == tcspec.upgrade_json(raw)
    upgraded = json.loads(trace.event)
    assert same(jsonpatch.apply_patch(event, trace.patch), upgraded)
    assert same(jsonpatch.apply_patch(upgraded, trace.inverse), event)


@given(spelt(objects.map(reference_upgrade)))
def test_returns_its_own_bytes_when_nothing_changes(drawn):
    """A document that needs no change comes out as its own bytes, spaces and all."""
    assert tcspec.upgrade_json(drawn[1]) == drawn[1]


ODD_SPELLINGS = (
    *("1.10", "1E5", "-0", "1e400", "9" * 30, "9" * 5000, "1.0E-7", '"a\\/b"', '"\\u00e9"', "{}", "[ ]"),
    '{"a" : 1,\t"a":1.10 }',
)


@st.composite
def slices(draw):
    """Draw values in odd spellings under names that mean nothing to an upgrade."""
    names = draw(st.lists(texts.map(lambda text: f"x_{text}"), min_size=1, max_size=4, unique=True))
    spaced = spelt(json_values()).map(lambda drawn: drawn[1].decode().strip(" \t\r\n"))
    return {name: draw(st.one_of(st.sampled_from(ODD_SPELLINGS), spaced)) for name in names}


def members(named, rng):
    """Spell the members of an object, keeping the spelling of its values."""
    return "\n, ".join(f"{spell(key, rng)} : {raw} " for key, raw in named.items())


def sliced(raw):
    """Cut an object into the text of its values."""
    return {key: bytes(part).decode() for key, part in msgspec.json.decode(raw, type=dict[str, msgspec.Raw]).items()}


@given(slices(), slices(), slices(), slices(), st.randoms(use_true_random=False))
def test_keeps_every_byte_of_what_is_not_converted(properties, user, page, metadata, rng):
    """Every value that no change converts comes out byte for byte as it went in, wherever it moves."""
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


def test_takes_integers_of_any_length():
    """An integer that Python refuses to spell is a category and an unreadable time like any other."""
    event = {"user": {"consent_categories": [10**5000, -(10**5000)]}, "context": {"event_timestamp": 10**5000}}
    digits = "1" + "0" * 5000
    assert tcspec.upgrade(event) == {**event, "user": {"consent_categories": [digits, f"-{digits}"]}}
    raw = f'{{"user":{{"consent_categories":[{digits},-{digits}]}},"context":{{"event_timestamp":{digits}}}}}'
    expected = raw.replace(f"[{digits},-{digits}]", f'["{digits}","-{digits}"]')
    assert tcspec.upgrade_json(raw.encode()).decode() == expected


def test_takes_events_of_any_depth_within_the_limit():
    """An event of 200 levels is upgraded, one of 201 is refused with its code."""
    text = '{"event":"x","properties":{"levels":%s}}'
    deepest = text % ("[" * 198 + "]" * 198)
    assert tcspec.upgrade(json.loads(deepest)) == reference_upgrade(json.loads(deepest))
    assert json.loads(tcspec.upgrade_json(deepest.encode())) == reference_upgrade(json.loads(deepest))
    with pytest.raises(tcspec.UnreadablePayload) as refused:
        tcspec.upgrade_json((text % ("[" * 199 + "]" * 199)).encode())
    assert [violation.code for violation in refused.value.violations] == ["TC006"]


@given(doubled_keys())
def test_refuses_doubled_keys_only_where_it_opens(drawn):
    """A key given twice in an object that is rearranged makes a payload unreadable; deeper ones pass."""
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
    """Whatever the bytes are, the outcome is a JSON object or a refusal that says why."""
    outcome = upgraded_or_refused(raw)
    if isinstance(outcome, bytes):
        assert isinstance(json.loads(outcome, parse_int=float), dict)
        assert tcspec.upgrade_json(outcome) == outcome
    else:
        assert {violation.severity for violation in outcome} == {tcspec.Severity.ERROR}


def upgraded_or_refused(raw):
    """Give the upgraded bytes, or the violations for which they were refused."""
    try:
        return tcspec.upgrade_json(raw)
    except tcspec.UnreadablePayload as refused:
        return refused.violations


@given(legacy_events(with_object_user))
def test_makes_valid_events_of_valid_ones(event):
    """A valid 1.0 event becomes a 2.0 event whose only errors are of what 1.0 did not ask."""
    assert tcspec.validate(event, version="1.0") == []
    found = tcspec.validate(tcspec.upgrade(event), version="2.0")
    assert {violation.code for violation in found} <= NOT_ASKED_BY_1_0


@given(valid_events)
def test_keeps_valid_events_valid(event):
    """A valid 2.0 event is valid in its canonical form."""
    assert tcspec.is_valid(tcspec.upgrade(event))
