"""The historic variants of events, and the signs that show them, as frozen values in one table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec.json_types import is_integer
from tcspec.patterns import compile_late
from tcspec.vendors import find_vendor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    JsonObject = Mapping[str, Any]
    Sign = Callable[[JsonObject], bool]


class Dialect(NamedTuple):
    """A historic variant of a version of events: who sends it, and the signs that show it."""

    id: str
    version: str | None
    sender: str
    signs: tuple[Sign, ...] = ()

    def fits(self, payload: JsonObject) -> bool:
        """Return whether a payload shows every sign of this dialect."""
        for sign in self.signs:  # noqa: SIM110 - it is done for each event, and a generator takes twice as long
            if not sign(payload):
                return False
        return True


_CLOSE = 0.84
"""How alike a key must be to `event_name` to be a typo of it (a ratio of difflib)."""

# `category_1` is a property of products, and no numbered list of a flat hit.
_FLAT_NAME = compile_late(r"id_?site|site_?id|(?:tc|env)_\w+|(?!category_)\w+_\d+", re.IGNORECASE)
_FLAT_DATE = compile_late(r"\d{2}/\d{2}/\d{4} \d{2}:\d{2}(?::\d{2})?")

# `event_Id` was on the vendor's page for some hours of December 2021, and is found in what was copied then.
METADATA_KEYS = ("event_id", "event_Id", "eventId", "event_timestamp", "eventTimestamp", "page", "device", "app")
"""Root keys that only the 1.0 format has."""


def has(*path: str) -> Sign:
    """Build the sign that a path of keys is there."""

    def is_there(payload: JsonObject) -> bool:
        value: Any = payload
        for key in path:
            if not isinstance(value, dict) or key not in value:
                return False
            value = value[key]
        return True

    return is_there


def has_one_in(name: str, keys: frozenset[str]) -> Sign:
    """Build the sign that an object at the root has at least one of some keys."""

    def is_there(payload: JsonObject) -> bool:
        value = payload.get(name)
        return isinstance(value, dict) and not keys.isdisjoint(value)

    return is_there


def lacks(*keys: str) -> Sign:
    """Build the sign that none of the root keys is there."""
    return frozenset(keys).isdisjoint


def one_of(*signs: Sign) -> Sign:
    """Build the sign that at least one of several is there."""

    def is_there(payload: JsonObject) -> bool:
        for sign in signs:  # noqa: SIM110 - as in `Dialect.fits`
            if sign(payload):
                return True
        return False

    return is_there


def is_web_version(payload: JsonObject) -> bool:
    """Return whether the root has version 1, as the legacy web container does."""
    return is_integer(payload.get("version")) and payload["version"] == 1


def is_legacy(payload: JsonObject) -> bool:
    """Return whether a payload is in the 1.0 format.

    An event with an object `context` is 2.0 whatever else it holds: a genuine 2.0 event may have custom properties
    that are named like the metadata of 1.0.
    """
    return not isinstance(payload.get("context"), dict) and (
        isinstance(payload.get("properties"), dict)
        or "event" in payload
        or any(key in payload for key in METADATA_KEYS)
        or is_web_version(payload)
    )


def is_flat(payload: JsonObject) -> bool:
    """Return whether a payload is a hit of the older product: no part of an event, nothing but scalars, and a sign.

    Many lines of other files have nothing but scalars. The signs are the number of the site, names of variables of the
    container or of its environment, the numbered names of its lists, and its notation of a local date and time.
    """
    if any(isinstance(value, dict | list) for value in payload.values()):
        return False
    names = [name for name in payload if isinstance(name, str)]
    import difflib  # noqa: PLC0415 - few objects have nothing but scalars

    if difflib.get_close_matches("event_name", names, n=1, cutoff=_CLOSE):
        return False  # an event whose name is misspelt
    shows_one = any(map(_FLAT_NAME.fullmatch, names)) or any(
        isinstance(value, str) and _FLAT_DATE.fullmatch(value) for value in payload.values()
    )
    is_event = not lacks("event_name", "user", "context")(payload) or is_legacy(payload)
    # A hit of Matomo has the number of its site too.
    return shows_one and not is_event and find_vendor(payload) is None


def _timestamp_is_text_of_digits(payload: JsonObject) -> bool:
    value = payload.get("eventTimestamp")
    return isinstance(value, str) and value.isascii() and value.isdigit()


_camel = one_of(has("eventId"), has("eventTimestamp"))
_mobile = one_of(has("app"), has("device", "sdk_id"))
_web = one_of(has("generatorVersion"), has("containerVersion"), has("page", "url"))
shows_web_container = has_one_in(
    "context", frozenset({"eventId", "created", "version", "generatorVersion", "containerVersion"})
)

# The order decides: an earlier dialect shows what a later one shows, and something more.
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
        # The mobile page has the time as a string of digits, the vendor's Android client sent an integer.
        "v1_android",
        "1.0",
        "mobile",
        (is_legacy, _mobile, lambda payload: is_integer(payload.get("event_timestamp"))),
    ),
    Dialect("v1_mobile", "1.0", "mobile", (is_legacy, _mobile)),
    Dialect("v1_web_early", "1.0", "web", (is_legacy, one_of(has("userAgent"), has("locale")))),
    Dialect("v1_web", "1.0", "web", (is_legacy, _web)),
    Dialect("v1_http", "1.0", "server", (is_legacy, one_of(has("event_id"), has("event_Id"), has("eventId")))),
    # Whatever else is legacy: the event of the migration guide has no event_id and no more signs (K014).
    Dialect("v1_migration_guide", "1.0", "server", (is_legacy,)),
    Dialect("v2_web_container", "2.0", "web", (shows_web_container,)),
    Dialect("v2_mobile", "2.0", "mobile", (one_of(has("context", "app"), has("context", "device", "sdk_id")),)),
    # The vendor's example of a batch has the time at the root of each event (K002).
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
_DIALECTS_OF_2_0 = tuple(dialect for dialect in DIALECTS if dialect.version == "2.0")


def dialect_of(event: JsonObject) -> Dialect:
    """Return the dialect of an event: the first of the table that fits."""
    # With an object `context` an event is neither flat nor legacy, and needs no comparison with their dialects.
    dialects = _DIALECTS_OF_2_0 if isinstance(event.get("context"), dict) else DIALECTS
    for dialect in dialects:
        if dialect.fits(event):
            return dialect
    return dialects[-1]
