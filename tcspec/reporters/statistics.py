"""How often each code occurs in a run, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tcspec.reporters.json import HEAD
from tcspec.reporters.printing import plain
from tcspec.reporters.results import FILE_CODES, RunFinished, Tally, ViolationResult, iter_problems
from tcspec.rules.registry import EVERY_CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Severity
    from tcspec.reporters.printing import Colorize
    from tcspec.reporters.results import Result

_FIXABLE, _NOT_FIXABLE = "[*]", "[ ]"


@dataclass(slots=True)
class CodeCount:
    """How often a code occurs, its highest severity, and whether a safe fix was found for one of its violations."""

    code: str
    title: str
    severity: Severity
    count: int = 0
    fixable: bool = False

    def add(self, problem: ViolationResult) -> None:
        """Count a violation."""
        violation = problem.violation
        self.count += violation.count
        # The worst one: the severity of a code can depend on the sender and on the value.
        self.severity = max(self.severity, violation.severity, key=lambda severity: severity.rank)
        self.fixable = self.fixable or bool(violation.fix and violation.fix.is_safe)

    def to_dict(self) -> dict[str, Any]:
        """Return the count as JSON has it."""
        return asdict(self) | {"severity": self.severity.value}


def render(results: Iterable[Result], colorize: Colorize = plain) -> Iterator[str]:
    """Yield a line for each code, the most frequent first; a star marks what `tcspec fix` can fix."""
    counts, _ = _count(results)
    width = max((len(f"{each.count:,}") for each in counts), default=0)
    for each in counts:
        severity = each.severity.value
        padding = " " * (len("warning") - len(severity))
        mark = _FIXABLE if each.fixable else _NOT_FIXABLE
        yield (
            f"{each.count:>{width},}  {colorize('path', each.code)}  {colorize(severity, severity)}{padding}  "
            f"{mark} {each.title}\n"
        )
    if any(each.fixable for each in counts):
        yield f"{_FIXABLE} `tcspec fix` fixes all or some of them\n"


def render_json(results: Iterable[Result]) -> Iterator[str]:
    """Yield the counts as one JSON object."""
    counts, tally = _count(results)
    document = HEAD | {"statistics": [each.to_dict() for each in counts], "summary": tally._asdict()}
    yield json.dumps(document, indent=2) + "\n"


def _count(results: Iterable[Result]) -> tuple[list[CodeCount], Tally]:
    """Return the counts, the most frequent first, and the tally of the run."""
    tally = Tally()
    titles = {code.id: code.title for code in (*EVERY_CODE.values(), *FILE_CODES)}
    counts: dict[str, CodeCount] = {}
    for result in results:
        if isinstance(result, RunFinished):
            tally = result.tally
        for problem in iter_problems([result]):
            code = problem.violation.code
            counts.setdefault(code, CodeCount(code, titles[code], problem.violation.severity)).add(problem)
    return sorted(counts.values(), key=lambda each: (-each.count, each.code)), tally
