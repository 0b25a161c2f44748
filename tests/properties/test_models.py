"""Properties of models as payloads: what was parsed is sent as it came."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payloads import NAMES, full, full_of, legacy_full, minimal, pixel_full
from strategies.batches import valid_batches
from strategies.data_apis import VALID
from strategies.events import STANDARD, custom_events, standard_events
from strategies.legacy import legacy_events
from strategies.pixels import pixel_events
from tcspec.models.constraints import Model
from tcspec.parsing import parse
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


@pytest.mark.parametrize("name", sorted(STANDARD))
@FEW
@given(st.data())
def test_standard_events(name, data):
    """Every valid event of every class comes back as the payload that was parsed."""
    event = data.draw(standard_events(name))
    assert encode(round_trip(event)) == encode(event)


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
