"""Every standard event: what it accepts and refuses, by every engine alike."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from pydantic import ValidationError
from pydantic_core import MISSING

from broken_payloads import break_payload
from payloads import NAMES, full, minimal
from tcspec.models import events
from tcspec.models.context import Context
from tcspec.models.events import EVENTS, FAMILIES, AddToCart, CustomEvent, Event, Purchase, VideoVolume, event_class
from tcspec.models.introspection import get_examples, iter_models
from tcspec.models.objects import Item, Product, User
from validators import is_valid_model, model_error_paths, rust_definition_validator, rust_validator, schema, verdicts

ALL_NAMES = (*NAMES, "brochure_downloaded")


def own_violations(name):
    """Return the violations of an event; those inside objects that all events share only for purchase."""
    found = break_payload(event_class(name).__name__, schema("2.0")["$defs"], full(name))
    return [broken for broken in found if name == "purchase" or len(broken.path) <= 1]


@pytest.mark.parametrize("name", ALL_NAMES)
@pytest.mark.parametrize("payload_of", [minimal, full])
def test_least_and_fullest_payloads_are_valid(name, payload_of):
    """A payload with the required properties is valid for every engine in Python, and so is one with every property."""
    payload = payload_of(name)
    assert list(rust_validator().iter_errors(payload)) == []
    assert verdicts(payload) == {True}


@pytest.mark.parametrize("name", ALL_NAMES)
def test_every_example_is_valid(name):
    """Every example of every property of an event is valid in a payload."""
    for field, known in event_class(name).model_fields.items():
        if next(iter_models(known.annotation), None) is None and not isinstance(known.default, str):
            assert get_examples(known), f"{name}.{field} has no example"
            for value in get_examples(known):
                payload = minimal(name) | {field: value}
                if field != "event_name":
                    assert is_valid_model(payload), (field, value)
                    assert rust_definition_validator(event_class(name).__name__).is_valid(payload), (field, value)


@pytest.mark.parametrize("name", ALL_NAMES)
def test_every_constraint_can_be_broken(name):
    """Every wrong type, missing property and value out of bounds is refused by every engine in Python."""
    found = own_violations(name)
    assert len(found) > 20
    assert [str(broken) for broken in found if verdicts(broken.payload) != {False}] == []


@pytest.mark.parametrize("name", ALL_NAMES)
def test_violations_are_reported_where_they_are(name):
    """Both the schema and the model report a violation at its own path only."""
    for broken in own_violations(name):
        errors = rust_definition_validator(event_class(name).__name__).iter_errors(broken.payload)
        places = {tuple(error.instance_path)[: len(broken.path)] for error in errors}
        assert places == {broken.path}, str(broken)
        with pytest.raises(ValidationError) as caught:
            event_class(broken.payload.get("event_name")).model_validate(broken.payload)
        assert model_error_paths(caught.value, broken.path) == {broken.path}, str(broken)


@pytest.mark.parametrize("name", ALL_NAMES)
def test_payloads_are_dumped_unchanged(name):
    """A payload that was parsed is dumped with the same values, custom properties and nulls included."""
    payload = full(name) | {"shelf": {"row": [1, None, 2.5]}, "nothing": None}
    payload["user"]["loyalty"] = {"tier": "gold"}
    assert event_class(name).model_validate(payload).model_dump() == payload


@pytest.mark.parametrize("value", [1, None, [], "", {"a": [None]}, 10**400, 1e-300, True])
@pytest.mark.parametrize("place", ["root", "user", "context", "product"])
def test_custom_properties_are_legal_everywhere(place, value):
    """Any JSON value under a custom name is legal at any depth, on a standard event."""
    payload = minimal("purchase")
    at = {
        "root": payload,
        "user": payload["user"],
        "context": payload["context"],
        "product": payload["items"][0]["product"],
    }
    at[place]["shelf_life"] = value
    assert verdicts(payload) == {True}


@pytest.mark.parametrize("name", ["", "Purchase", "purchase ", "select_promotion", "view_promotion", "événement"])
def test_other_names_are_custom_events(name):
    """An event with any other name is validated by its envelope alone, even a name that the vendor lists (K055)."""
    payload = minimal() | {"event_name": name, "items": "not a list", "value": "free"}
    assert event_class(name) is CustomEvent
    assert verdicts(payload) == {True}


@pytest.mark.parametrize("name", [None, 1, ["purchase"], {"purchase": 1}])
def test_names_are_strings(name):
    """An event whose name is not a string is refused, without an exception."""
    payload = minimal() | {"event_name": name}
    assert verdicts(payload) == {False}


@pytest.mark.parametrize("name", FAMILIES["system"])
def test_platform_events(name):
    """An event made by the platform requires no user and nothing inside its context (K074)."""
    name = name.model_fields["event_name"].default
    for payload, verdict in (
        ({"event_name": name, "context": {}}, True),
        ({"event_name": name}, False),
        ({"event_name": name, "context": {"segment_id": "18"}}, False),
        ({"event_name": name, "context": {"event_timestamp": "yesterday"}}, False),
    ):
        assert verdicts(payload) == {verdict}


@pytest.mark.parametrize(
    ("context", "page", "verdict"),
    [
        ({}, {}, False),
        ({}, {"page_type": "home"}, True),
        ({}, {"type": "home"}, True),
        ({}, {"page_type": None}, False),
        ({"generatorVersion": "91"}, {}, True),
        ({"containerVersion": "12"}, {}, True),
        ({"eventId": "e-1"}, {}, True),
        ({"created": "1718000000000"}, {}, True),
        ({"version": 2}, {}, True),
        ({"version": None}, {}, True),
    ],
)
def test_a_page_has_a_category_unless_the_web_container_sent_it(context, page, verdict):
    """A page_view requires page_type, its former name (K052), or a property of the web container (K053)."""
    payload = minimal("page_view")
    del payload["page_type"]
    payload = payload | page | {"context": payload["context"] | context}
    assert verdicts(payload) == {verdict}


def test_events_are_built_in_code():
    """A typed event needs no name, keeps custom properties, and is dumped as its payload."""
    event = Purchase(
        user=User(id="C-1"),
        context=Context(event_id="e-1", event_timestamp=1718000000000),
        id="T-1",
        type="online",
        value=12,
        revenue=10.5,
        payment_method="card",
        currency="EUR",
        status="in_progress",
        items=[Item(id="L1", quantity=1, product=Product(id="SKU-1"))],
        custom={"gift": True},
    )
    assert event.coupon is MISSING
    assert event.model_dump() == {
        "event_name": "purchase",
        "user": {"id": "C-1"},
        "context": {"event_id": "e-1", "event_timestamp": 1718000000000},
        "id": "T-1",
        "type": "online",
        "value": 12,
        "revenue": 10.5,
        "payment_method": "card",
        "currency": "EUR",
        "status": "in_progress",
        "items": [{"id": "L1", "quantity": 1, "product": {"id": "SKU-1"}}],
        "gift": True,
    }


def test_constraints_of_objects_built_in_code():
    """The constraints of a context apply when it is built in code."""
    with pytest.raises(ValidationError, match="event_id, eventId"):
        Context(event_timestamp=1718000000000)
    with pytest.raises(ValidationError, match="event_timestamp, created"):
        Context(event_id="e-1", created="yesterday")


def test_an_event_built_in_code_has_its_own_name_only():
    """The name of a standard event cannot be another one."""
    with pytest.raises(ValidationError, match="add_to_cart"):
        AddToCart.model_validate(minimal("purchase"))


def subclasses(model):
    """Yield every class that extends a model, directly or not."""
    for each in model.__subclasses__():
        yield each
        yield from subclasses(each)


def test_every_class_with_a_fixed_name_is_a_standard_event():
    """Each event class with a fixed name is in exactly one family, in EVENTS under its name, and exported."""
    for _, module, _ in pkgutil.walk_packages(events.__path__, f"{events.__name__}."):
        importlib.import_module(module)
    classes = (each for each in subclasses(Event) if each.__module__.startswith("tcspec."))
    fixed = {each for each in classes if isinstance(each.model_fields["event_name"].default, str)}
    members = [event for family in FAMILIES.values() for event in family]
    assert len(members) == len(fixed)
    assert set(members) == set(EVENTS.values()) == fixed
    assert EVENTS["video_volume"] is VideoVolume
    assert all(name == event.model_fields["event_name"].default for name, event in EVENTS.items())
    assert {event.__name__ for event in fixed} < set(events.__all__)
    assert all(getattr(events, event.__name__) is event for event in fixed)


def test_assigned_properties_are_validated():
    """A property that is assigned later is validated."""
    event = event_class("login")(user=User(id="C-1"), context=Context(event_id="e-1", event_timestamp=1718000000000))
    event.method = "card"
    assert event.model_dump()["method"] == "card"
    with pytest.raises(ValidationError):
        event.method = 3
    with pytest.raises(ValidationError):
        event.user = "somebody"
