"""Put new content in the place of a file: all of it or nothing, with the same permissions."""

from __future__ import annotations

import gzip
import os
import shutil
import tempfile
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from tcspec.files.lines import UnreadableFile, is_compressed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_HELD = 8 * 1024 * 1024
"""How many bytes are held before something is written that may not be wanted in the end."""


def replace_file(path: str, content: bytes) -> None:
    """Replace what a file holds, compressed when its name ends with `.gz`; a link stays a link.

    Raises:
        UnreadableFile: when it cannot be written; then it is as it was.
    """
    rewrite_file(path, [content], lambda: True)


def rewrite_file(path: str, pieces: Iterable[bytes], is_wanted: Callable[[], bool]) -> None:
    """Replace what a file holds by pieces that may be read from it meanwhile, if that is wanted once all are there.

    Nothing is written, not even beside the file, while it is not wanted and the pieces are few.

    Raises:
        UnreadableFile: when it cannot be written; then it is as it was.
    """
    held, size = [], 0
    pieces = iter(pieces)
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if is_wanted() or size > _HELD:
            break
    if is_wanted() or size > _HELD:
        _rewrite(path, chain(held, pieces), is_wanted)


def _rewrite(path: str, pieces: Iterable[bytes], is_wanted: Callable[[], bool]) -> None:
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        raise UnreadableFile(path, "it is no regular file, and cannot be replaced")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        fresh = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                with _compressed(file) if is_compressed(path) else _plain(file) as stream:
                    stream.writelines(pieces)
                file.flush()
                os.fsync(file.fileno())
            if is_wanted():
                shutil.copymode(target, fresh)
                fresh.replace(target)
        finally:
            fresh.unlink(missing_ok=True)
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error)) from None


@contextmanager
def _compressed(file: IO[bytes]) -> Iterator[IO[bytes]]:
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as stream:
        yield cast("IO[bytes]", stream)


@contextmanager
def _plain(file: IO[bytes]) -> Iterator[IO[bytes]]:
    yield file
