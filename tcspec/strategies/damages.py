"""Events of version 2.0 that are valid but for one error, whose code and place are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from tcspec.strategies.events import STANDARD, event, standard_events, users
from tcspec.strategies.values import numbers, texts, unreadable_timestamps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    Json = dict[str, Any]
    Damage = Callable[[DrawFn, Json, Sequence[str]], tuple[str, str]]


class NearlyValid(NamedTuple):
    """An event with exactly one error, and the code and the JSON Pointer of that error."""

    event: Json
    code: str
    pointer: str


_families = {
    "ad_view": 6,
    "ad_click": 6,
    "login": 1,
    "page_view": 1,
    "search": 1,
    "select_content": 1,
    "sign_up": 1,
}


def nearly_valid(event_name: str | None = None) -> SearchStrategy[NearlyValid]:
    """Return a strategy for standard events with one error, each with its code and pointer.

    Args:
        event_name: the standard event; by default any.
    """
    return _nearly_valid(standard_events() if event_name is None else event(event_name))


@st.composite
def _nearly_valid(draw: DrawFn, valid: SearchStrategy[Json]) -> NearlyValid:
    drawn = draw(valid)
    name = drawn["event_name"]
    # The type of a page_view from a web sender is optional (K053).
    is_required = name in STANDARD and (name != "page_view" or "eventId" not in drawn["context"])
    required = sorted(STANDARD[name]) if is_required else []
    damages = (*_OF_PROPERTIES, *_OF_EVENTS) if required else _OF_EVENTS
    code, pointer = draw(st.sampled_from(damages))(draw, drawn, required)
    return NearlyValid(drawn, code, pointer)


def _without_property(draw: DrawFn, event: Json, required: Sequence[str]) -> tuple[str, str]:
    del event[draw(st.sampled_from(required))]
    return f"TC{_family_of(event)}01", ""


def _with_other_type(draw: DrawFn, event: Json, required: Sequence[str]) -> tuple[str, str]:
    name = draw(st.sampled_from(required))
    # No required property is a boolean or an object.
    event[name] = draw(st.sampled_from((True, {"wrong": "type"})))
    return f"TC{_family_of(event)}02", f"/{name}"


def _without_user(draw: DrawFn, event: Json, _: object) -> tuple[str, str]:
    del event[draw(st.sampled_from(("user", "context")))]
    return "TC101", ""


def _with_invalid_user(draw: DrawFn, event: Json, _: object) -> tuple[str, str]:
    event["user"] = draw(st.one_of(st.none(), texts, st.lists(users(), max_size=1)))
    return "TC102", "/user"


def _without_metadata(draw: DrawFn, event: Json, _: object) -> tuple[str, str]:
    # Either name is enough, so that both have to go.
    for name in draw(st.sampled_from((("event_id", "eventId"), ("event_timestamp", "created")))):
        event["context"].pop(name, None)
    return "TC201", "/context"


def _with_unreadable_timestamp(draw: DrawFn, event: Json, _: object) -> tuple[str, str]:
    event["context"]["event_timestamp"] = draw(unreadable_timestamps)
    return "TC203", "/context/event_timestamp"


def _with_invalid_email(draw: DrawFn, event: Json, _: object) -> tuple[str, str]:
    event["user"]["email"] = draw(st.one_of(st.none(), numbers, st.builds(list)))
    return "TC302", "/user/email"


def _with_invalid_hash(draw: DrawFn, event: Json, _: object) -> tuple[str, str]:
    event["user"]["email_md5"] = draw(st.from_regex("[0-9a-f]{0,31}|[0-9a-f]{33}|[g-z]{32}", fullmatch=True))
    return "TC303", "/user/email_md5"


_OF_PROPERTIES: tuple[Damage, ...] = (_without_property, _with_other_type)
_OF_EVENTS: tuple[Damage, ...] = (
    _without_user,
    _with_invalid_user,
    _without_metadata,
    _with_unreadable_timestamp,
    _with_invalid_email,
    _with_invalid_hash,
)


def _family_of(event: Json) -> int:
    """Return the family of the codes about a standard event's properties."""
    name = event["event_name"]
    return 5 if name.startswith("video_") else _families.get(name, 4)
