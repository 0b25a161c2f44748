"""The parameters of the query: there, in their place, and looking as they must."""

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
    from tcspec.requests.messages import Request

_SITE = Parameter("siteId", pattern=DIGITS, looks="digits", aliases=SITE_NAMES)


def check_parameters(request: Request, endpoint: Endpoint, body: Any) -> Iterator[Violation]:  # noqa: ANN401 - JSON
    """Find what is wrong with the parameters of a call; `body` is what its body holds, as far as it can be read.

    What a pixel lacks is left to its judge, who knows that the vendor's own examples lack it too (K117).
    """
    if endpoint is not EVENTS_PIXEL:
        yield from (replace(violation, pointer="/query") for violation in request.unreadable_query)
    yield from _site(request, endpoint)
    if request.query is None:
        return
    for parameter in endpoint.parameters:
        if request.has(parameter.name):
            yield from _wrong(request, parameter)
        elif endpoint is not EVENTS_PIXEL:
            yield from _absent(request, endpoint, parameter, body)


def misplaced(request: Request, parameter: Parameter, body: Any) -> Violation | None:  # noqa: ANN401 - any JSON value
    """Say where a parameter is that is not where it belongs: under another name, in the body or in the headers."""
    names = (parameter.name, *parameter.aliases)
    for alias in parameter.aliases:
        if request.has(alias):
            message = f"other calls read `{alias}`, this one reads `{parameter.name}`"
            return _found(join(["query", alias]), parameter, message)
    for name in names:
        if isinstance(body, dict) and name in body:
            message = f"`{parameter.name}` is read in the query, not in the body"
            return _found(join(["body", name]), parameter, message)
        header = request.header(name)
        if header:
            message = f"`{parameter.name}` is read in the query, not in the headers"
            return _found(join(["headers", header[0]]), parameter, message)
    return None


def _found(pointer: str, parameter: Parameter, message: str) -> Violation:
    return codes.MISPLACED_PARAMETER.violation(pointer, message, {"property": parameter.name})


def _site(request: Request, endpoint: Endpoint) -> Iterator[Violation]:
    """Look at the number of the site in the path."""
    if endpoint.has_site_in_path and not _SITE.fits(site_in_path(request.address.path, endpoint)):
        message = "the site in the path must be digits"
        data = {"property": _SITE.name, "expected": _SITE.looks}
        elsewhere = next(filter(request.has, _SITE.aliases), None)
        if elsewhere:
            message = "the number of the site is read in the path, not in the query"
            yield codes.MISPLACED_PARAMETER.violation(join(["query", elsewhere]), message, data)
        else:
            yield codes.WRONG_PARAMETER.violation("/url", message, data)


def _wrong(request: Request, parameter: Parameter) -> Iterator[Violation]:
    text = request.parameter(parameter.name)
    expected = parameter.looks or "text"
    if text is None:
        expected, severity = "one text, without brackets", codes.WRONG_PARAMETER.severity
    elif not text and parameter.is_required:
        message = f"`{parameter.name}` is empty"
        yield _is_wrong(parameter, message, expected)
        return
    elif parameter.fits(text):
        return
    else:
        severity = parameter.severity
    violation = _is_wrong(parameter, f"`{parameter.name}` must be {expected}", expected)
    yield replace(violation, severity=severity)


def _is_wrong(parameter: Parameter, message: str, expected: str) -> Violation:
    data = {"property": parameter.name, "expected": expected}
    return codes.WRONG_PARAMETER.violation(join(["query", parameter.name]), message, data)


def _absent(request: Request, endpoint: Endpoint, parameter: Parameter, body: Any) -> Iterator[Violation]:  # noqa: ANN401
    if parameter.name == "token" and endpoint.credentials is Credentials.EITHER:
        return
    elsewhere = misplaced(request, parameter, body)
    if elsewhere:
        yield elsewhere
    elif parameter.is_required:
        authorization = request.header("Authorization") if parameter.name == "token" else None
        if authorization:
            message = "this call reads `token` in the query, not in the Authorization header"
            yield _found(join(["headers", authorization[0]]), parameter, message)
        else:
            message = f"`{parameter.name}` is missing in the query"
            yield codes.MISSING_PARAMETER.violation("/query", message, {"property": parameter.name})
