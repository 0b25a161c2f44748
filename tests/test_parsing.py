"""`parse`: a valid payload becomes an object of the class of its event."""

from __future__ import annotations

import json
from collections import namedtuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payloads import NAMES, full, legacy_full, minimal
from strategies.documents import hostile_documents, serialized
from strategies.events import nearly_valid_events, valid_events
from strategies.objects import biased_objects
from tcspec.errors import InvalidPayload, UnknownKind
from tcspec.jsontext.reader import Limits
from tcspec.models.events import EVENTS, CustomEvent, Purchase
from tcspec.models.legacy import LEGACY_EVENTS, LegacyEvent
from tcspec.models.legacy import CustomEvent as LegacyCustomEvent
from tcspec.parsing import parse
from tcspec.strategies import legacy_events
from tcspec.validation import has_errors, validate


def dumped(event):
    """Return the JSON text of a typed event, with sorted keys."""
    return json.dumps(event.model_dump(mode="json", by_alias=True), sort_keys=True)


def encoded(payload):
    """Return the JSON text of a payload, with sorted keys."""
    return json.dumps(payload, sort_keys=True)


@pytest.mark.parametrize("name", NAMES)
def test_standard_events(name):
    """A standard event becomes an object of its class, with all its values."""
    for payload in (minimal(name), full(name)):
        event = parse(payload)
        assert type(event) is EVENTS[name]
        assert dumped(event) == encoded(payload)


@pytest.mark.parametrize("name", NAMES)
def test_legacy_events(name):
    """A 1.0 event, when 1.0 is requested, becomes an object of the class of its name under either key."""
    payload = legacy_full(name)
    event = parse(payload, version="1.0")
    assert type(event) is LEGACY_EVENTS[name]
    assert dumped(event) == encoded(payload)
    assert type(parse({"event": name, "properties": {}}, version="1.0")) is LEGACY_EVENTS[name]


def test_custom_events():
    """An event of any other name is a custom event, in both formats."""
    assert type(parse(minimal("brochure_downloaded"))) is CustomEvent
    assert type(parse(minimal("Purchase"))) is CustomEvent
    assert type(parse({"event_name": "x", "properties": {}}, version="1.0")) is LegacyCustomEvent


@given(st.one_of(valid_events, nearly_valid_events(), biased_objects))
def test_agrees_with_validate(event):
    """A dict is parsed when it is valid, and otherwise refused with its violations."""
    found = validate(event)
    if has_errors(found):
        with pytest.raises(InvalidPayload) as refused:
            parse(event)
        assert list(refused.value.violations) == found
    else:
        assert dumped(parse(event)) == encoded(event)


@given(legacy_events())
def test_detects_legacy_as_validation_does(event):
    """A valid 1.0 event is parsed when 1.0 is requested, and refused otherwise."""
    with pytest.raises(InvalidPayload, match="TC"):
        parse(event)
    if not has_errors(validate(event, version="1.0")):
        assert isinstance(parse(event, version="1.0"), LegacyEvent)


@given(serialized(valid_events))
def test_reads_text_and_bytes(drawn):
    """A payload is the same object as a dict, and as str or bytes of any JSON text."""
    event, raw = drawn
    assert dumped(parse(raw)) == dumped(parse(raw.decode())) == dumped(parse(event))


@given(hostile_documents)
def test_refuses_anything_else(raw):
    """Bytes that are not a valid payload are refused with the violations of `validate`."""
    found = validate(raw)
    if has_errors(found):
        with pytest.raises(InvalidPayload) as refused:
            parse(raw)
        assert list(refused.value.violations) == found


def test_refuses_text_that_cannot_be_encoded():
    """A str with half a surrogate pair is an invalid payload."""
    with pytest.raises(InvalidPayload, match="TC005"):
        parse('{"event_name": "\ud800"}')


def test_takes_kin_of_json_types():
    """Tuples, and subclasses of str and float, are parsed as the JSON that they are encoded to."""
    price = type("Price", (float,), {})(1.5)
    pair = namedtuple("Pair", "left right")("a", "b")  # noqa: PYI024 - as old code has it
    event = parse(minimal("purchase") | {"items": (), "value": price, "tags": pair})
    assert (event.items, event.value, event.tags) == ([], 1.5, ["a", "b"])


def test_warnings_are_no_obstacle():
    """A payload with warnings only is parsed."""
    payload = minimal() | {"note": "x" * 32_000}
    assert [violation.code for violation in validate(payload)] == ["TC021"]
    assert parse(payload).note == payload["note"]


def test_misuse():
    """An unknown kind or version is misuse, whatever the payload."""
    with pytest.raises(UnknownKind):
        parse({}, "pixle")
    with pytest.raises(UnknownKind):
        parse({}, version="3.0")


def test_limits():
    """The maximum depth of a payload is the maximum depth of parsing."""
    with pytest.raises(InvalidPayload, match="TC006"):
        parse(minimal() | {"deep": [[[1]]]}, limits=Limits(depth=3))


def test_types_are_kept_apart():
    """A class types its required properties, so that an editor completes them."""
    purchase = parse(full("purchase"))
    assert isinstance(purchase, Purchase)
    assert purchase.items[0].product.id == full("purchase")["items"][0]["product"]["id"]
    assert purchase.context.event_id == full("purchase")["context"]["event_id"]
