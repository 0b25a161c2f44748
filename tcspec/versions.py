"""The kinds of payloads and the versions of their formats, as values in one table."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcspec.errors import UnknownKind

if TYPE_CHECKING:
    from collections.abc import Mapping


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
