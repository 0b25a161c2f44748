"""Pixels: the properties of the event of the same name, with fewer requirements on user and context."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from broken_payloads import break_payload
from payloads import NAMES, full, pixel_full, pixel_minimal
from tcspec.models.events import EVENTS, VideoPause, VideoResume, event_class
from tcspec.models.pixel import PIXEL_EVENTS, CustomEvent, PixelEvent, derive_pixel, pixel_event_class
from validators import (
    model_error_paths,
    reference_validator,
    rust_definition_validator,
    rust_validator,
    schema,
    verdicts,
)

ALL_NAMES = (*NAMES, "brochure_downloaded")
WAIVED = {"user", "context"}


def own_violations(name):
    """Return the violations of a pixel; those inside objects that all pixels share only for purchase."""
    found = break_payload(pixel_event_class(name).__name__, schema(kind="pixel")["$defs"], pixel_full(name))
    return [broken for broken in found if name == "purchase" or len(broken.path) <= 1]


@pytest.mark.parametrize("name", ALL_NAMES)
def test_least_and_fullest_pixels_are_valid(name):
    """A pixel with the required properties is valid for every engine, and so is one with every property."""
    for payload in (pixel_minimal(name), pixel_full(name), full(name)):
        assert verdicts(payload, kind="pixel") == {True}


@pytest.mark.parametrize("name", ALL_NAMES)
def test_every_constraint_can_be_broken(name):
    """Every engine refuses a wrong type and a missing property of a pixel, at its own path."""
    found = own_violations(name)
    assert len(found) > 20
    for broken in found:
        assert verdicts(broken.payload, kind="pixel") == {False}, str(broken)
        errors = rust_definition_validator(pixel_event_class(name).__name__, kind="pixel").iter_errors(broken.payload)
        assert {tuple(error.instance_path)[: len(broken.path)] for error in errors} == {broken.path}, str(broken)
        with pytest.raises(ValidationError) as caught:
            pixel_event_class(broken.payload.get("event_name")).model_validate(broken.payload)
        assert model_error_paths(caught.value, broken.path) == {broken.path}, str(broken)


@pytest.mark.parametrize("name", ALL_NAMES)
def test_a_pixel_asks_what_its_event_asks(name):
    """A pixel requires the properties that its event requires, except user and context (K117)."""
    event, pixel = event_class(name), pixel_event_class(name)
    assert pixel.model_fields.keys() == event.model_fields.keys()
    required = {prop for prop, field in event.model_fields.items() if field.is_required()} - WAIVED
    assert {prop for prop, field in pixel.model_fields.items() if field.is_required()} == required
    for prop, field in event.model_fields.items():
        if prop not in WAIVED:
            assert (pixel.model_fields[prop].annotation, pixel.model_fields[prop].default) == (
                field.annotation,
                field.default,
            )


def test_only_the_name_of_a_custom_pixel_is_required():
    """A pixel with a custom name needs nothing else; without a name that is a string it is refused."""
    for payload, verdict in (
        ({"event_name": "brochure_downloaded"}, True),
        ({"event_name": ""}, True),
        ({"event_name": "select_promotion", "items": "SKU-4711"}, True),
        ({}, False),
        ({"user": {"id": "C-1"}}, False),
        ({"event_name": None}, False),
        ({"event_name": ["purchase"]}, False),
        ({"event_name": "brochure_downloaded", "user": "C-1"}, False),
        ({"event_name": "brochure_downloaded", "context": []}, False),
    ):
        assert verdicts(payload, kind="pixel") == {verdict}, payload


@pytest.mark.parametrize(
    ("context", "verdict"),
    [
        ({}, True),
        ({"page": {"url": "https://shop.example/"}}, True),
        ({"event_id": "e-1"}, True),
        ({"event_timestamp": "1718000000000"}, True),
        ({"event_timestamp": "yesterday"}, False),
        ({"event_id": 1}, False),
        ({"page": "https://shop.example/"}, False),
    ],
)
def test_nothing_in_the_context_is_required(context, verdict):
    """The properties of a context are typed, but identifier and timestamp are not required (K117)."""
    payload = {"event_name": "brochure_downloaded", "context": context}
    assert verdicts(payload, kind="pixel") == {verdict}


def test_a_page_needs_no_category():
    """A page_view by pixel comes from a page and needs no page_type (K053); what it has is typed."""
    for payload, verdict in (
        ({"event_name": "page_view"}, True),
        ({"event_name": "page_view", "page_type": "home"}, True),
        ({"event_name": "page_view", "page_type": None}, False),
    ):
        assert verdicts(payload, kind="pixel") == {verdict}


@pytest.mark.parametrize("name", ALL_NAMES)
def test_payloads_come_back_as_they_went_in(name):
    """A pixel that was parsed is dumped with the same values, custom properties included."""
    payload = pixel_full(name) | {"shelf": {"row": ["1", "2"]}}
    assert pixel_event_class(name).model_validate(payload).model_dump() == payload


def test_pixels_are_one_class_an_event():
    """Every standard event has a pixel with the name of its class, and any other name is that of a custom event."""
    assert PIXEL_EVENTS.keys() == EVENTS.keys()
    assert all(PIXEL_EVENTS[name].__name__ == event.__name__ for name, event in EVENTS.items())
    assert all(issubclass(pixel, PixelEvent) for pixel in (*PIXEL_EVENTS.values(), CustomEvent))
    assert pixel_event_class("Purchase") is pixel_event_class(None) is pixel_event_class(3) is CustomEvent
    assert derive_pixel(VideoPause).__base__ is derive_pixel(VideoResume).__base__
    assert derive_pixel(VideoPause) is PIXEL_EVENTS["video_pause"]


@pytest.mark.parametrize("payload", [None, [], "purchase", 3])
def test_a_payload_is_an_object(payload):
    """Any other JSON value than an object is refused, without an exception."""
    assert not rust_validator(kind="pixel").is_valid(payload)
    assert not reference_validator(kind="pixel").is_valid(payload)
