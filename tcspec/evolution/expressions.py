"""Regular expressions as machines: the part of them that every engine reads alike.

Alternatives, groups, classes of characters, counts, `^` and `$`; nothing else, and no `.`, on which engines disagree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

Ranges = tuple[tuple[int, int], ...]
"""Characters, as ranges of code points with both ends."""

_LAST = 0x10FFFF
_SURROGATES = (0xD800, 0xDFFF)
EVERY: Ranges = ((0, _SURROGATES[0] - 1), (_SURROGATES[1] + 1, _LAST))
"""All characters that a text may have."""

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v"}
_COUNT = re.compile(r"\{([0-9]{1,4})(,?)([0-9]{0,4})\}")
_MOST_STATES = 5000


class UnreadExpressionError(ValueError):
    """A regular expression with something that engines may read differently, or of too many states."""


@dataclass(slots=True)
class Machine:
    """A nondeterministic machine: what a character leads to, and what is reached without one.

    A free step may be bound to the start (`^`) or the end (`$`) of the text.
    """

    steps: list[list[tuple[Ranges, int]]] = field(default_factory=list)
    free: list[list[tuple[str, int]]] = field(default_factory=list)
    start: int = 0
    end: int = 0

    def state(self) -> int:
        """Make one more state."""
        if len(self.steps) >= _MOST_STATES:
            raise UnreadExpressionError
        self.steps.append([])
        self.free.append([])
        return len(self.steps) - 1

    def closure(self, states: frozenset[int], held: str) -> frozenset[int]:
        """Give all states that are reached without a character, where `held` names what holds here: `^`, `$`."""
        found = set(states)
        waiting = list(states)
        while waiting:
            for bound, target in self.free[waiting.pop()]:
                if target not in found and (not bound or bound in held):
                    found.add(target)
                    waiting.append(target)
        return frozenset(found)

    def after(self, states: frozenset[int], character: int) -> frozenset[int]:
        """Give the states after one more character."""
        found = {
            target
            for state in states
            for ranges, target in self.steps[state]
            if any(first <= character <= last for first, last in ranges)
        }
        return self.closure(frozenset(found), "")


@cache
def machine(pattern: str) -> Machine:
    """Make the machine that takes every text in which the pattern is found.

    Raises:
        UnreadExpressionError: when there is something in it that is not read here.
    """
    made = Machine()
    made.start, inner, made.end = made.state(), made.state(), made.state()
    made.steps[made.start].append((EVERY, made.start))
    made.steps[made.end].append((EVERY, made.end))
    made.free[made.start].append(("", inner))
    reading = _Reading(pattern, made)
    try:
        last = reading.alternatives(inner)
    except (IndexError, RecursionError):
        raise UnreadExpressionError from None
    if reading.at < len(pattern):
        raise UnreadExpressionError
    made.free[last].append(("", made.end))
    return made


@dataclass(slots=True)
class _Reading:
    """A pattern that is being read into a machine, and how far."""

    pattern: str
    made: Machine
    at: int = 0

    def alternatives(self, begin: int) -> int:
        end = self.made.state()
        while True:
            self.made.free[self._sequence(begin)].append(("", end))
            if self.pattern[self.at : self.at + 1] != "|":
                return end
            self.at += 1

    def _sequence(self, begin: int) -> int:
        state = begin
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            state = self._counted(state)
        return state

    def _counted(self, begin: int) -> int:
        """Read one piece and how often it comes, by reading it as many times."""
        place = self.at
        end = self._piece(begin)
        fewest, most = self._count()
        after = self.at
        if (fewest, most) == (1, 1):
            return end
        state, end = begin, self.made.state()
        for number in range(most if most is not None else fewest):
            if number >= fewest:
                self.made.free[state].append(("", end))
            self.at = place
            state = self._piece(state)
        if most is None:
            loop = self.made.state()
            self.made.free[state].append(("", loop))
            self.at = place
            self.made.free[self._piece(loop)].append(("", loop))
            state = loop
        self.made.free[state].append(("", end))
        self.at = after
        return end

    def _count(self) -> tuple[int, int | None]:
        sign = self.pattern[self.at : self.at + 1]
        counted = _COUNT.match(self.pattern, self.at)
        if sign and sign in "*+?":
            self.at += 1
            count: tuple[int, int | None] = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        elif counted:
            self.at = counted.end()
            fewest = int(counted[1])
            count = fewest, (int(counted[3]) if counted[3] else None) if counted[2] else fewest
        else:
            return 1, 1
        if self.pattern[self.at : self.at + 1] in {"?", "+", "*", "{"} or (count[1] or 0) > _MOST_STATES:
            raise UnreadExpressionError
        return count

    def _piece(self, begin: int) -> int:
        sign = self.pattern[self.at]
        self.at += 1
        if sign in "^$":
            end = self.made.state()
            self.made.free[begin].append((sign, end))
            return end
        if sign == "(":
            return self._group(begin)
        if sign == "[":
            ranges = self._class()
        elif sign in ".*+?{}]":
            raise UnreadExpressionError
        else:
            ranges = self._escape() if sign == "\\" else ((ord(sign), ord(sign)),)
        end = self.made.state()
        self.made.steps[begin].append((ranges, end))
        return end

    def _group(self, begin: int) -> int:
        if self.pattern[self.at] == "?":
            if self.pattern[self.at : self.at + 2] != "?:":
                raise UnreadExpressionError
            self.at += 2
        inner = self.made.state()
        self.made.free[begin].append(("", inner))
        end = self.alternatives(inner)
        if self.pattern[self.at] != ")":
            raise UnreadExpressionError
        self.at += 1
        return end

    def _escape(self) -> Ranges:
        sign = self.pattern[self.at]
        self.at += 1
        if sign == "d":
            return ((ord("0"), ord("9")),)
        if sign.isalnum() and sign not in _ESCAPES:
            raise UnreadExpressionError
        code = ord(_ESCAPES.get(sign, sign))
        return ((code, code),)

    def _class(self) -> Ranges:
        is_negated = self.pattern[self.at] == "^"
        self.at += is_negated
        found: list[tuple[int, int]] = []
        while self.pattern[self.at] != "]":
            first = self._member()
            if self.pattern[self.at] == "-" and self.pattern[self.at + 1] != "]":
                self.at += 1
                first = ((first[0][0], self._member()[0][1]),)
            found.extend(first)
        if not found or any(first > last for first, last in found):
            raise UnreadExpressionError
        self.at += 1
        return _others(found) if is_negated else tuple(found)

    def _member(self) -> Ranges:
        sign = self.pattern[self.at]
        if sign in "[&~^" or self.pattern[self.at : self.at + 2] == "--":
            raise UnreadExpressionError
        self.at += 1
        return self._escape() if sign == "\\" else ((ord(sign), ord(sign)),)


def _others(ranges: list[tuple[int, int]]) -> Ranges:
    found = []
    begin = 0
    for first, last in sorted([*ranges, _SURROGATES]):
        if begin < first:
            found.append((begin, first - 1))
        begin = max(begin, last + 1)
    return (*found, (begin, _LAST)) if begin <= _LAST else tuple(found)
