"""A fix as pieces of text to put in place of others, for tools that show or apply it in an editor."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tcspec.jsontext import positions
from tcspec.jsontext.pointer import join, split
from tcspec.reporters.masking import may_show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.errors import Fix
    from tcspec.reporters.results import Source


@dataclass(frozen=True, slots=True)
class Replacement:
    """A text that takes the place of what stands from one line and column up to, not including, another."""

    line: int
    column: int
    end_line: int
    end_column: int
    text: str


def replacements(source: Source | None, fix: Fix) -> tuple[Replacement, ...]:
    """Spell a fix as replacements; nothing when one of its steps needs more than that, or would show what is masked.

    A value can be exchanged, and a property renamed where it stands.
    """
    if source is None:
        return ()
    made = [_replacement(source, step) for step in fix.patch]
    return tuple(each for each in made if each) if all(made) else ()


def _replacement(source: Source, step: Mapping[str, Any]) -> Replacement | None:
    places = _places(source)
    match step:
        case {"op": "replace", "path": path, "value": value} if may_show(source, path, value):
            place = places.get(source.pointer + path)
            return _made(source, place.start, json.dumps(value, ensure_ascii=False)) if place else None
        case {"op": "move", "from": given, "path": path} if split(given)[:-1] == split(path)[:-1]:
            place = places.get(source.pointer + given)
            is_taken = source.pointer + path in places
            if place and not is_taken and place.key_start != place.start:
                return _made(source, place.key_start, json.dumps(split(path)[-1], ensure_ascii=False))
    return None


def _made(source: Source, start: int, text: str) -> Replacement:
    document = source.raw.decode()
    end = positions.find_end(document, start)
    line, column = positions.locate_offset(document, start)
    end_line, end_column = positions.locate_offset(document, end)
    return Replacement(source.line + line - 1, column, source.line + end_line - 1, end_column, text)


@lru_cache(maxsize=1)
def _places(source: Source) -> Mapping[str, positions.ValuePosition]:
    """Give where everything stands in a document; nothing of one that is no JSON."""
    try:
        document = source.raw.decode()
        json.loads(document)
    except (ValueError, RecursionError):
        return {}
    return {join(found.path): found for found in positions.iter_values(document)}
