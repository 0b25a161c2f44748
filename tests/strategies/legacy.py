"""Valid events of version 1.0, in every dialect of the vendor's history and of its clients."""

from __future__ import annotations

from hypothesis import strategies as st

from strategies.events import STANDARD, contexts, custom_properties, users
from strategies.values import milliseconds, readable_timestamps, texts

_digits = milliseconds().map(str)
_location = st.one_of(texts, st.fixed_dictionaries({"href": texts}, optional={"hostname": texts}))
_page = st.fixed_dictionaries({}, optional={"title": texts, "url": texts, "location": _location, "lang": texts})
_old_device = st.fixed_dictionaries({}, optional={"userAgent": texts, "ip": texts, "cookies": texts})
_device = st.fixed_dictionaries({}, optional={"user_agent": texts, "ip": texts, "cookie": texts, "sdk_id": texts})
_phone = st.fixed_dictionaries(
    {"sdk_id": texts},
    optional={
        "user_agent": texts,
        "timezone": texts,
        "lifecycle": st.fixed_dictionaries({"visit_number": st.just("9")}),
    },
)
_app = st.fixed_dictionaries({"name": texts}, optional={"version": texts, "namespace": texts})
_versions = {"generatorVersion": texts, "containerVersion": texts}
_waiting = st.just('"{waiting_for_consent}"')

DIALECTS = {
    "v0_track": ("event", {}, {}),
    "v0_source": (
        "event",
        {
            "eventId": texts,
            "source": st.fixed_dictionaries({"name": st.just("till")}),
            "eventTimestamp": readable_timestamps,
        },
        {},
    ),
    "v0_camel": ("event", {"eventId": texts, "eventTimestamp": readable_timestamps, "device": _old_device}, {}),
    "v0_snake": ("event", {"event_id": texts, "event_timestamp": _digits, "device": _old_device}, {}),
    "v0_capital": ("event", {"event_Id": texts, "event_timestamp": _digits}, {}),
    "v1_http": (
        "event_name",
        {"event_id": texts, "event_timestamp": milliseconds(), "page": _page, "device": _device},
        {},
    ),
    "v1_mobile": (
        "event_name",
        {"event_id": texts, "event_timestamp": _digits, "device": _phone, "app": _app},
        {},
    ),
    "v1_web_early": (
        "event_name",
        {"event_id": texts, "event_timestamp": _digits, "locale": texts, "userAgent": texts},
        {"url": texts, "path": texts, "title": texts, "referrer": texts},
    ),
    "v1_web": (
        "event_name",
        {"event_id": texts, "event_timestamp": _digits, "page": _page, "device": _device, **_versions},
        {"url": texts, "path": texts},
    ),
    "v1_migration_guide": ("event_name", {"event_timestamp": milliseconds(), "page": _page}, {}),
    "android_user_at_root": (
        "event_name",
        {"event_id": texts, "user": users, "device": _phone, "app": _app, "event_timestamp": milliseconds()},
        {"user": None},
    ),
    "android": (
        "event_name",
        {"event_id": texts, "device": _phone, "app": _app, "event_timestamp": milliseconds()},
        {},
    ),
    "android_waiting": (
        "event_name",
        {"event_id": texts, "device": _phone, "app": _app, "event_timestamp": milliseconds()},
        {"user": _waiting},
    ),
    "web_container": (
        "event",
        {"eventId": texts, "version": st.just(1), "page": _page, "device": _device, **_versions},
        {"created": readable_timestamps},
    ),
}
"""Each dialect: the key of the event's name, the root keys, and the properties."""


@st.composite
def legacy_events(draw, dialects=tuple(DIALECTS)):
    """Draw an event of a dialect; properties that are required in 2.0 may be missing."""
    key, root, own = DIALECTS[draw(st.sampled_from(dialects))]
    name = draw(st.one_of(st.sampled_from(sorted(STANDARD)), texts.map(lambda text: f"x_{text}")))
    known = STANDARD.get(name, {})
    chosen = draw(st.sets(st.sampled_from(sorted(known)))) if known else ()
    properties = {prop: draw(known[prop]) for prop in sorted(chosen)} | draw(custom_properties)
    for prop, values in ({"user": users} | own).items():
        if values is not None:
            properties[prop] = draw(values)
    event = {key: name, "properties": properties} | {name: draw(values) for name, values in root.items()}
    return {name: event[name] for name in draw(st.permutations(list(event)))}


with_object_user = tuple(dialect for dialect in DIALECTS if dialect != "android_waiting")
"""The dialects that are valid 1.0; in the others `user` is a string while the consent is unknown."""

mixed_events = st.builds(lambda event, context: event | {"context": context}, legacy_events(), contexts)
"""Events of 1.0 with a context, which makes them 2.0."""
