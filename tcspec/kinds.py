"""The kinds of payloads and the versions of their formats, as values in one table."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tcspec.errors import UnknownKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Payload = Mapping[str, Any]
    Sign = Callable[[Payload], bool]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a kind's format, and the file of its published schema."""

    kind: str
    name: str

    @property
    def schema(self) -> str:
        """Give the path of the published schema below the folder of schemas."""
        return f"{self.kind}/{self.name}.json"


EVENT_1_0 = Version("event", "1.0")
EVENT_2_0 = Version("event", "2.0")
BATCH_2_0 = Version("batch", "2.0")
PIXEL_2_0 = Version("pixel", "2.0")
USER_1_0 = Version("user", "1.0")
PRODUCT_2_0 = Version("product", "2.0")
CONVERSION_2_0 = Version("conversion", "2.0")

VERSIONS: Mapping[str, tuple[Version, ...]] = MappingProxyType(
    {
        "event": (EVENT_1_0, EVENT_2_0),
        "batch": (BATCH_2_0,),
        "pixel": (PIXEL_2_0,),
        "user": (USER_1_0,),
        "product": (PRODUCT_2_0,),
        "conversion": (CONVERSION_2_0,),
    }
)
"""The versions of each kind, the newest last."""

BULK_KINDS = ("product", "conversion")
"""The kinds that are sent many at a time, one a line."""


def version_of(kind: str, name: str | None = None) -> Version:
    """Find a version of a kind, the newest when no name is given.

    Raises:
        UnknownKind: when tcspec knows no such kind or version.
    """
    if kind not in VERSIONS:
        raise UnknownKind(kind, tuple(VERSIONS))
    known = {version.name: version for version in VERSIONS[kind]}
    if name is None:
        return VERSIONS[kind][-1]
    if name not in known:
        raise UnknownKind(f"{kind}/{name}", tuple(f"{kind}/{each}" for each in known))
    return known[name]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A historic spelling of a version: who sends it, and the signs that show it."""

    id: str
    version: str | None
    sender: str
    signs: tuple[Sign, ...] = ()

    def fits(self, payload: Payload) -> bool:
        """Tell whether a payload shows every sign of this dialect."""
        return all(sign(payload) for sign in self.signs)


_CLOSE = 0.84

METADATA_KEYS = (
    "event_id",
    "event_Id",
    "eventId",
    "event_timestamp",
    "eventTimestamp",
    "page",
    "device",
    "app",
)
"""Root keys that only the 1.0 format has."""


def has(*path: str) -> Sign:
    """Make the sign that a path of keys is there."""

    def there(payload: Payload) -> bool:
        value: Any = payload
        for key in path:
            if not isinstance(value, dict) or key not in value:
                return False
            value = value[key]
        return True

    return there


def lacks(*keys: str) -> Sign:
    """Make the sign that none of the root keys is there."""
    return lambda payload: not any(key in payload for key in keys)


def one_of(*signs: Sign) -> Sign:
    """Make the sign that at least one of several is there."""
    return lambda payload: any(sign(payload) for sign in signs)


def is_integer(value: object) -> bool:
    """Tell whether a value is a JSON integer: not `true`, not `1.0`."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_web_version(payload: Payload) -> bool:
    """Tell whether the root says version 1, as the legacy web container does."""
    return is_integer(payload.get("version")) and payload["version"] == 1


def is_legacy(payload: Payload) -> bool:
    """Tell whether a payload is in the 1.0 format.

    An event with an object `context` is 2.0 whatever else it holds: a genuine 2.0 event may have custom properties
    that are named like the metadata of 1.0.
    """
    return not isinstance(payload.get("context"), dict) and (
        isinstance(payload.get("properties"), dict)
        or "event" in payload
        or any(key in payload for key in METADATA_KEYS)
        or is_web_version(payload)
    )


def is_flat(payload: Payload) -> bool:
    """Tell whether a payload has no part of an event and nothing but scalars, as hits of the older product have."""
    scalars = not any(isinstance(value, dict | list) for value in payload.values())
    names = [name for name in payload if isinstance(name, str)]
    if scalars and difflib.get_close_matches("event_name", names, n=1, cutoff=_CLOSE):
        return False  # an event whose name is misspelt
    return scalars and bool(payload) and lacks("event_name", "user", "context")(payload) and not is_legacy(payload)


def _timestamp_is_text_of_digits(payload: Payload) -> bool:
    value = payload.get("eventTimestamp")
    return isinstance(value, str) and value.isascii() and value.isdigit()


_camel = one_of(has("eventId"), has("eventTimestamp"))
_mobile = one_of(has("app"), has("device", "sdk_id"))
_web = one_of(has("generatorVersion"), has("containerVersion"), has("page", "url"))
_web_2_0 = tuple(
    has("context", key) for key in ("eventId", "created", "version", "generatorVersion", "containerVersion")
)

DIALECTS = (
    Dialect("ssv1_flat", None, "server", (is_flat,)),
    Dialect("v1_web_container", "1.0", "web", (is_legacy, is_web_version)),
    Dialect("v0_source", "1.0", "server", (is_legacy, has("event"), lacks("event_name"), has("source"), _camel)),
    Dialect(
        "v0_camel_ms",
        "1.0",
        "server",
        (is_legacy, has("event"), lacks("event_name"), _camel, _timestamp_is_text_of_digits),
    ),
    Dialect("v0_camel_iso", "1.0", "server", (is_legacy, has("event"), lacks("event_name"), _camel)),
    Dialect(
        "v0_snake",
        "1.0",
        "server",
        (
            is_legacy,
            has("event"),
            lacks("event_name"),
            one_of(has("event_id"), has("event_Id"), has("event_timestamp")),
        ),
    ),
    Dialect("v0_track", "1.0", "server", (is_legacy, has("event"), lacks("event_name"))),
    Dialect(
        "v1_android",
        "1.0",
        "mobile",
        (is_legacy, _mobile, lambda payload: is_integer(payload.get("event_timestamp"))),
    ),
    Dialect("v1_mobile", "1.0", "mobile", (is_legacy, _mobile)),
    Dialect("v1_web_early", "1.0", "web", (is_legacy, one_of(has("userAgent"), has("locale")))),
    Dialect("v1_web", "1.0", "web", (is_legacy, _web)),
    Dialect("v1_http", "1.0", "server", (is_legacy, one_of(has("event_id"), has("event_Id"), has("eventId")))),
    Dialect("v1_migration_guide", "1.0", "server", (is_legacy,)),
    Dialect("v2_web_container", "2.0", "web", (one_of(*_web_2_0),)),
    Dialect("v2_mobile", "2.0", "mobile", (one_of(has("context", "app"), has("context", "device", "sdk_id")),)),
    Dialect("v2_batch", "2.0", "server", (has("event_timestamp"), has("context"))),
    Dialect(
        "v2_openapi",
        "2.0",
        "server",
        (
            has("user", "consistent_anonymous_id"),
            has("context", "event_timestamp"),
            lambda payload: is_integer(payload["context"]["event_timestamp"]),
        ),
    ),
    Dialect("v2_http_caid", "2.0", "server", (has("user", "consistent_anonymous_id"),)),
    Dialect("v2_http", "2.0", "server"),
)
"""Every dialect; the first that fits a payload is its dialect, and the last fits all."""

SENDERS = MappingProxyType({dialect.id: dialect.sender for dialect in DIALECTS})
"""Who sends each dialect: `server`, `web` or `mobile`."""
