"""Valid events of version 1.0, in every dialect of the vendor's history and of its clients."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from tcspec.errors import UnknownKind
from tcspec.strategies.events import STANDARD, custom_properties, users
from tcspec.strategies.values import milliseconds, readable_timestamps, texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    Properties = Mapping[str, SearchStrategy[Any]]

_digits = milliseconds().map(str)
_location: SearchStrategy[Any] = st.one_of(texts, st.fixed_dictionaries({"href": texts}, optional={"hostname": texts}))
_page = st.fixed_dictionaries({}, optional={"title": texts, "url": texts, "location": _location, "lang": texts})
_old_device = st.fixed_dictionaries({}, optional={"userAgent": texts, "ip": texts, "cookies": texts})
_device = st.fixed_dictionaries({}, optional={"user_agent": texts, "ip": texts, "cookie": texts, "sdk_id": texts})
_phone = st.fixed_dictionaries(
    {"sdk_id": texts},
    optional={
        "user_agent": texts,
        "timezone": texts,
        # A string, as early mobile releases send it.
        "lifecycle": st.fixed_dictionaries({"visit_number": st.just("9")}),
    },
)
_app = st.fixed_dictionaries({"name": texts}, optional={"version": texts, "namespace": texts})
_versions: Properties = {"generatorVersion": texts, "containerVersion": texts}
# What Android 5.3.0 to 5.4.1 send as the user, with the quotes.
_waiting = st.just('"{waiting_for_consent}"')

DIALECTS: dict[str, tuple[str, Properties, Mapping[str, SearchStrategy[Any] | None]]] = {
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
        {"event_id": texts, "user": users(), "device": _phone, "app": _app, "event_timestamp": milliseconds()},
        # At the root only, and not in the properties.
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


def legacy_events(dialect: str | Sequence[str] = ()) -> SearchStrategy[dict[str, Any]]:
    """Return a strategy for events of version 1.0; properties that are required in 2.0 may be missing.

    Args:
        dialect: one or several of the historic spellings, such as "v1_http" or "web_container"; by default all. Each
            is valid as 1.0 but `android_waiting`, whose user is a string while the consent is unknown.

    Raises:
        UnknownKind: when there is no such dialect.
    """
    requested = (dialect,) if isinstance(dialect, str) else tuple(dialect)
    for name in requested:
        if name not in DIALECTS:
            raise UnknownKind(name, tuple(DIALECTS))
    return _legacy_events(requested or tuple(DIALECTS))


@st.composite
def _legacy_events(draw: DrawFn, dialects: Sequence[str]) -> dict[str, Any]:
    key, root, own = DIALECTS[draw(st.sampled_from(dialects))]
    name = draw(st.one_of(st.sampled_from(sorted(STANDARD)), texts.map(lambda text: f"x_{text}")))
    known = STANDARD.get(name, {})
    chosen = draw(st.sets(st.sampled_from(sorted(known)))) if known else ()
    properties = {prop: draw(known[prop]) for prop in sorted(chosen)} | draw(custom_properties)
    for prop, values in {"user": users(), **own}.items():
        if values is not None:
            properties[prop] = draw(values)
    event = {key: name, "properties": properties} | {name: draw(values) for name, values in root.items()}
    return {name: event[name] for name in draw(st.permutations(list(event)))}
