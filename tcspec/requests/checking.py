"""A request to its verdict: what is wrong with it, and what its endpoint answers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from tcspec import codes
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.requests.answers import Answer, answer_to
from tcspec.requests.bodies import check_body, check_content_type, check_unread
from tcspec.requests.bulk_body import check_lines
from tcspec.requests.credentials import check_credentials, check_secrets
from tcspec.requests.encodings import decoded
from tcspec.requests.endpoints import EVENTS, EVENTS_LEGACY, EVENTS_PIXEL, IN_BULK
from tcspec.requests.messages import as_document, lines_of, payload_of, read_request, value_of
from tcspec.requests.parameters import check_parameters
from tcspec.requests.routes import route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import Violation
    from tcspec.requests.bulk_body import Lines
    from tcspec.requests.endpoints import Endpoint
    from tcspec.requests.messages import Body, Headers, Request
    from tcspec.requests.routes import Route

__all__ = ["Answer", "Examination", "check_request", "examine_request"]


@dataclass(frozen=True, slots=True)
class Examination:
    """What became known of a request: the id of its endpoint, the kind of payload it carries, and the verdict.

    Endpoint and kind are None when there is none. The pointers of the violations resolve in `document`: the request
    as an object of method, url, query, headers and body, where the body of a bulk request is the list of its lines.
    """

    endpoint: str | None
    kind: str | None
    violations: tuple[Violation, ...]
    answer: Answer
    document: dict[str, Any] = field(repr=False, hash=False)


def check_request(
    method: str, url: str, headers: Headers = (), body: Body = b"", *, limits: Limits = DEFAULT_LIMITS
) -> list[Violation]:
    """Find what is wrong with a request to one of the vendor's endpoints, before it is sent.

    Args:
        method: the HTTP method, in any case.
        url: the whole address, or the path when the headers have the host.
        headers: names and values, as a mapping or as pairs; names in any case.
        body: the bytes or the text of the body, or the value that is to be sent as JSON; of a bulk request a list is
            the list of its lines.
        limits: what bounds the depth and the length of the body.

    Returns:
        The violations, those of the address first, those of the body last. Their pointers resolve in the request as
        an object of method, url, query, headers and body; line and column are those inside the body, or inside the
        URL for what is wrong with the query of a pixel. Those that decide the answer have its possible statuses in
        `data["answer"]`.

    Raises:
        WrongArgument: when a part of the request is of another Python type.
    """
    return list(examine_request(method, url, headers, body, limits=limits).violations)


def examine_request(
    method: str, url: str, headers: Headers = (), body: Body = b"", *, limits: Limits = DEFAULT_LIMITS
) -> Examination:
    """Find out all about a request: which endpoint it is for, what is wrong with it, and what is answered.

    It takes what `check_request` takes.

    Raises:
        WrongArgument: when a part of the request is of another Python type.
    """
    request = decoded(read_request(method, url, headers, body, limits), limits)
    routed = route(request)
    found, lines = _found(request, routed, limits) if routed.meant else ([], None)
    answer, violations = answer_to(routed.endpoint, routed.meant, [*routed.violations, *found], lines)
    endpoint = EVENTS_LEGACY if routed.endpoint is EVENTS and _is_legacy(violations) else routed.endpoint
    return Examination(
        endpoint.id if endpoint else None,
        routed.meant.kind if routed.meant else None,
        tuple(violations),
        answer,
        as_document(request, in_bulk=routed.meant in IN_BULK),
    )


def _found(request: Request, routed: Route, limits: Limits) -> tuple[list[Violation], Lines | None]:
    """Find what is wrong with a call apart from its address, held against the endpoint that it is meant for."""
    meant = cast("Endpoint", routed.meant)
    value = None if meant in IN_BULK else value_of(payload_of(request))
    violations = list(_around_body(request, routed, meant, value))
    lines = None
    # A call with another method often has no body, and that is not what is wrong with it.
    if routed.endpoint or request.has_body:
        if meant in IN_BULK:
            lines = check_lines(request, meant, limits)
            violations += lines.violations
        elif meant.kind:
            violations += check_body(request, meant, limits)
    return [*violations, *check_secrets(request, _payloads(request, meant, value))], lines


def _around_body(request: Request, routed: Route, meant: Endpoint, value: Any) -> Iterator[Violation]:  # noqa: ANN401
    found = (
        # The addresses of older APIs have parameters of their own.
        *(() if routed.is_old else check_parameters(request, meant, value)),
        *check_credentials(request, meant, value),
        *check_content_type(request, meant),
        *check_unread(request, meant),
    )
    for violation in found:
        # What any call can break is told of the page that documents this one.
        is_of_any = violation.source == EVENTS.source
        yield replace(violation, source=meant.source) if is_of_any else violation


def _payloads(request: Request, endpoint: Endpoint, value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON
    """Give the payloads of a call, each with its pointer in the request."""
    if endpoint in IN_BULK:
        yield from ((f"/body/{number - 1}", value_of(line)) for number, line in lines_of(request))
    elif endpoint is EVENTS_PIXEL:
        properties = dict(request.query or {})
        yield "/query", {name: properties[name] for name in properties if name not in _OF_THE_CALL}
    elif isinstance(value, dict) and isinstance(value.get("batch"), list):
        yield from ((f"/body/batch/{index}", event) for index, event in enumerate(value["batch"]))
    elif value is not None:
        yield "/body", value


def _is_legacy(violations: list[Violation]) -> bool:
    return any(each.code == codes.LEGACY_FORMAT.id and each.pointer == "/body" for each in violations)


_OF_THE_CALL = ("tc_s", "token")
