"""Write files atomically: a file is complete or as it was, keeps its permissions, and a link stays a link."""

from __future__ import annotations

import gzip
import os
import secrets
import shutil
import stat
from contextlib import nullcontext
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from tcspec.files.lines import FileError, is_compressed, wrap_os_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager

_BUFFERED = 8 * 1024 * 1024
"""How many bytes are buffered before a temporary file is written that may not be needed."""


def write_file(path: str, content: bytes, temporary: Path | None = None) -> None:
    """Create or replace a file, compressed when its name ends with `.gz`; write to a device.

    Args:
        path: the file, or a link to it.
        content: what is written.
        temporary: the file that is written first; by default one with a new name, which a killed process leaves.

    Raises:
        FileError: when it cannot be written; then the file is as it was.
    """
    if is_device(path):
        with wrap_os_errors(path):
            Path(path).write_bytes(content)
        return
    _replace(path, [content], lambda: True, temporary)


def rewrite_file(path: str, chunks: Iterable[bytes], is_needed: Callable[[], bool]) -> None:
    """Replace a file with chunks that may be read from it meanwhile, if that is needed once all were read.

    As long as it is not needed and the chunks are few, no temporary file is written either.

    Raises:
        FileError: when it cannot be written; then it is as it was.
    """
    buffered, size = [], 0
    chunks = iter(chunks)
    for chunk in chunks:
        buffered.append(chunk)
        size += len(chunk)
        if is_needed() or size > _BUFFERED:
            break
    if is_needed() or size > _BUFFERED:
        _replace(path, chain(buffered, chunks), is_needed)


def move_into_place(finished: Path, target: Path) -> None:
    """Replace a file with a finished one of the same folder, so that this survives a crash of the system."""
    finished.replace(target)
    if os.name == "posix":
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_file(file: IO[bytes]) -> None:
    """Write everything to the disk that was written to a file."""
    file.flush()
    os.fsync(file.fileno())


def is_device(path: str) -> bool:
    """Return whether a path is a device or pipe, which is written to and cannot be replaced."""
    place = Path(path)
    return place.exists() and not place.is_file() and not place.is_dir()


def _replace(path: str, chunks: Iterable[bytes], is_needed: Callable[[], bool], temporary: Path | None = None) -> None:
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        raise FileError(path, "is not a regular file and cannot be replaced")
    temporary = temporary or target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    # No more permissions than the file has, from the first byte on: it may be private.
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666
    with wrap_os_errors(path):
        try:
            temporary.unlink(missing_ok=True)
            with open(temporary, "xb", opener=partial(os.open, mode=mode)) as file:
                with _open_writer(path, file) as writer:
                    writer.writelines(chunks)
                sync_file(file)
            if is_needed():
                if target.exists():
                    shutil.copymode(target, temporary)
                move_into_place(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)


def _open_writer(path: str, file: IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    if is_compressed(path):
        # Without a name and a time the same content is the same bytes.
        return cast("AbstractContextManager[IO[bytes]]", gzip.GzipFile("", "wb", fileobj=file, mtime=0))
    return nullcontext(file)
