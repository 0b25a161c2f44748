"""Write files atomically: a file is complete or as it was, keeps its protection, and a link stays a link."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tcspec.files.compression import by_head, by_name, compress
from tcspec.files.formats import HEAD, explain_path, mask_path
from tcspec.files.identity import FileState, read_state
from tcspec.files.lines import FileError, wrap_os_errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tcspec.files.compression import Compression

_BUFFERED = 8 * 1024 * 1024
"""How many bytes are buffered before a temporary file is written that may not be needed."""


def write_file(path: str, content: bytes, *, before: FileState | None = None, temporary: Path | None = None) -> None:
    """Create or replace a file, compressed when its name ends with `.gz` or `.zst`; write to a device.

    Args:
        path: the file, or a link to it.
        content: what is written.
        before: the state of the file when the content was made from it; by default its content does not matter.
        temporary: the file that is written first; by default one with a new name, which a killed process leaves.

    Raises:
        FileError: when it cannot be written, cannot keep its owner, or has changed; then the file is as it was.
    """
    write_chunks(path, [content], before=before, temporary=temporary)


def write_chunks(
    path: str, chunks: Iterable[bytes], *, before: FileState | None = None, temporary: Path | None = None
) -> None:
    """Create or replace a file as `write_file` does, with content that comes in chunks.

    Raises:
        FileError: when it cannot be written, cannot keep its owner, or has changed; then the file is as it was.
    """
    if reason := explain_path(path):
        raise FileError(mask_path(path), reason)
    if is_device(path):
        with wrap_os_errors(path), Path(path).open("wb") as file:
            file.writelines(chunks)
        return
    _replace(path, chunks, lambda: True, before, temporary)


def check_place(path: str) -> None:
    """Check that a file can be created or replaced, as far as that shows before there is anything to write.

    Raises:
        FileError: when a folder or URL is in its place, or its folder is missing or cannot be written.
    """
    if reason := explain_path(path):
        raise FileError(mask_path(path), reason)
    with wrap_os_errors(path):
        if Path(path).is_dir():
            raise FileError(path, "is a folder; name a file")
        folder = Path(os.path.realpath(path)).parent
        folder.stat()
        if not is_device(path) and not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def rewrite_file(path: str, chunks: Iterable[bytes], is_needed: Callable[[], bool]) -> None:
    """Replace a file with chunks that may be read from it meanwhile, if that is needed once all were read.

    As long as it is not needed and the chunks are few, no temporary file is written either.

    Raises:
        FileError: when it cannot be written, cannot keep its owner, or was changed meanwhile; then it is as it was.
    """
    # Before the first chunk is read: what others write from here on is noticed.
    before = read_state(path)
    buffered, size = [], 0
    chunks = iter(chunks)
    for chunk in chunks:
        buffered.append(chunk)
        size += len(chunk)
        if is_needed() or size > _BUFFERED:
            break
    if is_needed() or size > _BUFFERED:
        _replace(path, chain(buffered, chunks), is_needed, before)


def move_into_place(finished: Path, target: Path) -> None:
    """Replace a file with a finished one, so that this survives a crash of the system.

    The finished file may be on another file system than its place: then it is copied beside its place first.
    """
    try:
        finished.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copied = _new_temporary(target)
        try:
            with finished.open("rb") as source, open(copied, "xb", opener=partial(os.open, mode=0o600)) as file:
                shutil.copyfileobj(source, file)
                sync_file(file)
            shutil.copymode(finished, copied)
            copied.replace(target)
        finally:
            copied.unlink(missing_ok=True)
        finished.unlink()
    sync_folder(target.parent)


def sync_file(file: IO[bytes]) -> None:
    """Write everything to the disk that was written to a file."""
    file.flush()
    os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Write the names in a folder to the disk, where the system can do that."""
    # Windows opens no folders.
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def is_device(path: str) -> bool:
    """Return whether a path is a device or pipe, which is written to and cannot be replaced."""
    with wrap_os_errors(path):
        place = Path(path)
        return place.exists() and not place.is_file() and not place.is_dir()


def count_names(path: str) -> int:
    """Return how many names (hard links) a file has; replacing it changes the content of this one only."""
    with wrap_os_errors(path):
        return Path(path).stat().st_nlink


def _replace(
    path: str,
    chunks: Iterable[bytes],
    is_needed: Callable[[], bool],
    before: FileState | None,
    temporary: Path | None = None,
) -> None:
    with wrap_os_errors(path):
        # The file behind a link: replacing the link would leave that as it is.
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_file():
            raise FileError(path, "is not a regular file and cannot be replaced")
        temporary = temporary or _new_temporary(target)
        # Nobody else reads it until it has the owner, group and permissions of the file: that may be private.
        mode = 0o600 if target.exists() else 0o666
        try:
            temporary.unlink(missing_ok=True)
            with open(temporary, "xb", opener=partial(os.open, mode=mode)) as file:
                compression = by_name(path) or (_read_compression(target) if before is not None else None)
                file.writelines(compress(chunks, compression))
                sync_file(file)
            if is_needed():
                if target.exists():
                    _copy_protection(path, target, temporary)
                # As late as possible: whoever wrote the file meanwhile must not lose what was written.
                if before is not None and read_state(target) != before:
                    raise FileError(path, "was changed by another program meanwhile and is left as it is; try again")
                move_into_place(temporary, target)
        finally:
            temporary.unlink(missing_ok=True)


def _new_temporary(target: Path) -> Path:
    # Not made from the name of the target, which may be as long as a name can be.
    return target.with_name(f".tcspec-{secrets.token_hex(8)}.tmp")


def _read_compression(path: Path) -> Compression | None:
    """Return how a file is compressed, whatever its name; its new content is then, too."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        return by_head(file.read(HEAD))


def _copy_protection(path: str, target: Path, temporary: Path) -> None:
    """Give a temporary file the owner, the group and the permissions of the file that it will replace."""
    old, new = target.stat(), temporary.stat()
    if os.name == "posix" and (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        try:
            os.chown(temporary, old.st_uid, old.st_gid)
        except PermissionError:
            reason = f"belongs to user {old.st_uid} and group {old.st_gid}, which we cannot give to its new content"
            raise FileError(path, reason) from None
    # After the owner: changing that clears the set-user-ID and set-group-ID bits.
    temporary.chmod(stat.S_IMODE(old.st_mode))
