"""Texts that match some patterns and not others: found, or proved not to be."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from tcspec.evolution.expressions import EVERY, Machine, UnreadExpressionError, machine

if TYPE_CHECKING:
    from collections.abc import Iterable

_MOST = 6000
"""How many situations are looked at before giving up."""
_LONGEST = 600
"""How long texts may have to be."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Texts that match every pattern of `inside`, none of `outside`, and are of a length within bounds."""

    inside: frozenset[str] = frozenset()
    outside: frozenset[str] = frozenset()
    shortest: int = 0
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A shortest text, or none; `is_certain` tells whether none means that there is none."""

    text: str | None
    is_certain: bool = True


@lru_cache(maxsize=4096)
def find(wanted: Wanted) -> Found:
    """Look for a shortest text that is wanted."""
    if wanted.longest is not None and wanted.longest < wanted.shortest:
        return Found(None)
    bound = max(wanted.shortest, 0 if wanted.longest is None else wanted.longest + 1)
    if not wanted.inside and not wanted.outside and wanted.shortest <= _LONGEST:
        return Found("a" * wanted.shortest)
    if bound > _LONGEST:
        return Found(None, is_certain=False)
    try:
        machines = [*map(machine, sorted(wanted.inside)), *map(machine, sorted(wanted.outside))]
    except UnreadExpressionError:
        return Found(None, is_certain=False)
    return _search(machines, wanted, bound)


def _search(machines: list[Machine], wanted: Wanted, bound: int) -> Found:
    alphabet = _alphabet(machines)
    first = (tuple(each.closure(frozenset({each.start}), "^") for each in machines), 0)
    seen = {first}
    waiting = deque([(first, "")])
    while waiting:
        (states, length), text = waiting.popleft()
        if _is_wanted(machines, states, length, wanted, is_first=not text):
            return Found(text)
        for character in alphabet:
            after = tuple(each.after(held, ord(character)) for each, held in zip(machines, states, strict=True))
            longer = min(length + 1, bound)
            is_hopeless = not all(after[: len(wanted.inside)]) or (
                wanted.longest is not None and longer > wanted.longest
            )
            if not is_hopeless and (after, longer) not in seen:
                seen.add((after, longer))
                waiting.append(((after, longer), text + character))
        if len(seen) > _MOST:
            return Found(None, is_certain=False)
    return Found(None)


def _is_wanted(
    machines: list[Machine], states: tuple[frozenset[int], ...], length: int, wanted: Wanted, *, is_first: bool
) -> bool:
    if length < wanted.shortest:
        return False
    ends = [
        each.end in each.closure(held, "^$" if is_first else "$") for each, held in zip(machines, states, strict=True)
    ]
    return all(ends[: len(wanted.inside)]) and not any(ends[len(wanted.inside) :])


def _alphabet(machines: Iterable[Machine]) -> list[str]:
    """Give one character, one that can be read if possible, of all that no machine tells apart."""
    cuts = {EVERY[0][0], EVERY[1][0]}
    for each in machines:
        for steps in each.steps:
            for ranges, _ in steps:
                cuts.update(edge for first, last in ranges for edge in (first, last + 1))
    edges = [*sorted(cut for cut in cuts if cut <= EVERY[1][1]), EVERY[1][1] + 1]
    spans = [(first, after) for first, after in pairwise(edges) if not EVERY[0][1] < first < EVERY[1][0]]
    return sorted((_readable(first, after - 1) for first, after in spans), key=lambda sign: (not sign.isalnum(), sign))


def _readable(first: int, last: int) -> str:
    for preferred in "a0A-_ ":
        if first <= ord(preferred) <= last:
            return preferred
    return chr(first)
