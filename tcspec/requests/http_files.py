"""`.http` and `.rest` files of editors: the subset of their dialects in docs/kinds.md; a raw request is one too.

What else editors know is recognised and reported as not read (TC045), and what depends on it is unknown.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from tcspec import codes
from tcspec.errors import Severity, UnreadablePayload
from tcspec.jsontext.encoder import build_length_violation
from tcspec.requests.http_blocks import LINE, SKIPPED, Line, iter_blocks
from tcspec.requests.request import CapturedRequest, complete_url, name_request, split_url
from tcspec.requests.routes import find_endpoints
from tcspec.unread_captures import HTTP_FILE, describe_capture

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Iterator

    from tcspec.errors import Violation
    from tcspec.jsontext.reader import Limits

UNKNOWN_VALUE = "730519284"
"""How the text of a value that is not known begins: digits, which are right inside and outside of a JSON string."""

# Possessive quantifiers keep these linear on hostile input.
_DEFINITION = re.compile(r"[ \t]*+@([\w.-]++)[ \t]*+=(.*)", re.DOTALL)
_USE = re.compile(r"\{\{((?=[^{}]*[^{}\s])[^{}\r\n]++)\}\}")
_REQUEST_LINE = re.compile(rf"(?:([A-Za-z]+|{UNKNOWN_VALUE}[0-9]+)[ \t]+)?(\S+)(?:[ \t]+(?:[Hh][Tt][Tt][Pp]/|#|//).*)?")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)", re.DOTALL)
_BEFORE_REQUEST = re.compile(r"<\s+\S|\{\{[@+]?\w*$|(?:(?:#|//)\s*@(?:import|ref|forceRef)|import|run)\s")
_BODY_FILE = re.compile(r"<(?:@\w*)?(?:[ \t]+[^\s{]|\.{1,2}/|~/|[A-Za-z]:\\)")
_AFTER_BODY = re.compile(r">>?!?[ \t]|<>[ \t]|\?\?[ \t]|\{\{[@+]?\w*$|HTTP/[0-9.]+[ \t]+[0-9]{3}")
_BLANK = " \t\r\n"
_AROUND_URL = ('"', "'", "<", "`")
_EXPANSION = 8
"""How many times the maximum length the inserted values of one file may have together."""
_NESTING = 8
"""How deep values may use each other; deeper ones, and those that use themselves, are unknown."""

_UNDEFINED = "a variable has no value in this file, or several, and fits anything"
_GENERATED = "values that an editor makes when it sends a request (`{{$...}}`) are not known and fit anything"
_OTHER_PARTS = "scripts, tests, answers, and requests of other files (import, run) are not read"
_SEVERAL_LINES = "a URL over several lines is not read; write it on one line"
_HEADER_LIST = "a list of headers of a browser; write `POST` and the URL in the place of those that begin with a colon"
_IN_FILE = "the body is in another file, which is not read; write it here"


def read_http_file(raw: bytes, limits: Limits) -> Iterator[CapturedRequest | UnreadablePayload]:
    """Yield the requests of an `.http` file; in place of one that cannot be read, the error.

    The `Host` header completes a URL that is a path. Blocks that contain no request are ignored.
    """
    # Bytes that are not UTF-8 become surrogates and bytes again, so that a body stays as it is.
    text = raw.decode(errors="surrogateescape")
    variables = Variables(text, limits.length)
    for block in iter_blocks(text):
        variables.notes = {}
        try:
            yield from _read_block(block, variables)
        except UnreadablePayload as error:
            yield error


class Variables:
    """The variables of a file, defined anywhere in it, and what was noted in the current block.

    The length of all inserted values is limited, as values may use each other.
    """

    def __init__(self, text: str, max_length: int) -> None:
        self.max_length = max_length
        self.inserted = self.unknown = 0
        self.notes: dict[str, Violation] = {}
        self._values: dict[str, set[str]] = {}
        for line in LINE.finditer(text):
            if found := _DEFINITION.fullmatch(line[1]):
                self._values.setdefault(found[1], set()).add(found[2].strip(_BLANK))

    def note(self, message: str, line: Line) -> None:
        """Note once for the current block what is not read."""
        self.notes.setdefault(message, line.place(codes.UNREAD_PART.violation("", message)))

    def expand(self, line: Line) -> str:
        """Return the text of a line with its variables replaced.

        Raises:
            UnreadablePayload: when all inserted values of the file are too long.
        """
        return self._expand(line.text, line, 0)

    def _expand(self, text: str, line: Line, depth: int) -> str:
        return _USE.sub(lambda use: self._get(use[1].strip(), line, depth), text)

    def _get(self, name: str, line: Line, depth: int) -> str:
        """Return the value of a variable; of several values editors take different ones."""
        values = self._values.get(name, ())
        if len(values) == 1 and depth < _NESTING:
            value = self._expand(next(iter(values)), line, depth + 1)
        else:
            self.note(_GENERATED if name.startswith("$") else _UNDEFINED, line)
            # Each is another one, so that no two of them are duplicates.
            self.unknown += 1
            value = f"{UNKNOWN_VALUE}{self.unknown:06}"
        self.inserted += len(value)
        if self.inserted > _EXPANSION * self.max_length:
            raise UnreadablePayload([line.place(build_length_violation(self.max_length))])
        return value


def _skip_to_request(lines: deque[Line], variables: Variables) -> str:
    """Remove the lines before the request line, and return the name of the request that they have."""
    name, end = "", ""
    while lines:
        line = lines[0]
        text = line.text.strip()
        if text.startswith("###"):
            name = text.lstrip("#").strip()
        elif end or _BEFORE_REQUEST.match(text):
            variables.note(_OTHER_PARTS, line)
            end = end or ("%}" if text.startswith("< {%") else "}}" if text.startswith("{{") else "")
            end = "" if text.endswith(end) else end
        elif text and not SKIPPED.match(text):
            break
        lines.popleft()
    return name


def _read_block(lines: deque[Line], variables: Variables) -> Iterator[CapturedRequest]:
    name = _skip_to_request(lines, variables)
    if not lines:
        if variables.notes:
            raise UnreadablePayload(variables.notes.values())
        return
    first = lines.popleft()
    found = _read_request_line(first, variables)
    if lines and lines[0].text[:1] in (" ", "\t", "?", "&") and lines[0].text.strip():
        variables.note(_SEVERAL_LINES, lines[0])
        raise UnreadablePayload(variables.notes.values())
    headers = tuple(_iter_headers(lines, variables))
    method, url = (found[1] or "GET").upper(), _complete_url(found[2], headers)
    body, line, unknown_body = _read_body(lines, variables)
    if any("\udc80" <= character <= "\udcff" for text in chain([url], *headers) for character in text):
        raise first.error("the request line or the headers are not valid UTF-8")
    if UNKNOWN_VALUE in method or _is_unknown(url):
        variables.note(_UNDEFINED, first)
        raise UnreadablePayload(variables.notes.values())
    place = first.number, first.column, line, ""
    name = name or name_request(method, url)
    yield CapturedRequest(name, method, url, headers, body, *place, unknown_body, tuple(variables.notes.values()))


def _read_request_line(first: Line, variables: Variables) -> re.Match[str]:
    """Return the method and the URL of a request line, or raise what it is."""
    found = _REQUEST_LINE.fullmatch(variables.expand(first).strip(_BLANK))
    sentence = describe_capture(first.text.encode(errors="surrogateescape"))
    if sentence and sentence != HTTP_FILE:
        raise first.error(sentence)
    if first.text.lstrip().startswith(":"):
        raise first.error(_HEADER_LIST)
    # A method alone would be read as a relative URL.
    if not found or (not found[1] and found[2].isalpha()):
        raise first.error("expected a method and a URL, whose spaces are written as %20")
    if found[2].startswith(_AROUND_URL):
        raise first.error("write the URL without quotes or brackets around it")
    return found


def _is_unknown(url: str) -> bool:
    """Return whether it is not known where a URL leads, or which parameters it has."""
    parts = split_url(url)
    is_known = UNKNOWN_VALUE not in parts.path and (UNKNOWN_VALUE not in parts.host or find_endpoints(parts))
    return not is_known or any(UNKNOWN_VALUE in each.partition("=")[0] for each in parts.query.split("&"))


def _iter_headers(lines: deque[Line], variables: Variables) -> Iterator[tuple[str, str]]:
    """Yield the header fields, up to the blank line before the body."""
    while lines:
        line = lines.popleft()
        if not line.text.strip():
            return
        if SKIPPED.match(line.text):
            continue
        found = _HEADER.fullmatch(variables.expand(line))
        if not found or (found[1].lower() in {"http", "https"} and found[2].startswith("//")):
            raise line.error("expected a header `Name: value`, or a blank line before the body")
        yield found[1], found[2].strip(_BLANK)


def _read_body(lines: deque[Line], variables: Variables) -> tuple[bytes, int | None, Violation | None]:
    """Return the body without blank lines around it, its line, and why it is not known if it is not."""
    parts: list[str] = []
    for line in lines:
        if _AFTER_BODY.match(line.text):
            variables.note(_OTHER_PARTS, line)
            break
        if _BODY_FILE.match(line.text):
            return b"", None, replace(codes.UNREAD_PART.violation("/body", _IN_FILE), severity=Severity.WARNING)
        # What is not read leaves an empty line, so that the lines of the body are those of the file.
        text = "" if SKIPPED.match(line.text) else variables.expand(line)
        if parts or text.strip(_BLANK):
            parts.append(text + line.ending)
            number = line.number + 1 - len(parts)
    body = "".join(parts).rstrip(_BLANK)
    return body.encode(errors="surrogateescape"), number if body else None, None


def _complete_url(url: str, headers: tuple[tuple[str, str], ...]) -> str:
    """Return the URL of a raw request, whose request line contains only the path, or of one with an unknown host."""
    host = next((value for name, value in headers if name.lower() == "host"), "")
    if url.startswith(UNKNOWN_VALUE) and "/" in url:
        return f"https://{url}"
    return f"https://{host}{url}" if host and url.startswith("/") else complete_url(url)
