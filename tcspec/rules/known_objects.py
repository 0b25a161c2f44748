"""The objects of an event whose properties the catalogue knows, with what it has about them, prepared once."""

from __future__ import annotations

from functools import cache, cached_property, wraps
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from tcspec.contract.schemas import load_catalogue
from tcspec.rules.known_names import KnownNames

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Path = tuple[str | int, ...]
    Spec = Mapping[str, Any]

T = TypeVar("T")

_KELVIN: Final = "\N{KELVIN SIGN}".encode()
"""The one character beyond ASCII whose lower case is a letter of a word."""
_MAX_SHAPES, _MAX_LETTERS = 512, 2_000
"""How many shapes of one kind of object are remembered, and how long all names of one may be together.

Without bounds a sender of ever other names would fill the memory of the process.
"""


class KnownProperties:
    """What the catalogue has about the properties of one object, and the selections of them that rules need."""

    def __init__(self, specs: Mapping[str, Spec]) -> None:
        self.specs = specs
        self.shapes: dict[tuple[str, ...], Shape] = {}
        """The shapes of objects that came before, by their names."""

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

    def add_shape(self, names: tuple[str, ...]) -> Shape:
        """Return the shape of an object with some names, and remember it unless the names are long."""
        shape = Shape(self, names)
        if sum(map(len, names)) <= _MAX_LETTERS:
            if len(self.shapes) >= _MAX_SHAPES:
                self.shapes.clear()
            self.shapes[names] = shape
        return shape

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


class Shape:
    """What the names in an object show, whatever its values are.

    Most objects have the names of one that came before: what is found out about names is found out once for a shape.
    """

    def __init__(self, properties: KnownProperties, names: tuple[str, ...]) -> None:
        self.properties = properties
        self.names = names
        self.found: dict[Callable[[Shape], Any], Any] = {}
        """What `once_per_shape` keeps."""

    @cached_property
    def custom(self) -> tuple[str, ...]:
        """Return the names that the catalogue does not know."""
        return tuple(name for name in self.names if name not in self.properties.specs)

    @cached_property
    def searchable(self) -> bytes:
        """Return the custom names as `to_searchable` writes them."""
        return to_searchable("\n".join(self.custom).encode(errors="surrogatepass"))

    @cached_property
    def objects(self) -> tuple[tuple[str, KnownProperties, bool], ...]:
        """Return the names of known objects with their properties, and whether they are arrays of such objects."""
        return tuple((name, *inner) for name, inner in self.properties.objects.items() if name in self.names)

    @cached_property
    def deprecated(self) -> tuple[tuple[str, Spec], ...]:
        """Return the properties that the vendor renamed."""
        return tuple((name, spec) for name, spec in self.properties.deprecated.items() if name in self.names)

    @cached_property
    def listed(self) -> tuple[tuple[str, Spec], ...]:
        """Return the properties whose values the vendor lists."""
        return tuple((name, spec) for name, spec in self.properties.listed.items() if name in self.names)

    @cached_property
    def numbers(self) -> tuple[str, ...]:
        """Return the names of the properties that are numbers."""
        return tuple(name for name in self.names if name in self.properties.numbers)


def once_per_shape(find: Callable[[Shape], T]) -> Callable[[Shape], T]:
    """Return a function that keeps what it finds about a shape in the shape itself, and so is fast the next time."""

    @wraps(find)
    def find_once(shape: Shape) -> T:
        found = shape.found
        if find not in found:
            found[find] = find(shape)
        result: T = found[find]
        return result

    return find_once


class KnownObject(NamedTuple):
    """An object of an event: its path, its value, and its shape."""

    path: Path
    value: Mapping[str, Any]
    shape: Shape

    @property
    def properties(self) -> KnownProperties:
        """Return the known properties of such an object."""
        return self.shape.properties

    @property
    def custom(self) -> tuple[str, ...]:
        """Return the names of its custom properties."""
        return self.shape.custom


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


def find_known_objects(event: Mapping[str, Any], properties: KnownProperties) -> list[KnownObject]:
    """Return the root of an event and the objects in it that the catalogue knows, the root first."""
    found: list[KnownObject] = []
    pending: list[tuple[Path, Mapping[str, Any], KnownProperties]] = [((), event, properties)]
    while pending:
        path, value, known = pending.pop()
        # Looked up here: to call a function for each object takes as long as the rest.
        names = tuple(value)
        shape = known.shapes.get(names) or known.add_shape(names)
        found.append(KnownObject(path, value, shape))
        for name, inner, is_array in shape.objects:
            member = value[name]
            if is_array:
                if type(member) is list:
                    items = enumerate(member)
                    pending += [((*path, name, index), item, inner) for index, item in items if type(item) is dict]
            elif type(member) is dict:
                pending.append(((*path, name), member, inner))
    return found


def to_searchable(text: bytes) -> bytes:
    """Return a text in lower case without hyphens and underscores, in which names are found in any notation."""
    return text.translate(None, b"_-").lower().replace(_KELVIN, b"k")
