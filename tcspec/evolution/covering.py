"""The proof that one schema takes all that another takes, keyword by keyword.

It says yes, or does not know; where it stopped is kept, for a payload to be looked for there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import islice
from typing import TYPE_CHECKING, Any

from tcspec.evolution import algebra
from tcspec.evolution.combining import COMBINING, TOLD_APART, cases, consequences
from tcspec.evolution.facts import facts, finite, is_nothing
from tcspec.evolution.objects import INSIDE
from tcspec.evolution.unfolding import Judges
from tcspec.evolution.values import implies

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tcspec.evolution.facts import Facts
    from tcspec.evolution.parts import Key, Part
    from tcspec.evolution.sameness import Sameness

_STEPS = 5_000
_DEEPEST = 60
_LARGE = 100
"""How many parts that hold at once count as one more step."""
_TRIES = 3
"""How often a pair that was not shown is looked at again, in another surrounding."""
_STOPS = 400
_ASIDE = 200
"""How many steps it may take to see which conditions hold."""
_FOLLOWED = 12
"""In how many situations it is seen which conditions hold."""
_QUESTIONS = 60
"""How often the algebra is asked."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step from a value into it: what is known of the value, and the name or index of what is inside."""

    held: Facts
    name: str | int


@dataclass(frozen=True, slots=True)
class At:
    """Where in a payload a proof is, and of which parts the alternatives were told apart already."""

    above: tuple[Step, ...] = ()
    split: frozenset[Key] = frozenset()


ROOT = At()


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the proof stopped: the steps to a value, what is known of it, and what was to be shown of it."""

    above: tuple[Step, ...]
    held: Facts
    wide: Part
    values: tuple[Any, ...] = ()
    """Values that are taken as far as was seen, and refused."""


class Effort(IntEnum):
    """How much is tried."""

    QUICK = 0
    USUAL = 1
    THOROUGH = 2


@dataclass(slots=True)
class Proof:
    """A proof under way: what is shown, what is being shown, and where it stopped.

    A quick one does not tell conditions apart, a thorough one goes on where it stopped, to see where else it stops.
    """

    sameness: Sameness
    effort: Effort
    left: int = _STEPS
    stops: list[Stop] = field(default_factory=list)
    judges: Judges = field(default_factory=Judges)
    shown: dict[Any, tuple[int, bool]] = field(default_factory=dict)
    """Pairs that are shown, or being shown, and how deep inside the payload that was."""
    order: list[Any] = field(default_factory=list)
    failed: Counter[Any] = field(default_factory=Counter)
    followed: dict[frozenset[Key], list[Part]] = field(default_factory=dict)
    asked: int = 0
    """How often the algebra was asked."""
    silent: int = 0
    nesting: int = 0

    def covers(self, wide: Part, narrow: Iterable[Part], at: At = ROOT) -> bool:
        """Tell whether a schema is shown to take every value that others take together.

        What is being shown may be used for what is inside a value, not for the value itself: a payload ends somewhere.
        """
        held = facts(narrow)
        if wide.schema is True or is_nothing(held, self.judges) or any(self.same(wide, part) for part in held):
            return True
        key = (wide.key, frozenset(part.key for part in held), at.split)
        depth = len(at.above)
        if key in self.shown:
            since, is_done = self.shown[key]
            return depth > since or (is_done and depth == since)
        self.left -= 1 + len(held) // _LARGE
        if self.left < 0 or self.nesting >= _DEEPEST or self.failed[key] >= _TRIES:
            return False
        mark = len(self.order)
        self.shown[key] = (depth, False)
        self.order.append(key)
        self.nesting += 1
        is_shown = self._is_shown(wide, held, at)
        self.nesting -= 1
        if is_shown:
            self.shown[key] = (depth, True)
            return True
        for each in self.order[mark:]:  # what was shown since may lean on what was not
            del self.shown[each]
        del self.order[mark:]
        self.failed[key] += 1
        return False

    def same(self, one: Part, other: Part) -> bool:
        """Tell whether two parts say the same."""
        return self.sameness.same(one, other)

    def quietly(self, wide: Part, narrow: Iterable[Part], at: At) -> bool:
        """Tell whether it can be shown, when nothing is lost if not."""
        self.silent += 1
        try:
            return self.covers(wide, narrow, at)
        finally:
            self.silent -= 1

    def _is_shown(self, wide: Part, held: Facts, at: At) -> bool:
        against: list[Any] = []
        is_shown = self._by_values(wide, held, against)
        if is_shown is None:
            failing = self._failing(wide, held, at, against)
            is_shown = (
                not failing
                or self._by_consequences(wide, held, at)
                or self._by_cases(wide, held, at)
                or self._by_contradiction(held, at)
                or (not failing <= _ELSEWHERE and self._by_algebra(wide, held))
            )
        if not is_shown and not self.silent and len(self.stops) < _STOPS:
            self.stops.append(Stop(at.above, held, wide, tuple(against)))
        return is_shown

    def _by_values(self, wide: Part, held: Facts, against: list[Any]) -> bool | None:
        """Decide by trying all values, when they are few."""
        few = finite(held)
        takes = None if few is None else self.judges.judge([wide])
        if few is None or takes is None:
            return None
        refused = [value for value in few if not takes(value)]
        taken = self.judges.judge(held) if refused else None
        against.extend(value for value in refused if taken is None or taken(value))
        return not against

    def _failing(self, wide: Part, held: Facts, at: At, against: list[Any]) -> set[str]:
        """Give the keywords of a schema that are not shown to hold, or the first of them."""
        if wide.schema is False:
            return {"false"}
        failing = (
            keyword
            for keyword, value in wide.schema.items()
            if not (
                COMBINING[keyword](self, wide, held, at)
                if keyword in COMBINING
                else self._inside(keyword, wide, held, at)
                if keyword in INSIDE
                else implies(held, keyword, value, against)
            )
        )
        return set(failing) if self.effort is Effort.THOROUGH else set(islice(failing, 1))

    def every(self, results: Iterable[bool]) -> bool:
        """Tell whether everything is shown; a thorough proof looks at all of it in any case."""
        return all(list(results) if self.effort is Effort.THOROUGH else results)

    def _inside(self, keyword: str, wide: Part, held: Facts, at: At) -> bool:
        """Show what is asked of the places inside a value; a place of no name is the value itself."""
        return self.every(
            self.covers(inner, parts, at if name is None else At((*at.above, Step(held, name))))
            for name, inner, parts in INSIDE[keyword](wide, held)
        )

    def _by_consequences(self, wide: Part, held: Facts, at: At) -> bool:
        """Show it with what follows from the conditions that hold."""
        if (
            self.silent or self.effort is Effort.QUICK
        ):  # conditions are shown without others, or there were no end to it
            return False
        known = frozenset(part.key for part in held)
        if known not in self.followed:
            if len(self.followed) >= _FOLLOWED:
                return False
            aside = Proof(self.sameness, Effort.QUICK, left=_ASIDE, judges=self.judges, silent=1)
            self.followed[known] = list(consequences(aside, held, is_told_apart=TOLD_APART in at.split))
        more = [part for part in self.followed[known] if part.key not in known]
        return bool(more) and self.covers(wide, [*held, *more], at)

    def _by_cases(self, wide: Part, held: Facts, at: At) -> bool:
        """Show it for each alternative of what is known."""
        apart = cases(wide, held, at.split)
        if apart is None or (self.effort is Effort.QUICK and apart.is_slow):
            return False
        return self.every(
            self.covers(wide, [*held, each], At(at.above, at.split | apart.of)) for each in apart.alternatives
        )

    def _by_contradiction(self, held: Facts, at: At) -> bool:
        """Show that there is no such value: what is known implies what is known not to hold."""
        return any(
            self.quietly(part.inner(part.schema["not"]), [each for each in held if each is not part], at)
            for part in held
            if "not" in part.schema
        )

    def _by_algebra(self, wide: Part, held: Facts) -> bool:
        self.asked += 1
        return self.asked <= _QUESTIONS and algebra.covers(wide, held)


_ELSEWHERE = frozenset({*INSIDE, "allOf", "$ref", "if"})
"""Keywords that the algebra is asked about where they lead to."""
