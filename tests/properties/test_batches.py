"""The laws of batches, and of what is split into several requests, tried on drawn events and objects."""

from __future__ import annotations

import copy
import json
from itertools import cycle, islice, pairwise

import jsonpatch
import pytest
from hypothesis import event as note
from hypothesis import example, given
from hypothesis import strategies as st

import tcspec
from strategies.batches import (
    LARGEST,
    batches,
    compact,
    damaged_batches,
    oversize_events,
    sized_events,
    stored_batches,
    valid_batches,
)
from strategies.documents import serialized


class TestBatches:
    """A batch is its events."""

    @given(batches)
    def test_a_batch_is_judged_as_its_events(self, batch):
        """What is found in a batch is what is found in each of its events, below the place of that event."""
        of_events = [
            (violation.code, f"/batch/{index}{violation.pointer}", violation.message)
            for index, event in enumerate(batch["batch"])
            for violation in tcspec.validate(compact(event), "event")
        ]
        assert [(v.code, v.pointer, v.message) for v in tcspec.validate(batch, "batch")] == of_events

    @given(damaged_batches())
    def test_damage_is_found_in_its_event(self, damaged):
        """What is wrong with one event of a batch is found in that event and in no other."""
        batch, index, code = damaged
        found = [violation for violation in tcspec.validate(batch) if violation.severity is tcspec.Severity.ERROR]
        assert {violation.code for violation in found} == {code}
        assert all(f"{violation.pointer}/".startswith(f"/batch/{index}/") for violation in found)

    @given(valid_batches)
    def test_batches_are_detected(self, batch):
        """A list of events under `batch` shows a batch, whatever stands beside it under names of its own."""
        assert tcspec.detect(batch) == tcspec.Detected("batch", "2.0", "v2_batch")
        assert tcspec.validate(batch) == []

    @given(stored_batches)
    def test_a_batch_is_upgraded_as_its_events(self, batch):
        """Upgrading a batch upgrades each of its events and nothing else, and doing it again changes nothing."""
        before = copy.deepcopy(batch)
        upgraded = tcspec.upgrade(batch)
        expected = batch | {"batch": [tcspec.upgrade(event) for event in batch["batch"]]}
        assert json.dumps(upgraded) == json.dumps(expected)
        assert json.dumps(tcspec.upgrade(upgraded)) == json.dumps(upgraded)
        assert json.dumps(batch) == json.dumps(before)

    @given(stored_batches)
    def test_an_upgrade_of_a_batch_is_undone_by_its_inverse(self, batch):
        """The patch makes the upgraded batch of the batch, and the inverse makes the batch of the upgraded one."""
        trace = tcspec.trace_upgrade(batch)
        assert trace.event == tcspec.upgrade(batch)
        assert jsonpatch.apply_patch(batch, trace.patch) == trace.event
        undone = jsonpatch.apply_patch(trace.event, trace.inverse)
        assert json.dumps(undone, sort_keys=True) == json.dumps(batch, sort_keys=True)

    @given(serialized(stored_batches))
    def test_batches_are_upgraded_alike_on_bytes(self, spelt_batch):
        """However a batch is spelt, its bytes are upgraded to the value of its dict, and these to themselves."""
        batch, raw = spelt_batch
        upgraded = tcspec.upgrade_json(raw)
        assert json.dumps(json.loads(upgraded)) == json.dumps(tcspec.upgrade(batch))
        assert tcspec.upgrade_json(upgraded) == upgraded


def body(part):
    """Count the bytes of the body that a part of a split batch makes."""
    return len(compact({"batch": part}))


_items = st.lists(
    st.one_of(st.integers(0, 160), st.integers(0, 40), st.sampled_from((0, 1, 75, 149, 150, 151))), max_size=40
)


def size_codes(size, safe, hard):
    """Give the codes of a size, as the facts have it: a warning over the one limit, an error over the other."""
    return ["TC020"] if size > hard else ["TC021"] * (size > safe)


@given(sized_events)
def test_sizes_of_a_batch_and_of_its_events(events):
    """A batch is held against its own limits, 500,000 and 512,000 bytes, and each event in it against those of one."""
    batch = {"batch": events}
    found = [(v.code, v.pointer) for v in tcspec.validate(batch, "batch") if v.code in {"TC020", "TC021"}]
    of_events = [size_codes(len(compact(event)), 32_000, 32_768) for event in events]
    assert found == [
        *((code, "") for code in size_codes(len(compact(batch)), 500_000, 512_000)),
        *((code, f"/batch/{index}") for index, codes in enumerate(of_events) for code in codes),
    ]


class TestSplitting:
    """Parts of what is too much for one request."""

    @given(sized_events)
    def test_batches(self, events):
        """Parts concatenate to the events, none is empty, each body fits, and none could have taken one event more."""
        parts = list(tcspec.split_batch(events))
        note(f"parts: {min(len(parts), 4)}")
        assert [event for part in parts for event in part] == events
        assert all(parts)
        assert all(body(part) <= 500_000 for part in parts)
        assert all(body([*part, after[0]]) > 500_000 for part, after in pairwise(parts))
        assert all(tcspec.check_size({"batch": part}, "batch") == [] for part in parts)
        texts = list(map(compact, events))
        assert list(tcspec.split_batch(texts)) == [list(map(compact, part)) for part in parts]

    @given(sized_events, oversize_events, sized_events)
    def test_an_event_that_fits_in_no_batch(self, before, oversize, after):
        """The first event over 32,768 bytes is named by its place, when all events before it were given."""
        given_so_far = []
        with pytest.raises(tcspec.OversizeEvent) as raised:
            given_so_far.extend(event for part in tcspec.split_batch([*before, oversize, *after]) for event in part)
        assert raised.value.index == len(before)
        assert (raised.value.size, raised.value.limit) == (len(compact(oversize)), LARGEST)

    @given(sized_events.filter(bool))
    def test_endless_events(self, events):
        """A part is given when the event is seen that does not fit any more, so that events may have no end."""
        seen = []

        def endless():
            for event in cycle(events):
                seen.append(event)
                yield event

        given_so_far = 0
        for part in islice(tcspec.split_batch(endless()), 2):
            given_so_far += len(part)
            assert len(seen) == given_so_far + 1

    @given(_items, st.integers(0, 2500))
    @example([], 2000)
    @example([150, 0, 1], 999)
    def test_bulk_requests(self, items, plain):
        """Parts concatenate to the objects, and each has as many as 1,000 lines and 150 items leave room for."""
        objects = [{"id": str(i), "conversion_items": [{}] * count} for i, count in enumerate(items)]
        objects += [{"id": f"p{number}"} for number in range(plain)]
        parts = list(tcspec.split_bulk(objects))
        note(f"parts: {min(len(parts), 4)}")
        assert [each for part in parts for each in part] == objects
        assert all(parts)
        assert all(fits(part) or len(part) == 1 for part in parts)
        assert all(not fits([*part, after[0]]) for part, after in pairwise(parts))


def fits(part):
    """Tell whether objects fit in one bulk request."""
    return len(part) <= 1_000 and sum(len(each.get("conversion_items", ())) for each in part) <= 150
