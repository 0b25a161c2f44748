"""Properties of batches, and of payloads that are split into several requests."""

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
    MAX_EVENT,
    batches,
    damaged_batches,
    encode_compact,
    oversize_events,
    sized_events,
    stored_batches,
    valid_batches,
)
from strategies.documents import serialized


@pytest.mark.slow
class TestBatches:
    """A batch is validated and upgraded as its events."""

    @given(batches)
    def test_validated_as_its_events(self, batch):
        """The violations of a batch are those of its events, below the pointers of the events."""
        of_events = [
            (violation.code, f"/batch/{index}{violation.pointer}", violation.message)
            for index, event in enumerate(batch["batch"])
            for violation in tcspec.validate(encode_compact(event), "event")
        ]
        assert [(v.code, v.pointer, v.message) for v in tcspec.validate(batch, "batch")] == of_events

    @given(damaged_batches())
    def test_errors_are_in_their_event(self, damaged):
        """The error of one event of a batch is reported in that event and in no other."""
        batch, index, code = damaged
        found = [violation for violation in tcspec.validate(batch) if violation.severity is tcspec.Severity.ERROR]
        assert {violation.code for violation in found} == {code}
        assert all(f"{violation.pointer}/".startswith(f"/batch/{index}/") for violation in found)

    @given(valid_batches)
    def test_detected(self, batch):
        """A payload with an array of events under `batch` is a batch, whatever custom properties it has."""
        assert tcspec.detect(batch) == tcspec.Detected("batch", "2.0", "v2_batch")
        assert tcspec.validate(batch) == []

    @given(stored_batches)
    def test_upgraded_as_its_events(self, batch):
        """Upgrading a batch upgrades each of its events and nothing else, and is idempotent."""
        before = copy.deepcopy(batch)
        upgraded = tcspec.upgrade(batch)
        expected = batch | {"batch": [tcspec.upgrade(event) for event in batch["batch"]]}
        assert json.dumps(upgraded) == json.dumps(expected)
        assert json.dumps(tcspec.upgrade(upgraded)) == json.dumps(upgraded)
        assert json.dumps(batch) == json.dumps(before)

    @given(stored_batches)
    def test_inverse(self, batch):
        """The patch turns the batch into the upgraded batch, and the inverse patch restores it."""
        trace = tcspec.trace_upgrade(batch)
        assert trace.event == tcspec.upgrade(batch)
        assert jsonpatch.apply_patch(batch, trace.patch) == trace.event
        restored = jsonpatch.apply_patch(trace.event, trace.inverse)
        assert json.dumps(restored, sort_keys=True) == json.dumps(batch, sort_keys=True)

    @given(serialized(stored_batches))
    def test_bytes(self, drawn):
        """Any JSON text of a batch is upgraded to the value of its dict, and is idempotent."""
        batch, raw = drawn
        upgraded = tcspec.upgrade_json(raw)
        assert json.dumps(json.loads(upgraded)) == json.dumps(tcspec.upgrade(batch))
        assert tcspec.upgrade_json(upgraded) == upgraded


def body_size(part):
    """Return the size of the body with a part of a split batch."""
    return len(encode_compact({"batch": part}))


_items = st.lists(
    st.one_of(st.integers(0, 160), st.integers(0, 40), st.sampled_from((0, 1, 75, 149, 150, 151))), max_size=40
)


def size_codes(size, safe, hard):
    """Return the expected codes of a size: a warning above the safe limit, an error above the hard one."""
    return ["TC020"] if size > hard else ["TC021"] * (size > safe)


@pytest.mark.slow
@given(sized_events)
def test_sizes_of_a_batch_and_of_its_events(events):
    """A batch has limits of 500,000 and 512,000 bytes, and each event in it those of an event."""
    batch = {"batch": events}
    found = [(v.code, v.pointer) for v in tcspec.validate(batch, "batch") if v.code in {"TC020", "TC021"}]
    of_events = [size_codes(len(encode_compact(event)), 32_000, 32_768) for event in events]
    assert found == [
        *((code, "") for code in size_codes(len(encode_compact(batch)), 500_000, 512_000)),
        *((code, f"/batch/{index}") for index, codes in enumerate(of_events) for code in codes),
    ]


@pytest.mark.slow
class TestSplitting:
    """Parts of what is too large for one request."""

    @given(sized_events)
    def test_batches(self, events):
        """Parts concatenate to the events, none is empty, each body fits, and none has space for one more event."""
        parts = list(tcspec.split_batch(events))
        note(f"parts: {min(len(parts), 4)}")
        assert [event for part in parts for event in part] == events
        assert all(parts)
        assert all(body_size(part) <= 500_000 for part in parts)
        assert all(body_size([*part, after[0]]) > 500_000 for part, after in pairwise(parts))
        assert all(tcspec.check_size({"batch": part}, "batch") == [] for part in parts)
        texts = list(map(encode_compact, events))
        assert list(tcspec.split_batch(texts)) == [list(map(encode_compact, part)) for part in parts]

    @given(sized_events, oversize_events, sized_events)
    def test_oversize_events(self, before, oversize, after):
        """The first event above 32,768 bytes is reported by its index, after the parts before it."""
        events = []
        with pytest.raises(tcspec.OversizeEvent) as raised:
            events.extend(event for part in tcspec.split_batch([*before, oversize, *after]) for event in part)
        assert raised.value.index == len(before)
        assert (raised.value.size, raised.value.limit) == (len(encode_compact(oversize)), MAX_EVENT)

    @given(sized_events.filter(bool))
    def test_endless_events(self, events):
        """A part is yielded as soon as an event does not fit, so that the events need not end."""
        consumed = []

        def endless():
            for event in cycle(events):
                consumed.append(event)
                yield event

        yielded = 0
        for part in islice(tcspec.split_batch(endless()), 2):
            yielded += len(part)
            assert len(consumed) == yielded + 1

    @given(_items, st.integers(0, 2500))
    @example([], 2000)
    @example([150, 0, 1], 999)
    def test_bulk_requests(self, items, plain):
        """Parts concatenate to the objects, and each has as many as fit into 1,000 lines and 150 items."""
        objects = [{"id": str(i), "conversion_items": [{}] * count} for i, count in enumerate(items)]
        objects += [{"id": f"p{number}"} for number in range(plain)]
        parts = list(tcspec.split_bulk(objects))
        note(f"parts: {min(len(parts), 4)}")
        assert [each for part in parts for each in part] == objects
        assert all(parts)
        assert all(fits(part) or len(part) == 1 for part in parts)
        assert all(not fits([*part, after[0]]) for part, after in pairwise(parts))


def fits(part):
    """Return whether objects fit into one bulk request."""
    return len(part) <= 1_000 and sum(len(each.get("conversion_items", ())) for each in part) <= 150
