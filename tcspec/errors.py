"""What can be wrong: violations of payloads as values, misuse of the library as exceptions."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from tcspec.personal import mask_data, mask_pointer, mask_text
from tcspec.sources import expand_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Severity(StrEnum):
    """How severe a violation is; the members are in ascending order."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """Return the place in the order of severity, 0 for the lowest."""
        return list(type(self)).index(self)


class Basis(StrEnum):
    """What a requirement is based on."""

    DOCUMENTED = "documented"
    """A page of the vendor requires it."""
    OBSERVED = "observed"
    """The vendor's own clients do it."""
    INFERRED = "inferred"
    """It follows from what is known; no page says so."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A change of a payload after which a violation is gone: a JSON Patch (RFC 6902) of replace, move, add and remove.

    A safe fix keeps what the payload means; any other may change it, or guesses. The title names nothing personal.
    """

    title: str
    # Not in the `repr`: it writes values, which may be personal.
    patch: tuple[Mapping[str, Any], ...] = field(repr=False)
    is_safe: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", mask_text(self.title))

    def __hash__(self) -> int:
        # Of what can be hashed: the operations of a patch are mappings.
        return hash((self.title, len(self.patch), self.is_safe))

    def to_dict(self) -> dict[str, Any]:
        """Return the fix as JSON has it."""
        return {"title": self.title, "is_safe": self.is_safe, "patch": [dict(operation) for operation in self.patch]}


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong with a payload.

    `pointer` is an RFC 6901 JSON Pointer of names on the wire and always resolves in the payload: what is missing is
    reported at the object that lacks it. `line` and `column` are 1-based, columns in code points. `hint` is what to do.
    `source` is the address of the page that `basis` refers to, the rows of contradictions that decide, such as `K006`
    (`tcspec rules K006` prints it), or both, separated by semicolons. Message, hint and data name nothing that may be
    personal; the pointer has to resolve, and is masked where it is printed.

    Of a payload with very many violations of one code the first are listed (`Limits.violations`). One more violation
    stands for the others: it is at the place of the last one that is listed, and has their number in `data["more"]`.
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

    def __post_init__(self) -> None:
        # Here, because rules quote names of payloads in many sentences, and one of them would forget the mask.
        object.__setattr__(self, "message", mask_text(self.message))
        object.__setattr__(self, "hint", self.hint and mask_text(self.hint))
        object.__setattr__(self, "data", mask_data(self.data))
        # Here too: whoever reads a violation, in whatever format, has an address that opens.
        object.__setattr__(self, "source", expand_source(self.source))

    def located_at(self, line: int, column: int) -> Violation:
        """Return the violation with its line and column."""
        located = object.__new__(type(self))
        for each in fields(self):
            object.__setattr__(located, each.name, getattr(self, each.name))
        # Not by `dataclasses.replace`: what is masked and expanded already would be so again, word by word.
        object.__setattr__(located, "line", line)
        object.__setattr__(located, "column", column)
        return located

    @property
    def count(self) -> int:
        """Return how many violations this one stands for: 1, unless it is the one for all that are not listed."""
        return int(self.data.get("more", 1))

    def __hash__(self) -> int:
        # Of what can be hashed: the data is a mapping.
        return hash((self.code, self.severity, self.pointer, self.message, self.line, self.column))

    def __str__(self) -> str:
        place = "" if self.line is None else f"{self.line}:{self.column}: "
        return f"{place}{self.code} {self.severity} at {mask_pointer(self.pointer) or 'the root'}: {self.message}"

    def to_dict(self) -> dict[str, Any]:
        """Return the violation as JSON has it, every field by its name."""
        return {
            "code": self.code,
            "severity": self.severity.value,
            "pointer": self.pointer,
            "line": self.line,
            "column": self.column,
            "message": self.message,
            "data": dict(self.data),
            "hint": self.hint,
            "fix": self.fix and self.fix.to_dict(),
            "basis": self.basis.value,
            "source": self.source,
        }


class TcspecError(Exception):
    """The parent of every exception that tcspec raises on purpose.

    Errors of one class with the same fields are equal; any can be hashed, copied and pickled. The fields are those of
    `__match_args__`.
    """

    # By hand: a dozen dataclasses take as long to build as an interpreter takes to start.
    __match_args__: tuple[str, ...] = ()

    def __repr__(self) -> str:
        fields_of = zip(self.__match_args__, _values_of(self), strict=True)
        return f"{type(self).__qualname__}({', '.join(f'{name}={value!r}' for name, value in fields_of)})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and _values_of(other) == _values_of(self)

    def __hash__(self) -> int:
        # Of the sentence: a field may be a value that cannot be hashed.
        return hash((type(self), str(self)))

    def __reduce__(self) -> tuple[Any, ...]:
        # The arguments that Exception remembers may be an iterator that was consumed, or were passed by name.
        return type(self), _values_of(self), vars(self)


def _values_of(error: TcspecError) -> tuple[object, ...]:
    return tuple(getattr(error, each) for each in error.__match_args__)


class InvalidPayload(TcspecError):  # noqa: N818 - named by the public contract
    """A payload violates its contract where only a valid one is accepted."""

    __match_args__ = ("violations",)

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)

    def __str__(self) -> str:
        if not self.violations:
            return "the payload is invalid"
        # A warning that comes before is not why it is invalid.
        first = next((each for each in self.violations if each.severity is Severity.ERROR), self.violations[0])
        others = sum(violation.count for violation in self.violations) - first.count
        return f"{first}{f' (and {others} more)' if others else ''}"


class UnreadablePayload(InvalidPayload):
    """A payload cannot be read: it is no JSON object within the limits."""


class OversizeEvent(TcspecError, ValueError):  # noqa: N818 - named by the public contract
    """An event is over the size limit and fits in no batch; `index` is its place among the events, from 0."""

    __match_args__ = ("index", "size", "limit")

    def __init__(self, index: int, size: int, limit: int) -> None:
        self.index = index
        self.size = size
        self.limit = limit

    def __str__(self) -> str:
        return f"event {self.index} has {self.size:,} bytes and fits in no batch, the limit is {self.limit:,}"


class UnreadableTimestamp(TcspecError, ValueError):  # noqa: N818 - named by the public contract
    """A value is not a timestamp that can be read without guessing.

    `suggestion` is the timestamp in milliseconds that is certainly meant, when only the notation is wrong; `is_exact`
    is false when a part of it that is finer was cut off.
    """

    __match_args__ = ("value", "reason", "suggestion", "is_exact")

    def __init__(self, value: object, reason: str, suggestion: int | None = None, is_exact: bool = True) -> None:  # noqa: FBT001, FBT002 - an error is copied with its arguments in order
        self.value = value
        self.reason = reason
        self.suggestion = suggestion
        self.is_exact = is_exact

    def __str__(self) -> str:
        return f"cannot read a timestamp: {self.reason}"


class WrongArgument(TcspecError, TypeError):  # noqa: N818 - what a user reads is the sentence
    """An argument is of a Python type that is not accepted."""

    __match_args__ = ("expected", "actual")

    def __init__(self, expected: str, actual: str) -> None:
        self.expected = expected
        self.actual = actual

    def __str__(self) -> str:
        return f"expected {self.expected}, got {self.actual}"


class WrongKeyword(TcspecError, TypeError):  # noqa: N818 - what a user reads is the sentence
    """A model is built with a keyword that is none of its properties, or with a property of its own in `custom`."""

    __match_args__ = ("model", "reasons")

    def __init__(self, model: str, reasons: tuple[str, ...]) -> None:
        self.model = model
        self.reasons = reasons

    def __str__(self) -> str:
        return mask_text(f"{self.model}: {', '.join(self.reasons)}")


class UnknownKind(TcspecError, ValueError):  # noqa: N818 - a kind or version that tcspec does not know
    """A kind, version or other name is requested that tcspec does not know."""

    __match_args__ = ("requested", "known")

    def __init__(self, requested: str, known: tuple[str, ...]) -> None:
        self.requested = requested
        self.known = known

    def __str__(self) -> str:
        return f"unknown name {self.requested!r}; choose from {', '.join(self.known)}"


class RecursionLimitTooLow(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """Python's recursion limit leaves too few frames at this place to read a payload as deep as this one."""

    __match_args__ = ("limit",)

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __str__(self) -> str:
        return f"the recursion limit of {self.limit} is too low here; raise it with sys.setrecursionlimit()"
