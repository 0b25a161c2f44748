"""Captured requests to results: what the endpoint would answer to each, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tcspec.errors import UnreadablePayload
from tcspec.reporters.results import Judged
from tcspec.reporters.text import shown
from tcspec.requests.captures import captured_requests
from tcspec.requests.checking import examine_request
from tcspec.streams import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.documents import Limits
    from tcspec.reporters.results import FileEnded
    from tcspec.reporters.text import Paint
    from tcspec.requests.captures import Captured
    from tcspec.requests.checking import Examination

_ENDINGS = (".http", ".rest", ".har")


def is_capture(path: str) -> bool:
    """Tell whether the name of a file says that it holds captured requests."""
    return path.removesuffix(".gz").endswith(_ENDINGS)


def judge_requests(path: str, limits: Limits) -> Iterator[Judged]:
    """Examine the requests of a file, in order; a file that is no capture is told of like a payload that is no JSON.

    Raises:
        UnreadableFile: when the file cannot be opened, read to its end or decompressed.
    """
    with opened(path) as source:
        raw = source.read(limits.length + 1)
    try:
        for captured in captured_requests(raw, limits):
            examined = examine_request(captured.method, captured.url, captured.headers, captured.body, limits=limits)
            violations = sorted(map(captured.placed, examined.violations), key=lambda each: (each.line, each.column))
            yield Judged(path, captured.line, captured.body, tuple(violations), _answer(captured, examined))
    except UnreadablePayload as unreadable:
        yield Judged(path, 1, raw, tuple(unreadable.violations))


def _answer(captured: Captured, examined: Examination) -> Mapping[str, Any]:
    return {
        "line": captured.line,
        "request": captured.name,
        "endpoint": examined.endpoint,
        "statuses": list(examined.answer.statuses),
        "why": examined.answer.why,
        "body": examined.answer.body,
    }


def answers(ended: FileEnded, paint: Paint) -> Iterator[str]:
    """Tell what the endpoint would answer to each request of a capture."""
    for answer in ended.details.get("answers", ()):
        statuses = " or ".join(map(str, answer["statuses"])) or "not documented"
        place = paint("path", f"{shown(ended.path)}:{answer['line']}")
        yield f"{place}: {shown(answer['request'])}: answer {statuses} ({answer['why']})\n"
