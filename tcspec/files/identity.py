"""Which file a path or stream means, and the state it is in: two names of one file, a file that was changed."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tcspec.files.lines import wrap_os_errors

if TYPE_CHECKING:
    from collections.abc import Hashable


@dataclass(frozen=True, slots=True)
class FileState:
    """The state of a regular file; two equal states mean that nothing has been written to it in between."""

    device: int
    inode: int
    size: int
    modified_ns: int
    # Other permissions are no other content.
    permissions: int = field(compare=False)


def read_state(file: str | Path | IO[bytes]) -> FileState | None:
    """Return the state of a regular file, or of the one behind a link; None where there is none.

    Raises:
        FileError: when nobody can tell, because a folder on the way is closed to us or the name is no name of a file.
    """
    status = _read_status(file)
    if status is None or not stat.S_ISREG(status.st_mode):
        return None
    permissions = stat.S_IMODE(status.st_mode)
    return FileState(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, permissions)


def identify(file: str | Path | IO[bytes]) -> Hashable | None:
    """Return what all names of one file have in common: links, hard links, other spellings of the path.

    A path without a file is identified by its folder and name. A terminal or another character device is nobody's
    file and may be used twice: it has no identity, and neither has a stream that is not connected to anything.

    Raises:
        FileError: when nobody can tell.
    """
    status = _read_status(file)
    if status is None:
        return None if not isinstance(file, (str, Path)) else _identify_missing(Path(file))
    if stat.S_ISCHR(status.st_mode):
        return None
    return status.st_dev, status.st_ino


def _identify_missing(path: Path) -> Hashable:
    with wrap_os_errors(str(path)):
        place = Path(os.path.realpath(path))
    folder = _read_status(place.parent)
    return (folder.st_dev, folder.st_ino, place.name) if folder else str(place)


def _read_status(file: str | Path | IO[bytes]) -> os.stat_result | None:
    """Return the status of the file behind a path or stream; None where there is none."""
    if not isinstance(file, (str, Path)):
        try:
            return os.fstat(file.fileno())
        except (OSError, ValueError):  # a stream without a file, or a closed one
            return None
    with wrap_os_errors(str(file)):
        try:
            return os.stat(file)  # noqa: PTH116 - the path may be a text
        except (FileNotFoundError, NotADirectoryError):
            return None
