"""The examination of a request: its endpoint, its violations, and the predicted answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.arguments import check_arguments
from tcspec.contract.counting import ViolationCounter
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.pixels.pixel import SITE, TOKEN
from tcspec.requests.answers import Answer, predict_answer
from tcspec.requests.bodies import check_body, check_content_type, decode_body, read_payloads
from tcspec.requests.bulk_response import check_lines
from tcspec.requests.endpoints import BULK_ENDPOINTS, EVENTS, EVENTS_LEGACY, EVENTS_PIXEL
from tcspec.requests.parameters import check_credentials, check_parameters, check_secrets
from tcspec.requests.request import read_request
from tcspec.requests.routes import find_route
from tcspec.sources import expand_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import Violation
    from tcspec.requests.bodies import BodyPayload
    from tcspec.requests.bulk_response import BulkResponse
    from tcspec.requests.endpoints import Endpoint
    from tcspec.requests.request import Headers, Request
    from tcspec.requests.routes import Route


@dataclass(frozen=True, slots=True)
class Examination:
    """What is known of a request: the id of its endpoint, the kind of its payload, the violations and the answer.

    Endpoint and kind are None when there is none. The pointers of the violations resolve in `document`: the request
    as an object of method, url, query, headers and body, in which the body of a bulk request is the list of its lines.
    `payloads` are those that were read from the body, so that they are not read again.
    """

    endpoint: str | None
    kind: str | None
    violations: tuple[Violation, ...]
    answer: Answer
    document: dict[str, Any] = field(repr=False, hash=False)
    payloads: tuple[BodyPayload, ...] = field(default=(), repr=False, hash=False)


@check_arguments(limits=(Limits,))
def check_request(
    method: str, url: str, headers: Headers = (), body: object = b"", *, limits: Limits = DEFAULT_LIMITS
) -> list[Violation]:
    """Check a request to one of the vendor's endpoints before it is sent.

    Args:
        method: the HTTP method, in any case.
        url: the whole URL, or the path when the headers have the host.
        headers: names and values, as a mapping or as pairs; names in any case.
        body: the body as bytes or a string, or the value to be sent as JSON, which may be a model of tcspec; of a bulk
            request a list is the list of its lines.
        limits: the maximum depth and length of the body.

    Returns:
        The violations, those of the URL first, those of the body last. Their pointers resolve in the request as an
        object of method, url, query, headers and body; line and column are those in the body, or in the URL for the
        query of a pixel. Those that decide the answer have its possible statuses in `data["answer"]`. The size is that
        of the body as it is passed; a value is measured as compact JSON.

    Raises:
        WrongArgument: when a part of the request has another Python type.
    """
    return list(examine_request(method, url, headers, body, limits=limits).violations)


@check_arguments(limits=(Limits,))
def examine_request(
    method: str, url: str, headers: Headers = (), body: object = b"", *, limits: Limits = DEFAULT_LIMITS
) -> Examination:
    """Examine a request: find its endpoint, check it, and predict the answer.

    The arguments are those of `check_request`, and so are the errors.
    """
    return examine(read_request(method, url, headers, body, limits), limits)


def examine(request: Request, limits: Limits = DEFAULT_LIMITS, sender: str | None = None) -> Examination:
    """Examine a request that was read, as `examine_request` does; the sender is by default what each event shows."""
    request = decode_body(request, limits)
    route = find_route(request)
    payloads = read_payloads(request, route.intended, limits)
    found, response = _check(request, route, payloads, limits, sender)
    answer, violations = predict_answer(route.endpoint, route.intended, [*route.violations, *found], response)
    # A 1.0 event has the same address: only its body shows what it is.
    is_legacy = any(each.code == codes.LEGACY_FORMAT.id and each.pointer == "/body" for each in violations)
    endpoint = EVENTS_LEGACY if route.endpoint is EVENTS and is_legacy else route.endpoint
    return Examination(
        endpoint.id if endpoint else None,
        route.intended.kind if route.intended else None,
        tuple(violations),
        answer,
        _build_document(request, payloads, is_bulk=route.intended in BULK_ENDPOINTS),
        tuple(payloads),
    )


def _check(
    request: Request, route: Route, payloads: list[BodyPayload], limits: Limits, sender: str | None
) -> tuple[list[Violation], BulkResponse | None]:
    """Check all but the URL of a request against the endpoint that it is intended for, if any."""
    endpoint = route.intended
    if endpoint is None:
        return [], None
    is_bulk = endpoint in BULK_ENDPOINTS
    violations = list(_check_around_body(request, route, endpoint, None if is_bulk else payloads[0].value, sender))
    response = None
    # A request with another method often has no body, and then only the method is wrong.
    if route.endpoint or request.has_body:
        if is_bulk:
            of_lines, response = check_lines(request, payloads, endpoint, limits)
            violations += of_lines
        elif endpoint.kind:
            violations += check_body(request, payloads[0], endpoint, limits)
    counter = ViolationCounter(limits.violations)
    secrets = counter.filter(check_secrets(request, _iter_values(request, endpoint, payloads), endpoint.kind))
    return [*violations, *counter.with_remainders(secrets)], response


def _check_around_body(
    request: Request, route: Route, endpoint: Endpoint, body: object, sender: str | None
) -> Iterator[Violation]:
    found = (
        # The URLs of older APIs have parameters of their own.
        *(() if route.is_old else check_parameters(request, endpoint, body)),
        *check_credentials(request, endpoint, body),
        *check_content_type(request, endpoint, body, sender),
    )
    for violation in found:
        # What is common to all endpoints cites the page of this one.
        is_common = violation.source == expand_source(EVENTS.source)
        yield replace(violation, source=endpoint.source) if is_common else violation


def _iter_values(request: Request, endpoint: Endpoint, payloads: list[BodyPayload]) -> Iterator[tuple[str, Any]]:
    """Yield the decoded payloads of a request, each with its pointer in the request."""
    if endpoint is EVENTS_PIXEL:
        # These two are credentials where they belong.
        yield "/query", {name: value for name, value in request.query.items() if name not in (SITE, TOKEN)}
        return
    for payload in payloads:
        events = payload.value.get("batch") if isinstance(payload.value, dict) else None
        if isinstance(events, list) and endpoint not in BULK_ENDPOINTS:
            yield from ((f"{payload.pointer}/batch/{index}", event) for index, event in enumerate(events))
        elif payload.value is not None:
            yield payload.pointer, payload.value


def _build_document(request: Request, payloads: list[BodyPayload], *, is_bulk: bool) -> dict[str, Any]:
    """Build the document in which the pointers of violations resolve; blank lines are null in it."""
    body = payloads[0].value if payloads else None
    if is_bulk:
        values = {payload.line: payload.value for payload in payloads}
        body = [values.get(line) for line in range(1, max(values, default=0) + 1)]
    return {
        "method": request.method,
        "url": request.url,
        "query": request.query,
        "headers": dict(request.headers),
        "body": body,
    }
