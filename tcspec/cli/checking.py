"""Files to results: every document of every file is judged, one at a time, and nothing of it is held."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.cli.captures import check_captures
from tcspec.detection import is_payload, is_pixel
from tcspec.errors import UnreadablePayload, Violation
from tcspec.files.documents import Document, FileType, detect_file_type, iter_documents
from tcspec.files.lines import UnreadableFile
from tcspec.jsontext import positions
from tcspec.jsontext.pointer import follow, join, split
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, read
from tcspec.payload import read_payload
from tcspec.reporters.results import (
    FileFinished,
    FileStarted,
    PayloadResult,
    Result,
    RunFinished,
    SourceText,
    Tally,
    ViolationResult,
)
from tcspec.rules.config import Config
from tcspec.rules.linting import find_violations as find_rule_violations
from tcspec.rules.linting import select_rules
from tcspec.rules.settings import Settings
from tcspec.rules.streams.watching import watch_all
from tcspec.size import check_members, check_size
from tcspec.validation import find_violations, sort_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tcspec.payload import Payload
    from tcspec.rules.streams.watching import Watching

_SIZES = frozenset({codes.TOO_LARGE.id, codes.NEARLY_TOO_LARGE.id})


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What documents are held against, and what is told of them.

    `pointer` says where the payload is in each document, `payloads_only` that what shows no sign of being one is passed
    over. `settings` are those of the command line, and `config` says what the project asks besides.
    """

    version: str | None = None
    engine: str = "fast"
    limits: Limits = DEFAULT_LIMITS
    pointer: str = ""
    payloads_only: bool = False
    settings: Settings = field(default_factory=Settings)
    config: Config = field(default_factory=Config)

    @property
    def kind(self) -> str | None:
        """Give the kind of the payloads when it is not left to be detected."""
        return self.settings.kind

    def wants(self, path: str, code: str) -> bool:
        """Tell whether violations of a code are told of a file."""
        settings = self.config.settings_for(path, self.settings)
        return settings.wants(code) and code not in settings.off

    def sender_of(self, path: str) -> str | None:
        """Give who sends the payloads of a file when it is not left to what each shows."""
        return self.config.settings_for(path, self.settings).sender

    def of_file(self, path: str) -> CheckOptions:
        """Give what is demanded of one file."""
        settings = self.config.settings_for(path, self.settings)
        is_said = bool(settings.expected or (settings.kind and not self.settings.kind))
        return replace(self, settings=settings, payloads_only=self.payloads_only and not is_said)


def check_files(paths: Iterable[str], demand: CheckOptions, advance: Callable[[int], None]) -> Iterator[Result]:
    """Judge the documents of files, in order."""
    total = Tally()
    for path in paths:
        for result in _judge_file(path, demand.of_file(path), advance):
            if isinstance(result, FileFinished):
                total += result.tally
            yield result
    yield RunFinished(total)


def _judge_file(path: str, demand: CheckOptions, advance: Callable[[int], None]) -> Iterator[Result]:
    counts = Counter(files=1)
    settings = demand.settings
    met: set[str] = set()
    answers: list[Mapping[str, Any]] = []
    unreadable = None
    is_capture = detect_file_type(path) is FileType.CAPTURE
    yield FileStarted(path)
    try:
        for judged in _judged(path, demand):
            if judged is None:
                counts["passed_over"] += 1
                continue
            counts["payloads"] += 1
            advance(len(judged.raw))
            source = None if is_capture else SourceText(judged.raw, judged.line, demand.pointer, demand.kind)
            for violation in judged.violations:
                is_expected = violation.code in settings.expected
                if is_expected:
                    met.add(violation.code)
                if settings.wants(violation.code):
                    counts["expected" if is_expected else violation.severity.value] += 1
                    yield ViolationResult(path, violation, is_expected, source)
            if judged.answer:
                answers.append(judged.answer)
            yield judged
    except UnreadableFile as error:
        unreadable = error.reason
        counts["unreadable"] = 1
    unmet = () if unreadable else tuple(sorted(settings.expected - met))
    counts["unmet"] = len(unmet)
    yield FileFinished(path, Tally(**counts), unmet, unreadable, {"answers": answers} if answers else {})


def _judged(path: str, demand: CheckOptions) -> Iterator[PayloadResult | None]:
    """Judge the documents of a file, or the requests of a capture; None stands for each that is passed over."""
    graded = demand.settings.graded
    if detect_file_type(path) is FileType.CAPTURE:
        found = check_captures(path, demand.limits, demand.settings.sender, payloads_only=demand.payloads_only)
    else:
        found = _documents(path, demand)
    for judged in found:
        yield judged and replace(judged, violations=tuple(filter(None, map(graded, judged.violations))))


def _documents(path: str, demand: CheckOptions) -> Iterator[PayloadResult | None]:
    watching = watch_all(limits=demand.limits)
    for document in iter_documents(path, demand.limits, as_lines=demand.kind == "pixel"):
        violations = check_document(document, demand, watching)
        where: dict[str, Any] = {"pointer": demand.pointer, "kind": demand.kind}
        yield (
            None if violations is None else PayloadResult(path, document.line, document.raw, tuple(violations), **where)
        )


def check_document(document: Document, demand: CheckOptions, watching: Watching) -> list[Violation] | None:
    """Judge one document, by the contract and the rules; None when it shows no sign of the payload that is wanted."""
    try:
        payload = _payload(document, demand)
    except UnreadablePayload as unreadable:
        return [document.locate(violation) for violation in unreadable.violations]
    if payload is None:
        return None
    try:
        given = read_payload(payload.raw, demand.kind, demand.limits)
    except UnreadablePayload as unreadable:
        return [payload.locate(violation) for violation in unreadable.violations]
    found = [
        *_sized(find_violations(given, demand.version, demand.engine), given),
        *find_rule_violations(given, select_rules((), ()), demand.settings.sender),
        *watching.look(given, payload.line),
    ]
    return sorted(map(payload.locate, given.placed(sorted(found, key=sort_key))), key=_place)


def _sized(violations: list[Violation], given: Payload) -> list[Violation]:
    """Measure what is too heavy anew, without the white space that it has in a file for people."""
    others = [violation for violation in violations if violation.code not in _SIZES]
    if len(others) == len(violations):
        return violations
    members = check_members(given.document["batch"]) if given.kind == "batch" else []
    return [*others, *check_size(given.document, given.kind), *members]


def _payload(document: Document, demand: CheckOptions) -> Document | None:
    raw = document.check_length(demand.limits)
    if not demand.pointer and (not demand.payloads_only or is_pixel(raw)):
        return document
    value = read(raw, demand.limits)
    payload = _part(document, value, demand.pointer) if demand.pointer else document
    if demand.payloads_only and not is_payload(follow(value, demand.pointer)):
        return None
    return payload


def _part(document: Document, value: Any, pointer: str) -> Document:  # noqa: ANN401 - any JSON value
    """Cut the payload out of a document that was read.

    Raises:
        UnreadablePayload: when the document has nothing there.
    """
    text = document.raw.decode()
    try:
        follow(value, pointer)
    except LookupError:
        lacking = _nearest(value, pointer)
        message = f"there is nothing at {pointer}, where the payload should be"
        line, column = positions.locate(text, lacking)
        violation = codes.NOT_AN_OBJECT.violation(lacking, message, {"expected": "an object", "actual": "nothing"})
        raise UnreadablePayload([replace(violation, line=line, column=column)]) from None
    span = positions.find_span(text, split(pointer))
    line, column = positions.locate_offset(text, span.start)
    return Document(text[span.start : span.end].encode(), document.line + line - 1, column, pointer)


def _nearest(value: Any, pointer: str) -> str:  # noqa: ANN401 - any JSON value
    """Give as much of a pointer as the value has."""
    parts = split(pointer)
    for length in range(len(parts) - 1, 0, -1):
        try:
            follow(value, join(parts[:length]))
        except LookupError:
            continue
        return join(parts[:length])
    return ""


def _place(violation: Violation) -> tuple[int, int]:
    return violation.line or 1, violation.column or 1
