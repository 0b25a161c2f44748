"""The names that the catalogue knows, object by object, and how close another name comes to them."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from tcspec.contract.schemas import load_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tcspec.rules.context import Path, RuleContext

    Entry = Mapping[str, Any]

CLOSE = 0.84
"""How alike two names are, in difflib's ratio, that are taken for one name and a slip of the pen."""

_LONGEST, _SHORTEST, _NEIGHBOURS = 64, 3, 2
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATORS = re.compile(r"[\s._-]+")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Place:
    """An object of a payload whose properties are known: where it is, what it holds, and what is known of it."""

    path: Path
    held: Mapping[str, Any]
    known: Mapping[str, Entry]

    @property
    def unknown(self) -> Iterator[str]:
        """Give the names in it that are not known, in order."""
        return (name for name in self.held if name not in self.known)


def places(event: RuleContext) -> Iterator[Place]:
    """Find the objects of an event whose properties are known: the root, and those the catalogue names below it."""
    waiting = [
        Place((), event.payload, {**load_catalogue()["envelope"]["properties"], **event.event.get("properties", {})})
    ]
    while waiting:
        place = waiting.pop()
        yield place
        waiting += [
            Place(path, held, load_catalogue()["objects"][entry["object"]]["properties"])
            for name, entry in place.known.items()
            if "object" in entry and name in place.held
            for path, held in _objects((*place.path, name), place.held[name], entry["type"])
        ]


def is_standard(event: RuleContext) -> bool:
    """Tell whether the name of an event is one of the vendor's reference pages."""
    return event.event.get("status") == "standard"


@cache
def standard_names() -> tuple[str, ...]:
    """List the names of the events that have a reference page."""
    return tuple(name for name, entry in load_catalogue()["events"].items() if entry["status"] == "standard")


@cache
def users_of(name: str) -> tuple[str, ...]:
    """List the events with a reference page that have a property of a name."""
    return tuple(each for each in standard_names() if name in load_catalogue()["events"][each]["properties"])


@lru_cache(maxsize=4096)
def snake_case(name: str) -> str:
    """Spell a name in small letters, with an underscore between its words."""
    return _SEPARATORS.sub("_", _CAPITAL.sub("_", name)).lower()


@lru_cache(maxsize=4096)
def squeezed(name: str) -> str:
    """Spell a name in small letters, with nothing between its words."""
    return _SEPARATORS.sub("", name).lower()


def same_but_spelt(name: str, known: Iterable[str]) -> str | None:
    """Find the known name that differs in capitals and separators only."""
    return _by_squeezed(tuple(known)).get(squeezed(name)) if len(name) <= _LONGEST else None


def closest(name: str, known: Iterable[str]) -> str | None:
    """Find the known name that another is most probably a slip of the pen of; numbered names are no slips."""
    return _closest(name, tuple(known)) if len(name) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _closest(name: str, known: tuple[str, ...]) -> str | None:
    name = name.lower()
    near = difflib.get_close_matches(name, known, n=1, cutoff=CLOSE) or [
        each for each in known if _is_swapped(name, each)
    ]
    return near[0] if near and _DIGITS.sub("", near[0]) != _DIGITS.sub("", name) else None


def _is_swapped(name: str, other: str) -> bool:
    """Tell whether two neighbouring letters are interchanged, which difflib rates low in a short word."""
    differing = [index for index, (one, another) in enumerate(zip(name, other, strict=False)) if one != another]
    return (
        len(name) == len(other) > _SHORTEST
        and len(differing) == _NEIGHBOURS
        and differing[1] - differing[0] == 1
        and name[differing[0] : differing[1] + 1] == other[differing[0] : differing[1] + 1][::-1]
    )


@lru_cache(maxsize=256)
def _by_squeezed(known: tuple[str, ...]) -> Mapping[str, str]:
    return {squeezed(each): each for each in reversed(known)}


def _objects(path: Path, value: object, types: str) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Give the objects that a value is, or lists where a list is asked for."""
    if isinstance(value, dict) and not types.startswith("array"):
        yield path, value
    elif isinstance(value, list) and types.startswith("array"):
        yield from (((*path, index), item) for index, item in enumerate(value) if isinstance(item, dict))
