"""Where the configuration of a project is: `tcspec.toml`, or `[tool.tcspec]` in `pyproject.toml`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from tcspec.files.lines import FileError, wrap_os_errors
from tcspec.files.side_files import decode_text, read_side_file
from tcspec.rules.config import Config, read_config

MAX_LENGTH = 1024 * 1024
"""How many bytes the file of a configuration may have."""

_OWN, _SHARED = "tcspec.toml", "pyproject.toml"
_TABLE = ("tool", "tcspec")
_NOT_TOML = "it cannot be read as TOML"
_MAX_PARTS = 100
_LONG_KEY = re.compile(
    rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{_MAX_PARTS}}}""", re.ASCII
)
"""Matches a dotted key of more parts than anybody writes: tomllib takes quadratic time for them."""


def load_config(start: Path | None = None) -> Config:
    """Return the configuration of the nearest project from a folder upwards; an empty one when there is none.

    The search starts at the working folder by default; a folder that was deleted meanwhile belongs to no project.

    Where both files stand in one folder, `tcspec.toml` is read and the other is not.

    Raises:
        FileError: when the file cannot be read or is no TOML, or something in its tables makes no sense.
    """
    try:
        start = start or Path.cwd()
    except FileNotFoundError:
        return Config()
    paths = (folder / name for folder in (start, *start.parents) for name in (_OWN, _SHARED))
    path = next(filter(_is_present, paths), None)
    return Config() if path is None else read_config_file(path)


def read_config_file(path: Path) -> Config:
    """Read the configuration from a file; of one that is named `pyproject.toml` its table `[tool.tcspec]`.

    Raises:
        FileError: when the file cannot be read or is no TOML, or something in its tables makes no sense.
    """
    document: Any = _parse(decode_text(read_side_file(str(path), MAX_LENGTH), str(path)), str(path))
    if path.name != _SHARED:
        return read_config(path, document)
    for depth, part in enumerate(_TABLE, 1):
        document = document.get(part, {})
        if not isinstance(document, dict):
            raise FileError(str(path), f"[{'.'.join(_TABLE[:depth])}]: expected a table of settings")
    return read_config(path, document, ".".join(_TABLE))


def _is_present(path: Path) -> bool:
    """Return whether there is anything of this name; a folder or a broken link is, and an error when it is read."""
    with wrap_os_errors(str(path)):
        return path.is_symlink() or path.exists()


def _parse(text: str, path: str) -> dict[str, Any]:
    too_long = _LONG_KEY.search(text)
    if too_long:
        line = text.count("\n", 0, too_long.start()) + 1
        raise FileError(path, f"{_NOT_TOML}: a dotted key has more than {_MAX_PARTS} parts (at line {line})")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileError(path, f"{_NOT_TOML}: {error}") from None
    except RecursionError:
        raise FileError(path, f"{_NOT_TOML}: arrays or tables are nested too deeply") from None
    except ValueError:  # Python converts no more than some thousand digits
        raise FileError(path, f"{_NOT_TOML}: an integer has too many digits") from None
