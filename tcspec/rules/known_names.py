"""Names that the catalogue knows, and which of them another name was probably intended to be."""

from __future__ import annotations

from functools import cached_property, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from tcspec.patterns import compile_late

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_LENGTH = 64
"""How many characters a name may have to be compared with others, or to be remembered.

Without a bound a sender of names as long as a payload would fill the memory of the process.
"""
REMEMBERED = 4096
"""How many names are remembered with what was found out about them."""

_MIN_LENGTHS = (4, 8)
"""The lengths from which one edit, and two edits, are a misspelling: `sign_in` is none of `sign_up`."""
_MIN_LENGTHS_OF_SAME = (4, 6)
"""The same of names with the same letters: `saerhc` is a misspelling of `search`."""
_MOST_EDITS = 2
_SHORT_WORD = 4
"""A word that is no longer is another word after two edits."""
_MAX_DIFFERENCES = 2
"""How much one edit changes the set of letters at most: it takes one away and adds another."""

_CAPITAL = compile_late(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATORS = compile_late(r"[\s._-]+")
_DIGITS = compile_late(r"\d+")


class _Comparable(NamedTuple):
    """A known name as other names are compared with it; up to `edits` of them are a misspelling.

    Of a name with the same letters up to `edits_of_same` are one.
    """

    name: str
    letters: str
    without_digits: str
    words: list[str]
    letter_set: int
    edits: int
    edits_of_same: int


class KnownNames:
    """Known names of one kind of thing, such as the events of the reference or the properties of an item."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names

    def find_same(self, name: str) -> str | None:
        """Return the known name that only differs in case and separators."""
        return self._by_letters.get(normalize(name)) if len(name) <= MAX_LENGTH else None

    def find_similar(self, name: str) -> str | None:
        """Return the known name that this one is most likely a misspelling of, or that has its words in another order.

        Case and separators do not count; another number is no misspelling.
        """
        return _find_similar(self, name) if len(name) <= MAX_LENGTH else None

    @cached_property
    def _by_letters(self) -> Mapping[str, str]:
        # Reversed, so that the first of several names with the same letters wins.
        return {normalize(each): each for each in reversed(self.names)}

    @cached_property
    def comparable(self) -> tuple[_Comparable, ...]:
        """Return the names that are long enough to be misspelt, prepared once for all comparisons."""
        prepared = (
            _Comparable(each, letters, _DIGITS.sub("", letters), sorted(each.split("_")), _letter_set(letters), *edits)
            for each in self.names
            for letters in [normalize(each)]
            for edits in [
                [sum(len(letters) >= length for length in lengths) for lengths in (_MIN_LENGTHS, _MIN_LENGTHS_OF_SAME)]
            ]
        )
        return tuple(each for each in prepared if each.edits)


def to_snake_case(name: str) -> str:
    """Return a name in lower case, with an underscore between its words."""
    return _remembered_snake_case(name) if len(name) <= MAX_LENGTH else _to_snake_case(name)


def normalize(name: str) -> str:
    """Return a name in lower case, with nothing between its words."""
    return _SEPARATORS.sub("", name).lower()


def _to_snake_case(name: str) -> str:
    return _SEPARATORS.sub("_", _CAPITAL.sub("_", name)).lower()


_remembered_snake_case = lru_cache(maxsize=REMEMBERED)(_to_snake_case)


@lru_cache(maxsize=REMEMBERED)
def _find_similar(known: KnownNames, name: str) -> str | None:
    letters = normalize(name)
    without_digits = _DIGITS.sub("", letters)
    # `category_2` and `category_3` are alike, and neither is a misspelling.
    candidates = [each for each in known.comparable if each.without_digits != without_digits]
    words = sorted(to_snake_case(name).split("_"))
    reordered = next((each.name for each in candidates if each.words == words), None)
    if reordered:
        return reordered
    letter_set = _letter_set(letters)
    close: list[tuple[int, str]] = []
    for each in candidates:
        # Nearly all names are told apart by their letters; to count the edits takes a hundred times as long.
        differences = (each.letter_set ^ letter_set).bit_count()
        edits = each.edits if differences else each.edits_of_same
        is_close = differences <= _MAX_DIFFERENCES * edits and abs(len(letters) - len(each.letters)) <= edits
        distance = _edit_distance(letters, each.letters) if is_close else edits + 1
        # `event_time` has another word than `event_name`, not a misspelt one.
        if distance <= edits and (distance < _MOST_EDITS or not _has_another_short_word(words, each.words)):
            close.append((distance, each.name))
    # Of several names with as few edits the first one.
    return min(close, key=itemgetter(0))[1] if close else None


def _has_another_short_word(words: list[str], known: list[str]) -> bool:
    """Return whether all but one of the words of a name are those of a known one, and both have a short one instead."""
    differing = set(words) ^ set(known)
    return len(words) == len(known) and len(differing) == _MOST_EDITS and max(map(len, differing)) <= _SHORT_WORD


def _letter_set(letters: str) -> int:
    """Return the set of letters as the bits of an integer; some letters share a bit, which only hides differences."""
    bits = 0
    for letter in letters:
        bits |= 1 << ord(letter) % 64
    return bits


def _edit_distance(name: str, other: str) -> int:
    """Return the least number of letters to insert, remove, replace or swap with their neighbour (Damerau)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(name, 1):
        line = [row]
        for column, expected in enumerate(other, 1):
            edits = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (letter != expected))
            if row > 1 and column > 1 and letter == other[column - 2] and name[row - 2] == expected:
                edits = min(edits, before[column - 2] + 1)
            line.append(edits)
        before, last = last, line
    return last[-1]
