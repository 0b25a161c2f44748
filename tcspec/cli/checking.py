"""Files to results: every document of every file is checked, one at a time, and none of it is kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from tcspec import codes
from tcspec.cli.reporting import iter_file_results
from tcspec.errors import UnreadablePayload, Violation
from tcspec.files.documents import Document, FileType, detect_file_type, iter_contents
from tcspec.files.parts import iter_parts
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.kinds import PIXEL
from tcspec.payload import read_payload, recognise_payload
from tcspec.reporters.results import PayloadResult, Result, ViolationResult
from tcspec.rules.config import Config
from tcspec.rules.settings import Settings
from tcspec.unread_captures import describe_capture
from tcspec.validation import find_violations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tcspec.cli.reporting import FileRun
    from tcspec.payload import Payload
    from tcspec.rules.streams.stream_checker import StreamChecker

_HEAD = 1_000
"""How many bytes of a file show whether it has captured requests."""


class CheckOptions(NamedTuple):
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
    settings: Settings = Settings()
    config: Config = Config()

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
        return self._replace(settings=settings, payloads_only=self.payloads_only and not is_declared)


def check_files(paths: Iterable[str], options: CheckOptions, advance: Callable[[int], None]) -> Iterator[Result]:
    """Check the documents of files, in order."""
    return iter_file_results(paths, lambda run: _check_file(run, options.for_file(run.path), advance))


def _check_file(run: FileRun, options: CheckOptions, advance: Callable[[int], None]) -> Iterator[Result]:
    settings = options.settings
    missing = set(settings.expected)
    is_capture = detect_file_type(run.path) is FileType.CAPTURE
    for result in _check_requests(run, options) if is_capture else _check_documents(run.path, options):
        if result is None:
            run.counts["passed_over"] += 1
            continue
        run.counts["payloads"] += 1
        advance(len(result.raw))
        # Also what is turned off, or not selected: that decides what is reported, and not what a file has.
        missing.difference_update(violation.code for violation in result.violations)
        checked = result
        if settings.severities:
            checked = result._replace(violations=tuple(filter(None, map(settings.apply_severity, result.violations))))
        for violation in checked.violations:
            is_expected = violation.code in settings.expected
            if settings.selects(violation.code):
                run.counts["expected" if is_expected else violation.severity.value] += violation.count
                yield ViolationResult(run.path, violation, is_expected, checked.source)
        yield checked
    run.unmet = tuple(sorted(missing))


def _check_requests(run: FileRun, options: CheckOptions) -> Iterator[PayloadResult | None]:
    """Check the requests of a capture; None stands for each that is passed over.

    The details of the run get the predicted answers, and what became of how many requests.
    """
    from tcspec.cli.captures import check_captures, outcome_of  # noqa: PLC0415 - it knows every endpoint

    requests = Counter(seen=0, judged=0, passed_over=0, unreadable=0)
    for result in check_captures(
        run.path, options.limits, options.settings.sender, rules=options.rules, payloads_only=options.payloads_only
    ):
        requests.update(("seen", outcome_of(result)))
        if result and result.answer:
            run.details.setdefault("answers", []).append(result.answer)
        yield result
    # A hook sees many files that are about something else.
    if not (options.payloads_only and requests["seen"] == requests["passed_over"]):
        run.details["requests"] = requests


def _check_documents(path: str, options: CheckOptions) -> Iterator[PayloadResult | None]:
    """Check the documents of a file; None stands for each that is passed over."""
    stream = _start_stream() if options.rules else None
    contents = iter_contents(path, options.limits, as_lines=options.kind == PIXEL.name)
    first, contents = _read_first_lines(contents)
    if sentence := describe_capture(first):
        violation = replace(codes.UNREADABLE_CAPTURE.violation("", sentence), line=1, column=1)
        yield None if options.payloads_only else PayloadResult(path, 1, b"", (violation,))
        return
    for part in iter_parts(contents, options.pointer, options.limits):
        if isinstance(part, UnreadablePayload):
            yield PayloadResult(path, part.violations[0].line or 1, b"", part.violations)
        else:
            yield _check_document(path, part, options, stream)


def _read_first_lines(contents: Iterator[Document | bytes]) -> tuple[bytes, Iterator[Document | bytes]]:
    """Return the first lines of a file as far as they are no JSON, and all its contents."""
    begun: list[Document | bytes] = []
    text = b""
    for content in contents:
        begun.append(content)
        text += content[:_HEAD] if isinstance(content, bytes) else content.raw[:_HEAD] + content.ending
        # The rest of a line that is too long is gone once the next one is read.
        if text.lstrip().startswith((b"{", b"[")) or len(text) >= _HEAD:
            break
    return text, chain(begun, contents)


def _start_stream() -> StreamChecker:
    from tcspec.rules.streams.stream_checker import StreamChecker  # noqa: PLC0415 - `validate` needs no rules

    return StreamChecker()


def _check_document(
    path: str, document: Document, options: CheckOptions, stream: StreamChecker | None
) -> PayloadResult | None:
    """Check one document; None when it is passed over.

    That is a pixel of another service of the vendor, and with `payloads_only` what shows no sign of being a payload.
    """
    payload = None
    try:
        # Most documents are checked whatever they are.
        read = recognise_payload if options.payloads_only else read_payload
        payload = read(document.check_length(options.limits), options.kind, limits=options.limits)
        if payload is None or (payload.pixel and _is_other_service(payload.pixel.url)):
            return None
        sentence = describe_capture(payload.document)
        capture = [codes.UNREADABLE_CAPTURE.violation("", sentence)] if sentence else []
        found = capture or _check_payload(payload, document, options, stream)
    except UnreadablePayload as unreadable:
        found = list(unreadable.violations)
    violations = sorted(map(document.locate, found), key=_position)
    line, column = document.start
    # The places in a string are not those in its text, of which no line can be shown then.
    raw = b"" if document.string else document.raw
    return PayloadResult(path, line, raw, tuple(violations), None, document.pointer, payload, column)


def _is_other_service(url: str) -> bool:
    from tcspec.requests.request import split_url  # noqa: PLC0415 - only pixels have an address
    from tcspec.requests.routes import is_other_service  # noqa: PLC0415

    return is_other_service(split_url(url))


def _check_payload(
    payload: Payload, document: Document, options: CheckOptions, stream: StreamChecker | None
) -> list[Violation]:
    if stream is not None:
        from tcspec.rules.checking import check_payload  # noqa: PLC0415 - as above

        return check_payload(
            payload,
            stream,
            version=options.version,
            engine=options.engine,
            sender=options.settings.sender,
            with_fixes=options.with_fixes,
            line=document.start[0],
            limit=options.limits.violations,
        )
    limit = options.limits.violations
    return payload.arrange(find_violations(payload, options.version, engine=options.engine, limit=limit))


def _position(violation: Violation) -> tuple[int, int]:
    return violation.line or 1, violation.column or 1
