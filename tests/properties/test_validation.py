"""The laws of validation, tried on valid, nearly valid, damaged, legacy and hostile payloads."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

import tcspec
from strategies.documents import hostile_documents, serialized
from strategies.events import damaged_events, nearly_valid_events, valid_events
from strategies.legacy import legacy_events, mixed_events, with_object_user
from strategies.objects import biased_objects
from strategies.values import moments
from tcspec.codes import CODES

broken_events = damaged_events().map(lambda damaged: damaged[0])
events = st.one_of(valid_events, nearly_valid_events(), broken_events, legacy_events(), mixed_events, biased_objects)


def errors(violations):
    """Give the distinct codes of the errors among violations."""
    return {violation.code for violation in violations if violation.severity is tcspec.Severity.ERROR}


def without_places(violations):
    """Forget where in the text the violations stand."""
    return [replace(violation, line=None, column=None) for violation in violations]


@given(valid_events)
def test_valid_events_are_valid(event):
    """An event that has all that the facts ask for, and any custom property, is valid."""
    assert tcspec.validate(event) == []
    assert tcspec.is_valid(event)


@given(damaged_events())
def test_damage_is_found_and_nothing_else(damaged):
    """One targeted damage of a valid event is found, with its code and no other."""
    event, code = damaged
    assert errors(tcspec.validate(event)) == {code}
    assert not tcspec.is_valid(event)


@given(legacy_events(with_object_user))
def test_legacy_events_are_valid_when_wanted(event):
    """A 1.0 event of any dialect meets its own format, and is legacy for whom did not ask for it."""
    assert tcspec.validate(event, version="1.0") == []
    assert errors(tcspec.validate(event)) == {"TC701"}
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


@given(events)
def test_valid_means_no_error(event):
    """A payload is valid when `validate` finds no error in it, and only then."""
    assert tcspec.is_valid(event) == (not errors(tcspec.validate(event)))


@given(hostile_documents)
def test_any_bytes_are_judged(raw):
    """Whatever the bytes are, violations of known codes are returned; valid means that none is an error."""
    found = tcspec.validate(raw)
    assert errors(found) <= set(CODES)
    assert tcspec.is_valid(raw) == (not errors(found))
    assert all(violation.line and violation.column for violation in found)


@given(serialized(events))
def test_bytes_and_dicts_are_judged_alike(drawn):
    """A payload breaks its contract in the same way as a dict, as text and as bytes in any spelling."""
    event, raw = drawn
    found = tcspec.validate(event)
    assert without_places(tcspec.validate(raw)) == found
    assert tcspec.validate(raw.decode()) == tcspec.validate(raw)


@given(serialized(events))
def test_places_point_at_what_is_wrong(drawn):
    """The pointer of a violation resolves in the payload, and its line and column point at that value."""
    event, raw = drawn
    text = raw.decode()
    for violation in tcspec.validate(raw):
        lines = text.split("\n")
        assert violation.line is not None
        offset = sum(len(line) + 1 for line in lines[: violation.line - 1]) + violation.column - 1
        there, _ = json.JSONDecoder().raw_decode(text, offset)
        assert json.dumps(there) == json.dumps(resolved(event, violation.pointer))


def resolved(document, pointer):
    """Follow a JSON Pointer as RFC 6901 has it."""
    for token in pointer.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        document = document[int(name)] if isinstance(document, list) else document[name]
    return document


@given(events)
def test_looking_never_changes(event):
    """Judging and detecting leave a payload as it was."""
    before = copy.deepcopy(event)
    tcspec.validate(event)
    tcspec.is_valid(event)
    tcspec.detect(event)
    assert json.dumps(event) == json.dumps(before)


@given(events)
def test_the_engines_agree(event):
    """The fast engine and the reference engine find the same violations."""
    assert tcspec.validate(event, engine="reference") == tcspec.validate(event)


@given(moments())
def test_reading_a_time_inverts_every_notation(moment):
    """A moment is read as the milliseconds it was written from, and reading these again changes nothing."""
    written, ms = moment
    assert tcspec.normalise_timestamp(written) == ms
    assert tcspec.normalise_timestamp(ms) == ms
