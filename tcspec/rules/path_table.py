"""What is said of files by their paths, and by globs in which `*` and `?` stay within a folder and `**` does not."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Said = TypeVar("Said")

_WILDCARDS = re.compile(r"(\*\*/)|(\*\*)|(\*)|(\?)|\[(!?)([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class PathTable(Generic[Said]):
    """What is said of files; `folder` is what their paths are relative to."""

    folder: Path = Path()
    exact: tuple[tuple[str, Said], ...] = ()
    patterns: tuple[tuple[re.Pattern[str], Said], ...] = ()

    def of(self, path: str) -> Said | None:
        """Give what is said of a file: by its own path, else by the first glob; nothing is said of most files."""
        return next(self.all_of(path), None)

    def all_of(self, path: str) -> Iterator[Said]:
        """Give everything that is said of a file: by its own path first, then by globs in their order."""
        if not self.exact and not self.patterns:
            return
        relative = Path(os.path.relpath(path, self.folder)).as_posix()
        yield from (said for named, said in self.exact if named == relative)
        yield from (said for pattern, said in self.patterns if pattern.fullmatch(relative))


def path_table(folder: Path, entries: Mapping[str, Said]) -> PathTable[Said]:
    """Make a table of what is said by paths and globs that are relative to a folder."""
    globs = {key: said for key, said in entries.items() if _WILDCARDS.search(key)}
    return PathTable(
        folder,
        tuple((key, said) for key, said in entries.items() if key not in globs),
        tuple((_compiled(key), said) for key, said in globs.items()),
    )


def _compiled(glob: str) -> re.Pattern[str]:
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
