"""JSON values of every type, and timestamps in every format."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

EARLIEST_MS, LATEST_MS = 10**11, 10**14
_DAY = 86_400_000

texts: SearchStrategy[str] = st.text(st.characters(codec="utf-8"), max_size=8)
integers = st.one_of(
    st.integers(-3, 12),
    st.integers(-(2**70), 2**70),
    # Beyond what floats, and integers of 64 bits, can have.
    st.sampled_from((2**53 + 1, 2**63, 2**64 + 1, -(2**63) - 1, 10**19, 10**40)),
)
floats = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from((0.0, -0.0, 1.0, 1e-7, 1.1, 1e22, 5e-324, 1.7976931348623157e308)),
)
numbers: SearchStrategy[Any] = st.one_of(integers, floats)
scalars: SearchStrategy[Any] = st.one_of(st.none(), st.booleans(), integers, floats, texts)


def milliseconds() -> SearchStrategy[int]:
    """Draw the readable timestamps in milliseconds."""
    return st.integers(EARLIEST_MS, LATEST_MS - 1)


_in_milliseconds: dict[str, Callable[[int, int], Any]] = {
    "ms": lambda ms, _: ms,
    "digits": lambda ms, rest: "0" * (rest % 4) + str(ms),
    "float": lambda ms, _: float(ms),
}
_in_other_units: dict[str, Callable[[int, int], Any]] = {
    "s": lambda ms, _: ms // 1000,
    "us": lambda ms, rest: ms * 1000 + rest % 1000,
    "ns": lambda ms, rest: str(ms * 10**6 + rest),
}


@st.composite
def timestamps(
    draw: DrawFn, formats: Sequence[str] = (*_in_milliseconds, *_in_other_units, "text")
) -> tuple[int | float | str, int]:
    """Draw a readable timestamp in some format, and its milliseconds."""
    ms, fraction = draw(milliseconds()), draw(st.integers(0, 10**6 - 1))
    format_ = draw(st.sampled_from(formats))
    if format_ == "text":
        # A schema only sees the local date, so the first and last day are left to the fixtures.
        ms = min(max(ms, EARLIEST_MS + _DAY), LATEST_MS - _DAY)
        return _rfc3339(ms, fraction, draw(st.one_of(st.none(), st.integers(-23 * 60 - 59, 23 * 60 + 59)))), ms
    if format_ in _in_other_units:
        # From 2001 to 2286, which have the digits of seconds, microseconds and nanoseconds.
        ms = draw(st.integers(10**12, 10**13 - 1))
        ms -= ms % 1000 if format_ == "s" else 0
    return {**_in_milliseconds, **_in_other_units}[format_](ms, fraction), ms


def _rfc3339(ms: int, fraction: int, minutes: int | None) -> str:
    zone = timezone(timedelta(minutes=minutes or 0))
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=ms // 1000)
    clock = instant.astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")
    offset = "Z"
    if minutes is not None:
        offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    return f"{clock}.{ms % 1000:03}{str(fraction)[: fraction % 7]}{offset}"


readable_timestamps = timestamps().map(lambda drawn: drawn[0])
valid_timestamps = timestamps((*_in_milliseconds, "text")).map(lambda drawn: drawn[0])
"""What the 2.0 format accepts."""
unreadable_timestamps: SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**9 - 1),
    st.sampled_from(((10, 11), (14, 15), (16, 18), (19, 30))).flatmap(
        lambda digits: st.integers(10 ** digits[0], 10 ** digits[1] - 1)
    ),
    st.sampled_from(
        (
            "",
            "now",
            "2024-06-10",
            "2024-06-10T08:00:00",
            "2023-02-29T08:00:00Z",
            "2024-06-10 08:00:00Z",
            "1718006400.5",
        )
    ),
    st.builds(lambda: [1718006400000]),
    st.builds(dict),
)


def json_values(keys: SearchStrategy[str] = texts, max_leaves: int = 6) -> SearchStrategy[Any]:
    """Draw any JSON value whose objects have such keys."""
    return st.recursive(
        scalars,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=3)),
        max_leaves=max_leaves,
    )
