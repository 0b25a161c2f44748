"""The JSON documents of a file or stream, one at a time, with the place where each begins."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from tcspec import codes
from tcspec.errors import UnreadablePayload
from tcspec.files.lines import is_ndjson, iter_lines, open_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.errors import Violation
    from tcspec.files.lines import Line, Source
    from tcspec.jsontext.reader import Limits

_WHITESPACE = b" \t\r\n"
_OPEN_ENDS = (b"{", b"[", b",", b":")
_CONTINUATIONS = (b"}", b"]", b",", b":")


@dataclass(frozen=True, slots=True)
class Document:
    """A JSON document as it stands in a file: its bytes, and line and column of the first of them.

    `too_long` documents are only the beginning of what is there; `pointer` says where in the whole document a
    part of it was found. `ending` is the line ending that follows it.
    """

    raw: bytes
    line: int = 1
    column: int = 1
    pointer: str = ""
    too_long: bool = False
    ending: bytes = b""

    def whole(self, limits: Limits) -> bytes:
        """Give the bytes when they are all there.

        Raises:
            UnreadablePayload: when the document goes on where reading stopped.
        """
        if not self.too_long:
            return self.raw
        message = f"the document is longer than the {limits.length:,} bytes that are read"
        raise UnreadablePayload([replace(codes.TOO_LONG.violation("", message), hint="raise --max-length")])

    def place(self, violation: Violation) -> Violation:
        """Tell the place of a violation as it is in the file."""
        line, column = violation.line or 1, violation.column or 1
        return replace(
            violation,
            pointer=self.pointer + violation.pointer,
            line=self.line + line - 1,
            column=self.column + column - 1 if line == 1 else column,
        )


def iter_documents(path: str, limits: Limits, *, as_lines: bool = False) -> Iterator[Document]:
    """Read the documents of a file: one a line of NDJSON, without its line ending, or the file as a whole.

    The name of the file decides. Where it does not, as on standard input, the first two lines do that are not
    blank: within a JSON text a line ends with an opening bracket, a comma or a colon, or the next begins with a
    closing bracket, a comma or a colon; between two JSON texts neither is so. `as_lines` decides for lines.

    Raises:
        UnreadableFile: when the file cannot be opened, read to its end or decompressed.
    """
    with open_source(path) as source:
        if is_ndjson(path) or (as_lines and not is_json(path)):
            yield from _of_lines(_not_blank(iter_lines(source, limits.length)), limits)
        elif is_json(path):
            yield _whole(source, limits)
        else:
            yield from _of_either(source, limits)


def is_json(path: str) -> bool:
    """Tell whether the name of a file says that it is one JSON document."""
    return path.removesuffix(".gz").endswith(".json")


def _of_either(source: Source, limits: Limits) -> Iterator[Document]:
    stream = _not_blank(iter_lines(source, limits.length))
    first = next(stream, None)
    if first is None:
        return
    second = None if first.rest else next(stream, None)
    if second is None:
        yield from _of_lines(chain([first], stream), limits)
    elif is_continued(first, second):
        blank = min(second.number - first.number - 1, limits.length)
        yield _whole(source, limits, first.raw + b"\n" * blank + second.raw, first.number)
    else:
        yield from _of_lines(chain([first, second], stream), limits)


def is_continued(first: Line, second: Line) -> bool:
    """Tell whether a JSON text goes on from one line to the next."""
    end, start = first.raw.rstrip(_WHITESPACE), second.raw.lstrip(_WHITESPACE)
    return end.endswith(_OPEN_ENDS) or start.startswith(_CONTINUATIONS)


def _not_blank(stream: Iterable[Line]) -> Iterator[Line]:
    return (line for line in stream if line.rest or line.raw.strip(_WHITESPACE))


def _of_lines(stream: Iterable[Line], limits: Limits) -> Iterator[Document]:
    for line in stream:
        content = line.content
        yield Document(content, line.number, too_long=len(content) > limits.length, ending=line.ending)


def _whole(source: Source, limits: Limits, before: bytes = b"", line: int = 1) -> Document:
    missing = limits.length + 1 - len(before)
    raw = before + source.read(missing) if missing > 0 else before
    return Document(raw, line, too_long=len(raw) > limits.length)
