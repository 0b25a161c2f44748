"""A set of strings in little memory: eight bytes and a line number each, and never more than a million of them."""

from __future__ import annotations

import sys
from array import array

MAX_TEXTS = 1_000_000
"""How many strings are kept."""

_INITIAL_SLOTS = 1 << 4  # most files have one payload, and there may be thousands of files
_FREE = 0
_FINGERPRINTS = 1 << 64


class Fingerprints:
    """A hash table with open addressing that doubles until it contains `limit` fingerprints.

    Two of a million strings share a fingerprint once in 37 million files.
    """

    def __init__(self, limit: int = MAX_TEXTS) -> None:
        self._limit = limit
        self._count = 0
        self._fingerprints = _NOTHING[:]
        self._lines = _NOTHING[:]

    def __len__(self) -> int:
        """Return how many strings are kept."""
        return self._count

    @property
    def is_full(self) -> bool:
        """Return whether no more strings are kept."""
        return self._count >= self._limit

    def add(self, text: str, line: int) -> int:
        """Keep a string with its line if there is room; return the line of the first equal one, or 0."""
        # Zero marks a free slot.
        fingerprint = _hash(text) % _FINGERPRINTS or 1
        slot = self._find_slot(fingerprint)
        if self._fingerprints[slot] != _FREE:
            return self._lines[slot]
        if not self.is_full:
            self._fingerprints[slot], self._lines[slot] = fingerprint, line
            self._count += 1
            # Half full at most: beyond that searches become long.
            if 2 * self._count > len(self._fingerprints):
                self._double()
        return 0

    def _find_slot(self, fingerprint: int) -> int:
        """Return the slot where a fingerprint is, or would be."""
        fingerprints, mask = self._fingerprints, len(self._fingerprints) - 1
        slot = fingerprint & mask
        found = fingerprints[slot]
        while found != fingerprint and found != _FREE:  # noqa: PLR1714 - a set would be made each time
            slot = (slot + 1) & mask
            found = fingerprints[slot]
        return slot

    def _double(self) -> None:
        fingerprints, lines = self._fingerprints, self._lines
        self._fingerprints, self._lines = _zeros(2 * len(fingerprints)), _zeros(2 * len(fingerprints))
        for fingerprint, line in zip(fingerprints, lines, strict=True):
            if fingerprint != _FREE:
                slot = self._find_slot(fingerprint)
                self._fingerprints[slot], self._lines[slot] = fingerprint, line


def _hash(text: str) -> int:
    """Return Python's own keyed hash of a string, which needs no library; where that has 32 bits, two of them."""
    return hash(text) if sys.hash_info.width >= 64 else hash(text) << 32 ^ hash(f"{text}\0")  # noqa: PLR2004


def _zeros(count: int) -> array[int]:
    """Return an array of unsigned integers of eight bytes."""
    return array("Q", [0]) * count


_NOTHING = _zeros(_INITIAL_SLOTS)
