"""Properties of models as payloads: what was parsed is sent as it came."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payloads import NAMES, full, full_of, legacy_full, minimal, pixel_full
from strategies.batches import valid_batches
from strategies.data_apis import VALID
from strategies.pixels import pixel_events
from tcspec.models.constraints import Model
from tcspec.models.events import event_class
from tcspec.models.introspection import iter_models
from tcspec.parsing import parse
from tcspec.strategies import legacy_events
from tcspec.strategies.events import STANDARD, custom_events, event
from tcspec.validation import has_errors, validate

FEW = settings(max_examples=max(3, settings.default.max_examples // 5))


def encode(payload):
    """Return a payload as JSON with sorted keys, in which 1 and true, 1.5 and 1.50 stay different."""
    return json.dumps(payload, sort_keys=True)


def round_trip(payload, kind=None, version=None):
    """Parse a payload and return it as a payload again; check that no model is left in it."""
    model = parse(payload, kind, version)
    assert (kind or "event") == model.KIND
    return model.to_payload()


def build(model, payload):
    """Build an object in Python: the standard properties by keyword, nested models too, the others as custom."""
    keywords = {}
    for name in payload.keys() & model.model_fields.keys():
        nested = next(iter_models(model.model_fields[name].annotation), None)
        keywords[name] = _build_value(nested, payload[name]) if nested else payload[name]
    custom = {name: value for name, value in payload.items() if name not in keywords}
    return model(**keywords, **({"custom": custom} if custom else {}))


def _build_value(model, value):
    if isinstance(value, list):
        return [build(model, each) for each in value]
    return build(model, value) if isinstance(value, dict) else value


def check_building(event):
    """Check that an event that is built in Python is sent as its payload, is valid, and is what is parsed from it."""
    built = build(event_class(event["event_name"]), event)
    assert encode(built.to_payload()) == encode(event)
    assert encode(json.loads(built.to_json())) == encode(event)
    assert not has_errors(validate(built))
    assert parse(built.to_payload()) == built
    assert parse(built.to_json()) == built


@pytest.mark.parametrize("name", sorted(STANDARD))
@FEW
@given(st.data())
def test_building(name, data):
    """Every valid event of every class that is built in Python is sent, validated and parsed as it was built."""
    check_building(data.draw(event(name)))


@given(custom_events())
def test_building_custom_events(event):
    """So is a custom event."""
    check_building(event)


@pytest.mark.parametrize("name", NAMES)
def test_building_every_property(name):
    """So is an event with every property, and one with the required ones only."""
    check_building(full(name))
    check_building(minimal(name))


@pytest.mark.parametrize("kind", ["user", "product", "conversion"])
def test_building_other_kinds(kind):
    """Users, products and conversions with every property are built as what is parsed from them."""
    parsed = parse(full_of(kind), kind)
    assert build(type(parsed), full_of(kind)) == parsed


@pytest.mark.parametrize("name", sorted(STANDARD))
@FEW
@given(st.data())
def test_standard_events(name, data):
    """Every valid event of every class comes back as the payload that was parsed."""
    drawn = data.draw(event(name))
    assert encode(round_trip(drawn)) == encode(drawn)


@given(custom_events())
def test_custom_events(event):
    """So does a custom event, with its custom properties."""
    assert encode(round_trip(event)) == encode(event)


@given(legacy_events())
def test_legacy_events(event):
    """So does a 1.0 event, whatever its dialect."""
    if not has_errors(validate(event, version="1.0")):
        assert encode(round_trip(event, version="1.0")) == encode(event)


@given(pixel_events)
def test_pixels(event):
    """So does the event of a pixel."""
    if not has_errors(validate(event, "pixel")):
        assert encode(round_trip(event, "pixel")) == encode(event)


@given(valid_batches)
def test_batches(batch):
    """So does a batch, each of its events as the model of its name."""
    assert encode(round_trip(batch, "batch")) == encode(batch)


@pytest.mark.parametrize("kind", VALID)
@given(st.data())
def test_data_apis(kind, data):
    """So do users, products and conversions."""
    payload = data.draw(VALID[kind])
    assert encode(round_trip(payload, kind)) == encode(payload)


@pytest.mark.parametrize("name", NAMES)
def test_every_property(name):
    """Every property of every event comes back, in both formats and in a pixel."""
    assert encode(round_trip(full(name))) == encode(full(name))
    assert encode(round_trip(minimal(name))) == encode(minimal(name))
    assert encode(round_trip(legacy_full(name), version="1.0")) == encode(legacy_full(name))
    assert encode(round_trip(pixel_full(name), "pixel")) == encode(pixel_full(name))


@pytest.mark.parametrize("kind", ["batch", "user", "product", "conversion"])
def test_every_property_of_other_kinds(kind):
    """So does every property of a batch, user, product or conversion."""
    assert encode(round_trip(full_of(kind), kind)) == encode(full_of(kind))


@given(custom_events())
def test_changed_models(event):
    """A model that was changed is sent as it is now: an absent property is not sent, and null is not made up."""
    model = parse(event)
    model.test_code = "T-1"
    del model.url
    sent = {name: value for name, value in event.items() if name != "url"} | {"test_code": "T-1"}
    assert encode(model.to_payload()) == encode(sent)


def test_parts_of_payloads():
    """A part of a payload, such as an item, has no kind of its own."""
    item = parse(full("purchase")).items[0]
    assert isinstance(item, Model)
    assert item.KIND is None
    assert item.to_payload() == full("purchase")["items"][0]
