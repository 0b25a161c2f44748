"""Count the violations of a payload, and decide which of them are listed: the first of each code."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from tcspec.jsontext.pointer import split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Severity, Violation


class ViolationCounter:
    """How many violations of each code and severity a payload has; `limit` of them are listed, all if it is None."""

    __slots__ = ("counts", "limit")

    def __init__(self, limit: int | None) -> None:
        self.limit = limit
        self.counts: defaultdict[tuple[str, Severity], int] = defaultdict(int)

    def admits(self, code: str, severity: Severity, count: int = 1) -> bool:
        """Count a violation, and return whether it is one of those to be listed.

        To build one costs much more than to count it: what is not listed should not be built.
        """
        self.counts[code, severity] += count
        return self.limit is None or self.counts[code, severity] <= self.limit

    def filter(self, violations: Iterable[Violation]) -> Iterator[Violation]:
        """Count violations that are built already, and yield those to be listed.

        One that stands for others is counted as these; it never is among those to be listed, as others precede it.
        """
        return (each for each in violations if self.admits(each.code, each.severity, each.count))

    def with_remainders(self, listed: Iterable[Violation]) -> list[Violation]:
        """Return the listed violations, and for each code of which there are more one that stands for the others."""
        violations = list(listed)
        if self.limit is None or not violations:
            return violations
        last: dict[tuple[str, Severity], Violation] = {}
        exceeded = {key for key, count in self.counts.items() if count > self.limit}
        for violation in violations:
            key = violation.code, violation.severity
            # By the order in which they are listed: they are found in another one.
            if key in exceeded and (key not in last or sort_key(last[key]) < sort_key(violation)):
                last[key] = violation
        for key, violation in last.items():
            more = self.counts[key] - self.limit
            violations.append(
                replace(
                    violation,
                    message=f"and {more:,} more",
                    data={"more": more},
                    hint=f"{self.limit:,} of one code are listed (--max-violations lists more)",
                    fix=None,
                )
            )
        return violations


def sort_key(violation: Violation) -> tuple[list[tuple[int, str]], str, bool, str]:
    """Return what violations are sorted by: pointer, code, property; the items of an array come in their order."""
    # The length goes first, so that item 10 comes after item 9.
    parts = [(len(part) if part.isdigit() else 0, part) for part in split(violation.pointer)]
    return parts, violation.code, "more" in violation.data, str(violation.data.get("property"))
