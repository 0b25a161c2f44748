"""An HTTP request as a caller passes it, and as it was captured in a file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tcspec.errors import UnreadablePayload, WrongArgument
from tcspec.json_types import type_name
from tcspec.jsontext import reader
from tcspec.jsontext.encoder import to_json_value
from tcspec.personal import MASK, mask_name
from tcspec.pixels.query import read_query
from tcspec.requests.endpoints import is_path_segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tcspec.errors import Violation
    from tcspec.jsontext.reader import Limits

    Headers = Mapping[str, str] | Iterable[tuple[str, str]]

_URL = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?", re.DOTALL)
_BARE_HOST = re.compile(r"(?:localhost|[\w-]++(?:\.[\w-]++)++)(?::[0-9]++)?[/?]")
_HOST = re.compile(r"(?:.*@)?(\[[^\]]*\]|[^:]*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class UrlParts:
    """The parts of a URL; `query_offset` is where its query starts in the text, or the end of the text without one."""

    scheme: str
    host: str
    path: str
    query: str = field(repr=False)
    query_offset: int


def split_url(url: str) -> UrlParts:
    """Split any text as a URL, without the fragment, which is never sent."""
    found = _URL.match(url)
    # Not urllib, which raises for some texts and drops tabs and line feeds from others.
    assert found is not None  # noqa: S101 - every part may be empty
    scheme, authority, path, query = found.groups()
    host = _HOST.match(authority or "")
    # A full stop at the end is the root of all domains, and the same host.
    name = host[1].lower().removesuffix(".") if host else ""
    return UrlParts((scheme or "").lower(), name, path, query or "", found.end() if query is None else found.start(4))


def complete_url(url: str) -> str:
    """Return a URL with two slashes before its host, where it begins with that, as editors and recorders read it."""
    return f"//{url}" if _BARE_HOST.match(url) else url


@dataclass(frozen=True, slots=True)
class Request:
    """A request, its URL split and its query parsed.

    `value` is the body when it was passed as a Python value, else the body is in `body`. A body or a query that cannot
    be read is empty; `body_errors` and `query_errors` are the reasons. A recorder may have left out the credentials of
    a request that was sent with some.
    """

    method: str
    url: str = field(repr=False)
    url_parts: UrlParts
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    value: dict[str, Any] | list[Any] | None = field(repr=False)
    query: dict[str, Any] = field(repr=False)
    query_errors: tuple[Violation, ...] = ()
    body_errors: tuple[Violation, ...] = ()
    may_lack_credentials: bool = False

    @property
    def has_body(self) -> bool:
        """Return whether the body has any content."""
        return self.value is not None or bool(self.body.strip() or self.body_errors)

    def find_header(self, name: str) -> tuple[str, str] | None:
        """Return name and value of a header field, whose name may have any case."""
        return next((header for header in self.headers.items() if header[0].lower() == name.lower()), None)

    def get_parameter(self, name: str) -> str | None:
        """Return the value of a query parameter; None when it is missing or not a string."""
        value = self.query.get(name)
        return value if isinstance(value, str) else None


def read_request(method: str, url: str, headers: Headers, body: object, limits: Limits) -> Request:
    """Read a request from the types that HTTP clients use; any other Python type raises WrongArgument."""
    fields = _join_headers(headers)
    url_parts = split_url(url)
    # A raw request has a path in its first line and the host in a header.
    if not url_parts.host:
        host = next((value for name, value in fields.items() if name.lower() == "host"), "")
        url_parts = replace(url_parts, host=split_url(f"//{host}").host)
    body = to_json_value(body)
    value = [to_json_value(item) for item in body] if isinstance(body, list) else body
    value = value if isinstance(value, dict | list) else None
    query, query_errors = _parse_query(url, url_parts, limits)
    request = Request(method.upper(), url, url_parts, fields, b"", value, query, query_errors)
    if value is not None or body is None:
        return request
    try:
        return replace(request, body=reader.encode_text(body) if isinstance(body, str) else reader.require_bytes(body))
    except UnreadablePayload as error:
        return replace(request, body_errors=tuple(replace(each, pointer="/body") for each in error.violations))


def _join_headers(headers: Headers) -> dict[str, str]:
    """Collect the values of each header field under its name as it occurs first; several are joined as in RFC 9110."""
    fields: dict[str, tuple[str, list[str]]] = {}
    try:
        pairs = [(name, value) for name, value in (headers.items() if hasattr(headers, "items") else headers)]
    except (TypeError, ValueError):
        raise WrongArgument("the headers as a mapping or as pairs of strings", type_name(headers)) from None
    for name, value in pairs:
        if not (isinstance(name, str) and isinstance(value, str)):
            raise WrongArgument("name and value of a header as strings", type_name(value))
        fields.setdefault(name.lower(), (name, []))[1].append(value)
    # Recorders write a field twice, as it was set and as it was sent.
    return {name: ", ".join(dict.fromkeys(values)) for name, values in fields.values()}


def _parse_query(url: str, url_parts: UrlParts, limits: Limits) -> tuple[dict[str, Any], tuple[Violation, ...]]:
    start = url_parts.query_offset
    try:
        return read_query(url, limits, start, start + len(url_parts.query)).value, ()
    except UnreadablePayload as error:
        return {}, error.violations


@dataclass(frozen=True, slots=True)
class CapturedRequest:
    """A request in a file of captured requests, and its position there.

    `name` is the one in the file, else method and path. `line` and `column` are those of the request line, `body_line`
    that of the body; None without a body, and in a HAR file, in which the body is an escaped string. There `pointer` is
    that of the request. `unknown_body` is why the body is not known, if it is not; `notes` are what is not read of the
    request.
    """

    name: str
    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    line: int
    column: int
    body_line: int | None = None
    pointer: str = ""
    unknown_body: Violation | None = None
    notes: tuple[Violation, ...] = ()
    may_lack_credentials: bool = False

    def read(self, limits: Limits) -> Request:
        """Return the request that was captured."""
        request = read_request(self.method, self.url, self.headers, self.body, limits)
        errors = (self.unknown_body,) if self.unknown_body else request.body_errors
        return replace(request, body_errors=errors, may_lack_credentials=self.may_lack_credentials)

    def place(self, violation: Violation) -> Violation:
        """Return a violation of the request with its line and column in the file; its pointer stays in the request."""
        if self.body_line is None or not violation.pointer.startswith("/body"):
            return replace(violation, line=self.line, column=self.column)
        return replace(violation, line=self.body_line + (violation.line or 1) - 1, column=violation.column or 1)


def name_request(method: str, url: str) -> str:
    """Return a name for a request: its method and path, without the query, and without what no endpoint has."""
    segments = split_url(url).path.split("/")
    path = "/".join(segment if is_path_segment(segment) else MASK for segment in segments)
    return f"{mask_name(method.upper())} {path}"
