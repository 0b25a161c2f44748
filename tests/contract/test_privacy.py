"""What a violation says can be printed anywhere: it holds nothing that describes a person."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from strategies.documents import hostile_documents
from strategies.events import nearly_valid_events, paths, replaced, valid_events
from strategies.legacy import legacy_events, mixed_events
from tcspec.errors import InvalidPayload
from tcspec.models import User
from tcspec.rules.linting import lint
from tcspec.upgrades.api import upgrade_json
from tcspec.validation import validate

PERSONAL = (
    *(("user",), ("url",), ("title",), ("path",), ("referrer",), ("context", "page"), ("context", "device")),
    *(("page",), ("device",), ("ip",), ("userAgent",), ("locale",), ("properties", "user"), ("properties", "url")),
    *(("properties", "title"), ("properties", "path"), ("properties", "referrer")),
)
"""Where the user, the page and the device are described, in both formats."""
SECRET, NUMBER = "Zq7Xv", 739_201_846_512
SPELLINGS = (SECRET, "739201846512", "73920184651")
secrets = st.sampled_from(
    (SECRET, f"{SECRET}@shop.example", NUMBER, -NUMBER, 0.739201846512, [SECRET], {"id": SECRET}, {"x_md5": SECRET})
)
"""Values that are a person's, of every type that tells something."""


def places(event):
    """List the paths of an event that describe a person."""
    return [path for path in paths(event) if any(path[: len(place)] == place for place in PERSONAL)]


@st.composite
def personal_events(draw):
    """Draw an event, right or wrong, in which something personal is secret."""
    event = draw(st.one_of(valid_events, nearly_valid_events(), legacy_events(), mixed_events))
    if draw(st.integers(0, 9)) == 0:
        event[draw(st.sampled_from(("context", "properties")))] = SECRET
    for _ in range(draw(st.integers(1, 4))):
        if where := places(event):
            event = replaced(event, draw(st.sampled_from(where)), draw(secrets))
    return event


def tells_a_secret(violations):
    """Tell whether a secret stands anywhere in some violations, their data included."""
    return any(spelling in repr(violations) for spelling in SPELLINGS)


@given(personal_events(), st.sampled_from((None, "1.0", "2.0")), st.sampled_from(("fast", "reference")))
def test_values_are_never_told(event, version, engine):
    """Nothing that describes the user, the page or the device stands in a violation, whatever is wrong."""
    assert not tells_a_secret(validate(event, version=version, engine=engine))
    assert not tells_a_secret(validate(json.dumps(event).encode(), version=version))


@given(personal_events(), hostile_documents, st.data())
def test_values_are_never_told_of_broken_text(event, junk, data):
    """Nor does it when the text is broken off, is no JSON, or gives a key twice."""
    raw = json.dumps(event).encode()
    cut = data.draw(st.integers(0, len(raw)))
    for broken in (raw[:cut], raw[:cut] + junk, raw[:cut] + raw[cut + 1 :], raw[:-1] + b"," + raw[1:]):
        assert not tells_a_secret(validate(broken))
        assert not tells_a_secret(refusals(broken))


def refusals(raw):
    """Give the violations for which bytes are not upgraded."""
    try:
        upgrade_json(raw)
    except InvalidPayload as refused:
        return refused.violations
    return ()


@pytest.mark.parametrize(
    "event",
    [
        {"integrations": "S3cret-Jane"},
        {"partners": "S3cret-Jane"},
        {"context": {"enrichment": "S3cret-Jane", "dataquality": "S3cret-Jane", "warnings": "S3cret-Jane"}},
        {"event_name": "purchase", "items": "S3cret-Jane"},
    ],
)
def test_a_text_in_place_of_an_object_is_not_shown(event):
    """A text where an object or a list belongs may hold what belongs into it, and is not shown."""
    found = validate({"event_name": "x", **event})
    assert found
    assert "S3cret" not in repr(found)


def test_models_do_not_show_what_they_refuse():
    """An error of a model names the property and not its value, and the repr of a model only what is there."""
    with pytest.raises(ValidationError) as refused:
        User(id=7, email_md5="S3cret-Jane")
    assert "S3cret" not in str(refused.value)
    assert repr(User(id="u")) == "User(id='u')"


@pytest.mark.parametrize("secret", ["jean.leak@priv.example", "+33612345678", "0a" * 32])
def test_values_of_people_in_other_places(secret):
    """What names a person is not told either where something else should stand."""
    context = {"event_id": "e-1", "event_timestamp": secret}
    event = {"event_name": "purchase", "value": secret, "currency": secret, "status": secret, "context": context}
    assert secret not in repr([*validate(event), *lint(event)])
