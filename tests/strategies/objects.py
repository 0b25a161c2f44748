"""JSON objects biased to what an upgrade could stumble over: reserved names, collisions, odd types."""

from __future__ import annotations

from hypothesis import strategies as st

from strategies.values import json_values, readable_times, scalars, texts, unreadable_times

RESERVED = (
    *(
        "event_name",
        "event",
        "event_id",
        "event_Id",
        "eventId",
        "event_timestamp",
        "eventTimestamp",
        "version",
    ),
    *("user", "integrations", "partners", "userAgent", "ip", "locale", "page", "device", "app"),
    *(
        "generatorVersion",
        "containerVersion",
        "context",
        "properties",
        "legacy",
        "created",
        "cookies",
        "cookie",
    ),
    *(
        "location",
        "href",
        "url",
        "consent_categories",
        "user_agent",
        "lang",
        "set_aside",
        "source",
        "batch",
        "",
        "a/b",
        "~1",
    ),
)
names = st.one_of(st.sampled_from(RESERVED), texts)
odd_values = st.one_of(scalars, readable_times, unreadable_times, st.just(1), st.just(1.0), json_values(names, 4))


def _nested(*keys):
    """Draw an object in which the keys that matter are likely."""
    likely = dict.fromkeys(keys, odd_values)
    return st.builds(
        lambda known, more: more | known,
        st.fixed_dictionaries({}, optional=likely),
        st.dictionaries(names, odd_values, max_size=3),
    )


_page = _nested("url", "location")
_location = st.builds(
    lambda page, location: page | {"location": location}, _page, st.one_of(texts, _nested("href"), odd_values)
)
_categories = st.lists(st.one_of(st.integers(-5, 99_999), st.just(10**30), odd_values), max_size=4)
_user = st.one_of(
    odd_values,
    _nested("id"),
    st.builds(lambda user, c: user | {"consent_categories": c}, _nested("id"), _categories),
)
_device = st.one_of(odd_values, _nested("userAgent", "user_agent", "cookies", "cookie", "ip", "lang"))
_context = st.one_of(
    odd_values, _nested("event_id", "eventId", "event_timestamp", "created", "legacy", "page", "device")
)
_LIKELY = {
    "page": st.one_of(_page, _location, odd_values),
    "device": _device,
    "user": _user,
    "version": st.one_of(st.just(1), odd_values),
    "event_timestamp": st.one_of(readable_times, unreadable_times),
    "batch": st.one_of(st.lists(st.one_of(_nested("event_name", "event_id", "properties"), odd_values)), odd_values),
}


@st.composite
def _objects(draw, *, nested, contexts):
    drawn = {}
    for name in draw(st.lists(names, max_size=9, unique=True)):
        if name == "properties" and nested:
            drawn[name] = draw(st.one_of(_objects(nested=False, contexts=_context), odd_values))
        elif name == "context":
            drawn[name] = draw(contexts)
        else:
            drawn[name] = draw(_LIKELY.get(name, odd_values))
    return drawn


biased_objects = st.one_of(
    _objects(nested=True, contexts=_context),
    st.builds(
        lambda root, properties: root | {"properties": properties},
        _objects(nested=True, contexts=odd_values),
        _objects(nested=True, contexts=_context),
    ),
)
"""Any JSON object, of no version in particular."""
