"""Lines of bytes from files, plain or compressed, in flat memory.

A line is everything up to and including its line feed, and no byte is dropped: `b"".join` of the lines of a stream is
the stream.
"""

from __future__ import annotations

import errno
import io
import os
import sys
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, NamedTuple

from tcspec.errors import TcspecError
from tcspec.files.compression import MissingZstd, by_head, by_name
from tcspec.files.formats import HEAD, explain_container, explain_path, mask_path, name_container
from tcspec.jsontext.reader import DEFAULT_LIMITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tcspec.files.compression import Compression

STANDARD = "-"
"""The path of standard input and output."""
STANDARD_INPUT = "standard input"
"""What errors call it."""

UNLIMITED = 1 << 62
"""A limit that nothing reaches; a few bytes more are still a size that the system takes."""

_CHUNK = 1 << 20


class FileError(TcspecError):
    """A file that cannot be opened, read to its end, decompressed or written."""

    __match_args__ = ("path", "reason")
    is_from_system = False
    """Whether the system or a store has failed: later the same may succeed."""

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@contextmanager
def wrap_os_errors(path: str) -> Iterator[None]:
    """Raise what goes wrong with a file as an error that names it.

    Raises:
        FileError: when the file cannot be opened, read, decompressed or written.
    """
    try:
        yield
    except BrokenPipeError:
        raise  # nothing is wrong with the file: whoever reads our output has seen enough
    except EOFError:
        raise FileError(path, "compressed data is truncated") from None
    except zlib.error as error:
        raise FileError(path, f"cannot be decompressed ({error})") from None
    except MissingZstd:
        raise FileError(path, "zstd is not available; install tcspec[zstd]") from None
    except OSError as error:
        # The system numbers its errors: what has no number, and is not about the mode, is said of a damaged gzip file.
        is_damaged = error.errno is None and not isinstance(error, io.UnsupportedOperation)
        reason = f"cannot be decompressed ({error})" if is_damaged else describe_os_error(error)
        failed = FileError(path, reason)
        failed.is_from_system = not is_damaged
        raise failed from None
    except ValueError:
        # Python's own complaint about a name that no file can have; any other is a bug and must not look like misuse.
        if is_file_name(path):
            raise
        raise FileError(path, "no file can have this name: it has a null or a surrogate character") from None


def describe_os_error(error: OSError) -> str:
    """Return what the system says about a file or stream that it cannot open, read or write."""
    return "it is closed" if error.errno == errno.EBADF else error.strerror or str(error)


def is_file_name(path: str) -> bool:
    """Return whether the system accepts a path as a name, whether or not there is such a file."""
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


class Line(NamedTuple):
    """A line of a stream: its number from 1, and its bytes.

    When a line is longer than the limit, `raw` is only its beginning and `rest` yields what follows. The next line
    starts where the rest ends, read or not.
    """

    number: int
    raw: bytes
    rest: Iterator[bytes] | None = None

    @property
    def content(self) -> bytes:
        """Return the bytes without the line ending."""
        return self.raw.removesuffix(b"\n").removesuffix(b"\r")

    @property
    def ending(self) -> bytes:
        """Return the line ending: a line feed, with or without a carriage return, or nothing on the last line."""
        return self.raw[len(self.content) :]


class Source(NamedTuple):
    """A file that is being read, and decompressed on the way; errors name it. `head` has some of its first bytes.

    `compressed` is the file itself where the stream is what is in it.
    """

    path: str
    stream: IO[bytes]
    head: bytes = b""
    compressed: IO[bytes] | None = None

    @property
    def is_compressed(self) -> bool:
        """Return whether it is decompressed on the way."""
        return self.compressed is not None

    def readline(self, size: int = -1) -> bytes:
        """Read up to the next line feed, but at most `size` bytes.

        Raises:
            FileError: when the file cannot be read on or decompressed.
        """
        try:
            return self.stream.readline(size)
        except Exception:  # rather than a context around each of millions of lines and files
            with wrap_os_errors(self.path):
                raise

    def read(self, size: int = -1) -> bytes:
        """Read to the end, but at most `size` bytes.

        Raises:
            FileError: when the file cannot be read on or decompressed.
        """
        try:
            return self.stream.read(size)
        except Exception:  # as above
            with wrap_os_errors(self.path):
                raise

    def seek(self, offset: int) -> None:
        """Go to an offset of the decompressed stream.

        Raises:
            FileError: when the file cannot be read on or decompressed.
        """
        with wrap_os_errors(self.path):
            self.stream.seek(offset)


@contextmanager
def open_source(
    path: str, *, binary: tuple[bytes, ...] = (), opener: Callable[[str], IO[bytes]] | None = None
) -> Iterator[Source]:
    """Open a file, and decompress it when its first bytes or its name say that it is compressed; `-` is standard input.

    Args:
        path: the file.
        binary: the first bytes of files that are not text, and that the caller reads as they are.
        opener: what opens a path that is no name of a file.

    Raises:
        FileError: when it cannot be opened, or its first bytes are those of another container or encoding.
    """
    if path == STANDARD:
        yield _recognise(STANDARD_INPUT, sys.stdin.buffer, binary=binary)
        return
    if opener is None and (reason := explain_path(path)):
        raise FileError(mask_path(path), reason)
    try:
        file = opener(path) if opener else open(path, "rb", buffering=HEAD)  # noqa: PTH123, SIM115 - the path may name a device; closed below
    except Exception:  # as above
        with wrap_os_errors(path):
            raise
    with file:
        yield _recognise(path, file, by_name(path), binary)


def _recognise(
    path: str, stream: IO[bytes], named: Compression | None = None, binary: tuple[bytes, ...] = ()
) -> Source:
    """Return a stream as it is to be read.

    Raises:
        FileError: when its first bytes show that it is not text in UTF-8, compressed or not.
    """
    stream, head = _peek(path, stream)
    compressed = None
    if head.startswith(binary):
        if not stream.seekable():
            raise FileError(path, f"is {name_container(head)}, which is not read from a pipe; save it as a file first")
        return Source(path, stream, head)
    compression = by_head(head) or named
    if compression is not None:
        if head and not by_head(head):
            raise FileError(path, f"is not compressed with {compression.name}, as its name says; give it another name")
        with wrap_os_errors(path):
            try:
                decompressed = compression.open_reader(stream)
            except MissingZstd:
                raise FileError(path, "is compressed with zstd; install tcspec[zstd], or decompress it first") from None
        compressed = stream
        stream, head = _peek(path, decompressed)
        if twice := by_head(head):
            raise FileError(path, f"is compressed twice; decompress it once: {twice.name} -dc")
        if head.startswith(binary):
            raise FileError(path, f"is {name_container(head)}, compressed as a whole; decompress it first")
    if reason := explain_container(head):
        raise FileError(path, reason)
    return Source(path, stream, head, compressed)


def _peek(path: str, stream: IO[bytes]) -> tuple[IO[bytes], bytes]:
    """Return a stream, buffered if it was not, and some of its next bytes."""
    try:
        buffered = stream if hasattr(stream, "peek") else io.BufferedReader(stream)  # type: ignore[type-var]
        return buffered, buffered.peek(HEAD)[:HEAD]
    except Exception:  # as above
        with wrap_os_errors(path):
            raise


def is_compressed(path: str) -> bool:
    """Return whether the name of a file is that of a compressed one."""
    return by_name(path) is not None


def iter_lines(source: Source, limit: int = DEFAULT_LIMITS.length) -> Iterator[Line]:
    """Yield the lines of a stream, with at most `limit` bytes of each, without its ending, in memory."""
    longest = limit + len(b"\r\n")
    for number, raw in enumerate(iter(lambda: source.readline(longest), b""), 1):
        if raw.endswith(b"\n") or len(raw) < longest:
            yield Line(number, raw)
            continue
        rest = _iter_rest(source)
        yield Line(number, raw, rest)
        # Whoever did not read the rest of a line leaves it to be skipped here.
        for _ in rest:
            pass


def _iter_rest(source: Source) -> Iterator[bytes]:
    """Yield the rest of a line that is too long, in chunks."""
    while chunk := source.readline(_CHUNK):
        yield chunk
        if chunk.endswith(b"\n"):
            return
