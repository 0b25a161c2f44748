"""The working folder of a migration beside its target: all that is written before it is complete, and the lock.

A folder is ours when it is empty or has a lock file that says so; nothing is reused or removed in any other one.
"""

from __future__ import annotations

import os
import stat
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tcspec.files.lines import FileError, wrap_os_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Self

LOCK = "lock"
_MARK = b"The working files of a migration with tcspec.\n"
_REPEATABLE = _MARK + b"They can be removed when it does not run any more: its source can be read again.\n"
_UNREPEATABLE = _MARK + b"Its source cannot be read again: what it has read is only here until it is complete.\n"
_ATTEMPTS = 100
"""How often a folder is looked for that other migrations are just removing."""
_PATIENCE = 1.0
"""How many seconds a lock is waited for."""


@dataclass(slots=True)
class WorkingFolder:
    """A locked working folder; the lock is released with the process at the latest."""

    path: Path
    lock: int

    @staticmethod
    def beside(output: Path) -> Path:
        """Return the path of the working folder of a migration to an output."""
        return output.parent / f"{output.name}.migration"

    @staticmethod
    def iter_files(path: Path) -> Iterator[Path]:
        """Yield the files in a folder, if there is one.

        Raises:
            FileError: when it cannot be read.
        """
        with wrap_os_errors(str(path)), suppress(FileNotFoundError, NotADirectoryError):
            yield from sorted(path.iterdir())

    @classmethod
    def acquire(cls, path: Path) -> Self:
        """Create the folder, or take over what an interrupted migration left, and lock it.

        Raises:
            FileError: when it cannot be created or locked, is not ours, or another migration runs in it.
        """
        with wrap_os_errors(str(path)):
            for _ in range(_ATTEMPTS):
                with suppress(FileExistsError):
                    path.mkdir(mode=0o700)
                # A migration that has just ended may remove the folder between any two of these steps.
                with suppress(FileNotFoundError):
                    _check_is_ours(path)
                    lock = _open_lock(path / LOCK)
                    if lock is not None:
                        return cls(path, lock)
        raise FileError(str(path), "cannot be locked; other migrations to the same target are running")

    def mark(self, *, has_repeatable_source: bool) -> None:
        """Write into the folder whose it is, and whether its files could be made again.

        Raises:
            FileError: when that cannot be written.
        """
        text = _REPEATABLE if has_repeatable_source else _UNREPEATABLE
        with wrap_os_errors(str(self.path)):
            os.lseek(self.lock, 0, os.SEEK_SET)
            os.write(self.lock, text)
            os.truncate(self.lock, len(text))

    def clear(self) -> None:
        """Remove the files of an interrupted migration.

        Raises:
            FileError: when they cannot be removed, or nobody could make them again.
        """
        with wrap_os_errors(str(self.path)):
            files = [path for path in self.path.iterdir() if path.name != LOCK]
            is_last_copy = (self.path / LOCK).read_bytes().startswith(_UNREPEATABLE)
            if is_last_copy and any(path.lstat().st_size for path in files):
                reason = "holds what was read from a source that cannot be read again, or fixed rejects; move it away"
                raise FileError(str(self.path), reason)
            for path in files:
                path.unlink()

    def remove(self) -> None:
        """Remove the folder and release the lock.

        Raises:
            FileError: when it cannot be removed.
        """
        with wrap_os_errors(str(self.path)):
            for path in self.path.iterdir():
                if path.name != LOCK:
                    path.unlink()
            # The lock goes last, and is held meanwhile: until then the folder is recognised as ours.
            if sys.platform != "win32":
                (self.path / LOCK).unlink()
            self.close()
            # Windows removes no file that is open.
            if sys.platform == "win32":
                (self.path / LOCK).unlink()
            with suppress(OSError):  # the next migration to the target is using it already
                self.path.rmdir()

    def close(self) -> None:
        """Release the lock and leave the folder, unless it was removed."""
        if self.lock >= 0:
            os.close(self.lock)
            self.lock = -1


def _open_lock(path: Path) -> int | None:
    """Open and lock a lock file; return None when it was removed meanwhile by the migration that had it."""
    # Through a link the mark would be written into another file.
    lock = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    is_held = False
    try:
        # A migration that was killed while it started a worker leaves the lock to it for a moment.
        deadline = time.monotonic() + _PATIENCE
        while not _try_lock(lock):
            if time.monotonic() > deadline:
                raise FileError(str(path.parent), "another migration to the same target is running")
            time.sleep(_PATIENCE / 50)
        is_held = os.path.samestat(os.fstat(lock), path.stat())
    finally:
        if not is_held:
            os.close(lock)
    return lock if is_held else None


def _check_is_ours(path: Path) -> None:
    status = path.lstat()
    names = [each.name for each in path.iterdir()] if stat.S_ISDIR(status.st_mode) else None
    is_ours = names == [] or (names is not None and LOCK in names and _is_marked(path / LOCK, names))
    if not is_ours:
        raise FileError(str(path), "is not a working folder of tcspec; move it away")


def _is_marked(lock: Path, names: list[str]) -> bool:
    """Return whether a lock file is one of ours; one that was created and not yet written is alone in its folder."""
    # To open a named pipe would wait for a writer.
    if not stat.S_ISREG(lock.lstat().st_mode):
        return False
    with lock.open("rb") as file:
        content = file.read(len(_MARK))
    return content == _MARK or (content == b"" and names == [LOCK])


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
