"""The JSON documents of a file, one at a time, with the position where each starts and what is between them."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto
from functools import lru_cache, partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from tcspec.errors import UnreadablePayload
from tcspec.files.compression import strip_suffix
from tcspec.files.formats import explain_lines, explain_table
from tcspec.files.lines import FileError, iter_lines, open_source
from tcspec.jsontext.encoder import build_length_violation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import Violation
    from tcspec.files.lines import Line, Source
    from tcspec.jsontext.positions import StringText
    from tcspec.jsontext.reader import Limits

_WHITESPACE = b" \t\r\n"
_OPEN_ENDS = (b"{", b"[", b",", b":")
_CONTINUATIONS = (b"}", b"]", b",", b":")
_CHUNK = 1 << 20


class FileType(Enum):
    """What a file has in it."""

    JSON = auto()
    """One JSON document, on one line or on many."""
    NDJSON = auto()
    """One JSON document or pixel a line."""
    CAPTURE = auto()
    """Captured requests."""


_TYPES = {
    ".json": FileType.JSON,
    ".ndjson": FileType.NDJSON,
    ".jsonl": FileType.NDJSON,
    ".http": FileType.CAPTURE,
    ".rest": FileType.CAPTURE,
    ".har": FileType.CAPTURE,
}


@lru_cache(maxsize=32)  # several functions ask about the same file, one after the other
def detect_file_type(path: str) -> FileType | None:
    """Return what a file has in it by its name, compressed or not; None when only its first lines show it."""
    _, dot, suffix = strip_suffix(path).rpartition(".")
    return _TYPES.get(dot + suffix.lower())


class Document(NamedTuple):
    """A JSON document in a file: its bytes, the line and column of the first, and the line ending behind them.

    When a document is longer than the limit, `raw` is only its beginning and `rest` yields what follows. `pointer` is
    where in the whole document it was, when it is only a part of one. When it stands in a JSON string, `string` is
    that, and line and column are those in its text; in the pointer a number sign follows the place of the string.
    """

    raw: bytes
    line: int = 1
    column: int = 1
    pointer: str = ""
    ending: bytes = b""
    rest: Iterator[bytes] | None = None
    string: StringText | None = None

    @property
    def start(self) -> tuple[int, int]:
        """Return the line and column in the file where the document starts."""
        return (self.line, self.column) if self.string is None else self.string.locate(self.line, self.column)

    def check_length(self, limits: Limits) -> bytes:
        """Return the bytes of the document when they are all there.

        Raises:
            UnreadablePayload: when the document is longer than the limit.
        """
        if len(self.raw) > limits.length:
            raise UnreadablePayload([build_length_violation(limits.length)])
        return self.raw

    def place_of(self, line: int, column: int) -> tuple[int, int]:
        """Return the line and column of a place of the document in what it was cut out of."""
        return self.line + line - 1, self.column + column - 1 if line == 1 else column

    def locate(self, violation: Violation) -> Violation:
        """Return a violation of the document with its pointer, line and column in the file."""
        line, column = self.place_of(violation.line or 1, violation.column or 1)
        if self.string:
            line, column = self.string.locate(line, column)
        return replace(violation, pointer=self.pointer + violation.pointer, line=line, column=column)

    def locate_all(self, unreadable: UnreadablePayload) -> UnreadablePayload:
        """Return why the document cannot be read, with the places in the file."""
        return UnreadablePayload(map(self.locate, unreadable.violations))


def iter_contents(path: str, limits: Limits, *, as_lines: bool = False) -> Iterator[Document | bytes]:
    """Yield the documents of a file, one a line of NDJSON or the file as a whole, and as bytes what is between them.

    The name of the file decides which. Where it does not, as on standard input, the first two lines that are not blank
    do: within a JSON text a line ends with an opening bracket, a comma or a colon, or the next one starts with a
    closing bracket, a comma or a colon, and between two JSON texts neither is so. `as_lines` decides for lines.

    All bytes, `raw`, `ending` and `rest` in order are the file, so that it can be written again. A document with a
    `rest` that is not read to its end is passed over.

    Raises:
        FileError: when the file cannot be opened, read to its end or decompressed.
    """
    file_type = detect_file_type(path)
    with open_source(path) as source:
        is_ndjson = file_type is FileType.NDJSON
        is_json = file_type is FileType.JSON
        # One error for the file; read on, each of its lines would have one.
        if reason := explain_table(source.head) if is_json else explain_lines(source.head, is_ndjson=is_ndjson):
            raise FileError(source.path, reason)
        if is_json:
            yield _read_whole(source, limits)
        elif is_ndjson or as_lines:
            yield from map(_parse_line, iter_lines(source, limits.length))
        else:
            yield from _iter_by_first_lines(source, limits)


def _iter_by_first_lines(source: Source, limits: Limits) -> Iterator[Document | bytes]:
    first: Line | None = None
    # Of blank lines there may be any number, and memory is bounded all the same: they are joined, up to the limit.
    blank = bytearray()
    lines = iter_lines(source, limits.length)
    for line in lines:
        if first is None:
            if not _is_blank(line) and not line.rest:
                first = line
                continue
            # A line that is too long is handed on at once: kept until the next one it would fill the memory.
            yield _parse_line(line)
            if line.rest:
                break
        elif _is_continued(first, line):
            before = first.raw + blank + line.raw
            yield _read_whole(source, limits, before, first.number, line.rest)
            return
        elif _is_blank(line) and len(blank) <= limits.length:
            blank += line.raw
        else:
            yield from (_parse_line(first), bytes(blank), _parse_line(line))
            first = None
            break
    if first:
        yield from (_parse_line(first), bytes(blank))
    yield from map(_parse_line, lines)


def _is_continued(first: Line, line: Line) -> bool:
    """Return whether the JSON text of the first line that is not blank continues on a following line."""
    starts_as_continuation = line.raw.lstrip(_WHITESPACE).startswith(_CONTINUATIONS)
    return first.raw.rstrip(_WHITESPACE).endswith(_OPEN_ENDS) or starts_as_continuation


def _is_blank(line: Line) -> bool:
    return line.rest is None and not line.raw.strip(_WHITESPACE)


def _parse_line(line: Line) -> Document | bytes:
    if _is_blank(line):
        return line.raw
    content = line.content
    return Document(content, line.number, ending=line.raw[len(content) :], rest=line.rest)


def _read_whole(
    source: Source, limits: Limits, before: bytes = b"", line: int = 1, rest: Iterator[bytes] | None = None
) -> Document:
    """Read a document to the end of the file; some bytes of it were read before, and the rest of a line comes next."""
    # One byte more than the limit shows that the document is longer.
    missing = limits.length + 1 - len(before)
    raw = before + source.read(missing) if missing > 0 else before
    if len(raw) <= limits.length:
        return Document(raw, line)
    return Document(raw, line, rest=chain(rest or (), iter(partial(source.read, _CHUNK), b"")))
