"""Properties of queries and pixels, on values with a representation, drawn events, and hostile calls."""

from __future__ import annotations

import copy
import json

from hypothesis import example, given
from hypothesis import strategies as st

from strategies.events import iter_paths
from strategies.objects import biased_objects
from strategies.pixels import (
    as_read,
    encoded_queries,
    hostile_calls,
    hostile_queries,
    pixel_events,
    query_values,
)
from tcspec.errors import UnreadablePayload
from tcspec.jsontext.pointer import join
from tcspec.jsontext.reader import read_object
from tcspec.pixels.pixel import read_pixel, write_pixel
from tcspec.pixels.query import Unsayable, read_query, write_query
from tcspec.pixels.query_tree import Offsets
from tcspec.strategies.values import json_values, texts

_parameter = st.one_of(st.none(), texts)
_addresses = st.sampled_from(("", "https://collect.commander1.com/events", "/events", "collect.commander1.com/events"))


def exact(value):
    """Encode a value so that types and key order count."""
    return json.dumps(value)


def numbers_as_text(raw):
    """Decode JSON with each number as a pair of `number` and its text."""
    return json.loads(raw, parse_int=lambda digits: ("number", digits), parse_float=lambda text: ("number", text))


def without_parameters(event):
    """Copy an event without the keys that are parameters of a pixel."""
    return {name: value for name, value in event.items() if name not in {"tc_s", "token"}}


@given(query_values)
def test_reading_undoes_writing(value):
    """A value is read from the query that was written from it, with its keys in order, and is not changed."""
    before = copy.deepcopy(value)
    assert exact(read_query(write_query(value)).value) == exact(value)
    assert value == before


@given(encoded_queries())
def test_equivalent_queries(drawn):
    """A query has the same value whatever is percent-encoded in it, and lists may have indexes."""
    value, query = drawn
    assert exact(read_query(query).value) == exact(value)


@given(st.one_of(encoded_queries().map(lambda drawn: drawn[1]), hostile_queries))
@example("a[1]=y&a[0]=x")
@example("a[00]=y&a[0]=x")
@example("&&")
def test_writing_is_canonical(query):
    """A query that was read is written with the same value, and writing that again changes nothing."""
    try:
        value = read_query(query).value
    except UnreadablePayload:
        return
    written = write_query(value)
    assert exact(read_query(written).value) == exact(value)
    assert write_query(read_query(written).value) == written


@given(st.one_of(json_values(), st.dictionaries(st.text("a0[]", max_size=2), json_values(), max_size=2)))
def test_what_is_written_is_read(value):
    """Any JSON value is written so that it is read back, or is refused."""
    try:
        query = write_query(value)
    except Unsayable:
        return
    assert exact(read_query(query).value) == exact(value)


@given(encoded_queries(), st.text(max_size=3))
def test_offsets(drawn, before):
    """Every part of the value has an offset: that of the first parameter which contributes to it."""
    value, query = drawn
    start = len(before)
    tree = read_query(before + query + "#&a=%", start=start, end=start + len(query)).tree
    offsets = Offsets(tree, start)
    assert set(offsets) == {join(path) for path in iter_paths(value)}
    assert len(offsets) == len(set(offsets))
    first = {}
    for pointer, offset in offsets.items():
        parent = pointer.rpartition("/")[0]
        first[parent] = min(first.get(parent, offset), offset)
        assert pointer == "" or (before + query)[offset - 1] == "&" or offset == start
    assert all(offsets[pointer] == offset for pointer, offset in first.items() if pointer)


@given(hostile_calls)
@example("GET /events?tc_s=1")
@example("#")
@example(b"\xef\xbb\xbfa=b")
@example("a" + "[b]" * 250 + "=1")
def test_hostile_calls(call):
    """Any text is read as a JSON object, or refused as unreadable."""
    try:
        pixel = read_pixel(call)
    except UnreadablePayload:
        return
    assert read_object(pixel.event_json) == pixel.event
    assert not {"tc_s", "token"} & set(pixel.event)
    assert set(pixel.offsets) == {join(path) for path in iter_paths(pixel.event)}
    again = read_pixel(write_pixel(pixel.event_json, pixel.site, pixel.token))
    assert (again.event_json, again.site, again.token) == (pixel.event_json, pixel.site, pixel.token)


@given(pixel_events, _parameter, _parameter)
def test_events_arrive(event, site, token):
    """An event is read as it was written: strings, but for the numbers that the catalogue expects, digit for digit."""
    call = write_pixel(event, site, token)
    pixel = read_pixel(call)
    assert exact(numbers_as_text(pixel.event_json)) == exact(as_read(event))
    assert (pixel.site, pixel.token) == (site, token)
    assert write_pixel(json.dumps(event, indent=1).encode(), site, token) == call


@given(pixel_events, _parameter, _parameter, _addresses)
def test_calls_round_trip(event, site, token, url):
    """A call that was written, then read, is written again as the same text."""
    call = write_pixel(event, site, token, url)
    pixel = read_pixel(call)
    assert pixel.url == url
    assert write_pixel(pixel.event_json, pixel.site, pixel.token, url) == call
    for variant in (f" {call}\r\n", call.encode(), f"{call}#top", *([f"GET {call} HTTP/1.1"] if url else [])):
        again = read_pixel(variant)
        assert (again.url, again.event_json) == (url, pixel.event_json)


@given(biased_objects.map(without_parameters))
def test_events_are_written_or_refused(event):
    """Any JSON object is written as a call with its values, or refused; it is not changed."""
    before = copy.deepcopy(event)
    try:
        pixel = read_pixel(write_pixel(event))
    except Unsayable:
        pass
    else:
        assert [join(path) for path in iter_paths(pixel.event)] == [join(path) for path in iter_paths(event)]
    assert event == before
