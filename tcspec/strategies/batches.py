"""Batches of events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tcspec.strategies.events import custom_properties, events

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy


def batches(max_size: int = 3) -> SearchStrategy[dict[str, Any]]:
    """Return a strategy for valid batches of up to so many valid events."""
    return batches_of(events(), max_size)


@st.composite
def batches_of(draw: DrawFn, members: SearchStrategy[Any], max_size: int = 3) -> dict[str, Any]:
    """Draw a batch of such members, with custom properties, its keys in any order."""
    batch = draw(custom_properties) | {"batch": draw(st.lists(members, max_size=max_size))}
    return {key: batch[key] for key in draw(st.permutations(list(batch)))}
