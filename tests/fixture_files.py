"""The files of `fixtures`, as test parameters and as payloads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from locations import FIXTURES
from strategies.data_apis import KINDS

if TYPE_CHECKING:
    from pathlib import Path

API_VERSIONS = KINDS | {"batch": "2.0"}
"""The kinds whose fixtures are tested alike, and the version of each."""

CODES_WITHOUT_FIXTURE = {
    "TC007": "a document of more than 8 MiB is too large for a repository",
    "TC010": "a Python value that is not JSON cannot be written to a file",
    "TC060": "the code is about a run without a required event, not about a file",
    "TC103": "no property of the envelope or of a common event is restricted to certain values",
    "TC301": "no missing property of user is an error",
    "TC603": "no property of a campaign event is restricted to certain values",
}
"""Codes of the contract that no fixture has, each with its reason."""


def fixture_params(folder: str, suffix: str = ".json") -> list[Any]:
    """Return the fixtures of a folder as test parameters with their paths as ids."""
    return [
        pytest.param(path, id=path.relative_to(FIXTURES).as_posix().removesuffix(suffix))
        for path in sorted((FIXTURES / folder).rglob(f"*{suffix}"))
    ]


def lines_of(path: Path) -> list[bytes]:
    """Return the lines of a file; what follows the last line feed is a line unless it is empty."""
    lines = path.read_bytes().split(b"\n")
    return lines if lines[-1] else lines[:-1]


def payloads_of(path: Path) -> list[bytes]:
    """Return the payloads of a fixture: its lines, or all of it."""
    return lines_of(path) if path.suffix == ".ndjson" else [path.read_bytes()]


def kind_of(path: Path) -> str:
    """Return the kind of a fixture's payloads, the name of its first folder."""
    return path.relative_to(FIXTURES).parts[0]
