"""What is masked in a text that is shown, and what is not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.test_privacy import SPELLINGS, personal_events
from reporting import source_of
from strategies.documents import hostile_documents
from tcspec.reporters.masking import masked, may_show


def shows(text, **source):
    """Give a text as it is shown."""
    return masked(source_of(text.encode(), **source))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"event_name": "login", "value": 1.50}', '{"event_name": "login", "value": 1.50}'),
        ('{"user": {"id": "c-1", "age": 7}}', '{"user": {"id": "***", "age": *}}'),
        (
            '{"context": {"page": {"title": "Tents"}, "event_id": "e"}}',
            '{"context": {"page": {"title": "*****"}, "event_id": "e"}}',
        ),
        (
            '{"items": [{"id": "SKU-4711", "coupon": "ada@shop.example"}]}',
            '{"items": [{"id": "SKU-4711", "coupon": "****************"}]}',
        ),
        (
            '{"event_name": "x", "usr": "Ada", "Currency": "EUR", "currency": "EUR", "search_term": "https://a"}',
            '{"event_name": "x", "usr": "***", "Currency": "***", "currency": "EUR", "search_term": "*********"}',
        ),
        ('{"event_name": "x", "ada@shop.example": 1}', '{"event_name": "x", ******************: *}'),
        ('{"context": {"legacy": {"properties": "c-1"}}}', '{"context": {"legacy": {"properties": "***"}}}'),
    ],
)
def test_values(text, told):
    """Keys, structure and values of known properties are shown that describe nobody; a mask is as long as they."""
    assert shows(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"event": "login", "properties": {"user": {"id": "c"}, "value": 3}}', '"user": {"id": "*"}, "value": 3'),
        ('{"batch": [{"event_name": "x", "user": {"id": "c"}, "context": {}}, "Ada"]}', '"x", "user": {"id": "*"}'),
        ('{"person": {"city": "Ghent"}}', '"city": "*****"'),
    ],
)
def test_kinds(text, told):
    """What describes a person is known of legacy events, in batches and in what the other APIs take."""
    assert told in shows(text)
    assert "Ada" not in shows(text)


def test_outside():
    """Nothing is shown of what is around a payload."""
    shown = shows('{"sent_by": "Ada", "body": {"event_name": "login", "context": {}}}', pointer="/body")
    assert shown == '{"sent_by": "***", "body": {"event_name": "login", "context": {}}}'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"event_name": "login", "id": 7', '{"event_name": "*****", "id": *'),
        ('{"a": troe, "b": true, \'c\': 1}', '{"a": ****, "b": true, ***: *}'),
        ('{"a": "Ada":1, "b":2}', '{"a": "***":*, "b":*}'),
        ('{"a": "Ada\n Keller"}', '{"a": "***\n*******"}'),
        ('"Ada', '"***'),
        ("[1]", "[*]"),
    ],
)
def test_broken_text(text, told):
    """Of what is no JSON object only keys and structure are shown."""
    assert shows(text) == told


def test_pixels():
    """Of the call of a pixel only the names of its parameters are shown."""
    call = "https://collect.commander1.com/events?tc_s=3315&token=abc&user[id]=c-1&value=3"
    told = "https://collect.commander1.com/events?tc_s=****&token=***&user[id]=***&value=*"
    assert shows(call) == told
    assert shows("event_name=login", kind="pixel") == "event_name=*****"


@given(personal_events(), st.sampled_from((None, 2)), hostile_documents, st.data())
def test_nothing_personal_is_shown(event, indent, junk, data):
    """Whatever an event holds, and however its text is broken, nothing personal is shown and no column moves."""
    raw = json.dumps(event, indent=indent).encode()
    cut = data.draw(st.integers(0, len(raw)))
    broken = (raw[:cut], raw[:cut] + junk, raw[:cut] + raw[cut + 1 :], raw[:-1] + b"," + raw[1:])
    for text in (raw, *filter(is_broken, broken)):
        shown = masked(source_of(text))
        assert not any(spelling in shown for spelling in SPELLINGS)
        assert list(map(len, shown.split("\n"))) == list(map(len, text.decode(errors="replace").split("\n")))


def is_broken(text):
    """Tell whether a text is no JSON; one that still is may have lost a letter of a name, and is of something else."""
    try:
        json.loads(text)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize(
    ("pointer", "value", "told"),
    [("/currency", "EUR", True), ("/user/id", "c-1", False), ("/coupon", "ada@shop.example", False)],
)
def test_what_a_fix_writes(pointer, value, told):
    """A value that a fix writes may be shown where a value that stands there may."""
    event = {"event_name": "x", "context": {}}
    assert may_show(source_of(json.dumps(event).encode()), pointer, value) is told
    assert may_show(source_of(json.dumps({"b": event}).encode(), pointer="/b"), pointer, value) is told
    assert may_show(source_of(b"{"), pointer, value) is False
    assert may_show(None, pointer, value) is False
