"""Where the configuration of a project is: `tcspec.toml`, or `[tool.tcspec]` in `pyproject.toml`."""

from __future__ import annotations

import os
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from tcspec.files.lines import wrap_os_errors
from tcspec.rules.config import OWN_FILE, SHARED_FILE, Config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SETTLED = 2_000_000_000
"""After how many nanoseconds another change of a file certainly has another time."""


def load_config(start: Path | None = None) -> Config:
    """Return the configuration of the nearest project from a folder upwards; an empty one when there is none.

    The search starts at the working folder by default; a folder that was deleted meanwhile belongs to no project.

    Where both files stand in one folder, `tcspec.toml` is read and the other is not. A `pyproject.toml` without a table
    `[tool.tcspec]` is passed over, as that of a package in a repository of several is.

    Raises:
        FileError: when the file cannot be read or is no TOML, or something in its tables makes no sense.
    """
    try:
        folder = os.getcwd() if start is None else str(start)  # noqa: PTH109 - most runs need no pathlib
    except FileNotFoundError:
        return Config()
    for path in _iter_files(folder):
        with wrap_os_errors(path):
            status = os.stat(path)  # noqa: PTH116 - as above
        # Two changes within one tick of the clock of a file system look like one.
        is_settled = time.time_ns() - status.st_mtime_ns >= _SETTLED
        config = (_read_once if is_settled else _read)(path, status.st_mtime_ns, status.st_size, status.st_ino)
        if config is not None:
            return config
    return Config()


def _read(path: str, *_state: int) -> Config | None:
    from pathlib import Path  # noqa: PLC0415

    from tcspec.rules.config_files import find_config  # noqa: PLC0415 - it knows every rule

    return find_config(Path(path))


# For a service, which checks one payload after the other: to read the file takes longer than to check an event.
_read_once = lru_cache(maxsize=16)(_read)


def _iter_files(folder: str) -> Iterator[str]:
    """Yield the paths of the files that may have a configuration, from a folder upwards."""
    while True:
        for name in (OWN_FILE, SHARED_FILE):
            path = os.path.join(folder, name)  # noqa: PTH118 - as above
            if _is_present(path):
                yield path
                break
        above = os.path.dirname(folder)  # noqa: PTH120 - as above
        if above == folder:
            return
        folder = above


def _is_present(path: str) -> bool:
    """Return whether there is anything of this name; a folder or a broken link is, and an error when it is read."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        with wrap_os_errors(path):
            raise
    return True
