"""What a rule checks: one JSON object, its version, its sender, and what the catalogue has about its properties."""

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
"""What `RuleContext.at` returns when there is no value; null is one."""


@dataclass(frozen=True, slots=True, eq=False)
class RuleContext:
    """A payload, or an event of a batch, as rules check it; `now` is the present in epoch milliseconds."""

    value: Mapping[str, Any]
    version: Version
    sender: str
    now: int

    @property
    def name(self) -> str | None:
        """Return the name of the event; None when it has none that is a string."""
        name = self.value.get("event_name")
        return name if isinstance(name, str) else None

    @property
    def spec(self) -> Mapping[str, Any]:
        """Return what the catalogue has about the event; an empty mapping for a custom event."""
        spec: Mapping[str, Any] = load_catalogue()["events"].get(self.name, {})
        return spec

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


def find_duplicate_ids(items: Iterator[tuple[Path, Mapping[str, Any]]]) -> Iterator[tuple[Path, str]]:
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
