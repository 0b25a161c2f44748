"""The credentials of a request: present, passed once, where the endpoint reads them, and nowhere else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tcspec import codes
from tcspec.jsontext.encoder import is_bounded
from tcspec.jsontext.pointer import join
from tcspec.requests.endpoints import TOKEN_NAMES, Credentials, Parameter
from tcspec.requests.parameters import find_misplaced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import Violation
    from tcspec.requests.endpoints import Endpoint
    from tcspec.requests.request import Request

MISSING_HEADER, UNKNOWN_TYPE, INVALID_TYPE = "MISSING_AUTHORIZATION_HEADER", "UNKNOWN_TOKEN_TYPE", "INVALID_TOKEN_TYPE"
"""The error codes of the bulk endpoints for a wrong Authorization header."""

_HEADER = "Authorization"
_TOKEN = Parameter("token", aliases=TOKEN_NAMES[1:])
_AUTHORIZATION = re.compile(r"([!-~]+)(?:[ \t]+(\S.*))?")
_SECRET_NAMES = frozenset({"sourcekey", "source_key", "authorization"})
_NAMES_AT_ROOT = _SECRET_NAMES | {"siteid", "collectiondomain", "token"}
_ROOTS = frozenset({"properties", "context"})
_SHORTEST = 8
"""The minimum length of a token for which its text elsewhere is no coincidence."""


def check_credentials(request: Request, endpoint: Endpoint, body: Any) -> Iterator[Violation]:  # noqa: ANN401 - JSON
    """Check the credentials of a request (K007); no message contains them."""
    header = request.find_header(_HEADER)
    has_token = bool(request.get_parameter(_TOKEN.name))
    if header and has_token:
        yield _duplicate(request, header, endpoint)
    if endpoint.credentials is Credentials.TOKEN:
        return
    if header:
        yield from _check_header(*header)
    elif endpoint.credentials is Credentials.BEARER:
        yield from _missing_header(request)
    elif request.query is not None and not request.has_parameter(_TOKEN.name):
        message = f"missing credentials, expected {endpoint.credentials.value}"
        missing = codes.NO_CREDENTIALS.violation("/query", message, {"property": _TOKEN.name})
        yield find_misplaced(request, _TOKEN, body) or missing


def bearer_token(text: str) -> str | None:
    """Return the token of an Authorization header; None when its type is not Bearer or it has none."""
    found = _AUTHORIZATION.fullmatch(text.strip())
    return found[2] if found and found[1].lower() == "bearer" else None


def check_secrets(request: Request, payloads: Iterator[tuple[str, Any]]) -> Iterator[Violation]:
    """Find credentials and configuration in payloads (K063), each given with its pointer in the request."""
    tokens = _tokens(request)
    for pointer, payload in payloads:
        if is_bounded(payload):
            yield from _secrets(pointer, payload, tokens)


def _duplicate(request: Request, header: tuple[str, str], endpoint: Endpoint) -> Violation:
    is_same = bearer_token(header[1]) == request.get_parameter(_TOKEN.name)
    same = "the same" if is_same else "different"
    message = f"`token` and the Authorization header have {same} credentials; pass one of them"
    pointer = "/query/token" if endpoint.credentials is Credentials.BEARER else join(["headers", header[0]])
    return codes.TWO_CREDENTIALS.violation(pointer, message, {"property": _TOKEN.name})


def _missing_header(request: Request) -> Iterator[Violation]:
    data = {"property": _HEADER, "error": MISSING_HEADER}
    name = next(filter(request.has_parameter, TOKEN_NAMES), None)
    if name:
        message = "the token is expected in the Authorization header, not in the query"
        yield codes.MISPLACED_PARAMETER.violation(join(["query", name]), message, data)
    else:
        yield codes.NO_CREDENTIALS.violation("/headers", "missing Authorization header", data)


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
    given = (request.get_parameter(_TOKEN.name), bearer_token(header[1]) if header else None)
    return tuple({token for token in given if token and len(token) >= _SHORTEST})


def _secrets(pointer: str, payload: Any, tokens: tuple[str, ...]) -> Iterator[Violation]:  # noqa: ANN401 - JSON
    waiting = [(pointer, payload, True)]
    while waiting:
        where, value, is_root = waiting.pop()
        inner: list[tuple[str, Any, bool]] = []
        match value:
            case dict():
                for key in filter(_is_text, value):
                    inside = where + join([key])
                    if key.lower() in (_NAMES_AT_ROOT if is_root else _SECRET_NAMES):
                        yield _leaked(inside, f"`{key}` is no property: it is credentials or configuration")
                    else:
                        inner.append((inside, value[key], is_root and key in _ROOTS))
            case list():
                inner = [(f"{where}/{index}", member, False) for index, member in enumerate(value)]
            case str() if any(token in value for token in tokens):
                yield _leaked(where, "this text holds the token of the request")
        waiting += reversed(inner)


def _is_text(key: object) -> bool:
    return isinstance(key, str)


def _leaked(pointer: str, message: str) -> Violation:
    return codes.SECRET_IN_PAYLOAD.violation(pointer, f"{message}; whoever receives the payload can read it")
