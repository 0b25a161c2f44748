"""Splitting what is too much for one request: in order, within the limits, and nothing lost."""

from __future__ import annotations

import json
from itertools import count, islice

import pytest

from tcspec.errors import OversizeEvent, TcspecError, UnreadablePayload, WrongArgument
from tcspec.size import check_size, payload_size, split_batch, split_bulk


def event(size):
    """Make an event whose compact body has so many bytes."""
    return {"n": "x" * (size - len('{"n":""}'))}


def conversion(items):
    """Make a conversion of so many items."""
    return {"id": "C-1", "conversion_items": [{"id": str(number)} for number in range(items)]}


class TestBatches:
    """Events become batches."""

    def test_a_batch_is_filled_to_the_last_byte(self):
        """A part takes an event that makes its body 500,000 bytes, and not one that makes it a byte more."""
        around, comma = len('{"batch":[]}'), 1
        filling = [event(30_000)] * 16
        left = 500_000 - around - 16 * (30_000 + comma)
        ((*_, last),) = split_batch([*filling, event(left)])
        assert last == event(left)
        assert payload_size({"batch": [*filling, event(left)]}) == 500_000
        assert [len(part) for part in split_batch([*filling, event(left + 1)])] == [16, 1]

    def test_parts_meet_the_limit(self):
        """The body of every part is within the limit of a batch, without a warning."""
        parts = list(split_batch([event(size) for size in (32_000, 10, 31_999, 250) * 40]))
        assert len(parts) > 5
        assert all(check_size({"batch": part}, "batch") == [] for part in parts)

    def test_multibyte_characters_count_as_bytes(self):
        """What is counted are bytes of UTF-8, not characters."""
        events = [{"n": "é" * 15_000}] * 40
        assert [len(part) for part in split_batch(events)] == [16, 16, 8]

    def test_json_texts_are_split_likewise(self):
        """Events that are given as JSON text count as they are, and come out as their own bytes."""
        events = [event(20_000 + number) for number in range(60)]
        texts = [json.dumps(each, separators=(",", ":")).encode() for each in events]
        assert [[json.loads(each) for each in part] for part in split_batch(texts)] == list(split_batch(events))

    def test_an_event_that_fits_in_no_batch(self):
        """An event over 32,768 bytes is named by its place, after what comes before it was given."""
        parts = split_batch([event(100), event(32_768), event(32_769), event(100)])
        assert next(parts) == [event(100), event(32_768)]
        with pytest.raises(OversizeEvent) as oversize:
            next(parts)
        assert (oversize.value.index, oversize.value.size, oversize.value.limit) == (2, 32_769, 32_768)
        assert str(oversize.value) == "event 2 has 32,769 bytes and fits in no batch, the limit is 32,768"
        assert isinstance(oversize.value, TcspecError)

    def test_an_oversize_event_that_comes_first(self):
        """There is no empty part before the first event."""
        with pytest.raises(OversizeEvent):
            next(split_batch([event(40_000)]))

    def test_an_event_that_is_no_json(self):
        """A Python value without a JSON form is refused when it comes to it, after what comes before it was given."""
        parts = split_batch([event(100), {"n": {1, 2}}])
        assert next(parts) == [event(100)]
        with pytest.raises(UnreadablePayload):
            next(parts)

    def test_nothing(self):
        """Of no events there is no batch."""
        assert list(split_batch([])) == []

    def test_endless_events(self):
        """Parts are given while events still come."""
        assert [len(part) for part in islice(split_batch(event(30_000) for _ in count()), 3)] == [16, 16, 16]


class TestBulk:
    """Products and conversions become bulk requests."""

    def test_a_thousand_lines(self):
        """A request has at most 1,000 lines."""
        products = [{"id": str(number)} for number in range(2_500)]
        parts = list(split_bulk(products))
        assert [len(part) for part in parts] == [1_000, 1_000, 500]
        assert [product for part in parts for product in part] == products

    def test_a_hundred_and_fifty_items(self):
        """A request has at most 150 conversion items; a conversion that has more goes alone and is not cut."""
        items = [100, 50, 1, 200, 149, 2]
        parts = split_bulk([conversion(each) for each in items])
        assert [[len(each["conversion_items"]) for each in part] for part in parts] == [
            [100, 50],
            [1],
            [200],
            [149],
            [2],
        ]

    def test_lines_of_json(self):
        """Lines that are given as JSON text are read for their items and come out as their own bytes."""
        lines = [json.dumps(conversion(100)).encode() + b" " for _ in range(3)]
        assert list(split_bulk(lines)) == [[line] for line in lines]

    def test_odd_items_count_for_nothing(self):
        """What is no list of items has none: splitting is not judging."""
        odd = [{"conversion_items": 7}, {"conversion_items": {}}, {}]
        assert list(split_bulk(odd)) == [odd]

    def test_a_line_that_is_no_json(self):
        """A line that cannot be read is refused when it comes to it, after what comes before it was given."""
        parts = split_bulk([b"{}", b"{"])
        assert next(parts) == [b"{}"]
        with pytest.raises(UnreadablePayload):
            next(parts)


@pytest.mark.parametrize("split", [split_batch, split_bulk])
@pytest.mark.parametrize("odd", [1, "{}", None, [], bytearray(b"{}")])
def test_other_types(split, odd):
    """What is neither a dict nor bytes is misuse, after what comes before it was given."""
    parts = split([{}, odd])
    assert next(parts) == [{}]
    with pytest.raises(WrongArgument):
        next(parts)
