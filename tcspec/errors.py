"""What can be wrong: violations of payloads as values, misuse of the library as exceptions."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Severity(StrEnum):
    """How bad a violation is; the order of the members is the order of gravity."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """Give the place in the order of gravity, 0 for the mildest."""
        return list(type(self)).index(self)


class Basis(StrEnum):
    """Who asks for what a violation breaks."""

    DOCUMENTED = "documented"
    """A page of the vendor asks for it."""
    OBSERVED = "observed"
    """The vendor's own clients do it."""
    INFERRED = "inferred"
    """We concluded it."""


@dataclass(frozen=True, slots=True)
class Fix:
    """How a payload is changed so that a violation is gone: a JSON Patch (RFC 6902) of replace, move, add and remove.

    A safe fix says the same in the documented way; any other may change what the payload means, or guesses.
    """

    title: str
    patch: tuple[Mapping[str, Any], ...]
    is_safe: bool = False


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong with a payload.

    `pointer` is an RFC 6901 JSON Pointer made of wire names and always resolves in the payload: what is
    missing is reported at the object that lacks it. `line` and `column` are 1-based, columns in code points.
    """

    code: str
    severity: Severity
    pointer: str
    message: str
    data: Mapping[str, Any] = field(default_factory=dict)
    basis: Basis = Basis.DOCUMENTED
    source: str = ""
    line: int | None = None
    column: int | None = None
    hint: str | None = None
    fix: Fix | None = None


class TcspecError(Exception):
    """The parent of every exception that tcspec raises on purpose."""


@dataclass
class InvalidPayload(TcspecError):  # noqa: N818 - named by the public contract
    """A payload that breaks its contract was given where only a valid one will do."""

    violations: tuple[Violation, ...]

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)

    def __str__(self) -> str:
        first = self.violations[0]
        where = first.pointer or "the root"
        others = len(self.violations) - 1
        more = f" (and {others} more)" if others else ""
        return f"{first.code} at {where}: {first.message}{more}"


@dataclass
class UnreadablePayload(InvalidPayload):
    """Bytes that hold no readable JSON object were given to be upgraded, measured or parsed."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        super().__init__(violations)


@dataclass
class OversizeEvent(TcspecError, ValueError):  # noqa: N818 - named by the public contract
    """An event that is over the size limit and fits in no batch; `index` is its place among those given, from 0."""

    index: int
    size: int
    limit: int

    def __str__(self) -> str:
        return f"event {self.index} has {self.size:,} bytes and fits in no batch, the limit is {self.limit:,}"


@dataclass
class UnreadableTimestamp(TcspecError, ValueError):  # noqa: N818 - named by the public contract
    """A value that names no moment without guessing."""

    value: object
    reason: str

    def __str__(self) -> str:
        return f"cannot read a time: {self.reason}"


@dataclass
class WrongArgument(TcspecError, TypeError):  # noqa: N818 - what a user reads is the sentence
    """Something of another Python type was given than is taken."""

    expected: str
    given: str

    def __str__(self) -> str:
        return f"give {self.expected}, not {self.given}"


@dataclass
class UnknownKind(TcspecError, ValueError):  # noqa: N818 - a kind or version that tcspec does not know
    """A kind or version was asked for that tcspec does not know."""

    asked: str
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.asked!r} is not known; choose from {', '.join(self.known)}"
