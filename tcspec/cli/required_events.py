"""Required events: which must occur in a run, how often, and what is missing in the end."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.cli.stats import verdicts
from tcspec.errors import TcspecError, UnreadablePayload
from tcspec.files.lines import open_source
from tcspec.jsontext import positions
from tcspec.jsontext.pointer import join
from tcspec.jsontext.reader import DEFAULT_LIMITS, read
from tcspec.reporters.contents import told
from tcspec.reporters.results import FileFinished, FileStarted, PayloadResult, RunFinished, Tally, ViolationResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.reporters.results import Result

_EVENTS = ("event", "pixel")
_REMEMBERED = 1_000
_FORMS = "give a name a line, a JSON list of names, or a JSON object of names and minimums"


@dataclass
class WrongRequirements(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """A file that should name the events that are required, and cannot be read so."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}; {_FORMS}"


@dataclass(frozen=True, slots=True)
class Required:
    """An event that is required, how often at least, and where that is said."""

    name: str
    minimum: int = 1
    pointer: str = ""
    line: int = 1
    column: int = 1


@dataclass(slots=True)
class Coverage:
    """The events that are required by a file, and how often each name was seen so far, right and wrong."""

    path: str
    required: tuple[Required, ...]
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def past(self, results: Iterable[Result]) -> Iterator[Result]:
        """Give results as they come, and at the end of the run what is missing, as errors of the file that asks."""
        for result in results:
            match result:
                case PayloadResult():
                    self.see(result)
                    yield result
                case RunFinished(tally):
                    missing = [ViolationResult(self.path, violation) for violation in self.missing()]
                    counted = Tally(error=len(missing))
                    if missing:
                        yield FileStarted(self.path)
                        yield from missing
                        yield FileFinished(self.path, counted)
                    yield replace(result, tally=tally + counted)
                case _:
                    yield result

    def see(self, judged: PayloadResult) -> None:
        """Count the events of a payload."""
        for part, is_valid in verdicts(judged):
            counts = self.right if is_valid else self.wrong
            is_known = part.name in counts or len(counts) < _REMEMBERED
            if part.kind in _EVENTS and (is_known or any(each.name == part.name for each in self.required)):
                counts[part.name] += 1

    def missing(self) -> Iterator[Violation]:
        """Tell which events did not occur as often as required; those with an error do not count."""
        for each in self.required:
            if self.right[each.name] < each.minimum:
                yield self._missing(each)

    def _missing(self, required: Required) -> Violation:
        right, wrong = self.right[required.name], self.wrong[required.name]
        occurred = f"occurred {right:,} of {required.minimum:,} times" if right else "did not occur"
        beside = f"; {wrong:,} with errors do not count" if wrong else ""
        message = f"`{required.name}` is required and {occurred}{beside}"
        data = {"expected": required.minimum, "actual": right, "property": required.name}
        others = [name for name in {**self.right, **self.wrong} if name not in {each.name for each in self.required}]
        close = difflib.get_close_matches(required.name, others, n=1, cutoff=0.7)
        hint = f"`{told(close[0], show_values=False)}` occurred; was it meant?" if close else None
        found = codes.REQUIRED_EVENT.violation(required.pointer, message, data)
        return replace(found, line=required.line, column=required.column, hint=hint)


def read_required_events(path: str) -> Coverage:
    """Read which events a file requires.

    Raises:
        UnreadableFile: when it cannot be read.
        WrongRequirements: when it names none, or not in a form that is known.
    """
    with open_source(path) as source:
        raw = source.read()
    is_json = raw.lstrip()[:1] in {b"[", b"{"}
    required = tuple(_of_json(raw, path) if is_json else _of_lines(raw, path))
    if not required:
        raise WrongRequirements(path, "it names no event")
    return Coverage(path, required)


def _of_lines(raw: bytes, path: str) -> Iterator[Required]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongRequirements(path, "it is not UTF-8") from None
    for number, line in enumerate(text.splitlines(), 1):
        name = line.strip()
        if name and not name.startswith("#"):
            yield Required(name, line=number, column=1 + line.index(name))


def _of_json(raw: bytes, path: str) -> Iterator[Required]:
    try:
        given = read(raw, DEFAULT_LIMITS)
    except UnreadablePayload as unreadable:
        raise WrongRequirements(path, unreadable.violations[0].message) from None
    entries: list[tuple[str | int, Any, Any]] = (
        [(name, name, minimum) for name, minimum in given.items()]
        if isinstance(given, dict)
        else [(index, name, 1) for index, name in enumerate(given)]
    )
    places = positions.locate_all(raw.decode(), {join((key,)) for key, _, _ in entries})
    for key, name, minimum in entries:
        if not isinstance(name, str) or not name or type(minimum) is not int or minimum < 1:
            raise WrongRequirements(path, f"what it says at {join((key,))} has no meaning")
        line, column = places[join((key,))]
        yield Required(name, minimum, join((key,)), line, column)
