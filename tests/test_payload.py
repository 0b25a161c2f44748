"""A payload is read strictly and once; its kind is detected, and violations get their position in its text."""

from __future__ import annotations

import json
import sys

import pytest

from tcspec.codes import NOT_JSON
from tcspec.errors import UnknownKind, UnreadablePayload
from tcspec.jsontext.reader import Limits
from tcspec.kinds import BATCH, EVENT, EVENT_1_0, EVENT_2_0, PIXEL
from tcspec.models.data_api import CatalogProduct
from tcspec.payload import read_payload, recognise_payload

BATCHES = {"batch": []}
URL = "https://collect.commander1.com/events?tc_s=1&token=t&event_name=login&user[id]=C-1"


@pytest.mark.parametrize(
    "form", [BATCHES, json.dumps(BATCHES), json.dumps(BATCHES).encode(), bytearray(b'{"batch": []}')]
)
def test_kind_is_detected_or_passed(form):
    """The kind is the requested one, or the detected one."""
    assert read_payload(form).kind is BATCH
    assert read_payload(form, "event").kind is EVENT
    assert read_payload(form).document == BATCHES


def test_unknown_kind():
    """A kind that does not exist is misuse, also of another type."""
    for kind in ("invoice", 5):
        with pytest.raises(UnknownKind, match="choose from event, batch"):
            read_payload({}, kind)


def test_version():
    """The version is the detected one of an event, none for a flat hit, and that of the kind for any other."""
    assert read_payload({"event_name": "x", "context": {}}).version is EVENT_2_0
    assert read_payload({"event": "x"}).version is EVENT_1_0
    assert read_payload({"idSite": "1", "prix": 2}).version is None
    assert read_payload(BATCHES).version is BATCH.version()


def test_a_payload_is_not_read_again():
    """A payload is returned as it is; as another kind it keeps everything else."""
    payload = read_payload(b'{"event_name": "x"}')
    assert read_payload(payload) is payload
    pixel = read_payload(payload, "pixel")
    assert (pixel.kind, pixel.document, pixel.body) == (PIXEL, payload.document, payload.body)


def test_models():
    """A model of tcspec is a payload of the kind that it declares."""
    product = CatalogProduct.model_validate({"id": "P-1", "name": "Tent", "price": 1, "currency": "EUR"})
    payload = read_payload(product)
    assert (payload.kind.name, payload.document["id"]) == ("product", "P-1")


@pytest.mark.parametrize("kind", [None, "pixel"])
def test_pixels(kind):
    """A URL is read as the event in its query."""
    payload = read_payload(URL, kind)
    assert payload.kind is PIXEL
    assert payload.document == {"event_name": "login", "user": {"id": "C-1"}}


def test_a_pixel_may_be_an_event():
    """The event of a pixel may be an object or JSON text too."""
    event = {"event_name": "login"}
    for form in (event, json.dumps(event), f"\n {json.dumps(event)}"):
        payload = read_payload(form, "pixel")
        assert (payload.kind, payload.document, payload.pixel) == (PIXEL, event, None)


def test_long_integers():
    """An integer of a Python value is read exactly, whatever limit the program sets on Python."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(640)
    try:
        assert read_payload({"a": 10**1000}).document == {"a": 10**1000}
    finally:
        sys.set_int_max_str_digits(limit)


def test_events_of_a_batch():
    """The members of a batch have their pointers, as values and as bytes of the body."""
    payload = read_payload('{"batch": [{"n": 1.50}, 2]}')
    assert list(payload.events()) == [("/batch/0", {"n": 1.5}), ("/batch/1", 2)]
    assert list(payload.member_bodies()) == [("/batch/0", b'{"n": 1.50}'), ("/batch/1", b"2")]
    for none in ('{"batch": {}}', b"{}"):
        assert list(read_payload(none, "batch").events()) == []
    assert list(read_payload('{"batch": {}}', "batch").member_bodies()) == []
    assert list(read_payload({"event_name": "x", "batch": [1]}).events()) == []


def test_compact():
    """The compact body has no white space; that of a Python value is its body, that of a pixel its URL."""
    assert read_payload('{ "a": [1, 2.50], "b": "é" }').compact == '{"a":[1,2.5],"b":"é"}'.encode()
    assert read_payload({"a": 1}).compact == read_payload({"a": 1}).body == b'{"a":1}'
    assert read_payload(URL).compact == URL.encode()


def test_positions_in_json():
    """In a JSON text a violation has the position of the value of its pointer."""
    (located,) = read_payload('{\n "a": {"b": 1}}').locate([NOT_JSON.violation("/a/b", "wrong")])
    assert (located.line, located.column) == (2, 13)


@pytest.mark.parametrize(
    ("pointer", "at"), [("/user/id", "user[id]"), ("/user/id/x", "user[id]"), ("", "tc_s"), ("/new", "tc_s")]
)
def test_positions_in_pixels(pointer, at):
    """In a URL a violation has the position of its parameter, or of the nearest one around it."""
    (located,) = read_payload(f"\n {URL}").locate([NOT_JSON.violation(pointer, "wrong")])
    assert (located.line, located.column) == (2, 2 + URL.index(at))


def test_python_values_have_no_positions():
    """Violations of a Python value have no lines."""
    (located,) = read_payload(BATCHES).locate([NOT_JSON.violation("/batch", "wrong")])
    assert (located.line, located.column) == (None, None)


def test_limits_of_pixels():
    """A URL above the maximum length is refused like any document."""
    with pytest.raises(UnreadablePayload, match="TC007"):
        read_payload(URL, limits=Limits(length=20))


def test_recognised():
    """A payload is recognised by what it shows; anything else that is JSON is none, and what is not JSON is refused."""
    event = b'{"event_name": "login"}'
    for raw, kind in ((event, None), (event, "batch"), (URL.encode(), None)):
        assert vars(recognise_payload(raw, kind)) == vars(read_payload(raw, kind))
    assert [recognise_payload(raw) for raw in (b"{}", b"[]", b'{"name": "package"}', b"1")] == [None] * 4
    with pytest.raises(UnreadablePayload, match="TC001"):
        recognise_payload(b"{")


def test_unreadable():
    """Anything but a JSON object or a pixel is refused."""
    for form in (b"[]", "{", {"a": {1}}, "?a[=1", 3, None, [1]):
        with pytest.raises(UnreadablePayload):
            read_payload(form)
