"""The properties of a product or a conversion that the catalogue knows, at any depth."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec.contract.schemas import load_catalogue, load_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.kinds import Version
    from tcspec.rules.context import Path, RuleContext

PAGE = "features/sources/sources-catalog/import-conversions/api-conversions-and-product-catalog.md"
"""The page of the vendor on products and conversions."""


class KnownProperty(NamedTuple):
    """A property of a payload: its path, the object that it belongs to, what the catalogue has about it, its value."""

    path: Path
    owner: str
    spec: Mapping[str, Any]
    value: Any

    @property
    def name(self) -> str:
        """Return the name of the property."""
        return str(self.path[-1])


def iter_known_properties(payload: RuleContext) -> Iterator[KnownProperty]:
    """Yield the known properties of a payload of the data APIs; the members of an object come after it."""
    objects = load_catalogue()["objects"]
    root: str = load_catalogue()["payloads"][payload.version.kind]
    pending: list[tuple[Path, str, Mapping[str, Any]]] = [((), root, payload.value)]
    while pending:
        path, owner, members = pending.pop()
        for name, spec in objects[owner]["properties"].items():
            if name not in members:
                continue
            known = KnownProperty((*path, name), owner, spec, members[name])
            yield known
            if spec.get("object"):
                pending += [(inner_path, spec["object"], inner) for inner_path, inner in _iter_objects(known)]


def _iter_objects(known: KnownProperty) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    if isinstance(known.value, dict):
        yield known.path, known.value
    elif isinstance(known.value, list):
        for index, member in enumerate(known.value):
            if isinstance(member, dict):
                yield (*known.path, index), member


@cache
def max_length(version: Version, owner: str, name: str) -> int | None:
    """Return how many characters the contract allows in a property of an object; None when it has no limit."""
    node = load_schema(version)["$defs"][owner]["properties"][name]
    limits = [branch["maxLength"] for branch in (node, *node.get("anyOf", ())) if "maxLength" in branch]
    return min(limits, default=None)
