"""Files to results: every document of every file is checked, one at a time, and none of it is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.cli.captures import check_captures, outcome_of
from tcspec.cli.reporting import iter_file_results
from tcspec.contract.counting import sort_key
from tcspec.detection import describe_capture, is_payload, is_pixel
from tcspec.errors import UnreadablePayload, Violation
from tcspec.files.documents import Document, FileType, detect_file_type, iter_documents
from tcspec.jsontext import positions
from tcspec.jsontext.pointer import follow, join, split
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits, read, require_object
from tcspec.kinds import PIXEL, find_kind
from tcspec.payload import from_document, read_payload
from tcspec.reporters.results import (
    PayloadResult,
    Result,
    ViolationResult,
)
from tcspec.rules.checking import check_payload
from tcspec.rules.config import Config
from tcspec.rules.settings import Settings
from tcspec.rules.streams.stream_checker import StreamChecker
from tcspec.validation import find_violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tcspec.cli.reporting import FileRun
    from tcspec.payload import Payload


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """How documents are checked, and which violations are reported.

    `rules` is whether the rules are checked beside the contract, `with_fixes` whether violations have their fixes.
    `pointer` is where the payload is in each document; with `payloads_only` what shows no sign of being a payload is
    passed over. `settings` are those of the command line, `config` that of the project.
    """

    version: str | None = None
    engine: str = "fast"
    rules: bool = True
    with_fixes: bool = True
    limits: Limits = DEFAULT_LIMITS
    pointer: str = ""
    payloads_only: bool = False
    settings: Settings = field(default_factory=Settings)
    config: Config = field(default_factory=Config)

    @property
    def kind(self) -> str | None:
        """Return the kind of the payloads when it is not to be detected."""
        return self.settings.kind

    def reports(self, path: str, code: str) -> bool:
        """Return whether violations of a code are reported of a file."""
        settings = self.config.settings_for(path, self.settings)
        return settings.selects(code) and code not in settings.off_codes

    def sender_of(self, path: str) -> str | None:
        """Return who sends the payloads of a file when it is not to be detected."""
        return self.config.settings_for(path, self.settings).sender

    def for_file(self, path: str) -> CheckOptions:
        """Return the options for one file."""
        settings = self.config.settings_for(path, self.settings)
        # A file with a kind, or with expected violations, has payloads, whatever it looks like.
        is_declared = bool(settings.expected or (settings.kind and not self.settings.kind))
        return replace(self, settings=settings, payloads_only=self.payloads_only and not is_declared)


def check_files(paths: Iterable[str], options: CheckOptions, advance: Callable[[int], None]) -> Iterator[Result]:
    """Check the documents of files, in order."""
    return iter_file_results(paths, lambda run: _check_file(run, options.for_file(run.path), advance))


def _check_file(run: FileRun, options: CheckOptions, advance: Callable[[int], None]) -> Iterator[Result]:
    settings = options.settings
    missing = set(settings.expected)
    answers: list[Mapping[str, Any]] = []
    requests: Counter[str] = Counter(seen=0, judged=0, passed_over=0, unreadable=0)
    for checked in _check_payloads(run.path, options):
        requests.update(("seen", outcome_of(checked)))
        if checked is None:
            run.counts["passed_over"] += 1
            continue
        run.counts["payloads"] += 1
        advance(len(checked.raw))
        for violation in checked.violations:
            is_expected = violation.code in settings.expected
            missing.discard(violation.code)
            if settings.selects(violation.code):
                run.counts["expected" if is_expected else violation.severity.value] += violation.count
                yield ViolationResult(run.path, violation, is_expected, checked.source)
        if checked.answer:
            answers.append(checked.answer)
            run.details["answers"] = answers
        yield checked
    if _is_capture(run.path):
        run.details["requests"] = requests
    run.unmet = tuple(sorted(missing))


def _check_payloads(path: str, options: CheckOptions) -> Iterator[PayloadResult | None]:
    """Check the documents of a file, or the requests of a capture; None stands for each that is passed over."""
    apply_severity = options.settings.apply_severity
    for checked in _check_requests(path, options) if _is_capture(path) else _check_documents(path, options):
        yield checked and replace(checked, violations=tuple(filter(None, map(apply_severity, checked.violations))))


def _is_capture(path: str) -> bool:
    return detect_file_type(path) is FileType.CAPTURE


def _check_requests(path: str, options: CheckOptions) -> Iterator[PayloadResult | None]:
    return check_captures(
        path, options.limits, options.settings.sender, rules=options.rules, payloads_only=options.payloads_only
    )


def _check_documents(path: str, options: CheckOptions) -> Iterator[PayloadResult | None]:
    stream = StreamChecker()
    for number, document in enumerate(iter_documents(path, options.limits, as_lines=options.kind == PIXEL.name)):
        sentence = describe_capture(document.raw) if number == 0 else None
        if sentence:
            # The lines that follow belong to it.
            violation = document.locate(codes.UNREADABLE_CAPTURE.violation("", sentence))
            yield None if options.payloads_only else PayloadResult(path, document.line, document.raw, (violation,))
            return
        yield _check_document(path, document, options, stream)


def _check_document(
    path: str, document: Document, options: CheckOptions, stream: StreamChecker
) -> PayloadResult | None:
    """Check one document; None when it shows no sign of being a payload and only payloads are to be checked."""
    payload = None
    try:
        found = _read_document(document, options)
        if found is None:
            return None
        part, payload = found
        sentence = describe_capture(payload.document)
        capture = [codes.UNREADABLE_CAPTURE.violation("", sentence)] if sentence else []
        violations = sorted(map(part.locate, capture or _check_payload(payload, part, options, stream)), key=_position)
    except UnreadablePayload as unreadable:
        violations = [document.locate(violation) for violation in unreadable.violations]
    return PayloadResult(path, document.line, document.raw, tuple(violations), pointer=options.pointer, payload=payload)


def _read_document(document: Document, options: CheckOptions) -> tuple[Document, Payload] | None:
    """Return the payload of a document with the part in which it stands; None when there is no sign of one.

    Raises:
        UnreadablePayload: when it cannot be read; its violations have their places in the document.
    """
    raw = document.check_length(options.limits)
    # Most documents: the payload is all of it, and is read together with its kind.
    if not options.pointer and (not options.payloads_only or is_pixel(raw)):
        return document, read_payload(raw, options.kind, limits=options.limits)
    value = read(raw, options.limits)
    text = raw.decode()
    part = document
    if options.pointer:
        value = _follow(text, value, options.pointer)
        part = _cut(document, text, options.pointer)
    if options.payloads_only and not is_payload(value):
        return None
    try:
        return part, from_document(require_object(value), part.raw, find_kind(options.kind) if options.kind else None)
    except UnreadablePayload as unreadable:
        line, column = positions.locate(text, options.pointer)
        raise UnreadablePayload(
            replace(violation, pointer=options.pointer, line=line, column=column) for violation in unreadable.violations
        ) from None


def _check_payload(
    payload: Payload, document: Document, options: CheckOptions, stream: StreamChecker
) -> list[Violation]:
    if options.rules:
        return check_payload(
            payload,
            stream,
            version=options.version,
            engine=options.engine,
            sender=options.settings.sender,
            with_fixes=options.with_fixes,
            line=document.line,
            limit=options.limits.violations,
        )
    found = find_violations(payload, options.version, options.engine, options.limits.violations)
    return payload.locate(sorted(found, key=sort_key))


def _follow(text: str, value: Any, pointer: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value at a pointer.

    Raises:
        UnreadablePayload: when the document has nothing there.
    """
    try:
        return follow(value, pointer)
    except LookupError:
        nearest = _nearest(value, pointer)
        message = f"there is nothing at {pointer}, where the payload should be"
        line, column = positions.locate(text, nearest)
        violation = codes.NOT_AN_OBJECT.violation(nearest, message, {"expected": "an object", "actual": "nothing"})
        raise UnreadablePayload([replace(violation, line=line, column=column)]) from None


def _cut(document: Document, text: str, pointer: str) -> Document:
    """Return the part of a document that stands at a pointer."""
    span = positions.find_span(text, split(pointer))
    line, column = positions.locate_offset(text, span.start)
    return Document(text[span.start : span.end].encode(), document.line + line - 1, column, pointer)


def _nearest(value: Any, pointer: str) -> str:  # noqa: ANN401 - any JSON value
    """Return as much of a pointer as the value has."""
    nearest = ""
    for token in split(pointer):
        step = join((token,))
        try:
            value = follow(value, step)
        except LookupError:
            break
        nearest += step
    return nearest


def _position(violation: Violation) -> tuple[int, int]:
    return violation.line or 1, violation.column or 1
