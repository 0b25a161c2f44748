"""Valid events of version 2.0.

Written by hand from the pages of the vendor, and not derived from the models, which are tested with them.
"""

from __future__ import annotations

import warnings
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tcspec.rules.known_names import KnownNames
from tcspec.strategies.values import json_values, numbers, texts, valid_timestamps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import DrawFn, SearchStrategy

    Json = dict[str, Any]
    Properties = Mapping[str, SearchStrategy[Any]]

_naturals = st.integers(0, 10**6)
_text_or_texts = st.one_of(st.none(), texts, st.lists(texts, max_size=2))
# Drawn as one value each, not by a regular expression, which draws every character on its own.
_currency = st.text(ascii_uppercase, min_size=3, max_size=3)
_custom_names = texts.map(lambda text: f"x_{text}_")  # the end keeps them from having the suffix of a hash
custom_properties: SearchStrategy[Json] = st.dictionaries(_custom_names, json_values(), max_size=2)


def _object(required: Properties, optional: Properties) -> SearchStrategy[Json]:
    known = st.fixed_dictionaries(dict(required), optional=dict(optional))
    return st.builds(lambda known, custom: known | custom, known, custom_properties)


_hashes = {"email_md5": 16, "email_sha256": 32, "phone_sha256": 32, "anything_md5": 16}


def _hexadecimal(size: int) -> SearchStrategy[str]:
    digits = st.binary(min_size=size, max_size=size).map(bytes.hex)
    return st.one_of(digits, digits.map(str.upper))


_users = _object(
    {},
    {
        "id": texts,
        "email": texts,
        # Only what is no array is an error (K017).
        "consent_categories": st.lists(st.one_of(texts, st.integers(0, 99_999), st.booleans()), max_size=4),
        "consistent_anonymous_id": texts,
        "refused_vendors": st.one_of(st.just("ALL"), st.lists(texts, max_size=2)),
        **{name: _hexadecimal(size) for name, size in _hashes.items()},
    },
)
_products = _object(
    {"id": texts},
    {"name": texts, "price": numbers, "currency": _currency, "colors": st.lists(texts, max_size=2)},
)
_items = st.lists(
    _object(
        {"id": texts, "quantity": numbers, "product": _products},
        {"variant": texts, "list_position": numbers, "price": numbers, "coupon": texts},
    ),
    max_size=2,
)
_pages = _object({}, {"title": texts, "url": texts, "viewport": st.fixed_dictionaries({"width": _naturals})})
_devices = _object({}, {"user_agent": texts, "ip": texts, "lang": texts, "cookie": texts, "timezone": texts})
_server_context: Properties = {"event_id": texts, "event_timestamp": valid_timestamps}
# What the web container sends in place of the documented names.
_web_context: Properties = {"eventId": texts, "created": valid_timestamps, "version": st.just(2)}
_apps = _object({}, {"name": texts, "version": texts})
_extras: Properties = {"page": _pages, "device": _devices, "app": _apps}
contexts: SearchStrategy[Json] = st.one_of(_object(_server_context, _extras), _object(_web_context, _extras))

_money: Properties = {"value": numbers, "currency": _currency}
_play: Properties = {"video_session_id": texts, "cursor_position": _naturals, "total_length": _naturals}
_playback: Properties = {**_play, "content_asset_id": _text_or_texts}
_buffer: Properties = {"video_session_id": texts, "total_length": _naturals, "content_asset_id": _text_or_texts}
_ad: Properties = {**_play, "ad_asset_id": _text_or_texts, "ad_pod_id": _text_or_texts}
_bought: Properties = {"id": texts, "type": texts, "revenue": numbers, **_money}

_ITEM_EVENTS = (
    "add_to_cart",
    "add_to_wishlist",
    "remove_from_cart",
    "select_item",
    "view_cart",
    "view_item",
    "view_item_list",
)
_PLAYBACK = ("start", "pause", "error", "seek_start", "seek_complete", "resume", "complete")
_CONTENT = ("content_start", "content_playing", "content_quarter_reached", "content_complete")
_ADS = ("start", "playing", "stop", "complete", "skip", "break_start", "break_complete", "click")
_SETTINGS = (
    "volume",
    "speed",
    "subtitle_on",
    "subtitle_off",
    "fullscreen_on",
    "fullscreen_off",
    "quality",
    "share",
)

STANDARD: dict[str, Properties] = {
    "add_payment_info": {"payment_method": texts},
    "add_shipping_info": {**_money, "items": _items},
    "begin_checkout": {"revenue": numbers, **_money, "items": _items},
    "purchase": {**_bought, "payment_method": texts, "status": texts, "items": _items},
    "refund": _bought,
    "page_view": {"page_type": texts},
    "search": {"search_term": texts},
    **{name: {"items": _items} for name in _ITEM_EVENTS},
    **{name: {} for name in ("generate_lead", "login", "select_content", "sign_up")},
    **{name: {"medium": texts, "source": texts} for name in ("ad_view", "ad_click")},
    **{f"video_{what}": _playback for what in (*_PLAYBACK, *_CONTENT)},
    **{f"video_{what}": _buffer for what in ("buffer_start", "buffer_complete")},
    **{f"video_ad_{what}": _ad for what in _ADS},
    **{f"video_{what}": _play for what in _SETTINGS},
}
"""Every standard event and its required properties."""

_KNOWN = KnownNames(tuple(STANDARD))

_optional = st.fixed_dictionaries(
    {}, optional={"test_code": texts, "url": texts, "title": texts, "partners": st.builds(dict)}
)


def users() -> SearchStrategy[Json]:
    """Return a strategy for valid users of events, with known and custom properties."""
    return _users


@st.composite
def _events(draw: DrawFn, names: SearchStrategy[str], chosen: Properties) -> Json:
    """Draw a valid event, its keys in any order; the smallest has its name first."""
    name = draw(names)
    own = {**STANDARD.get(name, {}), "user": _users, "context": contexts, **chosen}
    event = {"event_name": name, **draw(_optional), **draw(custom_properties)}
    event |= {key: draw(values) for key, values in own.items()}
    return {key: event[key] for key in draw(st.permutations(list(event)))}


def event(event_name: str, /, **properties: SearchStrategy[Any]) -> SearchStrategy[Json]:
    """Return a strategy for valid events of a name, standard or one's own.

    Args:
        event_name: a standard name brings the required properties of the event.
        properties: strategies that take the place of those for a property, `user` or `context`, or that add one's own
            properties: `event("purchase", currency=st.just("EUR"))`.

    Warns of a name that is close to a standard one: it is legal, and more often a slip.
    """
    if event_name not in STANDARD and (close := _KNOWN.find_same(event_name) or _KNOWN.find_similar(event_name)):
        warnings.warn(f"{event_name!r} is not a standard event; did you mean {close!r}?", stacklevel=2)
    return _events(st.just(event_name), properties)


def standard_events() -> SearchStrategy[Json]:
    """Return a strategy for valid events of any standard name."""
    return _events(st.sampled_from(sorted(STANDARD)), {})


def custom_events() -> SearchStrategy[Json]:
    """Return a strategy for valid events of a custom name."""
    return _events(_custom_names, {})


def events() -> SearchStrategy[Json]:
    """Return a strategy for valid events of version 2.0, standard and custom, of servers, web and mobile clients."""
    return st.one_of(standard_events(), custom_events())
