"""What a run complains of, for reporters that tell of nothing else."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from tcspec.codes import Code
from tcspec.errors import Basis
from tcspec.reporters.results import FileFinished, Source, ViolationResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.reporters.results import Result

UNMET = Code(
    "unmet", "a violation was announced and did not occur", basis=Basis.INFERRED, source="[tool.tcspec.expect]"
)
UNREADABLE = Code("unreadable", "the file could not be read", basis=Basis.INFERRED, source="tcspec")
OF_FILES = (UNMET, UNREADABLE)
"""What can be wrong with a file as a whole; these codes are words, and no rule or payload has them."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A violation that was not announced, or what is wrong with a file as a whole."""

    path: str
    violation: Violation
    source: Source | None = None


def problems(results: Iterable[Result]) -> Iterator[Problem]:
    """Give what a run complains of, in order."""
    for result in results:
        match result:
            case ViolationResult(path, violation, expected=False, source=source):
                yield Problem(path, violation, source)
            case FileFinished():
                yield from (Problem(result.path, violation) for violation in of_file(result))


def of_file(ended: FileFinished) -> Iterator[Violation]:
    """Say what is wrong with a file as a whole: what was announced and did not occur, and that it is unreadable."""
    for code in ended.unmet:
        yield UNMET.violation("", f"{code} was announced and did not occur", {"expected": code})
    if ended.unreadable:
        yield UNREADABLE.violation("", f"the file could not be read: {ended.unreadable}")


def fingerprints(given: Iterable[Problem]) -> Iterator[tuple[Problem, str]]:
    """Give each problem a fingerprint that stays when lines move: file, code, place in the payload, property, count."""
    seen: Counter[str] = Counter()
    last = None
    for problem in given:
        if problem.path != last:
            seen.clear()
            last = problem.path
        violation = problem.violation
        which = violation.data.get("property") or violation.data.get("expected")
        key = "\n".join((relative(problem.path), violation.code, violation.pointer, str(which)))
        seen[key] += 1
        yield problem, sha256(f"{key}\n{seen[key]}".encode(errors="surrogatepass")).hexdigest()


def relative(path: str) -> str:
    """Spell a path as forges know it: from the current folder when it is below, with slashes."""
    if path == "-":
        return path
    given = Path(path)
    with suppress(ValueError):
        given = given.relative_to(Path.cwd()) if given.is_absolute() else given
    return given.as_posix()


def sentence(violation: Violation) -> str:
    """Tell a violation in one line: what is wrong, where in the payload, and what to do."""
    place = f" (at {violation.pointer})" if violation.pointer else ""
    advice = f"; {violation.hint}" if violation.hint else ""
    return f"{violation.message}{place}{advice}"
