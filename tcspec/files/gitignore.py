"""Lists of patterns as git has them in `.gitignore`: which files and folders they name.

Every pattern is matched in linear time, see `tcspec.files.globs`: a repository may be anybody's, and so may its list.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tcspec.files.globs import Glob, parse_gitignore_glob
from tcspec.files.side_files import read_side_file

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME = ".gitignore"
MAX_LENGTH = 1024 * 1024
"""How many bytes a list may have."""

# git drops spaces at the end, but not one that a backslash escapes.
_TRAILING_SPACES = re.compile(r"(?<![ \\])[ ]++$|(?<=\\ )[ ]++$")
_REPOSITORY = ".git"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern: `is_name` when it is about the last part of a path, at any depth."""

    glob: Glob
    is_name: bool
    is_folder: bool
    is_negated: bool


@dataclass(frozen=True, slots=True)
class PatternList:
    """The patterns of a folder, for paths below it; the last one that matches decides."""

    folder: str
    patterns: tuple[Pattern, ...] = ()

    def decide(self, path: str, *, is_folder: bool) -> bool | None:
        """Return whether an absolute path is listed; None when no pattern is about it."""
        prefix = self.folder.rstrip("/") + "/"
        if not path.startswith(prefix):
            return None
        relative = path.removeprefix(prefix)
        name = relative.rpartition("/")[2]
        for pattern in reversed(self.patterns):
            if (is_folder or not pattern.is_folder) and pattern.glob.matches(name if pattern.is_name else relative):
                return not pattern.is_negated
        return None

    def includes(self, path: str) -> bool:
        """Return whether a file or one of the folders in which it is is listed."""
        # As in git, a file in a folder that is listed cannot be taken back in by a pattern.
        above = (str(each) for each in reversed(Path(path).parents))
        return any(self.decide(each, is_folder=True) for each in above) or bool(self.decide(path, is_folder=False))


def parse_pattern(text: str) -> Pattern:
    """Parse a pattern.

    Raises:
        ValueError: when it can match no path.
    """
    is_negated = text.startswith("!")
    text = text[is_negated:]
    is_folder = text.endswith("/")
    text = text.removesuffix("/")
    # In git a pattern without a slash, or with one at the end only, is about names at any depth.
    is_name = "/" not in text
    return Pattern(parse_gitignore_glob(text.removeprefix("/")), is_name, is_folder, is_negated)


def parse_patterns(folder: str, lines: Iterable[str]) -> PatternList:
    """Parse the lines of a `.gitignore`; like git, pass over comments and what can match no path."""
    patterns: list[Pattern] = []
    for line in lines:
        text = _TRAILING_SPACES.sub("", line.removesuffix("\r"))
        if text.startswith("#"):
            continue
        try:
            patterns.append(parse_pattern(text))
        except ValueError:
            continue
    return PatternList(folder, tuple(patterns))


def read_gitignore(folder: str) -> PatternList | None:
    """Read the list of a folder; None when it has none.

    Raises:
        FileError: when it cannot be read or is too long.
    """
    path = os.path.join(folder, NAME)  # noqa: PTH118 - names that are not UTF-8 stay as they are
    if not os.path.isfile(path):  # noqa: PTH113 - as above
        return None
    text = read_side_file(path, MAX_LENGTH).decode(errors="surrogateescape")
    # By line feeds alone: `splitlines` also ends lines at characters that a name may have.
    return parse_patterns(folder, text.split("\n"))


def read_gitignores_above(folder: str) -> list[PatternList]:
    """Read the lists of the folders in which an absolute folder is, up to the one of its repository, outermost first.

    Outside a repository those up to the working folder count.

    Raises:
        FileError: when one cannot be read or is too long.
    """
    path = Path(folder)
    chain = (path, *path.parents)
    # Of a worktree or a submodule it is a file.
    top = next((each for each in chain if (each / _REPOSITORY).exists()), None) or Path.cwd()
    above = chain[1 : chain.index(top) + 1] if top in chain else ()
    return [found for each in reversed(above) if (found := read_gitignore(str(each)))]
