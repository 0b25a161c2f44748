"""A request as it was given: its address taken apart, its headers found by any spelling, its body as it was sent."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tcspec.errors import UnreadablePayload, WrongArgument
from tcspec.jsontext import reader
from tcspec.jsontext.encoder import type_name
from tcspec.pixels.query import read_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tcspec.errors import Violation
    from tcspec.jsontext.reader import Limits

    Headers = Mapping[str, str] | Iterable[tuple[str, str]]
    Body = bytes | bytearray | memoryview | str | dict[str, Any] | list[Any] | None

_ADDRESS = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?", re.DOTALL)
_HOST = re.compile(r"(?:.*@)?(\[[^\]]*\]|[^:]*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Address:
    """A URL, taken apart; `query_at` is where its query begins in the text, its end when there is none."""

    scheme: str
    host: str
    path: str
    query: str = field(repr=False)
    query_at: int


def read_address(url: str) -> Address:
    """Take a URL apart; the fragment is left out, as it is never sent, and every text is some address."""
    found = _ADDRESS.match(url)
    assert found is not None  # noqa: S101 - every part may be empty
    scheme, authority, path, query = found.groups()
    host = _HOST.match(authority or "")
    name = host[1].lower().removesuffix(".") if host else ""
    return Address((scheme or "").lower(), name, path, query or "", found.end() if query is None else found.start(4))


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is to be judged.

    `given` is the body when it was given as a Python value, else it is in `body`. A body that cannot be read is empty,
    a query is None; `unreadable_body` and `unreadable_query` say why.
    """

    method: str
    url: str = field(repr=False)
    address: Address
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    given: dict[str, Any] | list[Any] | None = field(repr=False)
    query: dict[str, Any] | None = field(repr=False)
    unreadable_query: tuple[Violation, ...] = ()
    unreadable_body: tuple[Violation, ...] = ()

    @property
    def has_body(self) -> bool:
        """Tell whether anything is sent as the body."""
        return self.given is not None or bool(self.body.strip() or self.unreadable_body)

    def header(self, name: str) -> tuple[str, str] | None:
        """Find a header by its name in any spelling; give the spelling and the value."""
        return next((found for found in self.headers.items() if found[0].lower() == name.lower()), None)

    def has(self, name: str) -> bool:
        """Tell whether the query has a parameter, whatever it says."""
        return self.query is not None and name in self.query

    def parameter(self, name: str) -> str | None:
        """Give the text of a parameter of the query; None when it is absent or no text."""
        value = (self.query or {}).get(name)
        return value if isinstance(value, str) else None


def read_request(method: str, url: str, headers: Headers, body: Body, limits: Limits) -> Request:
    """Take a request as a client of any kind has it.

    Raises:
        WrongArgument: when a part of it is of a Python type that holds none.
    """
    for name, text in (("the method", method), ("the URL", url)):
        if not isinstance(text, str):
            raise WrongArgument(f"{name} as text", type_name(text))
    received = _headers(headers)
    address = read_address(url)
    if not address.host:
        host = next((value for name, value in received.items() if name.lower() == "host"), "")
        address = replace(address, host=read_address(f"//{host}").host)
    given = body if isinstance(body, dict | list) else None
    query, unreadable = _query(url, address, limits)
    request = Request(method.upper(), url, address, received, b"", given, query, unreadable)
    if given is not None or body is None:
        return request
    try:
        return replace(request, body=reader.encode_text(body) if isinstance(body, str) else reader.require_bytes(body))
    except UnreadablePayload as error:
        found = tuple(replace(violation, pointer="/body") for violation in error.violations)
        return replace(request, unreadable_body=found)


def lines_of(request: Request) -> list[tuple[int, Any]]:
    """Cut the body of a bulk request into its lines, numbered from 1; blank ones are left out, but counted.

    Of a list the items are the lines, whether they are objects or JSON text.
    """
    if request.given is not None:
        return list(enumerate(request.given if isinstance(request.given, list) else [request.given], 1))
    return [(number, line) for number, line in enumerate(request.body.split(b"\n"), 1) if line.strip()]


def payload_of(request: Request) -> Any:  # noqa: ANN401 - whatever was given
    """Give the body as it is judged: the value that was given, or its JSON text."""
    return request.body if request.given is None else request.given


def value_of(payload: object) -> Any:  # noqa: ANN401 - any JSON value
    """Read a JSON text as leniently as a server may, None when it cannot be read; give back any other value."""
    if not isinstance(payload, bytes | str):
        return payload
    try:
        return json.loads(payload, parse_int=_integer)
    except (ValueError, RecursionError):
        return None


def as_document(request: Request, *, in_bulk: bool) -> dict[str, Any]:
    """Give a request as the document in which the pointers of violations resolve."""
    body = value_of(payload_of(request))
    if in_bulk:
        lines = dict(lines_of(request))
        body = [value_of(lines.get(number)) for number in range(1, max(lines, default=0) + 1)]
    return {
        "method": request.method,
        "url": request.url,
        "query": request.query or {},
        "headers": dict(request.headers),
        "body": body,
    }


def _integer(digits: str) -> int | str:
    # What Python does not read in linear time is only looked at here, never judged.
    return int(digits) if len(digits) < _LONG else digits


_LONG = 4_000


def _headers(headers: Headers) -> dict[str, str]:
    """Collect headers under their first spelling; one that is given again is joined, as RFC 9110 has it."""
    spelt: dict[str, str] = {}
    received: dict[str, list[str]] = {}
    for name, value in _pairs(headers):
        if not (isinstance(name, str) and isinstance(value, str)):
            raise WrongArgument("the name and the value of a header as text", type_name(value))
        received.setdefault(spelt.setdefault(name.lower(), name), []).append(value)
    return {name: ", ".join(values) for name, values in received.items()}


def _pairs(headers: Headers) -> list[tuple[object, object]]:
    try:
        given = headers.items() if hasattr(headers, "items") else headers
        return [(name, value) for name, value in given]
    except (TypeError, ValueError):
        raise WrongArgument("the headers as a mapping or as pairs of texts", type_name(headers)) from None


def _query(url: str, address: Address, limits: Limits) -> tuple[dict[str, Any] | None, tuple[Violation, ...]]:
    try:
        end = address.query_at + len(address.query)
        return read_query(url, limits, address.query_at, end).value, ()
    except UnreadablePayload as unreadable:
        return None, unreadable.violations
