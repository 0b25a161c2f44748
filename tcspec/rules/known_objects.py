"""The objects of an event whose properties the catalogue knows, with what it has about them, prepared once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec.contract.schemas import load_catalogue
from tcspec.rules.known_names import KnownNames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Path = tuple[str | int, ...]
    Spec = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class KnownProperties:
    """What the catalogue has about the properties of one object, and the selections of them that rules need."""

    specs: Mapping[str, Spec]

    @cached_property
    def all_names(self) -> KnownNames:
        """Return the names, current and former."""
        return KnownNames(tuple(self.specs))

    @cached_property
    def current(self) -> KnownNames:
        """Return the names that were not replaced by others."""
        return KnownNames(tuple(name for name, spec in self.specs.items() if "replaced_by" not in spec))

    @cached_property
    def objects(self) -> Mapping[str, tuple[KnownProperties, bool]]:
        """Return the known properties of each property that is an object, or an array of objects (then with True)."""
        return {
            name: (properties_of(spec["object"]), spec["type"].startswith("array"))
            for name, spec in self.specs.items()
            if "object" in spec
        }

    @cached_property
    def deprecated(self) -> Mapping[str, Spec]:
        """Return the properties that the vendor renamed."""
        return {name: spec for name, spec in self.specs.items() if spec.get("deprecated")}

    @cached_property
    def listed(self) -> Mapping[str, Spec]:
        """Return the properties whose values the vendor lists."""
        return {name: spec for name, spec in self.specs.items() if spec.get("enum") or spec.get("recommended")}

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Return the names of the properties that are numbers."""
        return frozenset(name for name, spec in self.specs.items() if "number" in spec["type"].split("|"))

    @cached_property
    def single_assets(self) -> tuple[str, ...]:
        """Return the names of the properties that may be arrays of strings, but of which one string is expected."""
        specs = self.specs.items()
        return tuple(
            name
            for name, spec in specs
            if spec.get("expected") == "string" and "array<string>" in spec["type"].split("|")
        )

    def names_of_format(self, expected: str) -> tuple[str, ...]:
        """Return the names of the properties that have a format."""
        return self._names_by_format.get(expected, ())

    @cached_property
    def _names_by_format(self) -> Mapping[str, tuple[str, ...]]:
        names: dict[str, tuple[str, ...]] = {}
        for name, spec in self.specs.items():
            if "format" in spec:
                names[spec["format"]] = (*names.get(spec["format"], ()), name)
        return names


class KnownObject(NamedTuple):
    """An object of an event: its path, its value, the known properties, and the names of its custom properties."""

    path: Path
    value: Mapping[str, Any]
    properties: KnownProperties
    custom: tuple[str, ...]


@cache
def properties_of(name: str) -> KnownProperties:
    """Return the known properties of an object of the catalogue."""
    return KnownProperties(load_catalogue()["objects"][name]["properties"])


@cache
def properties_of_event(name: str) -> KnownProperties:
    """Return the known properties of the root of an event in the catalogue; of a custom event the name is empty."""
    catalogue = load_catalogue()
    own = catalogue["events"][name]["properties"] if name else {}
    return KnownProperties({**catalogue["envelope"]["properties"], **own})


def iter_known_objects(event: Mapping[str, Any], properties: KnownProperties) -> Iterator[KnownObject]:
    """Yield the root of an event and the objects in it that the catalogue knows, the root first."""
    pending: list[tuple[Path, Mapping[str, Any], KnownProperties]] = [((), event, properties)]
    while pending:
        path, value, known = pending.pop()
        specs = known.specs
        custom = () if value.keys() <= specs.keys() else tuple(name for name in value if name not in specs)
        yield KnownObject(path, value, known, custom)
        for name, (inner, is_array) in known.objects.items():
            if name in value:
                member = value[name]
                if isinstance(member, dict):
                    if not is_array:
                        pending.append(((*path, name), member, inner))
                elif is_array and isinstance(member, list):
                    items = enumerate(member)
                    pending += [((*path, name, index), item, inner) for index, item in items if isinstance(item, dict)]
