"""The laws of queries and pixels, tried on what they can say, on drawn events, and on hostile calls."""

from __future__ import annotations

import copy
import json

from hypothesis import example, given
from hypothesis import strategies as st

from strategies import LAW
from strategies.events import paths
from strategies.objects import biased_objects
from strategies.pixels import (
    arrived,
    hostile_calls,
    hostile_queries,
    sayable_events,
    sayable_values,
    spelt_queries,
)
from strategies.values import json_values, texts
from tcspec.errors import UnreadablePayload
from tcspec.jsontext.pointer import join
from tcspec.jsontext.reader import read_object
from tcspec.pixels.pixel import read_pixel, write_pixel
from tcspec.pixels.query import Unsayable, read_query, write_query

_parameter = st.one_of(st.none(), texts)
_addresses = st.sampled_from(("", "https://collect.commander1.com/events", "/events", "collect.commander1.com/events"))


def exact(value):
    """Spell a value so that types and key order count."""
    return json.dumps(value)


def numbers_as_spelt(raw):
    """Read JSON with each number as a pair of `number` and its spelling."""
    return json.loads(raw, parse_int=lambda digits: ("number", digits), parse_float=lambda text: ("number", text))


def root_keys_that_are_free(event):
    """Copy an event without the names of the parameters that are no properties."""
    return {name: value for name, value in event.items() if name not in {"tc_s", "token"}}


@LAW
@given(sayable_values)
def test_reading_undoes_writing(value):
    """What a query can say comes back from the query that says it, names in their order."""
    before = copy.deepcopy(value)
    assert exact(read_query(write_query(value)).value) == exact(value)
    assert value == before


@LAW
@given(spelt_queries())
def test_any_spelling(drawn):
    """A query says the same however its brackets, escapes and spaces are spelt, and lists may have their indexes."""
    value, query = drawn
    assert exact(read_query(query).value) == exact(value)


@LAW
@given(st.one_of(spelt_queries().map(lambda drawn: drawn[1]), hostile_queries))
@example("a[1]=y&a[0]=x")
@example("a[00]=y&a[0]=x")
@example("&&")
def test_writing_what_was_read(query):
    """What was read is written as a query that says the same, and writing that again changes nothing."""
    try:
        value = read_query(query).value
    except UnreadablePayload:
        return
    written = write_query(value)
    assert exact(read_query(written).value) == exact(value)
    assert write_query(read_query(written).value) == written


@LAW
@given(st.one_of(json_values(), st.dictionaries(st.text("a0[]", max_size=2), json_values(), max_size=2)))
def test_what_is_written_is_read(value):
    """Any JSON value is written so that it comes back, or is refused."""
    try:
        query = write_query(value)
    except Unsayable:
        return
    assert exact(read_query(query).value) == exact(value)


@LAW
@given(spelt_queries(), st.text(max_size=3))
def test_places(drawn, before):
    """Everything that a query says has a place, where the first parameter stands that tells of it."""
    value, query = drawn
    start = len(before)
    read = read_query(before + query + "#&a=%", start=start, end=start + len(query))
    assert set(read.places) == {join(path) for path in paths(value)}
    assert len(read.places) == len(set(read.places))
    first = {}
    for pointer, offset in read.places.items():
        parent = pointer.rpartition("/")[0]
        first[parent] = min(first.get(parent, offset), offset)
        assert pointer == "" or (before + query)[offset - 1] == "&" or offset == start
    assert all(read.places[pointer] == offset for pointer, offset in first.items() if pointer)


@LAW
@given(hostile_calls)
@example("GET /events?tc_s=1")
@example("#")
@example(b"\xef\xbb\xbfa=b")
@example("a" + "[b]" * 250 + "=1")
def test_refuses_or_reads(call):
    """Whatever is given as a call is read as a JSON object, or refused as unreadable."""
    try:
        pixel = read_pixel(call)
    except UnreadablePayload:
        return
    assert read_object(pixel.event_json) == pixel.event
    assert not {"tc_s", "token"} & set(pixel.event)
    assert set(pixel.places) == {join(path) for path in paths(pixel.event)}
    again = read_pixel(write_pixel(pixel.event_json, pixel.site, pixel.token))
    assert (again.event_json, again.site, again.token) == (pixel.event_json, pixel.site, pixel.token)


@LAW
@given(sayable_events, _parameter, _parameter)
def test_events_arrive(event, site, token):
    """An event arrives as it was sent: text, but for the numbers that its properties ask for, spelt as they were."""
    call = write_pixel(event, site, token)
    pixel = read_pixel(call)
    assert exact(numbers_as_spelt(pixel.event_json)) == exact(arrived(event))
    assert (pixel.site, pixel.token) == (site, token)
    assert write_pixel(json.dumps(event, indent=1).encode(), site, token) == call


@LAW
@given(sayable_events, _parameter, _parameter, _addresses)
def test_calls_come_back(event, site, token, url):
    """A call that was written is written again from what was read of it, to the letter."""
    call = write_pixel(event, site, token, url)
    pixel = read_pixel(call)
    assert pixel.url == url
    assert write_pixel(pixel.event_json, pixel.site, pixel.token, url) == call
    for given_as in (f" {call}\r\n", call.encode(), f"{call}#top", *([f"GET {call} HTTP/1.1"] if url else [])):
        again = read_pixel(given_as)
        assert (again.url, again.event_json) == (url, pixel.event_json)


@LAW
@given(biased_objects.map(root_keys_that_are_free))
def test_events_are_written_or_refused(event):
    """Any JSON object is written as a call that says its texts, or refused; it is not changed."""
    before = copy.deepcopy(event)
    try:
        pixel = read_pixel(write_pixel(event))
    except Unsayable:
        pass
    else:
        assert [join(path) for path in paths(pixel.event)] == [join(path) for path in paths(event)]
    assert event == before
