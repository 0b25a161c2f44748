"""What a project asks: `tcspec.toml`, or `[tool.tcspec]` in `pyproject.toml`, in the nearest folder upwards."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from tcspec.rules.config import Config, WrongConfig, read_config

if TYPE_CHECKING:
    from pathlib import Path

_OWN, _SHARED = "tcspec.toml", "pyproject.toml"
_TABLE = ("tool", "tcspec")


def load_config(start: Path) -> Config:
    """Read what the nearest project from a folder upwards asks; no file and no table ask nothing.

    Where both files stand in one folder, `tcspec.toml` is read and the other is not.

    Raises:
        WrongConfig: when the file is no TOML, or something in its tables cannot be meant.
    """
    places = (folder / name for folder in (start, *start.parents) for name in (_OWN, _SHARED))
    path = next((place for place in places if place.is_file()), None)
    if path is None:
        return Config()
    try:
        document: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongConfig(path, f"it cannot be read ({error})") from None
    if path.name == _OWN:
        return read_config(path, document)
    for depth, part in enumerate(_TABLE, 1):
        document = document.get(part, {})
        if not isinstance(document, dict):
            raise WrongConfig(path, f"[{'.'.join(_TABLE[:depth])}] must be a table of settings")
    return read_config(path, document, ".".join(_TABLE))
