"""What a payload can be: kinds, versions, senders and size limits, as frozen values in one table."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from tcspec.errors import UnknownKind

if TYPE_CHECKING:
    from collections.abc import Mapping

SENDERS = ("server", "web", "mobile")
"""Who can send a payload."""


class WireForm(StrEnum):
    """How a payload travels."""

    JSON = "json"
    """One JSON object is the body of a request."""
    NDJSON = "ndjson"
    """One JSON object a line; the body of a request has many."""
    QUERY = "query"
    """Parameters in the query of a URL, whose names nest in brackets."""


class SizeLimit(NamedTuple):
    """The two readings of a size limit, in bytes: what is certainly allowed, and what is certainly too much.

    The vendor gives 32KB an event and 500KB a batch and does not define KB (rows K011, K012).
    """

    safe: int
    hard: int


class Version(NamedTuple):
    """A version of a kind's format."""

    kind: str
    name: str

    @property
    def schema(self) -> str:
        """Return the path of the published schema below the folder of schemas."""
        return f"{self.kind}/{self.name}.json"


class Kind(NamedTuple):
    """A kind of payload.

    `versions` are ordered, the newest last. `sender` is who sends the kind unless a dialect shows otherwise,
    `model` the name of the class in `tcspec.models` (of the base class where every event has its own), `holds_event`
    whether its root is an event, so that the rules on events apply.
    """

    name: str
    versions: tuple[Version, ...]
    model: str
    wire_form: WireForm = WireForm.JSON
    sender: str = "server"
    holds_event: bool = False
    size_limit: SizeLimit | None = None

    def __repr__(self) -> str:
        return f"<kind {self.name}>"

    @property
    def is_bulk(self) -> bool:
        """Return whether many are sent at a time, one a line."""
        return self.wire_form is WireForm.NDJSON

    def version(self, name: str | None = None) -> Version:
        """Return a version by its name, the newest by default.

        Raises:
            UnknownKind: when the kind has no such version.
        """
        if name is None:
            return self.versions[-1]
        known = {version.name: version for version in self.versions}
        if name not in known:
            raise UnknownKind(f"{self.name}/{name}", tuple(f"{self.name}/{each}" for each in known))
        return known[name]


EVENT_1_0 = Version("event", "1.0")
EVENT_2_0 = Version("event", "2.0")
BATCH_2_0 = Version("batch", "2.0")
PIXEL_2_0 = Version("pixel", "2.0")
USER_1_0 = Version("user", "1.0")
PRODUCT_2_0 = Version("product", "2.0")
CONVERSION_2_0 = Version("conversion", "2.0")

EVENT = Kind(
    "event", (EVENT_1_0, EVENT_2_0), model="Event", holds_event=True, size_limit=SizeLimit(safe=32_000, hard=32_768)
)
BATCH = Kind("batch", (BATCH_2_0,), model="Batch", size_limit=SizeLimit(safe=500_000, hard=512_000))
# Without a limit: those of the vendor are read as bytes of a body (K011).
PIXEL = Kind("pixel", (PIXEL_2_0,), model="PixelEvent", wire_form=WireForm.QUERY, sender="web", holds_event=True)
USER = Kind("user", (USER_1_0,), model="UserPut")
PRODUCT = Kind("product", (PRODUCT_2_0,), model="CatalogProduct", wire_form=WireForm.NDJSON)
CONVERSION = Kind("conversion", (CONVERSION_2_0,), model="Conversion", wire_form=WireForm.NDJSON)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {kind.name: kind for kind in (EVENT, BATCH, PIXEL, USER, PRODUCT, CONVERSION)}
)
"""Every kind by its name."""

VERSIONS = tuple(version for kind in KINDS.values() for version in kind.versions)
"""Every version of every kind."""

EVENT_KINDS = tuple(kind.name for kind in KINDS.values() if kind.holds_event)
"""The names of the kinds whose root is an event, so that the rules on events apply."""


def find_kind(name: str) -> Kind:
    """Return a kind by its name.

    Raises:
        UnknownKind: when tcspec knows no such kind.
    """
    if not isinstance(name, str) or name not in KINDS:
        raise UnknownKind(str(name), tuple(KINDS))
    return KINDS[name]


def version_of(kind: str, name: str | None = None) -> Version:
    """Return a version of a kind, the newest by default.

    Raises:
        UnknownKind: when tcspec knows no such kind or version.
    """
    return find_kind(kind).version(name)


def declared_kind(payload: object) -> Kind | None:
    """Return the kind that a model of tcspec declares; None for any other value."""
    name = getattr(type(payload), "KIND", None)
    # A class that is none of ours may have a KIND of another type.
    return KINDS.get(name) if isinstance(name, str) else None
