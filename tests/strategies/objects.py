"""JSON objects that are difficult to upgrade: reserved names, collisions, unusual types."""

from __future__ import annotations

from hypothesis import strategies as st

from tcspec.strategies.values import json_values, readable_timestamps, scalars, texts, unreadable_timestamps

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
unusual_values = st.one_of(
    scalars, readable_timestamps, unreadable_timestamps, st.just(1), st.just(1.0), json_values(names, 4)
)


def _nested(*keys):
    """Draw an object that probably has some of these keys."""
    likely = dict.fromkeys(keys, unusual_values)
    return st.builds(
        lambda known, more: more | known,
        st.fixed_dictionaries({}, optional=likely),
        st.dictionaries(names, unusual_values, max_size=3),
    )


_page = _nested("url", "location")
_location = st.builds(
    lambda page, location: page | {"location": location}, _page, st.one_of(texts, _nested("href"), unusual_values)
)
_categories = st.lists(st.one_of(st.integers(-5, 99_999), st.just(10**30), unusual_values), max_size=4)
_user = st.one_of(
    unusual_values,
    _nested("id"),
    st.builds(lambda user, c: user | {"consent_categories": c}, _nested("id"), _categories),
)
_device = st.one_of(unusual_values, _nested("userAgent", "user_agent", "cookies", "cookie", "ip", "lang"))
_context = st.one_of(
    unusual_values, _nested("event_id", "eventId", "event_timestamp", "created", "legacy", "page", "device")
)
_LIKELY = {
    "page": st.one_of(_page, _location, unusual_values),
    "device": _device,
    "user": _user,
    "version": st.one_of(st.just(1), unusual_values),
    "event_timestamp": st.one_of(readable_timestamps, unreadable_timestamps),
    "batch": st.one_of(
        st.lists(st.one_of(_nested("event_name", "event_id", "properties"), unusual_values)), unusual_values
    ),
}


@st.composite
def _objects(draw, *, nested, contexts):
    drawn = {}
    for name in draw(st.lists(names, max_size=9, unique=True)):
        if name == "properties" and nested:
            drawn[name] = draw(st.one_of(_objects(nested=False, contexts=_context), unusual_values))
        elif name == "context":
            drawn[name] = draw(contexts)
        else:
            drawn[name] = draw(_LIKELY.get(name, unusual_values))
    return drawn


biased_objects = st.one_of(
    _objects(nested=True, contexts=_context),
    st.builds(
        lambda root, properties: root | {"properties": properties},
        _objects(nested=True, contexts=unusual_values),
        _objects(nested=True, contexts=_context),
    ),
)
"""Any JSON object, of no particular version."""
