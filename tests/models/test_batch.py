"""A batch: its envelope, and its events, each of which is validated like a single event."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from broken_payloads import break_payload
from payloads import NAMES, full, minimal, minimal_of
from tcspec.models.batch import Batch, BatchEnvelope
from tcspec.models.context import Context
from tcspec.models.events import Login, Purchase, event_class
from tcspec.models.objects import User
from validators import definition_verdicts, model_error_paths, rust_validator, schema, verdicts

ALL_NAMES = (*NAMES, "brochure_downloaded")


@pytest.mark.parametrize(
    ("payload", "envelope", "whole"),
    [
        (minimal_of("batch"), True, True),
        ({"batch": []}, True, True),
        ({"batch": [minimal()], "sender": {"name": "shop"}}, True, True),
        ({}, False, False),
        ({"events": [minimal()]}, False, False),
        ({"batch": None}, False, False),
        ({"batch": minimal()}, False, False),
        ({"batch": "[]"}, False, False),
        ({"batch": [None]}, True, False),
        ({"batch": ["purchase"]}, True, False),
        ({"batch": [[minimal()]]}, True, False),
        ({"batch": [{}]}, True, False),
        ({"batch": [minimal(), {"event_name": "login"}]}, True, False),
    ],
)
def test_the_envelope_asks_for_an_array_and_the_batch_for_events(payload, envelope, whole):
    """The envelope requires only an array; the whole batch requires that each element is an event."""
    assert definition_verdicts("BatchEnvelope", payload, kind="batch") == {envelope}
    assert verdicts(payload, kind="batch") == {whole}
    try:
        BatchEnvelope.model_validate(payload)
    except ValidationError:
        assert not envelope
    else:
        assert envelope


@pytest.mark.parametrize("name", ALL_NAMES)
def test_events_are_validated_by_their_name(name):
    """An event that is valid alone is valid in a batch with others; an invalid one makes the batch invalid."""
    found = break_payload(event_class(name).__name__, schema()["$defs"], full(name))
    broken = [one for one in found if len(one.path) <= 1][-6:]
    payloads = [{"batch": [minimal("login"), event]} for event in (minimal(name), full(name))]
    damaged = [{"batch": [minimal("login"), one.payload]} for one in broken]
    assert damaged
    assert [verdicts(payload, kind="batch") for payload in (*payloads, *damaged)] == [{True}] * 2 + [{False}] * len(
        damaged
    )


def test_violations_are_reported_where_they_are():
    """Both the schema and the model report an invalid event at its path in the batch."""
    found = list(break_payload("Purchase", schema()["$defs"], full("purchase")))
    for one in found:
        payload, place = {"batch": [minimal("login"), one.payload]}, ("batch", 1, *one.path)
        errors = list(rust_validator(kind="batch").iter_errors(payload))
        assert {tuple(error.instance_path)[: len(place)] for error in errors} == {place}, str(one)
        with pytest.raises(ValidationError) as caught:
            Batch.model_validate(payload)
        assert model_error_paths(caught.value, place) == {place}, str(one)


def test_events_are_typed_by_their_names():
    """The events of a parsed batch have the classes of their names, and are dumped unchanged."""
    payload = {"batch": [full("purchase"), full("login"), minimal() | {"shelf": [None]}], "part": 2}
    batch = Batch.model_validate(payload)
    assert [type(event).__name__ for event in batch.batch] == ["Purchase", "Login", "CustomEvent"]
    assert isinstance(batch.batch[0], Purchase)
    assert batch.model_dump() == payload


def test_batches_are_built_in_code():
    """A batch of typed events is dumped as its payload."""
    login = Login(user=User(id="C-1"), context=Context(event_id="e-1", event_timestamp=1718000000000), method="card")
    assert Batch(batch=[login, minimal("page_view")]).model_dump() == {
        "batch": [
            {
                "event_name": "login",
                "user": {"id": "C-1"},
                "context": {"event_id": "e-1", "event_timestamp": 1718000000000},
                "method": "card",
            },
            minimal("page_view"),
        ]
    }


def test_events_are_dispatched_as_by_their_own_schema():
    """The definition of any event dispatches as the root of the schema of events does, to the same definitions."""
    batch, event = schema(kind="batch"), schema()
    any_event = batch["$defs"]["AnyEvent"]
    assert {word: any_event[word] for word in ("allOf", "if", "else")} == {
        word: event[word] for word in ("allOf", "if", "else")
    }
    assert {name: batch["$defs"][name] for name in event["$defs"]} == event["$defs"]
    assert set(batch["$defs"]) - set(event["$defs"]) == {"AnyEvent", "Batch", "BatchEnvelope"}
