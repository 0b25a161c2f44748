"""What a rule looks at: one payload, what it is, who sent it, and what the catalogue knows of its properties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tcspec.contract.catalogue import find_entry
from tcspec.contract.schemas import load_catalogue
from tcspec.jsontext.pointer import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.kinds import Version

    Path = tuple[str | int, ...]

ABSENT: Final = object()
"""What is looked for is not there; null is."""


@dataclass(frozen=True, slots=True)
class RuleContext:
    """A payload under the eyes of a rule; `now` is the time in epoch milliseconds."""

    payload: Mapping[str, Any]
    version: Version
    sender: str
    now: int

    @property
    def name(self) -> str | None:
        """Give the name of the event; None when it has none that is text."""
        name = self.payload.get("event_name")
        return name if isinstance(name, str) else None

    @property
    def event(self) -> Mapping[str, Any]:
        """Give what the catalogue knows of the event; nothing of a custom one."""
        known: Mapping[str, Any] = load_catalogue()["events"].get(self.name, {})
        return known

    def at(self, *path: str | int) -> Any:  # noqa: ANN401 - any JSON value
        """Give the value at a path; ABSENT when there is none."""
        value: Any = self.payload
        for part in path:
            try:
                value = value[part]
            except (LookupError, TypeError):
                return ABSENT
        return value

    def entry(self, path: Path) -> Mapping[str, Any]:
        """Look up what the catalogue says of the property at a path; nothing when it is custom."""
        return find_entry(path, self.payload, self.version)

    def items(self) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        """Give the objects among the items of an event, or of a conversion, with their paths."""
        name = "conversion_items" if self.version.kind == "conversion" else "items"
        given = self.payload.get(name)
        for index, item in enumerate(given if isinstance(given, list) else ()):
            if isinstance(item, dict):
                yield (name, index), item

    def members(self) -> Iterator[tuple[Path, Any]]:
        """Walk through every member of every object and list, in order, with its path."""
        waiting: list[tuple[Path, Any]] = [((), self.payload)]
        while waiting:
            path, value = waiting.pop()
            if path:
                yield path, value
            inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
            waiting += reversed([((*path, part), child) for part, child in inner])


def pointer(*path: str | int) -> str:
    """Give the JSON Pointer of a path."""
    return join(path)
