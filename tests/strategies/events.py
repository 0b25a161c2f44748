"""Events of version 2.0: valid, nearly valid, and with one error of a known code."""

from __future__ import annotations

import copy

from hypothesis import strategies as st

from strategies.values import json_values, numbers, texts, unreadable_timestamps, valid_timestamps

_naturals = st.integers(0, 10**6)
_text_or_texts = st.one_of(st.none(), texts, st.lists(texts, max_size=2))
_currency = st.from_regex("[A-Z]{3}", fullmatch=True)
_custom_names = texts.map(lambda text: f"x_{text}_")  # the end keeps them from having the suffix of a hash
custom_properties = st.dictionaries(_custom_names, json_values(), max_size=2)


def _object(required, optional):
    return st.builds(
        lambda known, custom: known | custom,
        st.fixed_dictionaries(required, optional=optional),
        custom_properties,
    )


_hashes = {"email_md5": 32, "email_sha256": 64, "phone_sha256": 64, "anything_md5": 32}
users = _object(
    {},
    {
        "id": texts,
        "email": texts,
        "consent_categories": st.lists(st.one_of(texts, st.integers(0, 99_999), st.booleans()), max_size=4),
        "consistent_anonymous_id": texts,
        "refused_vendors": st.one_of(st.just("ALL"), st.lists(texts, max_size=2)),
        **{name: st.from_regex(f"[0-9a-fA-F]{{{size}}}", fullmatch=True) for name, size in _hashes.items()},
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
_server_context = {"event_id": texts, "event_timestamp": valid_timestamps}
_web_context = {"eventId": texts, "created": valid_timestamps, "version": st.just(2)}
_context_extras = {"page": _pages, "device": _devices, "app": _object({}, {"name": texts, "version": texts})}
contexts = st.one_of(_object(_server_context, _context_extras), _object(_web_context, _context_extras))

_money = {"value": numbers, "currency": _currency}
_play = {"video_session_id": texts, "cursor_position": _naturals, "total_length": _naturals}
_playback = {**_play, "content_asset_id": _text_or_texts}
_buffer = {"video_session_id": texts, "total_length": _naturals, "content_asset_id": _text_or_texts}
_ad = {**_play, "ad_asset_id": _text_or_texts, "ad_pod_id": _text_or_texts}
_bought = {"id": texts, "type": texts, "revenue": numbers, **_money}

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

STANDARD = {
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

_families = {
    "ad_view": 6,
    "ad_click": 6,
    "login": 1,
    "page_view": 1,
    "search": 1,
    "select_content": 1,
    "sign_up": 1,
}


def family_of(name):
    """Return the family of the codes about a standard event's properties."""
    return 5 if name.startswith("video_") else _families.get(name, 4)


_optional = st.fixed_dictionaries(
    {}, optional={"test_code": texts, "url": texts, "title": texts, "partners": st.builds(dict)}
)


def _shuffled(draw, event):
    return {key: event[key] for key in draw(st.permutations(list(event)))}


@st.composite
def standard_events(draw, name=None):
    """Draw a valid standard event, of any name unless one is required, its keys in any order."""
    name = name or draw(st.sampled_from(sorted(STANDARD)))
    own = {key: draw(values) for key, values in STANDARD[name].items()}
    event = {"event_name": name, **draw(_optional), **own, **draw(custom_properties)}
    return _shuffled(draw, event | {"user": draw(users), "context": draw(contexts)})


@st.composite
def custom_events(draw):
    """Draw a valid custom event."""
    event = {"event_name": draw(_custom_names), **draw(custom_properties), **draw(_optional)}
    return _shuffled(draw, event | {"user": draw(users), "context": draw(contexts)})


valid_events = st.one_of(standard_events(), custom_events())


def iter_paths(value, before=()):
    """Yield the paths of everything in a JSON value."""
    yield before
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from iter_paths(child, (*before, key))


def replace_value(event, path, value):
    """Return a copy of an event with another value at a path, which is not the root."""
    event = copy.deepcopy(event)
    container = event
    for key in path[:-1]:
        container = container[key]
    container[path[-1]] = value
    return event


@st.composite
def nearly_valid_events(draw):
    """Draw a valid event in which one value is replaced by any JSON value."""
    event = draw(valid_events)
    path = draw(st.sampled_from([path for path in iter_paths(event) if path]))
    return replace_value(event, path, draw(st.one_of(json_values(), unreadable_timestamps)))


@st.composite
def damaged_events(draw):
    """Draw a standard event with one error, and its code."""
    event = draw(standard_events())
    name = event["event_name"]
    # The type of a page_view from a web sender is optional (K053).
    required = sorted(STANDARD[name]) if name != "page_view" or "eventId" not in event["context"] else []
    damages = (*_DAMAGES, _without_property, _with_other_type) if required else _DAMAGES
    code = draw(st.sampled_from(damages))(draw, event, required)
    return event, code


def _without_user(draw, event, _):
    del event[draw(st.sampled_from(("user", "context")))]
    return "TC101"


def _with_invalid_user(draw, event, _):
    event["user"] = draw(st.one_of(st.none(), texts, st.lists(users, max_size=1)))
    return "TC102"


def _without_metadata(draw, event, _):
    for name in draw(st.sampled_from((("event_id", "eventId"), ("event_timestamp", "created")))):
        event["context"].pop(name, None)
    return "TC201"


def _with_unreadable_timestamp(draw, event, _):
    event["context"]["event_timestamp"] = draw(unreadable_timestamps)
    return "TC203"


def _with_invalid_email(draw, event, _):
    event["user"]["email"] = draw(st.one_of(st.none(), numbers, st.builds(list)))
    return "TC302"


def _with_invalid_hash(draw, event, _):
    event["user"]["email_md5"] = draw(st.from_regex("[0-9a-f]{0,31}|[0-9a-f]{33}|[g-z]{32}", fullmatch=True))
    return "TC303"


def _without_property(draw, event, required):
    del event[draw(st.sampled_from(required))]
    return f"TC{family_of(event['event_name'])}01"


def _with_other_type(draw, event, required):
    event[draw(st.sampled_from(required))] = draw(st.sampled_from((True, {"wrong": "type"})))
    return f"TC{family_of(event['event_name'])}02"


_DAMAGES = (
    _without_user,
    _with_invalid_user,
    _without_metadata,
    _with_unreadable_timestamp,
    _with_invalid_email,
    _with_invalid_hash,
)
