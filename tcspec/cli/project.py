"""Files that must fail: `[tool.tcspec.expect]` in `pyproject.toml`, from paths to the codes of their errors."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tcspec.codes import CODES
from tcspec.errors import Severity, TcspecError

_FILE = "pyproject.toml"
_TABLE = "tool.tcspec.expect"
_WILDCARDS = re.compile(r"(\*\*/)|(\*\*)|(\*)|(\?)|\[(!?)([^\]]+)\]")


@dataclass
class WrongExpectation(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """The table of expectations says something that cannot be meant."""

    path: Path
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Expectations:
    """Which files must give which codes; `folder` is what their paths are relative to."""

    folder: Path = Path()
    exact: tuple[tuple[str, frozenset[str]], ...] = ()
    patterns: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = ()

    def of(self, path: str) -> frozenset[str]:
        """Give the codes that a file must give: none for most files.

        A path that is named wins over globs, and of these the first that matches.
        """
        if not self.exact and not self.patterns:
            return frozenset()
        relative = Path(os.path.relpath(path, self.folder)).as_posix()
        named = dict(self.exact).get(relative)
        if named is not None:
            return named
        return next((codes for pattern, codes in self.patterns if pattern.fullmatch(relative)), frozenset())


def load(start: Path) -> Expectations:
    """Read the table of the nearest `pyproject.toml` from a folder upwards; no file and no table mean no expectations.

    Raises:
        WrongExpectation: when the file is no TOML, a code is not known, or the table is not made as it should be.
    """
    folder = next((folder for folder in (start, *start.parents) if (folder / _FILE).is_file()), None)
    if folder is None:
        return Expectations()
    path = folder / _FILE
    try:
        table: Any = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WrongExpectation(path, f"it cannot be read ({error})") from None
    for part in _TABLE.split("."):
        table = table.get(part, {}) if isinstance(table, dict) else table
    if not isinstance(table, dict):
        raise WrongExpectation(path, f"[{_TABLE}] must be a table from paths to lists of codes")
    entries = {key: _codes(path, key, codes) for key, codes in table.items()}
    globs = {key: codes for key, codes in entries.items() if _WILDCARDS.search(key)}
    return Expectations(
        folder,
        tuple((key, codes) for key, codes in entries.items() if key not in globs),
        tuple((_compiled(key), codes) for key, codes in globs.items()),
    )


def _codes(path: Path, key: str, given: object) -> frozenset[str]:
    where = f"[{_TABLE}] {key!r}"
    if not isinstance(given, list) or not given or not all(isinstance(code, str) for code in given):
        raise WrongExpectation(path, f'{where} must be a list of codes, such as ["TC401"]')
    for code in given:
        if code not in CODES:
            raise WrongExpectation(path, f"{where}: there is no code {code!r}{did_you_mean(code)}")
        if CODES[code].severity is not Severity.ERROR:
            raise WrongExpectation(path, f"{where}: {code} is no error, and only errors are expected")
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
