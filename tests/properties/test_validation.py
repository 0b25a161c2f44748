"""Properties of validation, on valid, nearly valid, damaged, legacy and hostile payloads."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest
from hypothesis import given

import tcspec
from assertions import error_codes, resolve
from strategies.batches import any_events
from strategies.documents import hostile_documents, serialized
from strategies.events import damaged_events, valid_events
from strategies.legacy import mixed_events, with_object_user
from tcspec.codes import CODES
from tcspec.strategies import legacy_events
from tcspec.strategies.values import timestamps


def without_text(violations, event):
    """Return violations without what only a text has: lines, columns, and the digits that a fix puts in quotes."""
    return [
        replace(each, line=None, column=None, fix=None if replaces_number(each.fix, event) else each.fix)
        for each in violations
    ]


def replaces_number(fix, event):
    """Return whether a fix writes something in the place of a number of an event."""
    patch = fix.patch if fix else ()
    replaced = [resolve(event, each["path"]) for each in patch if each["op"] == "replace"]
    return any(type(value) in {int, float} for value in replaced)


@given(valid_events)
def test_valid_events_are_valid(event):
    """An event with the required properties, and any custom ones, is valid."""
    assert tcspec.validate(event) == []
    assert tcspec.is_valid(event)


@given(damaged_events())
def test_damaged_events_have_one_code(damaged):
    """An event with one error has errors of its code, and of no other."""
    event, code = damaged
    assert error_codes(tcspec.validate(event)) == {code}
    assert not tcspec.is_valid(event)


@given(legacy_events(with_object_user))
def test_legacy_events(event):
    """A 1.0 event of any dialect is valid as 1.0, and has one error when no version is requested."""
    assert tcspec.validate(event, version="1.0") == []
    assert error_codes(tcspec.validate(event)) == {"TC701"}
    assert tcspec.is_valid(event, version="1.0")
    assert not tcspec.is_valid(event)


@given(legacy_events())
def test_legacy_events_are_detected(event):
    """An event of any dialect is detected as an event of version 1.0."""
    detected = tcspec.detect(event)
    assert (detected.kind, detected.version) == ("event", "1.0")


@given(mixed_events)
def test_a_context_makes_an_event_current(event):
    """An event with an object `context` is 2.0, whatever 1.0 keys stand beside it."""
    assert tcspec.detect(event).version == "2.0"


@pytest.mark.slow
@given(any_events)
def test_valid_means_no_error(event):
    """A payload is valid when `validate` finds no error in it, and only then."""
    assert tcspec.is_valid(event) == (not error_codes(tcspec.validate(event)))


@given(hostile_documents)
def test_any_bytes_are_validated(raw):
    """Any bytes are validated with violations of known codes; valid means that none is an error."""
    found = tcspec.validate(raw)
    assert error_codes(found) <= set(CODES)
    assert tcspec.is_valid(raw) == (not error_codes(found))
    assert all(violation.line and violation.column for violation in found)


@given(serialized(any_events))
def test_bytes_and_dicts_agree(drawn):
    """A payload has the same violations as a dict, as a str and as bytes, in any JSON text.

    A fix that puts a number in quotes keeps the digits of the text, and those of times may be unsafe to cut.
    """
    event, raw = drawn
    found = tcspec.validate(event)
    assert without_text(tcspec.validate(raw), event) == without_text(found, event)
    assert tcspec.validate(raw.decode()) == tcspec.validate(raw)


@given(serialized(any_events))
def test_positions(drawn):
    """The pointer of a violation resolves in the payload, and its line and column point at that value."""
    event, raw = drawn
    text = raw.decode()
    for violation in tcspec.validate(raw):
        lines = text.split("\n")
        assert violation.line is not None
        offset = sum(len(line) + 1 for line in lines[: violation.line - 1]) + violation.column - 1
        value, _ = json.JSONDecoder().raw_decode(text, offset)
        assert json.dumps(value) == json.dumps(resolve(event, violation.pointer))


@given(any_events)
def test_payloads_are_not_changed(event):
    """Validating and detecting do not change a payload."""
    before = copy.deepcopy(event)
    tcspec.validate(event)
    tcspec.is_valid(event)
    tcspec.detect(event)
    assert json.dumps(event) == json.dumps(before)


@given(any_events)
def test_the_engines_agree(event):
    """The fast engine and the reference engine find the same violations."""
    assert tcspec.validate(event, engine="reference") == tcspec.validate(event)


@given(timestamps())
def test_timestamps_are_read_in_every_format(drawn):
    """A timestamp in any format is read as its milliseconds, and these as themselves."""
    written, ms = drawn
    assert tcspec.normalise_timestamp(written) == ms
    assert tcspec.normalise_timestamp(ms) == ms
