"""Required events: which must occur in a run, how often, and which are missing in the end."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.files.lines import FileError
from tcspec.files.side_files import MAX_COUNT, decode_text, describe, is_count, parse_json, read_side_file
from tcspec.jsontext import positions
from tcspec.jsontext.pointer import join
from tcspec.kinds import EVENT_KINDS
from tcspec.reporters.contents import check_parts
from tcspec.reporters.results import FileFinished, FileStarted, PayloadResult, RunFinished, Tally, ViolationResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.files.side_files import JsonFile
    from tcspec.reporters.results import Result

_MAX_NAMES = 1_000
"""How many names that nobody requires are counted, to suggest one that is close to a missing one."""
_MAX_SUGGESTIONS = 100
"""For how many missing events a name is suggested; each is compared with all names that occurred."""
_LONGEST = 100
"""How many characters a name may have that is compared or suggested; comparing takes quadratic time."""
_FORMS = "expected one event name a line, a JSON array of names, or a JSON object of names and minimum counts"


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
    names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = frozenset(each.name for each in self.required)

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
                        # As a file of its own, so that every format shows where the event is required.
                        yield FileStarted(self.path)
                        yield from missing
                        yield FileFinished(self.path, errors)
                    yield result._replace(tally=tally + errors)
                case _:
                    yield result

    def count(self, result: PayloadResult) -> None:
        """Count the events of a payload."""
        for part, is_valid in check_parts(result):
            counts = self.valid if is_valid else self.invalid
            is_counted = part.name in counts or len(counts) < _MAX_NAMES
            if part.kind in EVENT_KINDS and (is_counted or part.name in self.names):
                counts[part.name] += 1

    def find_missing(self) -> Iterator[Violation]:
        """Yield a violation for each event that did not occur as often as required; those with errors do not count."""
        missing = (each for each in self.required if self.valid[each.name] < each.minimum)
        others = [name for name in {**self.valid, **self.invalid} if name not in self.names and len(name) <= _LONGEST]
        for count, each in enumerate(missing):
            has_suggestion = count < _MAX_SUGGESTIONS and len(each.name) <= _LONGEST
            yield self._missing(each, others if has_suggestion else [])

    def _missing(self, required: RequiredEvent, others: list[str]) -> Violation:
        valid, invalid = self.valid[required.name], self.invalid[required.name]
        occurred = f"occurred {valid:,} of {required.minimum:,} times" if valid else "did not occur"
        more = f"; {invalid:,} with errors not counted" if invalid else ""
        message = f"required event `{required.name}` {occurred}{more}"
        data = {"expected": required.minimum, "actual": valid, "property": required.name}
        close = difflib.get_close_matches(required.name, others, n=1, cutoff=0.7)
        hint = f"did you mean `{close[0]}`, which occurred?" if close else None
        violation = codes.REQUIRED_EVENT.violation(required.pointer, message, data)
        return replace(violation, line=required.line, column=required.column, hint=hint)


def read_required_events(path: str) -> RequiredEvents:
    """Read which events a file requires.

    Raises:
        FileError: when it cannot be read, names no event, or has another form.
    """
    raw = read_side_file(path)
    # A list of names has no line that begins so.
    is_json = raw.lstrip()[:1] in {b"[", b"{"}
    try:
        required = tuple(_parse_json(parse_json(raw, path)) if is_json else _parse_lines(decode_text(raw, path)))
    except FileError as error:
        raise FileError(path, f"{error.reason}; {_FORMS}") from None
    if not required:
        raise FileError(path, f"no event name found; {_FORMS}")
    return RequiredEvents(path, required)


def _parse_lines(text: str) -> Iterator[RequiredEvent]:
    for number, line in enumerate(text.splitlines(), 1):
        name = line.strip()
        if name and not name.startswith("#"):
            yield RequiredEvent(name, line=number, column=1 + line.index(name))


def _parse_json(file: JsonFile) -> Iterator[RequiredEvent]:
    entries: list[tuple[str | int, Any, Any]] = (
        [(name, name, minimum) for name, minimum in file.value.items()]
        if isinstance(file.value, dict)
        else [(index, name, 1) for index, name in enumerate(file.value)]
    )
    places = positions.locate_all(file.text, {join((key,)) for key, _, _ in entries})
    for key, name, minimum in entries:
        pointer = join((key,))
        if not isinstance(name, str) or not name.strip():
            raise file.error(pointer, "an event name", describe(name))
        if not is_count(minimum):
            raise file.error(pointer, f"an integer from 1 to {MAX_COUNT:,}", describe(minimum))
        line, column = places[pointer]
        yield RequiredEvent(name, minimum, pointer, line, column)
