"""The properties of a product or conversion that the catalogue knows, wherever they stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from tcspec.contract.schemas import load_catalogue, load_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.kinds import Version
    from tcspec.rules.context import Path, RuleContext


@dataclass(frozen=True, slots=True)
class Known:
    """A property that is given: its path, the object it belongs to, what the catalogue says of it, and its value."""

    path: Path
    owner: str
    entry: Mapping[str, Any]
    value: Any

    @property
    def name(self) -> str:
        """Give the name of the property."""
        return str(self.path[-1])


def known_properties(subject: RuleContext) -> Iterator[Known]:
    """Walk through the properties of a payload of the data APIs that are known and given; objects before members."""
    objects = load_catalogue()["objects"]
    waiting: list[tuple[Path, str, Mapping[str, Any]]] = [
        ((), load_catalogue()["payloads"][subject.version.kind], subject.payload)
    ]
    while waiting:
        path, owner, given = waiting.pop()
        for name, entry in objects[owner]["properties"].items():
            if name not in given:
                continue
            known = Known((*path, name), owner, entry, given[name])
            yield known
            if entry.get("object"):
                waiting += [(place, entry["object"], inner) for place, inner in _inner(known)]


def _inner(known: Known) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    if isinstance(known.value, dict):
        yield known.path, known.value
    elif isinstance(known.value, list):
        for index, member in enumerate(known.value):
            if isinstance(member, dict):
                yield (*known.path, index), member


@cache
def longest(version: Version, owner: str, name: str) -> int | None:
    """Give how many characters the contract allows in a property of an object; None when it does not say."""
    node = load_schema(version)["$defs"][owner]["properties"][name]
    limits = [branch["maxLength"] for branch in (node, *node.get("anyOf", ())) if "maxLength" in branch]
    return min(limits, default=None)
