"""Results as one page that needs no server: totals, by code, event and dialect, and a list that can be filtered.

What may describe a person is masked unless values are asked for; at most 2,000 violations are listed, all are counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tcspec.reporters.contents import Content, Part, content_of, told
from tcspec.reporters.page import LISTED, Row, page
from tcspec.reporters.problems import of_file
from tcspec.reporters.results import FileFinished, PayloadResult, RunFinished, ViolationResult
from tcspec.reporters.totals import Totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.reporters.results import Result

MOST_NAMES = 1_000
"""How many names of events are told apart; further ones are counted together."""

_OTHERS = "(further names)"
_NONE = Content(Part("(file)", "(file)"))
_LONGEST_NAME = 80


@dataclass(slots=True)
class _Run:
    """What is known of a run so far: counts that do not grow with it, and the first violations."""

    show_values: bool
    totals: Totals = field(default_factory=Totals)
    rows: list[Row] = field(default_factory=list)
    waiting: list[ViolationResult] = field(default_factory=list)

    def find(self, found: ViolationResult) -> None:
        """Count a violation; it is listed once the payload is known in which it was found."""
        self._count(found.violation)
        if len(self.rows) + len(self.waiting) < LISTED:
            self.waiting.append(found)

    def see(self, judged: PayloadResult) -> None:
        """Count a payload, and list what was found in it."""
        content = content_of(judged)
        for part in content.parts():
            self._see_part(part)
        self._list(content)

    def end(self, ended: FileFinished) -> None:
        """List what is wrong with a file as a whole."""
        self._list(_NONE)
        for violation in of_file(ended):
            self.find(ViolationResult(ended.path, violation))
        self._list(_NONE)

    def _see_part(self, part: Part) -> None:
        name = told(part.name, show_values=self.show_values, most=_LONGEST_NAME)
        names = self.totals.events
        names[name if name in names or len(names) < MOST_NAMES else _OTHERS] += 1
        self.totals.dialects[part.dialect] += 1
        self.totals.measure(part.kind, part.size, part.moment)

    def _count(self, violation: Violation) -> None:
        self.totals.codes[violation.code, violation.severity.value] += 1

    def _list(self, content: Content) -> None:
        self.rows += (_row(found, content, show_values=self.show_values) for found in self.waiting)
        self.waiting.clear()


def render(results: Iterable[Result], *, show_values: bool = False) -> Iterator[str]:
    """Tell a run as a page; values that may describe a person are in it only when they are asked for."""
    run = _Run(show_values)
    for result in results:
        match result:
            case ViolationResult(expected=False):
                run.find(result)
            case PayloadResult():
                run.see(result)
            case FileFinished():
                run.end(result)
            case RunFinished(tally):
                run.totals.tally = tally
    yield from page(run.totals, run.rows, show_values=show_values)


def _row(found: ViolationResult, content: Content, *, show_values: bool) -> Row:
    violation = found.violation
    part = content.part_at(violation.pointer)
    path = told(found.path, show_values=show_values)
    given = {
        "pointer": violation.pointer,
        "message": violation.message,
        "hint": violation.hint or "",
        "fix": violation.fix.title if violation.fix else "",
        "source": violation.source or "tcspec",
    }
    return Row(
        code=violation.code,
        place=":".join(str(each) for each in (path, violation.line, violation.column) if each is not None),
        severity=violation.severity.value,
        basis=violation.basis.value,
        event=told(part.name, show_values=show_values, most=_LONGEST_NAME),
        dialect=part.dialect,
        value=content.value_at(violation.pointer, show_values=show_values),
        **{name: told(text, show_values=show_values) for name, text in given.items()},
    )
