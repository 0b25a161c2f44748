"""`.http` and `.rest` files of editors: requests separated by `###` lines, with variables; a raw request is one too."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from tcspec.errors import UnreadablePayload
from tcspec.jsontext.encoder import build_length_violation
from tcspec.jsontext.positions import Cursor
from tcspec.requests.request import CapturedRequest, build_capture_error, name_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.jsontext.reader import Limits

# Possessive quantifiers keep these linear on hostile input.
# Not possessive as a whole: Python before 3.11.5 then takes part of a group that does not match.
_LINE = re.compile(r"([^\r\n]*+(?:\r(?!\n)[^\r\n]*+)*)(?:\r?\n|\Z)")
_COMMENT = re.compile(r"\s*(?:#|//)(.*)")
_NAME = re.compile(r"\s*@name\s+(\S+)\s*")
_DEFINITION = re.compile(r"@([\w.-]+)[ \t]*=(.*)", re.DOTALL)
_USE = re.compile(r"\{\{[ \t]*+(\$?[\w.-]++)([^{}\r\n]*+)\}\}")
_REQUEST_LINE = re.compile(r"(?:([A-Za-z]+)[ \t]+)?(\S+)(?:[ \t]+HTTP/[0-9.]+)?[ \t]*")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)", re.DOTALL)
_QUERY_LINE = re.compile(r"[ \t]+([?&].*)", re.DOTALL)
_BODY_FILE = re.compile(r"<(?:@\S*)?[ \t]+\S.*")
_AFTER_BODY = re.compile(r"(?:^|\n)(?:>>?!?|<>)[ \t][^\n]*")
_BLANK = " \t\r\n"
_SEPARATOR, _SCRIPT, _END_OF_SCRIPT = "###", "< {%", "%}"

_SAMPLES = MappingProxyType(
    {
        "$guid": "3f0c8a52-6d1e-4b7a-9c24-5e8f01a7b6d3",
        "$uuid": "3f0c8a52-6d1e-4b7a-9c24-5e8f01a7b6d3",
        "$random.uuid": "3f0c8a52-6d1e-4b7a-9c24-5e8f01a7b6d3",
        "$timestamp": "1767225600",
        "$isoTimestamp": "2026-01-01T00:00:00Z",
        "$randomInt": "42",
        "$random.integer": "42",
    }
)
"""A sample of each value that editors generate when they send a request."""

_EXPANSION = 8
"""How many times the maximum length the inserted values of one file may have together."""


def read_http_file(raw: bytes, limits: Limits) -> Iterator[CapturedRequest | UnreadablePayload]:
    """Yield the requests of an `.http` file; in place of one that cannot be read, the error.

    A variable is defined before it is used, anywhere in the file; generated ones (`$guid`, `$timestamp`...) have a
    sample as value. The `Host` header completes a URL that is a path. Scripts are ignored, and so are blocks that
    contain no request.
    """
    # Bytes that are not UTF-8 become surrogates and bytes again, so that a body stays as it is.
    text = raw.decode(errors="surrogateescape")
    # One for the whole file: editors too know a variable in every request after its definition.
    variables = Variables(text, limits.length)
    for block in _iter_blocks(text):
        try:
            block = _skip_to_request(block, variables)  # noqa: PLW2901 - the same block, further on
            if block.lines:
                yield _read_block(block, text, variables)
        except UnreadablePayload as error:
            yield error


@dataclass(slots=True)
class Variables:
    """The variables defined so far in a file; `text` is that of the file, for positions.

    The length of what is expanded at once is limited, and that of all inserted values, as values may use each other.
    """

    text: str = field(repr=False)
    max_length: int
    values: dict[str, str] = field(default_factory=dict, repr=False)
    inserted: int = 0
    cursor: Cursor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.cursor = Cursor(self.text)

    def define(self, name: str, value: str, offset: int) -> None:
        """Define a variable, whose value may use those defined before.

        Raises:
            UnreadablePayload: when it uses another one.
        """
        self.values[name] = self.expand(value, offset)

    def expand(self, template: str, offset: int) -> str:
        """Return a part of the file, which starts at an offset, with its variables replaced.

        Raises:
            UnreadablePayload: when a variable is not defined, or the result is too long.
        """
        parts: list[str] = []
        length = end = 0
        for use in _USE.finditer(template):
            value = self._get(use[1], use[2], offset + use.start())
            parts += (template[end : use.start()], value)
            length += len(parts[-2]) + len(value)
            self.inserted += len(value)
            if length > self.max_length or self.inserted > _EXPANSION * self.max_length:
                line, column = self.cursor.locate(offset + use.start())
                violation = build_length_violation(self.max_length)
                raise UnreadablePayload([replace(violation, line=line, column=column)])
            end = use.end()
        return "".join((*parts, template[end:]))

    def _get(self, name: str, arguments: str, offset: int) -> str:
        if name in self.values and not arguments.strip():
            return self.values[name]
        if name in _SAMPLES:
            return _SAMPLES[name]
        line, column = self.cursor.locate(offset)
        raise build_capture_error("undefined variable; define it above with `@name = value`", line, column)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the file without its ending: its number from 1, and its offsets."""

    number: int
    start: int
    end: int
    text: str

    @property
    def column(self) -> int:
        """Return the column of the first character that is not white space."""
        return len(self.text) - len(self.text.lstrip()) + 1

    def error(self, message: str) -> UnreadablePayload:
        """Build the error for this line."""
        return build_capture_error(message, self.number, self.column)


@dataclass(frozen=True, slots=True)
class _Block:
    """The lines between two separators, and the name of the request in them."""

    name: str
    lines: list[_Line]


def _iter_blocks(text: str) -> Iterator[_Block]:
    block = _Block("", [])
    for number, found in enumerate(_LINE.finditer(text), 1):
        line = found[1]
        if line.startswith(_SEPARATOR):
            yield block
            block = _Block(line.lstrip("#").strip(), [])
        else:
            block.lines.append(_Line(number, found.start(), found.end(1), line))
    yield block


def _skip_to_request(block: _Block, variables: Variables) -> _Block:
    """Return the block from its request line on; read the comments and definitions before it, and ignore a script."""
    name, in_script = block.name, False
    for index, line in enumerate(block.lines):
        comment = _COMMENT.fullmatch(line.text)
        definition = _DEFINITION.fullmatch(line.text)
        if in_script or line.text.startswith(_SCRIPT):
            in_script = not line.text.rstrip().endswith(_END_OF_SCRIPT)
        elif comment:
            named = _NAME.fullmatch(comment[1])
            name = named[1] if named else name
        elif definition:
            value = definition[2].lstrip(_BLANK)
            variables.define(definition[1], value.rstrip(_BLANK), line.end - len(value))
        elif line.text.strip():
            return _Block(name, block.lines[index:])
    return _Block(name, [])


def _read_block(block: _Block, text: str, variables: Variables) -> CapturedRequest:
    first, *others = block.lines
    rest = deque(others)
    line = variables.expand(first.text, first.start).strip(_BLANK)
    # Lines that continue the query belong before the HTTP version.
    before, http, version = line.partition(" HTTP/")
    line = "".join((before, *_iter_query_lines(rest, variables), http, version))
    found = _REQUEST_LINE.fullmatch(line)
    if not found or line.startswith("curl "):
        raise first.error("expected a method and a URL, whose spaces are written as %20")
    # A method alone would be read as a relative URL.
    if not found[1] and found[2].isalpha() and found[2].isupper():
        raise first.error("expected a URL after the method")
    headers = tuple(_iter_headers(rest, variables))
    body, body_line, body_column = _read_body(rest, text, variables)
    method, url = (found[1] or "GET").upper(), _complete_url(found[2], headers)
    _check_utf8(first, url, *(part for header in headers for part in header))
    name = block.name or name_request(method, url)
    return CapturedRequest(name, method, url, headers, body, first.number, first.column, body_line, body_column)


def _iter_query_lines(lines: deque[_Line], variables: Variables) -> Iterator[str]:
    """Yield the indented lines that continue the query."""
    while lines and (found := _QUERY_LINE.fullmatch(lines[0].text)):
        yield variables.expand(found[1].rstrip(_BLANK), lines.popleft().start + found.start(1))


def _iter_headers(lines: deque[_Line], variables: Variables) -> Iterator[tuple[str, str]]:
    """Yield the header fields, up to the blank line before the body."""
    while lines:
        line = lines.popleft()
        if not line.text.strip():
            return
        if _COMMENT.fullmatch(line.text):
            continue
        found = _HEADER.fullmatch(variables.expand(line.text, line.start))
        if not found:
            raise line.error("expected a header `Name: value`, or a blank line before the body")
        yield found[1], found[2].strip(_BLANK)


def _read_body(lines: deque[_Line], text: str, variables: Variables) -> tuple[bytes, int | None, int | None]:
    """Return the body with its line and column, without blank lines around it and without a response handler."""
    first = next((line for line in lines if line.text.strip()), None)
    if first is None:
        return b"", None, None
    if _BODY_FILE.fullmatch(first.text):
        raise first.error("the body is in another file, which is not read; write it here")
    body = text[first.start : lines[-1].end]
    handler = _AFTER_BODY.search(body)
    body = (body[: handler.start()] if handler else body).rstrip(_BLANK)
    if not body:
        return b"", None, None
    return variables.expand(body, first.start).encode(errors="surrogateescape"), first.number, 1


def _complete_url(url: str, headers: tuple[tuple[str, str], ...]) -> str:
    """Return the URL of a raw request, whose request line contains only the path."""
    host = next((value for name, value in headers if name.lower() == "host"), "")
    return f"https://{host}{url}" if host and url.startswith("/") else url


def _check_utf8(line: _Line, *texts: str) -> None:
    if any("\udc80" <= character <= "\udcff" for text in texts for character in text):
        raise line.error("the request line or the headers are not valid UTF-8")
