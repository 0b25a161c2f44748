"""A set of texts in little memory: eight bytes and a line number for each, and never more than a million of them."""

from __future__ import annotations

from array import array
from hashlib import blake2b

MOST = 1_000_000
"""How many texts are kept."""

_FIRST_SLOTS = 1 << 10
_FREE = 0


class Fingerprints:
    """What was seen, as fingerprints in a table of open addresses that doubles until it holds the most.

    Two texts of a million share a fingerprint once in 37 million files.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._count = 0
        self._prints = _zeros(_FIRST_SLOTS)
        self._lines = _zeros(_FIRST_SLOTS)

    def __len__(self) -> int:
        """Give how many texts are kept."""
        return self._count

    @property
    def is_full(self) -> bool:
        """Tell whether no more texts are kept."""
        return self._count >= self._most

    def add(self, text: str, line: int) -> int:
        """Keep a text with its line, when there is room; give the line of the first that was the same, else 0."""
        digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        mark = int.from_bytes(digest) or 1
        slot = self._slot(mark)
        if self._prints[slot] != _FREE:
            return self._lines[slot]
        if not self.is_full:
            self._prints[slot], self._lines[slot] = mark, line
            self._count += 1
            if 2 * self._count > len(self._prints):
                self._double()
        return 0

    def _slot(self, mark: int) -> int:
        """Find where a fingerprint stands, or would."""
        prints, last = self._prints, len(self._prints) - 1
        slot = mark & last
        while prints[slot] not in {mark, _FREE}:
            slot = (slot + 1) & last
        return slot

    def _double(self) -> None:
        prints, lines = self._prints, self._lines
        self._prints, self._lines = _zeros(2 * len(prints)), _zeros(2 * len(prints))
        for mark, line in zip(prints, lines, strict=True):
            if mark != _FREE:
                slot = self._slot(mark)
                self._prints[slot], self._lines[slot] = mark, line


def _zeros(count: int) -> array[int]:
    """Make a row of so many unsigned integers of eight bytes."""
    return array("Q", [0]) * count
