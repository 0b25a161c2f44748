"""Which values of a document are masked, and which are not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting import source_of
from strategies.documents import hostile_documents
from strategies.personal import SECRET_TEXTS, is_broken, personal_events
from tcspec.reporters.masking import masked, may_show_at


def masked_text(text, **source):
    """Return a text with its hidden values masked."""
    return masked(source_of(text.encode(), **source))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"event_name": "refund", "value": 1.50}', '{"event_name": "refund", "value": 1.50}'),
        ('{"user": {"id": "c-1", "age": 7}}', '{"user": {"id": "***", "age": *}}'),
        (
            '{"context": {"page": {"title": "Tents"}, "event_id": "e"}}',
            '{"context": {"page": {"title": "*****"}, "event_id": "e"}}',
        ),
        (
            '{"event_name": "refund", "items": [{"id": "SKU-4711", "coupon": "ada@shop.example"}]}',
            '{"event_name": "refund", "items": [{"id": "SKU-4711", "coupon": "****************"}]}',
        ),
        (
            r'{"event_name": "refund", "coupon": "ada\u0040shop.example", "id": "+41 21 555 01 23"}',
            '{"event_name": "refund", "coupon": "*********************", "id": "****************"}',
        ),
        (
            '{"event_name": "x", "items": [{"id": "SKU-4711"}], "currency": "EUR"}',
            '{"event_name": "x", "items": [{"id": "********"}], "currency": "***"}',
        ),
        (
            '{"event_name": "refund", "usr": "Ada", "Currency": "EUR", "currency": "EUR", "id": "https://a"}',
            '{"event_name": "refund", "usr": "***", "Currency": "***", "currency": "EUR", "id": "*********"}',
        ),
        ('{"event_name": "x", "ada@shop.example": 1}', '{"event_name": "x", ******************: *}'),
        ('{"context": {"legacy": {"properties": "c-1"}}}', '{"context": {"legacy": {"properties": "***"}}}'),
    ],
)
def test_values(text, expected):
    """Keys, structure and values of standard properties stay unless they are personal; a mask is as long as a value."""
    assert masked_text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"event": "refund", "properties": {"user": {"id": "c"}, "value": 3}}', '"user": {"id": "*"}, "value": 3'),
        ('{"batch": [{"event_name": "x", "user": {"id": "c"}, "context": {}}, "Ada"]}', '"x", "user": {"id": "*"}'),
        ('{"person": {"city": "Ghent"}}', '"city": "*****"'),
    ],
)
def test_kinds(text, expected):
    """Personal data is masked in legacy events, in batches and in payloads of other kinds."""
    assert expected in masked_text(text)
    assert "Ada" not in masked_text(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"event_name": "login", "id": 7', '{"event_name": "*****", "id": *'),
        ('{"a": troe, "b": true, \'c\': 1}', '{"a": ****, "b": true, \'*\': *}'),
        ("{'event_name': 'login', id: +3.5};", "{'*****_****': '*****', **: +*.*};"),
        ('{"a": <b>, "c"; (d=e) | [f]}', '{"a": <*>, "*"; (*=*) | [*]}'),
        ('{"a": "Ada":1, "b":2}', '{"a": "***":*, "b":*}'),
        ('{"a": "Ada\n Keller"}', '{"a": "***\n*******"}'),
        ('"Ada', '"***'),
        ("[1]", "[*]"),
    ],
)
def test_broken_text(text, expected):
    """In a document that cannot be read every value but a constant is masked, and no punctuation."""
    assert masked_text(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<!DOCTYPE html>\n<p>502 Bad Gateway</p>", "<!DOCTYPE html>\n<p>502 Bad Gateway</p>"),
        ("# Read me\n\nHow to send events.", "# Read me\n\nHow to send events."),
        ("hello, world!", "hello, world!"),
        ("write to ada@shop.example (or not)", "write to **************** (or not)"),
        ("call +41 21 555 01 23 now", f"call {16 * '*'} now"),
        ("call 06 12 34 56 78, now", f"call {14 * '*'}, now"),
        ("Authorization: eyJhbGciOi.eyJzdWIi.x", "Authorization: *********************"),
        ("from 10.0.0.7: 404", "from ********: 404"),
        ("curl -d {'event_name': 'login', 'id': 'Ada'}", "**** -* {'*****_****': '*****', '**': '***'}"),
        ('sent {"user": "Ada"}', '**** {"user": "***"}'),
        ("%7B%22user%22%3A%22Ada%22%7D", "%**%******%**%**%*****%**%**"),
        ("user=Ada", "****=***"),
        ("https://shop.example/events? Ada", "*****://****.*******/******? ***"),
        ("user? Ada&a=b", "****? ***&*=*"),
        ('<?xml version="1.0"?><Code>AccessDenied</Code>', '<?xml version="1.0"?><Code>AccessDenied</Code>'),
    ],
)
def test_no_payload(text, expected):
    """Of a text that is no payload only what looks personal is masked; one that has a payload in it is a broken one."""
    masked_by_us = masked_text(text)
    assert len(masked_by_us) == len(text)
    assert masked_by_us == expected


def test_documents_of_others():
    """Of a JSON object that is no payload only what looks personal is masked; one that describes a person is masked."""
    package = '{"name": "shop-front", "version": "1.2.3", "author": "Ada <ada@shop.example>", "files": ["dist"]}'
    assert masked_text(package) == package.replace("ada@shop.example", "*" * len("ada@shop.example"))
    for key in ("email", "customer", "lastname", "Phone2", "event_name", "eventName", "event_timestamp", "id"):
        assert "Keller" not in masked_text(json.dumps({"name": "Ada", "more": [{key: "Keller"}]}))


def test_pixels():
    """In the URL of a pixel the values of all parameters are masked."""
    call = "https://collect.commander1.com/events?tc_s=3315&token=abc&user[id]=c-1&value=3"
    expected = "https://collect.commander1.com/events?tc_s=****&token=***&user[id]=***&value=*"
    assert masked_text(call) == expected
    assert masked_text("event_name=login", kind="pixel") == "event_name=*****"


@given(personal_events(), st.sampled_from((None, 2)), hostile_documents, st.data())
def test_nothing_personal_is_shown(event, indent, junk, data):
    """Whatever an event contains, and however its text is broken, no secret is shown and no column moves."""
    raw = json.dumps(event, indent=indent).encode()
    cut = data.draw(st.integers(0, len(raw)))
    broken = (raw[:cut], raw[:cut] + junk, raw[:cut] + raw[cut + 1 :], raw[:-1] + b"," + raw[1:])
    for text in (raw, *filter(is_broken, broken)):
        shown = masked(source_of(text))
        assert not any(secret in shown for secret in SECRET_TEXTS)
        assert list(map(len, shown.split("\n"))) == list(map(len, text.decode(errors="replace").split("\n")))


@pytest.mark.parametrize(
    ("pointer", "value", "expected"),
    [("/currency", "EUR", True), ("/user/id", "c-1", False), ("/coupon", "ada@shop.example", False)],
)
def test_values_of_fixes(pointer, value, expected):
    """A value that a fix writes may be shown where a value of the payload may."""
    event = {"event_name": "refund", "context": {}}
    assert may_show_at(source_of(json.dumps(event).encode()), pointer, value) is expected
    assert may_show_at(source_of(b"{"), pointer, value) is False
    assert may_show_at(None, pointer, value) is False
