"""The files that a command line names, apart from the options of click, which a run without options does not need."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from tcspec.files.documents import FileType
from tcspec.files.lines import STANDARD, FileError

if TYPE_CHECKING:
    from collections.abc import Collection

    from tcspec.rules.config import Config


class FileArguments(NamedTuple):
    """The arguments of a command that name files, folders and globs, and the options that say which files these are."""

    paths: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool = True

    def find(
        self,
        config: Config | None = None,
        *,
        types: Collection[FileType] = frozenset(FileType),
        own: Collection[str | None] = (),
    ) -> tuple[str, ...]:
        """Return the files.

        Args:
            config: the configuration of the project; by default it is read when it is needed.
            types: the types of files that the command reads, if they are in a folder.
            own: files that the command needs or writes, which are not read as payloads if they are in a folder.

        Raises:
            FileError: when no file matches a glob, the configuration or a `.gitignore` cannot be read, or standard
                output is a file that is named.
        """
        return _without_output(self._find(config, types, own), self.paths)

    def _find(self, config: Config | None, types: Collection[FileType], own: Collection[str | None]) -> tuple[str, ...]:
        # Hooks name hundreds of files, which need no search, and most commands no configuration.
        if not self.force_exclude and all(map(os.path.isfile, self.paths)):
            return self.paths
        from tcspec.files.gitignore import PatternList, parse_pattern  # noqa: PLC0415 - as above
        from tcspec.files.selection import Selection, find_files, needs_search  # noqa: PLC0415

        if not self.force_exclude and not needs_search(self.paths):
            return self.paths
        if config is None:
            from tcspec.rules.project import load_config  # noqa: PLC0415 - it knows every rule

            config = load_config()
        lists = [config.exclude] if config.exclude else []
        if self.exclude:
            lists.append(PatternList(os.getcwd(), tuple(map(parse_pattern, self.exclude))))  # noqa: PTH109
        selection = Selection(
            types=frozenset(types),
            include=config.include,
            exclude=tuple(lists),
            respects_gitignore=self.respect_gitignore,
            forces_exclude=self.force_exclude,
            own=frozenset(filter(None, own)),
        )
        return find_files(self.paths, selection)


def _without_output(paths: tuple[str, ...], named: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the file in a folder that standard output is written to: its report would be read again without end."""
    try:
        output = os.fstat(1)
    except OSError:  # it is closed
        return paths
    if not stat.S_ISREG(output.st_mode):
        return paths
    for path in named:
        if _is_file(path, output):
            raise FileError(path, "is standard output, which is to be read; write the output elsewhere")
    return tuple(path for path in paths if not _is_file(path, output))


def _is_file(path: str, status: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.fstat(0) if path == STANDARD else os.stat(path), status)  # noqa: PTH116 - any text
    except (OSError, ValueError):  # whoever opens it gets the reason
        return False
