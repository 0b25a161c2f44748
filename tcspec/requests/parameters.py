"""The query parameters and the credentials of a request: present, passed once, and where the endpoint reads them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.contract.credentials import find_configuration, find_credentials
from tcspec.errors import Severity
from tcspec.jsontext.encoder import is_bounded
from tcspec.jsontext.pointer import join
from tcspec.kinds import version_of
from tcspec.requests.endpoints import DIGITS, EVENTS_PIXEL, SITE_NAMES, TOKEN, TOKEN_NAMES, Credentials, Parameter
from tcspec.requests.routes import site_in_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import Violation
    from tcspec.requests.endpoints import Endpoint
    from tcspec.requests.request import Request

MISSING_HEADER, UNKNOWN_TYPE, INVALID_TYPE = "MISSING_AUTHORIZATION_HEADER", "UNKNOWN_TOKEN_TYPE", "INVALID_TOKEN_TYPE"
"""The error codes of the bulk endpoints for a wrong Authorization header."""

_HEADER = "Authorization"
_AUTHORIZATION = re.compile(r"([!-~]+)(?:[ \t]+(\S.*))?")
_MIN_LENGTH = 8
"""The minimum length of a token at which its text in a payload is not a coincidence."""

_SITE = Parameter("siteId", pattern=DIGITS, expected="digits", aliases=SITE_NAMES)


def check_parameters(request: Request, endpoint: Endpoint, body: object) -> Iterator[Violation]:
    """Check the parameters of a request, whose decoded body may contain misplaced ones.

    A missing parameter of a pixel is a warning of its validation, as the vendor's examples lack it too (K117).
    """
    if endpoint is not EVENTS_PIXEL:
        yield from (replace(violation, pointer="/query") for violation in request.query_errors)
    yield from _check_site(request, endpoint)
    # A query that cannot be read is reported once, not for each parameter that may be in it.
    if request.query_errors:
        return
    for parameter in endpoint.parameters:
        if parameter.name in request.query:
            yield from _check_value(request, parameter)
        elif endpoint is not EVENTS_PIXEL:
            yield from _check_missing(request, endpoint, parameter, body)


def find_misplaced(request: Request, parameter: Parameter, body: object) -> Violation | None:
    """Return the violation for a parameter that has another name, or is in the body or in the headers."""
    for alias in parameter.aliases:
        if alias in request.query:
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
    alias = next(filter(request.query.__contains__, _SITE.aliases), None)
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


def _check_missing(request: Request, endpoint: Endpoint, parameter: Parameter, body: object) -> Iterator[Violation]:
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


def check_credentials(request: Request, endpoint: Endpoint, body: object) -> Iterator[Violation]:
    """Check the credentials of a request (K007); no message contains them."""
    header = request.find_header(_HEADER)
    if header and request.get_parameter(TOKEN.name):
        yield _duplicate(request, header, endpoint)
    if endpoint.credentials is Credentials.TOKEN:
        return
    if header:
        yield from _check_header(*header)
    elif endpoint.credentials is Credentials.BEARER:
        yield _soften(_missing_header(request), request)
    elif not request.query_errors and TOKEN.name not in request.query:
        message = f"missing credentials, expected {endpoint.credentials.value}"
        missing = codes.NO_CREDENTIALS.violation("/query", message, {"property": TOKEN.name})
        yield find_misplaced(request, TOKEN, body) or _soften(missing, request)


def bearer_token(text: str) -> str | None:
    """Return the token of an Authorization header; None when its type is not Bearer or it has none."""
    found = _AUTHORIZATION.fullmatch(text.strip())
    return found[2] if found and found[1].lower() == "bearer" else None


def check_secrets(request: Request, payloads: Iterator[tuple[str, Any]], kind: str | None) -> Iterator[Violation]:
    """Find credentials and configuration in payloads (K063), each passed with its pointer in the request."""
    tokens = _tokens(request)
    version = version_of(kind or "event")
    for pointer, payload in payloads:
        # A Python value can contain itself, and the search follows every member.
        if not is_bounded(payload):
            continue
        for path in find_credentials(payload, tokens):
            message = "credential in a payload, which every recipient can read"
            yield codes.SECRET_IN_PAYLOAD.violation(pointer + join(path), message)
        for path in find_configuration(payload, version):
            if path == ("tc_s",):
                continue  # a site in the body is a misplaced parameter, TC035
            message = f"`{path[-1]}` is configuration of the sender, not a property"
            yield codes.SECRET_IN_PAYLOAD.violation(pointer + join(path), message)


def _duplicate(request: Request, header: tuple[str, str], endpoint: Endpoint) -> Violation:
    is_same = bearer_token(header[1]) == request.get_parameter(TOKEN.name)
    same = "the same" if is_same else "different"
    message = f"`token` and the Authorization header have {same} credentials; pass one of them"
    pointer = "/query/token" if endpoint.credentials is Credentials.BEARER else join(["headers", header[0]])
    return codes.TWO_CREDENTIALS.violation(pointer, message, {"property": TOKEN.name})


def _soften(violation: Violation, request: Request) -> Violation:
    """Return missing credentials as an info when the recorder may have left them out."""
    if violation.code != codes.NO_CREDENTIALS.id or not request.may_lack_credentials:
        return violation
    hint = "browsers leave out Authorization and Cookie headers unless the export includes sensitive data"
    return replace(violation, severity=Severity.INFO, message="no credentials were recorded", data={}, hint=hint)


def _missing_header(request: Request) -> Violation:
    data = {"property": _HEADER, "error": MISSING_HEADER}
    name = next(filter(request.query.__contains__, TOKEN_NAMES), None)
    if name:
        message = "the token is expected in the Authorization header, not in the query"
        return codes.MISPLACED_PARAMETER.violation(join(["query", name]), message, data)
    return codes.NO_CREDENTIALS.violation("/headers", "missing Authorization header", data)


def _check_header(name: str, text: str) -> Iterator[Violation]:
    data: dict[str, Any] = {"property": _HEADER, "expected": "Bearer and a token"}
    match _AUTHORIZATION.fullmatch(text.strip()):
        case None:
            message, data["error"] = "the Authorization header has neither a type nor a token", UNKNOWN_TYPE
        case found if found[1].lower() != "bearer":
            message = "expected the type Bearer in the Authorization header"
            data["error"] = INVALID_TYPE if found[2] else UNKNOWN_TYPE
        case found if not found[2]:
            message = "the Authorization header has no token"  # its error code is not documented
        case _:
            return
    yield codes.WRONG_AUTHORIZATION.violation(join(["headers", name]), message, data)


def _tokens(request: Request) -> tuple[str, ...]:
    header = request.find_header(_HEADER)
    # The very token of this request is a secret whatever the name of the property that repeats it.
    tokens = (request.get_parameter(TOKEN.name), bearer_token(header[1]) if header else None)
    return tuple({token for token in tokens if token and len(token) >= _MIN_LENGTH})
