"""Lines of bytes from files, plain or compressed, in flat memory.

A line is everything up to and with its line feed, and nothing of it is dropped: `b"".join` of the lines of a stream
is the stream.
"""

from __future__ import annotations

import gzip
import sys
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, cast

from tcspec.errors import TcspecError
from tcspec.jsontext.reader import DEFAULT_LIMITS

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDARD = "-"
"""The name of standard input and output."""

_CHUNK = 1 << 20


@dataclass
class UnreadableFile(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """A file that cannot be opened, read to its end, decompressed or written."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a stream: its number from 1, where it starts in the decompressed stream, and its bytes.

    Of a line that is longer than the limit `raw` is only the beginning; `rest` reads on, and must be read to its end
    before the next line is asked for.
    """

    number: int
    offset: int
    raw: bytes
    rest: Iterator[bytes] | None = None

    @property
    def content(self) -> bytes:
        """Give the bytes without the line ending."""
        return self.raw.removesuffix(b"\n").removesuffix(b"\r")

    @property
    def ending(self) -> bytes:
        """Give the line ending: a line feed, with a carriage return or not, or nothing on the last line."""
        return self.raw[len(self.content) :]


@dataclass(frozen=True, slots=True)
class Source:
    """A file that is being read, decompressed on the way; what goes wrong is said in the file's name."""

    path: str
    stream: IO[bytes]

    def readline(self, size: int = -1) -> bytes:
        """Read up to the next line feed, but no more than `size` bytes.

        Raises:
            UnreadableFile: when the file cannot be read on or decompressed.
        """
        with _told(self.path):
            return self.stream.readline(size)

    def read(self, size: int = -1) -> bytes:
        """Read to the end, but no more than `size` bytes.

        Raises:
            UnreadableFile: when the file cannot be read on or decompressed.
        """
        with _told(self.path):
            return self.stream.read(size)

    def skip(self, offset: int) -> None:
        """Go to a place that was read up to before.

        Raises:
            UnreadableFile: when the file cannot be read on or decompressed.
        """
        with _told(self.path):
            self.stream.seek(offset)


@contextmanager
def open_source(path: str) -> Iterator[Source]:
    """Open a file, decompressing it when its name ends with `.gz`; `-` is standard input.

    Raises:
        UnreadableFile: when it cannot be opened.
    """
    if path == STANDARD:
        yield Source("standard input", sys.stdin.buffer)
        return
    with _told(path):
        file = open(path, "rb")  # noqa: PTH123, SIM115 - the path may name a device; closed below
    with file:
        yield Source(path, cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if is_compressed(path) else file)


@contextmanager
def _told(path: str) -> Iterator[None]:
    try:
        yield
    except IsADirectoryError:
        raise UnreadableFile(path, "it is a directory; name the files in it") from None
    except FileNotFoundError:
        raise UnreadableFile(path, "there is no such file") from None
    except EOFError:
        raise UnreadableFile(path, "the compressed data is cut short") from None
    except (gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableFile(path, f"it cannot be decompressed ({error})") from None
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from None


def is_compressed(path: str) -> bool:
    """Tell whether the name of a file says that it is compressed."""
    return path.endswith(".gz")


def is_ndjson(path: str) -> bool:
    """Tell whether the name of a file says that it holds one document a line."""
    return path.removesuffix(".gz").endswith((".ndjson", ".jsonl"))


def iter_lines(
    source: Source, limit: int = DEFAULT_LIMITS.length, *, number: int = 0, offset: int = 0
) -> Iterator[Line]:
    """Read a stream line by line, never holding more than `limit` bytes of one.

    Args:
        source: where to read, standing at `offset`.
        limit: how many bytes of a line are held, its ending not counted.
        number: how many lines came before.
        offset: how many bytes came before.
    """
    longest = limit + len(b"\r\n")
    while raw := source.readline(longest):
        number += 1
        if raw.endswith(b"\n") or len(raw) < longest:
            yield Line(number, offset, raw)
            offset += len(raw)
            continue
        rest = _Rest(source)
        yield Line(number, offset, raw, iter(rest))
        for _ in rest:
            pass
        offset += len(raw) + rest.length


class _Rest:
    """The rest of a line that is too long to be held, read in pieces; it knows how much of it was read."""

    def __init__(self, source: Source) -> None:
        self.length = 0
        self._source = source
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        while not self._ended:
            piece = self._source.readline(_CHUNK)
            self.length += len(piece)
            self._ended = not piece or piece.endswith(b"\n")
            if piece:
                yield piece
