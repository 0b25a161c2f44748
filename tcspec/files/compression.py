"""Compressed files: what they are compressed with, how they are read, and compressors for what is written.

The same content is the same bytes: a gzip member has no name and no time.
"""

from __future__ import annotations

import io
import zlib
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# 15 for the largest window, and 16 by which zlib writes the header and the checksum of gzip.
_GZIP_WINDOW = 31
_GZIP_LEVEL = 6


class Compression(NamedTuple):
    """A way to compress: its name, the suffix of files and their first bytes, and what reads and writes it."""

    name: str
    suffix: str
    magic: bytes
    open_reader: Callable[[IO[bytes]], IO[bytes]]
    new_compressor: Callable[[], Any]
    """Returns what has `compress(data)` and `flush()`, which ends a member that can be followed by others."""


class MissingZstd(Exception):  # noqa: N818 - turned into an error that names the file
    """There is no package that reads zstd."""


def _read_gzip(stream: IO[bytes]) -> IO[bytes]:
    import gzip  # noqa: PLC0415 - most files are not compressed

    return cast("IO[bytes]", gzip.GzipFile(fileobj=stream, mode="rb"))


def _new_gzip() -> Any:  # noqa: ANN401 - zlib does not name its type
    return zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WINDOW)


def _load_zstd() -> Any:  # noqa: ANN401 - a module of Python 3.14, or its equal for older ones
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return import_module(name)
        except ImportError:
            continue
    raise MissingZstd


class _ZstdReader(io.RawIOBase):
    """A decompressed file whose errors are those of zlib: nobody else needs to know the package."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        zstd = _load_zstd()
        self._file, self._error = zstd.ZstdFile(stream, "rb"), zstd.ZstdError

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return cast("int", self._file.fileno())

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        try:
            return cast("int", self._file.readinto(buffer))
        except self._error as error:
            raise zlib.error(str(error)) from None

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return cast("int", self._file.seek(offset, whence))
        except self._error as error:
            raise zlib.error(str(error)) from None


def _read_zstd(stream: IO[bytes]) -> IO[bytes]:
    return cast("IO[bytes]", _ZstdReader(stream))


def _new_zstd() -> Any:  # noqa: ANN401 - as above
    zstd = _load_zstd()
    # Without a checksum a damaged file is read as another content.
    return zstd.ZstdCompressor(options={zstd.CompressionParameter.checksum_flag: 1})


GZIP = Compression("gzip", ".gz", b"\x1f\x8b", _read_gzip, _new_gzip)
ZSTD = Compression("zstd", ".zst", b"\x28\xb5\x2f\xfd", _read_zstd, _new_zstd)
COMPRESSIONS = (GZIP, ZSTD)


def by_name(path: str) -> Compression | None:
    """Return how a file with a name, in any case, is compressed; None when it is not."""
    return next((each for each in COMPRESSIONS if path.lower().endswith(each.suffix)), None)


def by_head(head: bytes) -> Compression | None:
    """Return how a file with these first bytes is compressed; None when it is not."""
    return next((each for each in COMPRESSIONS if head.startswith(each.magic)), None)


def strip_suffix(path: str) -> str:
    """Return the name of a file without the suffix of a compression."""
    compression = by_name(path)
    return path[: -len(compression.suffix)] if compression else path


def compress(chunks: Iterable[bytes], compression: Compression | None) -> Iterator[bytes]:
    """Yield chunks compressed, as one member; as they are without a compression."""
    if compression is None:
        yield from chunks
        return
    compressor = compression.new_compressor()
    for chunk in chunks:
        yield compressor.compress(chunk)
    yield compressor.flush()
