"""What a project says of its files in `pyproject.toml`: of which kind they are, and with which codes they must fail.

`[tool.tcspec.kinds]` goes from paths to kinds, `[tool.tcspec.expect]` from paths to the codes of errors. A path that is
named wins over globs, and of these the first that matches.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from tcspec.codes import CODES
from tcspec.errors import Severity, TcspecError
from tcspec.versions import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Callable

Said = TypeVar("Said")

_FILE = "pyproject.toml"
_WILDCARDS = re.compile(r"(\*\*/)|(\*\*)|(\*)|(\?)|\[(!?)([^\]]+)\]")


@dataclass
class WrongProject(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """A table of the project says something that cannot be meant."""

    path: Path
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True)
class PathTable(Generic[Said]):
    """What is said of files; `folder` is what their paths are relative to."""

    folder: Path = Path()
    exact: tuple[tuple[str, Said], ...] = ()
    patterns: tuple[tuple[re.Pattern[str], Said], ...] = ()

    def of(self, path: str) -> Said | None:
        """Give what is said of a file: nothing of most files."""
        if not self.exact and not self.patterns:
            return None
        relative = Path(os.path.relpath(path, self.folder)).as_posix()
        named = dict(self.exact).get(relative)
        if named is not None:
            return named
        return next((said for pattern, said in self.patterns if pattern.fullmatch(relative)), None)


@dataclass(frozen=True, slots=True)
class Project:
    """What a project says of its files: the codes with which they must fail, and their kinds."""

    expected: PathTable[frozenset[str]] = field(default_factory=PathTable)
    kinds: PathTable[str] = field(default_factory=PathTable)

    def without_expectations(self) -> Project:
        """Give the same project without files that must fail."""
        return Project(kinds=self.kinds)


def load(start: Path) -> Project:
    """Read the tables of the nearest `pyproject.toml` from a folder upwards; no file and no table say nothing.

    Raises:
        WrongProject: when the file is no TOML, a code or kind is not known, or a table is not made as it should be.
    """
    folder = next((folder for folder in (start, *start.parents) if (folder / _FILE).is_file()), None)
    if folder is None:
        return Project()
    path = folder / _FILE
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongProject(path, f"it cannot be read ({error})") from None
    return Project(
        _table(path, document, "tool.tcspec.expect", "lists of codes", _codes),
        _table(path, document, "tool.tcspec.kinds", "kinds", _kind),
    )


def _table(
    path: Path,
    document: object,
    name: str,
    values: str,
    read: Callable[[Path, str, object], Said],
) -> PathTable[Said]:
    table: Any = document
    for part in name.split("."):
        table = table.get(part, {}) if isinstance(table, dict) else table
    if not isinstance(table, dict):
        raise WrongProject(path, f"[{name}] must be a table from paths to {values}")
    entries = {key: read(path, f"[{name}] {key!r}", said) for key, said in table.items()}
    globs = {key: said for key, said in entries.items() if _WILDCARDS.search(key)}
    return PathTable(
        path.parent,
        tuple((key, said) for key, said in entries.items() if key not in globs),
        tuple((_compiled(key), said) for key, said in globs.items()),
    )


def _kind(path: Path, where: str, given: object) -> str:
    if not isinstance(given, str) or given not in VERSIONS:
        raise WrongProject(path, f"{where} must be one of {', '.join(VERSIONS)}, not {given!r}")
    return given


def _codes(path: Path, where: str, given: object) -> frozenset[str]:
    if not isinstance(given, list) or not given or not all(isinstance(code, str) for code in given):
        raise WrongProject(path, f'{where} must be a list of codes, such as ["TC401"]')
    for code in given:
        if code not in CODES:
            raise WrongProject(path, f"{where}: there is no code {code!r}{did_you_mean(code)}")
        if CODES[code].severity is not Severity.ERROR:
            raise WrongProject(path, f"{where}: {code} is no error, and only errors are expected")
    return frozenset(given)


def did_you_mean(code: str) -> str:
    """Name the code that is close to one that does not exist."""
    close = difflib.get_close_matches(code.upper(), CODES, n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else ""


def _compiled(glob: str) -> re.Pattern[str]:
    """Compile a glob: `*` and `?` stay within a folder, `**` does not."""
    pattern, end = "", 0
    for found in _WILDCARDS.finditer(glob):
        pattern += re.escape(glob[end : found.start()])
        folders, anything, within, one, negated, members = found.groups()
        if folders:
            pattern += "(?:.*/)?"
        elif anything:
            pattern += ".*"
        elif within or one:
            pattern += "[^/]*" if within else "[^/]"
        else:
            pattern += f"[{'^' if negated else ''}{re.escape(members).replace(chr(92) + '-', '-')}]"
        end = found.end()
    return re.compile(pattern + re.escape(glob[end:]), re.DOTALL)
