"""What a rule checks: one JSON object, its version, its sender, and the facts about it that rules share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import orjson

from tcspec.contract.catalogue import find_entry
from tcspec.contract.schemas import load_catalogue
from tcspec.jsontext.pointer import join
from tcspec.rules.known_objects import iter_known_objects, properties_of_event
from tcspec.timestamps import try_read_timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tcspec.kinds import Version
    from tcspec.rules.known_objects import KnownObject, KnownProperties
    from tcspec.timestamps import Reading

    Path = tuple[str | int, ...]

ABSENT: Final = object()
"""What `RuleContext.at` returns when there is no value; null is one."""

TIMESTAMP: Path = ("context", "event_timestamp")
CREATED: Path = ("context", "created")

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class RuleContext:
    """A payload, or an event of a batch, as rules check it; `now` is the present in epoch milliseconds.

    The facts about it are computed when a rule first needs them, and then shared by all rules.
    """

    value: Mapping[str, Any]
    version: Version
    sender: str
    now: int

    @cached_property
    def name(self) -> str | None:
        """Return the name of the event; None when it has none that is a string."""
        name = self.value.get("event_name")
        return name if isinstance(name, str) else None

    @cached_property
    def spec(self) -> Mapping[str, Any]:
        """Return what the catalogue has about the event; an empty mapping for a custom event."""
        spec: Mapping[str, Any] = load_catalogue()["events"].get(self.name, _NOTHING)
        return spec

    @cached_property
    def properties(self) -> KnownProperties:
        """Return the known properties of the root of the event."""
        return properties_of_event(self.name if self.spec and self.name else "")

    @cached_property
    def known_objects(self) -> tuple[KnownObject, ...]:
        """Return the objects whose properties the catalogue knows: the root, then those that it names in it."""
        return tuple(iter_known_objects(self.value, self.properties))

    @cached_property
    def user(self) -> Mapping[str, Any]:
        """Return the user of the event; an empty mapping when it is not an object."""
        user = self.value.get("user")
        return user if isinstance(user, dict) else _NOTHING

    @cached_property
    def lines(self) -> tuple[tuple[Path, Mapping[str, Any]], ...]:
        """Return the items of an event for which the catalogue has items, with their paths; none of custom events."""
        is_known = "items" in self.value and self.spec_at(("items",)).get("object")
        return tuple(self.iter_items()) if is_known else ()

    @cached_property
    def products(self) -> tuple[tuple[Path, Mapping[str, Any]], ...]:
        """Return the products of the lines, with their paths."""
        return tuple(
            ((*path, "product"), item["product"]) for path, item in self.lines if isinstance(item.get("product"), dict)
        )

    @cached_property
    def timestamp(self) -> Reading | None:
        """Return how the timestamp of the event is read; None when it is missing or unreadable."""
        return self._read(TIMESTAMP)

    @cached_property
    def created(self) -> Reading | None:
        """Return how the timestamp of the web container is read; None when it is missing or unreadable."""
        return self._read(CREATED)

    @cached_property
    def written(self) -> bytes | None:
        """Return the payload as orjson writes it; None of one that only the encoder of tcspec can write."""
        try:
            return orjson.dumps(self.value)
        except orjson.JSONEncodeError:  # more than 254 levels, or an integer of more than 64 bits
            return None

    @cached_property
    def letters(self) -> str | None:
        """Return the payload as text in lower case without hyphens and underscores; None when it is not `written`.

        What is not in it is in no name and no value, whatever its case and separators are.
        """
        written = self.written
        return None if written is None else written.decode().replace("_", "").replace("-", "").lower()

    def mentions(self, words: Iterable[str]) -> bool:
        """Return whether one of some words, in lower case and without separators, may be in a name or a value."""
        letters = self.letters
        return letters is None or any(word in letters for word in words)

    def _read(self, path: Path) -> Reading | None:
        value = self.at(*path)
        return None if value is ABSENT else try_read_timestamp(value)

    def spec_at(self, path: Path) -> Mapping[str, Any]:
        """Return what the catalogue has about the property at a path; an empty mapping for a custom property."""
        return find_entry(path, self.value, self.version)

    def at(self, *path: str | int) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value at a path; ABSENT when there is none."""
        value: Any = self.value
        for part in path:
            try:
                value = value[part]
            except (LookupError, TypeError):
                return ABSENT
        return value

    def iter_items(self) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """Yield the objects among the items of an event, or of a conversion, with their paths."""
        name = "conversion_items" if self.version.kind == "conversion" else "items"
        items = self.value.get(name)
        for index, item in enumerate(items if isinstance(items, list) else ()):
            if isinstance(item, dict):
                yield (name, index), item


def find_duplicate_ids(items: Iterable[tuple[Path, Mapping[str, Any]]]) -> Iterator[tuple[Path, str]]:
    """Yield the path of every id that an earlier item has, with the JSON Pointer of that item."""
    first: dict[str, str] = {}
    for path, item in items:
        identifier = item.get("id")
        if not isinstance(identifier, str):
            continue
        if identifier in first:
            yield (*path, "id"), first[identifier]
        else:
            first[identifier] = join(path)
