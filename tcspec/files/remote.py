"""Files behind URLs, in S3 or another store that fsspec knows.

A URL has no user, password or query: it is printed in messages and reports. Credentials come from the environment, as
the package for the store documents.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from textwrap import shorten
from typing import IO, TYPE_CHECKING, Any, cast

from tcspec.files.formats import is_url
from tcspec.files.identity import FileState, read_state
from tcspec.files.lines import FileError, Source, open_source, wrap_os_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://[^?@]+")
_READ_AHEAD = 4 << 20
"""How many bytes are fetched at a time."""
_OBJECT_STORES = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oss", "memory"}
"""Where an object appears when it is complete; elsewhere it is renamed then."""
_LONGEST = 300
"""How many characters of what a store says are printed."""
_PART = ".tcspec-part"
_STAMPS = ("ETag", "etag", "LastModified", "mtime", "updated", "created")
"""What stores call that which changes with the content."""


def is_remote(path: str) -> bool:
    """Return whether a path is a URL that is read and written with fsspec: no database, and nothing secret in it."""
    return is_url(path) and _URL.fullmatch(path) is not None


def open_remote(url: str) -> IO[bytes]:
    """Open a file for reading.

    Raises:
        FileError: when it cannot be opened.
    """
    system, place = _find(url)
    with _wrap_errors(url):
        return cast("IO[bytes]", _Reader(system.open(place, "rb", block_size=_READ_AHEAD)))


def read_remote_state(url: str) -> FileState | None:
    """Return the state of a file, whose time of modification is only a number that another content does not have.

    Raises:
        FileError: when nobody can tell.
    """
    system, place = _find(url)
    with _wrap_errors(url):
        system.invalidate_cache()
        try:
            info = system.info(place)
        except FileNotFoundError:
            return None
    if info.get("type") == "directory" or info.get("size") is None:
        return None
    stamp = "".join(str(info[name]) for name in _STAMPS if info.get(name))
    version = int.from_bytes(hashlib.sha256(stamp.encode()).digest()[:6])
    return FileState(0, 0, info["size"], version, 0o666)


def remove(path: str) -> None:
    """Remove a file or what a URL names, if it is there.

    Raises:
        FileError: when it cannot be removed.
    """
    if not is_remote(path):
        with wrap_os_errors(path):
            Path(path).unlink(missing_ok=True)
    elif read_remote_state(path) is not None:
        system, place = _find(path)
        with _wrap_errors(path):
            system.rm_file(place)


def exists(path: str) -> bool:
    """Return whether there is a file, or something under a URL.

    Raises:
        FileError: when nobody can tell.
    """
    return read_remote_state(path) is not None if is_remote(path) else Path(path).exists()


def read_state_of(path: str) -> FileState | None:
    """Return the state of a file or of what a URL names; None when it is missing.

    Raises:
        FileError: when nobody can tell.
    """
    return read_remote_state(path) if is_remote(path) else read_state(path)


def list_folder(url: str) -> list[str]:
    """Return the names of all files in a folder and those below it, relative to it, sorted; none of a missing folder.

    Raises:
        FileError: when it cannot be listed.
    """
    system, place = _find(url)
    root = f"{place.rstrip('/')}/"
    with _wrap_errors(url):
        system.invalidate_cache()
        try:
            found = system.find(root.rstrip("/"))
        except FileNotFoundError:
            return []
    # Some programs make an empty object to stand for a folder.
    return sorted(path.removeprefix(root) for path in found if path.startswith(root) and not path.endswith("/"))


def open_place(path: str, *, binary: tuple[bytes, ...] = ()) -> AbstractContextManager[Source]:
    """Open a file or a URL, as `open_source` does.

    Raises:
        FileError: when it cannot be opened, or its first bytes are those of another container or encoding.
    """
    return open_source(path, binary=binary, opener=open_remote if is_remote(path) else None)


def upload(path: Path, url: str) -> None:
    """Write a file to a URL, under which it appears complete or not at all.

    Raises:
        FileError: when it cannot be written.
    """
    system, place = _find(url)
    schemes = {system.protocol} if isinstance(system.protocol, str) else {*system.protocol}
    with _wrap_errors(url):
        if schemes & _OBJECT_STORES:
            system.put_file(str(path), place)
        else:
            system.put_file(str(path), place + _PART)
            system.mv(place + _PART, place)
    state = read_remote_state(url)
    if state is None or state.size != path.stat().st_size:
        raise FileError(url, "was changed by another program: it is not what the migration wrote")


class _Reader(io.RawIOBase):
    """A remote file whose errors are those of the system: nobody else needs to know the packages."""

    def __init__(self, file: Any) -> None:  # noqa: ANN401 - fsspec has no types of its own
        super().__init__()
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        try:
            data = self._file.read(len(buffer))
        except Exception as error:  # noqa: BLE001 - each store has errors of its own
            raise OSError(errno.EIO, _describe(error)) from None
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        try:
            return int(self._file.seek(offset, whence))
        except Exception as error:  # noqa: BLE001 - as above
            raise OSError(errno.EIO, _describe(error)) from None

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


def _find(url: str) -> tuple[Any, str]:
    """Return the file system of a URL, and what it calls the file."""
    try:
        core = import_module("fsspec.core")
    except ImportError:
        raise FileError(
            url, "needs fsspec; install tcspec[s3], or fsspec and the package for this kind of URL"
        ) from None
    with _wrap_errors(url):
        system, place = core.url_to_fs(url)
        return system, place


@contextmanager
def _wrap_errors(url: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:  # noqa: BLE001 - each store has errors of its own
        failed = FileError(url, _describe(error))
        failed.is_from_system = True
        raise failed from None


def _describe(error: Exception) -> str:
    """Return what a store says, in one line that is not too long to read."""
    if isinstance(error, FileNotFoundError):
        return os.strerror(errno.ENOENT)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return shorten(" ".join(str(error).split()), _LONGEST, placeholder=" ...") or type(error).__name__
