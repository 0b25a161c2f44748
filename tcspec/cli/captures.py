"""Captured requests to results: what the endpoint would answer to each, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tcspec.errors import UnreadablePayload
from tcspec.files.documents import Document
from tcspec.files.lines import open_source
from tcspec.kinds import BULK_KINDS
from tcspec.reporters.results import PayloadResult
from tcspec.reporters.text import printable
from tcspec.requests.captures import captured_or_not
from tcspec.requests.checking import examine_request
from tcspec.requests.endpoints import VENDOR_DOMAIN
from tcspec.requests.routes import is_for_vendor
from tcspec.rules.linting import lint
from tcspec.rules.streams.watching import watch_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.errors import Violation
    from tcspec.jsontext.reader import Limits
    from tcspec.reporters.results import FileFinished
    from tcspec.reporters.text import Paint
    from tcspec.requests.captures import Captured
    from tcspec.requests.checking import Examination

_ENDINGS = (".http", ".rest", ".har")
_SECRETS = ("TC051", "TC052")


def is_capture(path: str) -> bool:
    """Tell whether the name of a file says that it holds captured requests."""
    return path.removesuffix(".gz").endswith(_ENDINGS)


def check_captured(
    path: str, limits: Limits, sender: str | None = None, *, payloads_only: bool = False
) -> Iterator[PayloadResult | None]:
    """Examine the requests of a file, in order; one that cannot be read is told of, and the next one is read.

    What the rules say of the payload in a body is told too; of the query of a pixel only the contract speaks. With
    `payloads_only` requests to others than the vendor are passed over, and None stands for each.

    Raises:
        UnreadableFile: when the file cannot be opened, read to its end or decompressed.
    """
    with open_source(path) as source:
        raw = source.read(limits.length + 1)
    names_vendor = VENDOR_DOMAIN.encode() in raw
    for captured in captured_or_not(raw, limits):
        if isinstance(captured, UnreadablePayload):
            is_foreign = payloads_only and not names_vendor
            yield (
                None if is_foreign else PayloadResult(path, captured.violations[0].line or 1, b"", captured.violations)
            )
        elif payloads_only and not is_for_vendor(captured.url):
            yield None
        else:
            yield _examined(path, captured, limits, sender)


def _examined(path: str, captured: Captured, limits: Limits, sender: str | None) -> PayloadResult:
    examined = examine_request(captured.method, captured.url, captured.headers, captured.body, limits=limits)
    found = [*examined.violations, *_of_rules(captured, examined, limits, sender)]
    violations = sorted(map(captured.placed, found), key=lambda each: (each.line, each.column))
    return PayloadResult(path, captured.line, captured.body, tuple(violations), _answer(captured, examined))


def _of_rules(captured: Captured, examined: Examination, limits: Limits, sender: str | None) -> Iterator[Violation]:
    """Hold the payloads of a body against the rules; that they hold secrets is known from the request."""
    if examined.kind in {None, "pixel"}:
        return
    is_bulk = examined.kind in BULK_KINDS
    watching = watch_all(limits=limits)
    for number, raw in enumerate(captured.body.split(b"\n") if is_bulk else [captured.body], 1):
        payload = Document(raw, number, pointer=f"/body/{number - 1}" if is_bulk else "/body")
        found = lint(raw, ignore=_SECRETS, sender=sender, kind=examined.kind, limits=limits)
        yield from map(payload.place, [*found, *watching.see(raw, examined.kind, number)])


def _answer(captured: Captured, examined: Examination) -> Mapping[str, Any]:
    return {
        "line": captured.line,
        "request": captured.name,
        "endpoint": examined.endpoint,
        "statuses": list(examined.answer.statuses),
        "why": examined.answer.why,
        "body": examined.answer.body,
    }


def answers(ended: FileFinished, paint: Paint) -> Iterator[str]:
    """Tell what the endpoint would answer to each request of a capture."""
    for answer in ended.details.get("answers", ()):
        statuses = " or ".join(map(str, answer["statuses"])) or "not documented"
        place = paint("path", f"{printable(ended.path)}:{answer['line']}")
        yield f"{place}: {printable(answer['request'])}: answer {statuses} ({answer['why']})\n"
