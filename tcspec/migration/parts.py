"""The parts of a file of lines: where each begins in the file, or in a copy if the file cannot be read from there."""

from __future__ import annotations

import os
import secrets
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from tcspec.files.lines import wrap_os_errors
from tcspec.migration.lines import find_end_of_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tcspec.migration.lines import LineSource

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines of the source: how many lines and bytes were before, and in which file they start where.

    `name` is what its files in the working folder begin with.
    """

    name: str
    number: int
    size: int
    path: str
    start: int
    is_copy: bool


def iter_parts(lines: LineSource, folder: Path | None, *, is_copied: bool) -> Iterator[tuple[Part, Any]]:
    """Yield the parts that are left in a source, each with the digest of the source up to its end.

    Args:
        lines: the source, which is only read from.
        folder: the working folder.
        is_copied: whether each part is written into the working folder.

    Raises:
        FileError: when the source cannot be read, or a copy cannot be written.
    """
    number, size, digest = lines.number, lines.size, lines.digest.copy()
    # No two runs use the same names: a worker may outlive the process in charge for a moment.
    run = secrets.token_hex(4)
    chunk = lines.file.read(_CHUNK)
    while chunk:
        left = lines.every - number % lines.every
        name, start = f"part-{run}-{number}", size
        path = str(folder / f"{name}.copy") if is_copied and folder else lines.path
        with ExitStack() as stack:
            copy = stack.enter_context(_create(path)) if is_copied else None
            before = number
            while chunk and left:
                count = chunk.count(b"\n")
                end = len(chunk) if count < left else find_end_of_line(chunk, left)
                read, chunk = chunk[:end], chunk[end:]
                digest.update(read)
                if copy:
                    with wrap_os_errors(path):
                        copy.write(read)
                left -= min(count, left)
                size += len(read)
                chunk = chunk or lines.file.read(_CHUNK)
        number = before + lines.every - before % lines.every
        yield Part(name, before, start, path, 0 if is_copied else start, is_copied), digest.copy()


def _create(path: str) -> IO[bytes]:
    with wrap_os_errors(path):
        return open(path, "xb", opener=partial(os.open, mode=0o600))
