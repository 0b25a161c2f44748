"""`.http` and `.rest` files, as editors send them: requests between `###` lines; a raw HTTP request is one of them."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tcspec.errors import UnreadablePayload
from tcspec.requests.captured_request import Captured, call_of, unreadable
from tcspec.requests.templates import Variables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.jsontext.reader import Limits

_LINE = re.compile(r"([^\r\n]*+(?:\r(?!\n)[^\r\n]*+)*+)(?:\r?\n|\Z)")
_COMMENT = re.compile(r"\s*(?:#|//)(.*)")
_NAME = re.compile(r"\s*@name\s+(\S+)\s*")
_VARIABLE = re.compile(r"@([\w.-]+)[ \t]*=(.*)", re.DOTALL)
_REQUEST_LINE = re.compile(r"(?:([A-Za-z]+)[ \t]+)?(\S+)(?:[ \t]+HTTP/[0-9.]+)?[ \t]*")
_HEADER = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)", re.DOTALL)
_CONTINUED = re.compile(r"[ \t]+([?&].*)", re.DOTALL)
_FILE_AS_BODY = re.compile(r"<(?:@\S*)?[ \t]+\S.*")
_AFTER_BODY = re.compile(r"(?:^|\n)(?:>>?!?|<>)[ \t][^\n]*")
_BLANK = " \t\r\n"
_SEPARATOR, _SCRIPT, _END_OF_SCRIPT = "###", "< {%", "%}"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the file, without its ending: its number from 1 and where it starts."""

    number: int
    start: int
    end: int
    text: str

    def wrong(self, message: str) -> UnreadablePayload:
        """Make the error that says what is wrong with the line."""
        return unreadable(message, self.number, len(self.text) - len(self.text.lstrip()) + 1)


@dataclass(slots=True)
class _Block:
    """What stands between two separators, its comments and variables read, its request not yet."""

    name: str
    lines: list[_Line] = field(default_factory=list)


def written(raw: bytes, limits: Limits) -> Iterator[Captured | UnreadablePayload]:
    """Read the requests of a file, and say why one cannot be read; blocks of comments and variables are passed over.

    A variable is defined before it is used, anywhere in the file. What an editor makes up when it sends (`$guid`,
    `$timestamp` ...) is replaced by a sample. A path without a host is at the host of the `Host` header. Scripts are
    passed over. What is no request (TC042), or is too long (TC007), is told in its place, and the next block is read.
    """
    text = raw.decode(errors="surrogateescape")
    variables = Variables(text, limits.length)
    for block in _blocks(text):
        try:
            begun = _begun(block, variables)
            if begun.lines:
                yield _request(begun, text, variables)
        except UnreadablePayload as unread:
            yield unread


def _blocks(text: str) -> Iterator[_Block]:
    block = _Block("")
    for number, found in enumerate(_LINE.finditer(text), 1):
        line = found[1]
        if line.startswith(_SEPARATOR):
            yield block
            block = _Block(line.lstrip("#").strip())
        else:
            block.lines.append(_Line(number, found.start(), found.end(1), line))
    yield block


def _begun(block: _Block, variables: Variables) -> _Block:
    """Read on to the request line: past comments, variables and a script."""
    begun = _Block(block.name)
    in_script = False
    for index, line in enumerate(block.lines):
        comment = _COMMENT.fullmatch(line.text)
        variable = _VARIABLE.fullmatch(line.text)
        if in_script or line.text.startswith(_SCRIPT):
            in_script = not line.text.rstrip().endswith(_END_OF_SCRIPT)
        elif comment:
            name = _NAME.fullmatch(comment[1])
            begun.name = name[1] if name else begun.name
        elif variable:
            value = variable[2].lstrip(_BLANK)
            variables.define(variable[1], value.rstrip(_BLANK), line.end - len(value))
        elif line.text.strip():
            begun.lines = block.lines[index:]
            break
    return begun


def _request(block: _Block, text: str, variables: Variables) -> Captured:
    first, *others = block.lines
    rest = deque(others)
    spelt = variables.filled(first.text, first.start).strip(_BLANK)
    head, http, tail = spelt.partition(" HTTP/")
    spelt = "".join((head, *_continued(rest, variables), http, tail))
    found = _REQUEST_LINE.fullmatch(spelt)
    if not found or spelt.startswith("curl "):
        raise first.wrong("a request begins with its method and URL, whose spaces are written %20")
    if not found[1] and found[2].isalpha() and found[2].isupper():
        raise first.wrong("a method is here, but no URL")
    headers = tuple(_headers(rest, variables))
    body, body_line, body_column = _body(rest, text, variables)
    method, url = found[1] or "GET", _absolute(found[2], headers)
    _check_text(first, url, *(part for header in headers for part in header))
    column = len(first.text) - len(first.text.lstrip()) + 1
    name = block.name or call_of(method, url)
    return Captured(name, method.upper(), url, headers, body, first.number, column, body_line, body_column)


def _continued(lines: deque[_Line], variables: Variables) -> Iterator[str]:
    """Read the lines on which a query goes on."""
    while lines and (found := _CONTINUED.fullmatch(lines[0].text)):
        yield variables.filled(found[1].rstrip(_BLANK), lines.popleft().start + found.start(1))


def _headers(lines: deque[_Line], variables: Variables) -> Iterator[tuple[str, str]]:
    """Read the headers up to the blank line; what comes after it is left."""
    while lines:
        line = lines.popleft()
        if not line.text.strip():
            return
        if _COMMENT.fullmatch(line.text):
            continue
        found = _HEADER.fullmatch(variables.filled(line.text, line.start))
        if not found:
            raise line.wrong("a header is written `Name: value`; a blank line parts the headers from the body")
        yield found[1], found[2].strip(_BLANK)


def _body(lines: deque[_Line], text: str, variables: Variables) -> tuple[bytes, int | None, int | None]:
    """Read the body, without blank lines around it and without the script or file that handles the answer."""
    first = next((line for line in lines if line.text.strip()), None)
    if first is None:
        return b"", None, None
    if _FILE_AS_BODY.fullmatch(first.text):
        raise first.wrong("the body is in another file, which is not read: write it here")
    body = text[first.start : lines[-1].end]
    after = _AFTER_BODY.search(body)
    body = (body[: after.start()] if after else body).rstrip(_BLANK)
    if not body:
        return b"", None, None
    filled = variables.filled(body, first.start)
    return filled.encode(errors="surrogateescape"), first.number, 1


def _absolute(url: str, headers: tuple[tuple[str, str], ...]) -> str:
    """Give the URL of a raw request, whose request line has only the path."""
    host = next((value for name, value in headers if name.lower() == "host"), "")
    return f"https://{host}{url}" if host and url.startswith("/") else url


def _check_text(line: _Line, *texts: str) -> None:
    if any("\udc80" <= character <= "\udcff" for text in texts for character in text):
        raise line.wrong("the request line or the headers are not UTF-8")
