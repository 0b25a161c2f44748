"""What a run finds, as a stream of values: files begin, violations are found in them, files end, the run ends."""

from __future__ import annotations

from dataclasses import astuple, dataclass, field
from typing import TYPE_CHECKING, Any

from tcspec.errors import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.errors import Violation


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted, in a file or in a whole run.

    `passed_over` documents are no payloads; `expected` violations were announced, `unmet` ones were announced but did
    not occur, `known` ones stand in a baseline; all three are in no other count.
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

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))

    def at_least(self, severity: Severity) -> int:
        """Count what is as bad as this or worse; what was announced and did not occur is as bad as an error."""
        return self.unmet + sum(int(getattr(self, each)) for each in Severity if each.rank >= severity.rank)


@dataclass(frozen=True, slots=True)
class FileStarted:
    """A file is being read."""

    path: str


@dataclass(frozen=True, slots=True)
class Source:
    """The text in which a violation was found: a document as it stands in its file, and the line on which it begins.

    `pointer` says where in the document the payload is, `kind` what it is when that is not left to be detected.
    """

    raw: bytes = field(repr=False)
    line: int = 1
    pointer: str = ""
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class ViolationResult:
    """A violation was found in the file; `expected` when the project announced it, `source` when the text is known."""

    path: str
    violation: Violation
    expected: bool = False
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class PayloadResult:
    """A payload of the file was judged: where it begins, what it is, and all that was found in it, told or not.

    Of a captured request `raw` is the body and `answer` says what the endpoint would answer. `pointer` says where in
    the document the payload is, `kind` what it is when that is not left to be detected.
    """

    path: str
    line: int
    raw: bytes
    violations: tuple[Violation, ...]
    answer: Mapping[str, Any] | None = None
    pointer: str = ""
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class FileFinished:
    """A file was read to its end, or as far as it can be read: `unreadable` says why no further.

    `unmet` are the codes that were announced for it and did not occur, `details` what a verb tells besides.
    """

    path: str
    tally: Tally
    unmet: tuple[str, ...] = ()
    unreadable: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunFinished:
    """All files were read; `stats` says what was seen in them, when that is asked for."""

    tally: Tally
    stats: Mapping[str, Any] | None = None


Result = FileStarted | ViolationResult | PayloadResult | FileFinished | RunFinished
