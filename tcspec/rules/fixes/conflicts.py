"""Fixes that touch the same values: only one of them can be applied at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tcspec.jsontext.pointer import iter_parents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Violation


def choose_compatible(violations: Iterable[Violation]) -> tuple[list[Violation], list[Violation]]:
    """Choose violations whose fixes can be applied together, in any order; return these and the others."""
    chosen: list[Violation] = []
    others: list[Violation] = []
    touched: set[str] = set()
    around: set[str] = set()
    for violation in violations:
        places = set(_iter_touched(violation))
        parents = {parent for place in places for parent in iter_parents(place)}
        # The same value, something around it, or something inside it is touched already.
        if places & (touched | around) or parents & touched:
            others.append(violation)
        else:
            chosen.append(violation)
            touched |= places
            around |= parents
    return chosen, others


def _iter_touched(violation: Violation) -> Iterator[str]:
    """Yield the pointers of what a fix touches; an item that is added or removed touches the whole array."""
    for operation in violation.fix.patch if violation.fix else ():
        for key in operation.keys() & {"path", "from"}:
            parent, _, name = operation[key].rpartition("/")
            yield parent if operation["op"] != "replace" and (name.isdigit() or name == "-") else operation[key]
