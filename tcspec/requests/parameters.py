"""The query parameters of a request: present, in the query, and in the expected format."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.jsontext.pointer import join
from tcspec.requests.endpoints import DIGITS, EVENTS_PIXEL, SITE_NAMES, Credentials, Parameter
from tcspec.requests.routes import site_in_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import Violation
    from tcspec.requests.endpoints import Endpoint
    from tcspec.requests.request import Request

_SITE = Parameter("siteId", pattern=DIGITS, expected="digits", aliases=SITE_NAMES)


def check_parameters(request: Request, endpoint: Endpoint, body: Any) -> Iterator[Violation]:  # noqa: ANN401 - JSON
    """Check the parameters of a request, whose decoded body may contain misplaced ones.

    A missing parameter of a pixel is a warning of its validation, as the vendor's examples lack it too (K117).
    """
    if endpoint is not EVENTS_PIXEL:
        yield from (replace(violation, pointer="/query") for violation in request.query_errors)
    yield from _check_site(request, endpoint)
    # A query that cannot be read is reported once, not for each parameter that may be in it.
    if request.query is None:
        return
    for parameter in endpoint.parameters:
        if request.has_parameter(parameter.name):
            yield from _check_value(request, parameter)
        elif endpoint is not EVENTS_PIXEL:
            yield from _check_missing(request, endpoint, parameter, body)


def find_misplaced(request: Request, parameter: Parameter, body: Any) -> Violation | None:  # noqa: ANN401 - JSON
    """Return the violation for a parameter that has another name, or is in the body or in the headers."""
    for alias in parameter.aliases:
        if request.has_parameter(alias):
            message = f"this endpoint expects `{parameter.name}`, not `{alias}`"
            return _misplaced(join(["query", alias]), parameter, message)
    for name in (parameter.name, *parameter.aliases):
        if isinstance(body, dict) and name in body:
            message = f"`{parameter.name}` is expected in the query, not in the body"
            return _misplaced(join(["body", name]), parameter, message)
        header = request.find_header(name)
        if header:
            message = f"`{parameter.name}` is expected in the query, not in the headers"
            return _misplaced(join(["headers", header[0]]), parameter, message)
    return None


def _misplaced(pointer: str, parameter: Parameter, message: str) -> Violation:
    return codes.MISPLACED_PARAMETER.violation(pointer, message, {"property": parameter.name})


def _check_site(request: Request, endpoint: Endpoint) -> Iterator[Violation]:
    """Check the number of the site in the path."""
    site = site_in_path(request.url_parts.path, endpoint)
    if site is None or _SITE.matches(site):
        return
    data = {"property": _SITE.name, "expected": _SITE.expected}
    alias = next(filter(request.has_parameter, _SITE.aliases), None)
    if alias:
        message = "the number of the site is expected in the path, not in the query"
        yield codes.MISPLACED_PARAMETER.violation(join(["query", alias]), message, data)
    else:
        yield codes.WRONG_PARAMETER.violation("/url", "expected digits for the site in the path", data)


def _check_value(request: Request, parameter: Parameter) -> Iterator[Violation]:
    value = request.get_parameter(parameter.name)
    expected, severity = parameter.expected, codes.WRONG_PARAMETER.severity
    if value is None:
        expected = "one string, without brackets"
        message = f"`{parameter.name}` has brackets, expected one string"
    elif not value and parameter.is_required:
        message = f"`{parameter.name}` is empty"
    elif parameter.matches(value):
        return
    else:
        message, severity = f"expected {expected} in `{parameter.name}`", parameter.severity
    data = {"property": parameter.name, "expected": expected}
    violation = codes.WRONG_PARAMETER.violation(join(["query", parameter.name]), message, data)
    yield replace(violation, severity=severity)


def _check_missing(
    request: Request,
    endpoint: Endpoint,
    parameter: Parameter,
    body: Any,  # noqa: ANN401 - any JSON value
) -> Iterator[Violation]:
    # Whether one of the two is there is checked with the credentials.
    if parameter.name == "token" and endpoint.credentials is Credentials.EITHER:
        return
    misplaced = find_misplaced(request, parameter, body)
    authorization = request.find_header("Authorization") if parameter.name == "token" else None
    if misplaced:
        yield misplaced
    elif parameter.is_required and authorization:
        message = "`token` is expected in the query, not in the Authorization header"
        yield _misplaced(join(["headers", authorization[0]]), parameter, message)
    elif parameter.is_required:
        message = f"missing query parameter `{parameter.name}`"
        yield codes.MISSING_PARAMETER.violation("/query", message, {"property": parameter.name})
