"""Where the configuration of a project is: `tcspec.toml`, or `[tool.tcspec]` in `pyproject.toml`."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from tcspec.rules.config import Config, InvalidConfig, read_config

if TYPE_CHECKING:
    from pathlib import Path

_OWN, _SHARED = "tcspec.toml", "pyproject.toml"
_TABLE = ("tool", "tcspec")


def load_config(start: Path) -> Config:
    """Return the configuration of the nearest project from a folder upwards; an empty one when there is none.

    Where both files stand in one folder, `tcspec.toml` is read and the other is not.

    Raises:
        InvalidConfig: when the file is no TOML, or something in its tables makes no sense.
    """
    paths = (folder / name for folder in (start, *start.parents) for name in (_OWN, _SHARED))
    path = next((path for path in paths if path.is_file()), None)
    return Config() if path is None else read_config_file(path)


def read_config_file(path: Path) -> Config:
    """Read the configuration from a file; of one that is named `pyproject.toml` its table `[tool.tcspec]`.

    Raises:
        InvalidConfig: when the file is no TOML, or something in its tables makes no sense.
    """
    try:
        document: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InvalidConfig(path, f"cannot be read ({error})") from None
    if path.name != _SHARED:
        return read_config(path, document)
    for depth, part in enumerate(_TABLE, 1):
        document = document.get(part, {})
        if not isinstance(document, dict):
            raise InvalidConfig(path, f"[{'.'.join(_TABLE[:depth])}]: expected a table of settings")
    return read_config(path, document, ".".join(_TABLE))
