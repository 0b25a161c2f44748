"""Files of captured requests as results: the violations of each request, and the predicted answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tcspec.contract.counting import ViolationCounter, sort_key
from tcspec.errors import UnreadablePayload
from tcspec.files.lines import open_source
from tcspec.payload import from_document
from tcspec.personal import mask_name
from tcspec.reporters.results import PayloadResult
from tcspec.reporters.text import shorten
from tcspec.requests.captures import iter_captured_requests
from tcspec.requests.endpoints import VENDOR_DOMAIN
from tcspec.requests.examination import examine_request
from tcspec.requests.routes import is_vendor_url
from tcspec.rules.linting import find_violations, select_rules
from tcspec.rules.streams.stream_checker import StreamChecker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.errors import Violation
    from tcspec.jsontext.reader import Limits
    from tcspec.reporters.results import FileFinished
    from tcspec.reporters.text import Colorize
    from tcspec.requests.examination import Examination
    from tcspec.requests.request import CapturedRequest

_SECRETS = ("TC051", "TC052")
"""The rules that find in a payload what TC040 finds in a request."""


def check_captures(
    path: str, limits: Limits, sender: str | None = None, *, rules: bool = True, payloads_only: bool = False
) -> Iterator[PayloadResult | None]:
    """Yield the result of each request of a file, in order; one that cannot be read is a result too.

    With `rules` the payload in a body is checked against them as well, but not the query of a pixel. With
    `payloads_only`, None takes the place of each request that does not go to the vendor.

    Raises:
        FileError: when the file cannot be opened, read to its end or decompressed.
    """
    with open_source(path) as source:
        # One byte more than the maximum is enough to report that it is exceeded.
        raw = source.read(limits.length + 1)
    # A capture that cannot be read has no URLs; whether it names the vendor shows whom it is about.
    names_vendor = VENDOR_DOMAIN.encode() in raw
    for captured in iter_captured_requests(raw, limits):
        if isinstance(captured, UnreadablePayload):
            is_other = payloads_only and not names_vendor
            line = captured.violations[0].line or 1
            yield None if is_other else PayloadResult(path, line, b"", captured.violations)
        elif payloads_only and not is_vendor_url(captured.url):
            yield None
        else:
            yield _check(path, captured, limits, sender, rules=rules)


def _check(path: str, captured: CapturedRequest, limits: Limits, sender: str | None, *, rules: bool) -> PayloadResult:
    examination = examine_request(captured.method, captured.url, captured.headers, captured.body, limits=limits)
    found = [*examination.violations, *(_lint(examination, limits, sender) if rules else ())]
    # By place, as those of a document: they come from the request, the contract and the rules.
    violations = sorted(map(captured.place, found), key=lambda each: (each.line, each.column))
    payload = examination.payloads[0].payload if len(examination.payloads) == 1 else None
    # Reports show what the body is, and not what its endpoint reads.
    payload = payload and from_document(payload.document, payload.body)
    answer = _answer(captured, examination)
    return PayloadResult(path, captured.line, captured.body, tuple(violations), answer, payload=payload)


def _lint(examination: Examination, limits: Limits, sender: str | None) -> list[Violation]:
    """Check the payloads of a body against the rules, but those of secrets, which the request has found."""
    stream = StreamChecker()
    rules = select_rules((), _SECRETS)
    counter = ViolationCounter(limits.violations)
    listed: list[Violation] = []
    for body in examination.payloads:
        if body.payload:
            found = [
                *find_violations(body.payload, None, rules, sender, None, limits.violations),
                *stream.find_violations(body.payload, body.line),
            ]
            listed += counter.filter(map(body.place, body.payload.locate(sorted(found, key=sort_key))))
    return counter.with_remainders(listed)


def _answer(captured: CapturedRequest, examination: Examination) -> Mapping[str, Any]:
    return {
        "line": captured.line,
        "request": mask_name(captured.name),
        "endpoint": examination.endpoint,
        "statuses": list(examination.answer.statuses),
        "why": examination.answer.why,
        "body": examination.answer.body,
    }


def format_answers(finished: FileFinished, colorize: Colorize) -> Iterator[str]:
    """Yield a line for each request of a file with the predicted answer."""
    for answer in finished.details.get("answers", ()):
        statuses = " or ".join(map(str, answer["statuses"])) or "not documented"
        place = colorize("path", f"{finished.path}:{answer['line']}")
        yield f"{place}: {shorten(answer['request'])}: answer {statuses} ({answer['why']})\n"
