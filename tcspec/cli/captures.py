"""Files of captured requests as results: the violations of each request, and the predicted answer."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.contract.counting import ViolationCounter
from tcspec.errors import Severity, UnreadablePayload
from tcspec.files.lines import open_source
from tcspec.payload import from_document
from tcspec.personal import mask_name
from tcspec.reporters.results import PayloadResult
from tcspec.reporters.text import format_count, shorten
from tcspec.requests.answers import UNKNOWN
from tcspec.requests.captures import iter_captured_requests
from tcspec.requests.endpoints import VENDOR_DOMAIN
from tcspec.requests.examination import examine
from tcspec.requests.http_files import UNKNOWN_VALUE
from tcspec.requests.request import split_url
from tcspec.requests.routes import is_other_service, is_vendor_host, is_vendor_url
from tcspec.rules.linting import find_violations, select_codes
from tcspec.rules.streams.stream_checker import StreamChecker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tcspec.errors import Violation
    from tcspec.jsontext.reader import Limits
    from tcspec.reporters.printing import Colorize
    from tcspec.reporters.results import FileFinished
    from tcspec.requests.answers import Answer
    from tcspec.requests.examination import Examination
    from tcspec.requests.request import CapturedRequest

_SECRETS = ("TC051", "TC052")
"""The rules that find in a payload what TC040 finds in a request."""

_OF_REQUESTS = ("TC03", "TC04")
_OF_VENDOR = re.compile("(?:^|&)(?:tc_s|tc_skey|event_name)=")
_CHUNK = 1 << 20
JUDGED, PASSED_OVER, UNREADABLE = "judged", "passed_over", "unreadable"
_OUTCOMES = {JUDGED: "checked", PASSED_OVER: "skipped", UNREADABLE: "unreadable"}


def check_captures(
    path: str, limits: Limits, sender: str | None = None, *, rules: bool = True, payloads_only: bool = False
) -> Iterator[PayloadResult | None]:
    """Yield the result of each request of a file, in order; one that cannot be read is a result too.

    With `rules` the payload in a body is checked against them as well, but not the query of a pixel. None
    takes the place of each request that is passed over: in a HAR file, or with `payloads_only`, those that do not go to
    an endpoint of the vendor; in an `.http` file, those of which nothing shows that they were intended for one. An info
    about requests is reported once a file.

    Raises:
        FileError: when the file cannot be opened, read to its end or decompressed.
    """
    with open_source(path) as source:
        # One byte more than the maximum shows that it is exceeded; the rest is only counted.
        raw = source.read(limits.length + 1)
        size = len(raw) + sum(map(len, iter(partial(source.read, _CHUNK), b"")))
    # A capture that cannot be read has no URLs; whether it names the vendor shows whom it is about.
    names_vendor = VENDOR_DOMAIN.encode() in raw
    reported: set[tuple[str, str]] = set()
    for captured in iter_captured_requests(raw, limits, size):
        if isinstance(captured, UnreadablePayload):
            is_other = payloads_only and not names_vendor
            line = captured.violations[0].line or 1
            violations = _once(captured.violations, reported)
            yield None if is_other else PayloadResult(path, line, b"", violations)
        elif captured is None or captured.method == "CONNECT" or _is_other(captured.url, payloads_only=payloads_only):
            yield None
        else:
            result = _check(path, captured, limits, sender, rules=rules)
            is_other = _is_unrelated(captured.url, result.violations)
            yield None if is_other else result._replace(violations=_once(result.violations, reported))


def _is_other(url: str, *, payloads_only: bool) -> bool:
    return not is_vendor_url(url) if payloads_only else is_other_service(split_url(url))


def _is_unrelated(url: str, violations: Iterable[Violation]) -> bool:
    """Return whether nothing of a request to another host shows that it was intended for the vendor."""
    parts = split_url(url)
    is_unknown = any(each.code == codes.UNKNOWN_ENDPOINT.id and each.hint is None for each in violations)
    is_elsewhere = bool(parts.host) and not is_vendor_host(parts.host)
    return is_unknown and is_elsewhere and not _OF_VENDOR.search(parts.query)


def _once(violations: Iterable[Violation], reported: set[tuple[str, str]]) -> tuple[Violation, ...]:
    """Return violations without the infos about requests that were reported before in the file."""
    kept = []
    for violation in violations:
        key = violation.code, violation.message
        is_info = violation.severity is Severity.INFO and violation.code.startswith(_OF_REQUESTS)
        if is_info or violation.code == codes.UNREAD_PART.id:
            if key in reported:
                continue
            reported.add(key)
        kept.append(violation)
    return tuple(kept)


def _check(path: str, captured: CapturedRequest, limits: Limits, sender: str | None, *, rules: bool) -> PayloadResult:
    examination, found = _examine(captured, limits, sender, rules=rules)
    answer = examination.answer
    known = _without_unknown(captured)
    if known != captured:
        # What holds with and without the unknown values does not depend on them.
        other, certain = _examine(known, limits, sender, rules=rules)
        captured = replace(captured, unknown_body=known.unknown_body)
        keys = set(map(_key, certain))
        found = [violation for violation in found if _key(violation) in keys]
        is_same = other.answer.statuses == answer.statuses
        answer = replace(answer, why="as far as the request is known") if is_same else UNKNOWN
    # By place, as those of a document: they come from the request, the contract and the rules.
    placed = [note if note.line else captured.place(note) for note in captured.notes] + list(map(captured.place, found))
    violations = sorted(placed, key=lambda each: (each.line or 0, each.column or 0))
    payload = examination.payloads[0].payload if len(examination.payloads) == 1 else None
    # Reports show what the body is, and not what its endpoint reads.
    payload = payload and from_document(payload.document, payload.body)
    is_ga4 = any(violation.code == codes.GA4_TRANSPORT.id for violation in found)
    is_unknown = captured.unknown_body or any(each.code == codes.UNREADABLE_CAPTURE.id for each in found)
    outcome = PASSED_OVER if is_ga4 else UNREADABLE if is_unknown else JUDGED
    details = _answer(captured, examination.endpoint, answer, outcome)
    return PayloadResult(path, captured.line, captured.body, tuple(violations), details, payload=payload)


def _examine(
    captured: CapturedRequest, limits: Limits, sender: str | None, *, rules: bool
) -> tuple[Examination, list[Violation]]:
    examination = examine(captured.read(limits), limits, sender)
    return examination, [*examination.violations, *(_lint(examination, limits, sender) if rules else ())]


def _without_unknown(captured: CapturedRequest) -> CapturedRequest:
    """Return a request without its headers, parameters and members of JSON values that are not known."""
    address, mark, query = captured.url.partition("?")
    captured = replace(
        captured,
        url=address + mark + "&".join(each for each in query.split("&") if UNKNOWN_VALUE not in each),
        headers=tuple(header for header in captured.headers if UNKNOWN_VALUE not in header[1]),
    )
    if UNKNOWN_VALUE.encode() not in captured.body:
        return captured
    try:
        values = [json.loads(captured.body)]
    except ValueError:
        try:
            values = [json.loads(line) for line in captured.body.split(b"\n") if line.strip()]
        except ValueError:
            values = [UNKNOWN_VALUE]
    known = list(map(_prune, values))
    if None in known:
        return replace(captured, unknown_body=codes.UNREAD_PART.violation("/body", "the body is not known"))
    return replace(captured, body="\n".join(map(json.dumps, known)).encode())


def _prune(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value without the members of objects and arrays that are not known; null for an unknown one."""
    if isinstance(value, dict):
        # An object with a member whose name is not known may have any.
        if any(UNKNOWN_VALUE in name for name in value):
            return None
        members = ((name, member, _prune(member)) for name, member in value.items())
        return {name: pruned for name, member, pruned in members if pruned is not None or member is None}
    if isinstance(value, list):
        return [pruned for item in value for pruned in [_prune(item)] if pruned is not None or item is None]
    return None if UNKNOWN_VALUE in str(value) else value


def _key(violation: Violation) -> tuple[str, str, str]:
    return violation.code, violation.pointer, str(violation.data.get("property"))


def _lint(examination: Examination, limits: Limits, sender: str | None) -> list[Violation]:
    """Check the payloads of a body against the rules, but those of secrets, which the request has found."""
    stream = StreamChecker()
    rules = select_codes((), _SECRETS)
    counter = ViolationCounter(limits.violations)
    listed: list[Violation] = []
    for body in examination.payloads:
        if body.payload:
            found = [
                *find_violations(body.payload, None, rules, sender, None, limits.violations),
                *stream.find_violations(body.payload, body.line),
            ]
            listed += counter.filter(map(body.place, body.payload.arrange(found)))
    return counter.with_remainders(listed)


def _answer(captured: CapturedRequest, endpoint: str | None, answer: Answer, outcome: str) -> Mapping[str, Any]:
    return {
        "line": captured.line,
        "request": mask_name(captured.name),
        "outcome": outcome,
        "endpoint": endpoint,
        "statuses": list(answer.statuses),
        "why": answer.why,
        "body": answer.body,
    }


def outcome_of(result: PayloadResult | None) -> str:
    """Return what became of a request of a file: it was judged, passed over, or unreadable."""
    if result is None:
        return PASSED_OVER
    return str(result.answer["outcome"]) if result.answer else UNREADABLE


def format_answers(finished: FileFinished, colorize: Colorize) -> Iterator[str]:
    """Yield a line with the predicted answer for all requests of a file that have one name and one answer."""
    path = finished.path
    groups: dict[tuple[str, str, str], list[int]] = {}
    for answer in finished.details.get("answers", ()):
        statuses = " or ".join(map(str, answer["statuses"])) or "not predicted"
        groups.setdefault((answer["request"], statuses, answer["why"]), []).append(answer["line"])
    for (request, statuses, why), lines in groups.items():
        place = colorize("path", f"{path}:{lines[0]}")
        more = f" (and {len(lines) - 1:,} more)" if len(lines) > 1 else ""
        yield f"{place}: {shorten(request)}{more}: answer {statuses} ({why})\n"
    counts = finished.details.get("requests")
    if counts and counts["seen"]:
        outcomes = (f"{counts[name]:,} {text}" for name, text in _OUTCOMES.items() if counts[name])
        yield f"{colorize('path', path)}: {format_count(counts['seen'], 'request')}: {', '.join(outcomes)}\n"
