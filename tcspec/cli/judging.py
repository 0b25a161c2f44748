"""Files to results: every document of every file is judged, one at a time, and nothing of it is held."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tcspec import codes, positions
from tcspec.cli.capturing import is_capture, judge_requests
from tcspec.cli.inputs import Document, documents
from tcspec.cli.project import Project
from tcspec.detection import is_call, kind_of
from tcspec.detection import is_payload as shows_a_payload
from tcspec.documents import LIMITS, Limits, read
from tcspec.errors import Severity, UnreadablePayload, Violation
from tcspec.pointers import follow, join, split
from tcspec.reporters.results import FileBegan, FileEnded, Found, Judged, Result, RunEnded, Tally
from tcspec.size import check_size
from tcspec.streams import UnreadableFile
from tcspec.validation import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

_SIZES = frozenset({codes.TOO_LARGE.id, codes.NEARLY_TOO_LARGE.id})
_UNREADABLE = ("TC00", "TC01")


@dataclass(frozen=True, slots=True)
class Demand:
    """What documents are held against, and what is told of them.

    `pointer` says where the payload is in each document, `payloads_only` that what shows no sign of being one is passed
    over. `select` and `ignore` are beginnings of codes.
    """

    kind: str | None = None
    version: str | None = None
    engine: str = "fast"
    limits: Limits = LIMITS
    pointer: str = ""
    payloads_only: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    project: Project = field(default_factory=Project)

    def wants(self, code: str) -> bool:
        """Tell whether violations of a code are told; that a document is unreadable is told unless it is ignored."""
        if code.startswith(self.ignore):
            return False
        return not self.select or code.startswith((*self.select, *_UNREADABLE))


def judge_files(paths: Iterable[str], demand: Demand, tick: Callable[[], None]) -> Iterator[Result]:
    """Judge the documents of files, in order."""
    total = Tally()
    for path in paths:
        for result in _judge_file(path, demand, tick):
            if isinstance(result, FileEnded):
                total += result.tally
            yield result
    yield RunEnded(total)


def _judge_file(path: str, demand: Demand, tick: Callable[[], None]) -> Iterator[Result]:
    counts = Counter(files=1)
    expected = demand.project.expected.of(path) or frozenset()
    kind = demand.project.kinds.of(path)
    demand = replace(demand, kind=demand.kind or kind)
    met: set[str] = set()
    answers: list[Mapping[str, Any]] = []
    unreadable = None
    yield FileBegan(path)
    try:
        for judged in _judged(path, demand, is_payload=bool(expected or kind)):
            if judged is None:
                counts["passed_over"] += 1
                continue
            counts["payloads"] += 1
            tick()
            for violation in judged.violations:
                is_expected = violation.severity is Severity.ERROR and violation.code in expected
                if is_expected:
                    met.add(violation.code)
                if demand.wants(violation.code):
                    counts["expected" if is_expected else violation.severity.value] += 1
                    yield Found(path, violation, is_expected)
            if judged.answer:
                answers.append(judged.answer)
            yield judged
    except UnreadableFile as error:
        unreadable = error.reason
        counts["unreadable"] = 1
    unmet = () if unreadable else tuple(sorted(expected - met))
    counts["unmet"] = len(unmet)
    yield FileEnded(path, Tally(**counts), unmet, unreadable, {"answers": answers} if answers else {})


def _judged(path: str, demand: Demand, *, is_payload: bool) -> Iterator[Judged | None]:
    """Judge the documents of a file, or the requests of a capture; None stands for each that is passed over."""
    if is_capture(path):
        yield from judge_requests(path, demand.limits)
        return
    for document in documents(path, demand.limits, as_lines=demand.kind == "pixel"):
        violations = judge(document, demand, is_payload=is_payload)
        yield None if violations is None else Judged(path, document.line, document.raw, tuple(violations))


def judge(document: Document, demand: Demand, *, is_payload: bool = False) -> list[Violation] | None:
    """Judge one document; None when it is passed over because it shows no sign of being a payload."""
    try:
        payload = _payload(document, demand, is_payload=is_payload)
    except UnreadablePayload as unreadable:
        return [document.place(violation) for violation in unreadable.violations]
    if payload is None:
        return None
    violations = validate(payload.raw, demand.kind, demand.version, engine=demand.engine, limits=demand.limits)
    if any(_is_of_whole(violation) for violation in violations):
        violations = [*_size_as_sent(payload, demand), *(each for each in violations if not _is_of_whole(each))]
    return sorted((payload.place(violation) for violation in violations), key=_place)


def _is_of_whole(violation: Violation) -> bool:
    """Tell whether a violation is about the size of the whole body."""
    return violation.code in _SIZES and not violation.pointer


def _payload(document: Document, demand: Demand, *, is_payload: bool) -> Document | None:
    raw = document.whole(demand.limits)
    if not demand.pointer and (is_payload or not demand.payloads_only or is_call(raw)):
        return document
    value = read(raw, demand.limits)
    payload = _part(document, value, demand.pointer) if demand.pointer else document
    if demand.payloads_only and not is_payload and not shows_a_payload(follow(value, demand.pointer)):
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
        violation = codes.NOT_AN_OBJECT.found(lacking, message, {"expected": "an object", "actual": "nothing"})
        raise UnreadablePayload([replace(violation, line=line, column=column)]) from None
    path = split(pointer)
    start = next(found.value for found in positions.scan(text) if tuple(map(str, found.path)) == path)
    _, end = _SLICER.raw_decode(text, start)
    line, column = positions.line_and_column(text, start)
    return Document(text[start:end].encode(), document.line + line - 1, column, pointer)


_SLICER = json.JSONDecoder(parse_int=str, parse_float=str)
"""Finds where a value ends; reading its numbers would only cost time."""


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


def _size_as_sent(payload: Document, demand: Demand) -> list[Violation]:
    """Measure a payload without the white space that it has in a file for people."""
    line, column = positions.locate(payload.raw.decode(), "")
    value = read(payload.raw, demand.limits)
    kind = demand.kind or kind_of(value)
    return [replace(violation, line=line, column=column) for violation in check_size(value, kind)]


def _place(violation: Violation) -> tuple[int, int]:
    return violation.line or 1, violation.column or 1
