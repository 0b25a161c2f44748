"""Required events: which must occur in a run, how often, and which are missing in the end."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.errors import TcspecError, UnreadablePayload
from tcspec.files.lines import open_source
from tcspec.jsontext import positions
from tcspec.jsontext.pointer import join
from tcspec.jsontext.reader import DEFAULT_LIMITS, read
from tcspec.kinds import EVENT_KINDS
from tcspec.reporters.contents import check_parts, safe_text
from tcspec.reporters.results import FileFinished, FileStarted, PayloadResult, RunFinished, Tally, ViolationResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.reporters.results import Result

_MAX_NAMES = 1_000
"""How many names that nobody requires are counted, to suggest one that is close to a missing one."""
_FORMS = "expected one event name a line, a JSON array of names, or a JSON object of names and minimum counts"


@dataclass(eq=False)
class WrongRequirements(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """A file that should name the required events, and does not."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}; {_FORMS}"


@dataclass(frozen=True, slots=True)
class RequiredEvent:
    """An event that must occur, how often at least, and where in the file that is stated."""

    name: str
    minimum: int = 1
    pointer: str = ""
    line: int = 1
    column: int = 1


@dataclass(slots=True)
class RequiredEvents:
    """The events that a file requires, and how often each name occurred so far, without and with errors."""

    path: str
    required: tuple[RequiredEvent, ...]
    valid: Counter[str] = field(default_factory=Counter)
    invalid: Counter[str] = field(default_factory=Counter)

    def apply(self, results: Iterable[Result]) -> Iterator[Result]:
        """Yield the results, and at the end of the run an error of the file for each event that is missing."""
        for result in results:
            match result:
                case PayloadResult():
                    self.count(result)
                    yield result
                case RunFinished(tally):
                    missing = [ViolationResult(self.path, violation) for violation in self.find_missing()]
                    errors = Tally(error=len(missing))
                    if missing:
                        yield FileStarted(self.path)
                        yield from missing
                        yield FileFinished(self.path, errors)
                    yield replace(result, tally=tally + errors)
                case _:
                    yield result

    def count(self, result: PayloadResult) -> None:
        """Count the events of a payload."""
        for part, is_valid in check_parts(result):
            counts = self.valid if is_valid else self.invalid
            is_counted = part.name in counts or len(counts) < _MAX_NAMES
            if part.kind in EVENT_KINDS and (is_counted or any(each.name == part.name for each in self.required)):
                counts[part.name] += 1

    def find_missing(self) -> Iterator[Violation]:
        """Yield a violation for each event that did not occur as often as required; those with errors do not count."""
        for each in self.required:
            if self.valid[each.name] < each.minimum:
                yield self._missing(each)

    def _missing(self, required: RequiredEvent) -> Violation:
        valid, invalid = self.valid[required.name], self.invalid[required.name]
        occurred = f"occurred {valid:,} of {required.minimum:,} times" if valid else "did not occur"
        more = f"; {invalid:,} with errors not counted" if invalid else ""
        message = f"required event `{required.name}` {occurred}{more}"
        data = {"expected": required.minimum, "actual": valid, "property": required.name}
        others = [name for name in {**self.valid, **self.invalid} if name not in {each.name for each in self.required}]
        close = difflib.get_close_matches(required.name, others, n=1, cutoff=0.7)
        hint = f"did you mean `{safe_text(close[0], show_values=False)}`, which occurred?" if close else None
        violation = codes.REQUIRED_EVENT.violation(required.pointer, message, data)
        return replace(violation, line=required.line, column=required.column, hint=hint)


def read_required_events(path: str) -> RequiredEvents:
    """Read which events a file requires.

    Raises:
        FileError: when it cannot be read.
        WrongRequirements: when it names no event, or has another form.
    """
    with open_source(path) as source:
        raw = source.read()
    is_json = raw.lstrip()[:1] in {b"[", b"{"}
    required = tuple(_parse_json(raw, path) if is_json else _parse_lines(raw, path))
    if not required:
        raise WrongRequirements(path, "no event name found")
    return RequiredEvents(path, required)


def _parse_lines(raw: bytes, path: str) -> Iterator[RequiredEvent]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongRequirements(path, "the file is not UTF-8") from None
    for number, line in enumerate(text.splitlines(), 1):
        name = line.strip()
        if name and not name.startswith("#"):
            yield RequiredEvent(name, line=number, column=1 + line.index(name))


def _parse_json(raw: bytes, path: str) -> Iterator[RequiredEvent]:
    try:
        document = read(raw, DEFAULT_LIMITS)
    except UnreadablePayload as unreadable:
        raise WrongRequirements(path, unreadable.violations[0].message) from None
    entries: list[tuple[str | int, Any, Any]] = (
        [(name, name, minimum) for name, minimum in document.items()]
        if isinstance(document, dict)
        else [(index, name, 1) for index, name in enumerate(document)]
    )
    places = positions.locate_all(raw.decode(), {join((key,)) for key, _, _ in entries})
    for key, name, minimum in entries:
        pointer = join((key,))
        if not isinstance(name, str) or not name or type(minimum) is not int or minimum < 1:
            raise WrongRequirements(path, f"invalid entry at {pointer}")
        line, column = places[pointer]
        yield RequiredEvent(name, minimum, pointer, line, column)
