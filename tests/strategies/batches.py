"""Batches of valid events, of events of every version, with one damaged event, and of events of chosen sizes."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from strategies.events import broken_events, damaged_events, nearly_valid_events, valid_events
from strategies.legacy import mixed_events
from strategies.objects import biased_objects
from tcspec.strategies import legacy_events
from tcspec.strategies.batches import batches_of
from tcspec.strategies.values import scalars, texts

stored_events = st.one_of(legacy_events(), valid_events, mixed_events)
"""Events as they are stored: 1.0 in every dialect, and 2.0."""
any_events = st.one_of(stored_events, nearly_valid_events(), broken_events, biased_objects)
"""Events of both formats, valid and invalid, and objects that are difficult to read as one."""

not_objects = st.one_of(scalars, st.lists(valid_events, max_size=1))
"""JSON values that are not objects."""

MAX_EVENT = 32_768
"""The maximum size of the compact body of an event."""

_members = st.one_of(valid_events, nearly_valid_events(), broken_events, stored_events, biased_objects, not_objects)


valid_batches = batches_of(valid_events)
stored_batches = batches_of(stored_events)
batches = batches_of(_members)
"""Batches that may or may not be valid."""


_heavy_events = st.builds(
    lambda event, size: event | {"x_text_": "x" * size}, valid_events, st.integers(MAX_EVENT + 1, MAX_EVENT + 8000)
)


@st.composite
def damaged_batches(draw):
    """Draw a batch with one damaged member, the index of that, and the code of its only errors."""
    batch = draw(valid_batches)
    not_an_event, too_large = st.tuples(not_objects, st.just("TC009")), st.tuples(_heavy_events, st.just("TC020"))
    member, code = draw(st.one_of(damaged_events(), not_an_event, too_large))
    index = draw(st.integers(0, len(batch["batch"])))
    members = [*batch["batch"][:index], member, *batch["batch"][index:]]
    return batch | {"batch": members}, index, code


not_batches = st.one_of(
    biased_objects,
    st.builds(lambda value: {"batch": value}, st.one_of(scalars, st.dictionaries(texts, scalars, max_size=2))),
)
"""JSON objects that are hardly ever a batch."""


def encode_compact(value):
    """Return a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def sized_event(size, character="x"):
    """Return an event whose compact body has so many bytes, at least 26."""
    length = size - len(encode_compact({"event_name": "x", "t": ""}))
    width = len(character.encode())
    return {"event_name": "x", "t": character * (length // width) + "x" * (length % width)}


_sizes = st.one_of(st.integers(26, MAX_EVENT), st.sampled_from((26, 250, 32_000, MAX_EVENT - 1, MAX_EVENT)))
_characters = st.sampled_from(("x", "é", "日", "😀"))
_runs = st.lists(st.tuples(_sizes, _characters, st.integers(1, 20)), max_size=8)
sized_events = _runs.map(
    lambda runs: [sized_event(size, character) for size, character, count in runs for _ in range(count)]
)
"""Events that may need several batches, each within the limit of an event."""

oversize_events = st.builds(sized_event, st.integers(MAX_EVENT + 1, MAX_EVENT + 2000), _characters)
"""Events that are too large for any batch."""
