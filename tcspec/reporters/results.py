"""The results of a run as a stream: a file starts, violations and payloads follow, the file and then the run finish."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from operator import add
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec.codes import Code
from tcspec.errors import Basis, Severity
from tcspec.personal import mask_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tcspec.errors import Violation
    from tcspec.payload import Payload

UNMET = Code("unmet", "an expected violation did not occur", basis=Basis.INFERRED, source="[tool.tcspec.expect]")
UNREADABLE = Code("unreadable", "the file could not be read", basis=Basis.INFERRED, source="tcspec")
FILE_CODES = (UNMET, UNREADABLE)
"""What can be wrong with a file as a whole; these codes are words, and no rule or payload has them."""


class Tally(NamedTuple):
    """Counts of a file or of a whole run.

    `passed_over` documents are not payloads. The project expects violations: `expected` ones occurred, `unmet` ones
    did not. `known` ones stand in a baseline. None of these counts in `error`, `warning` or `info`.
    """

    files: int = 0
    payloads: int = 0
    passed_over: int = 0
    error: int = 0
    warning: int = 0
    info: int = 0
    expected: int = 0
    unmet: int = 0
    unreadable: int = 0
    known: int = 0

    def __add__(self, other: Tally) -> Tally:  # type: ignore[override]  # counts are added, not put behind others
        return Tally(*map(add, self, other))

    def at_least(self, severity: Severity) -> int:
        """Return how many violations are of this severity or worse; an unmet expectation counts as an error."""
        return self.unmet + sum(int(getattr(self, each)) for each in Severity if each.rank >= severity.rank)


class FileStarted(NamedTuple):
    """A file is being read."""

    path: str


class SourceText(NamedTuple):
    """The text of a document as it stands in its file, and the line and column where it starts.

    `payload` is what was read of it, None when that could not be read.
    """

    raw: bytes
    line: int = 1
    column: int = 1
    payload: Payload | None = None

    def __repr__(self) -> str:
        # Without what is in the file, which may be personal.
        return f"SourceText(line={self.line}, column={self.column})"


class ViolationResult(NamedTuple):
    """A violation in a file; `expected` when the project expects it, `source` when its text is known."""

    path: str
    violation: Violation
    expected: bool = False
    source: SourceText | None = None


class PayloadResult(NamedTuple):
    """A payload was checked: where it starts, and all its violations, reported or not.

    Of a captured request `raw` is the body and `answer` the predicted answer of the endpoint. `payload` is what was
    read, None when that could not be read, `pointer` where it is in the file when it is part of a document. Of one that
    stands in a string `raw` is empty.
    """

    path: str
    line: int
    raw: bytes
    violations: tuple[Violation, ...]
    answer: Mapping[str, Any] | None = None
    pointer: str = ""
    payload: Payload | None = None
    column: int = 1

    @property
    def source(self) -> SourceText | None:
        """Return the text in which violations of a document were found; None of a captured request."""
        return None if self.answer else SourceText(self.raw, self.line, self.column, self.payload)


class FileFinished(NamedTuple):
    """A file was read to its end, or as far as it can be read: `unreadable` is the reason why no further.

    `unmet` are the codes that the project expects of it and that did not occur, `details` what a command adds.
    """

    path: str
    tally: Tally
    unmet: tuple[str, ...] = ()
    unreadable: str | None = None
    details: Mapping[str, Any] = MappingProxyType({})

    def violations(self) -> Iterator[Violation]:
        """Yield what is wrong with the file as a whole."""
        for code in self.unmet:
            violation = UNMET.violation("", f"expected {code}, which did not occur", {"expected": code})
            yield replace(violation, hint="remove it from [tool.tcspec.expect] if it is fixed")
        if self.unreadable:
            yield UNREADABLE.violation("", f"the file could not be read: {self.unreadable}")


class RunFinished(NamedTuple):
    """All files were read; `stats` are the statistics of the run, if requested."""

    tally: Tally
    stats: Mapping[str, Any] | None = None


Result = FileStarted | ViolationResult | PayloadResult | FileFinished | RunFinished


def iter_problems(results: Iterable[Result]) -> Iterator[ViolationResult]:
    """Yield the violations that nobody expects, and what is wrong with files as a whole."""
    for result in results:
        match result:
            case ViolationResult(expected=False):
                yield result
            case FileFinished():
                yield from (ViolationResult(result.path, violation) for violation in result.violations())


def iter_fingerprints(problems: Iterable[ViolationResult]) -> Iterator[tuple[ViolationResult, str]]:
    """Yield each problem with a fingerprint that stays the same when lines move or messages change.

    It is made of file, code, masked pointer, property, and of how often these occurred before in the file.
    """
    from hashlib import sha256  # noqa: PLC0415 - the formats for people have no fingerprints

    occurrences: Counter[str] = Counter()
    path = None
    for problem in problems:
        # Counted by file, so that a fingerprint does not depend on the files before.
        if problem.path != path:
            occurrences.clear()
            path = problem.path
        violation = problem.violation
        subject = violation.data.get("property") or violation.data.get("expected")
        key = "\n".join((path_in_checkout(problem.path), violation.code, mask_pointer(violation.pointer), str(subject)))
        occurrences[key] += 1
        # File names that are not UTF-8 hold lone surrogates.
        yield problem, sha256(f"{key}\n{occurrences[key]}".encode(errors="surrogatepass")).hexdigest()


def path_in_checkout(path: str) -> str:
    """Return a path as code hosts write it: relative to the current folder when it is below it, with slashes."""
    if path == "-":
        return path
    from pathlib import Path  # noqa: PLC0415 - the formats for people have the paths as they were named

    relative = Path(path)
    # A path outside the working folder, or one of a working folder that was deleted, stays as it is.
    with suppress(ValueError, FileNotFoundError):
        relative = relative.relative_to(Path.cwd()) if relative.is_absolute() else relative
    return relative.as_posix()


def format_sentence(violation: Violation) -> str:
    """Return a violation on one line: the message, the pointer and the hint."""
    pointer = f" (at {mask_pointer(violation.pointer)})" if violation.pointer else ""
    hint = f"; {violation.hint}" if violation.hint else ""
    return f"{violation.message}{pointer}{hint}"
