"""The configuration of a project as a value: settings for all files and for some, and which files are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tcspec.errors import Severity
from tcspec.rules.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tcspec.files.gitignore import PatternList
    from tcspec.files.globs import Glob

OWN_FILE, SHARED_FILE = "tcspec.toml", "pyproject.toml"
"""The names of the files with a configuration; in the second it is a table beside those of other tools."""

NEVER = "never"
LEVELS = (*(severity.value for severity in reversed(Severity)), NEVER)
"""What makes a run fail: the mildest severity, or nothing."""


class PathSettings(NamedTuple):
    """Settings by patterns of paths that are relative to a folder; the first ones win."""

    folder: Path | None = None
    entries: tuple[tuple[Glob, Settings], ...] = ()

    def iter_matches(self, path: str) -> Iterator[Settings]:
        """Yield the settings whose pattern matches the path of a file."""
        if self.folder is not None:
            from tcspec.files.side_files import relative_path  # noqa: PLC0415 - few projects have such settings

            relative = relative_path(self.folder, path)
            yield from (settings for glob, settings in self.entries if glob.matches(relative))


class Config(NamedTuple):
    """The configuration of a project: settings for all files, settings for some, and the severity that fails a run.

    `include` and `exclude` are about the files in folders; without `include` the ending of a name decides.
    """

    settings: Settings = Settings()
    path_settings: PathSettings = PathSettings()
    fail_on: str | None = None
    include: PatternList | None = None
    exclude: PatternList | None = None

    def settings_for(self, path: str | None, requested: Settings) -> Settings:
        """Return the settings of a file, or of a payload without a file; those that a command line requests win.

        Codes that the command line ignores replace those that the project ignores, and add to those of the file.
        """
        found = Settings()
        for settings in () if path is None else self.path_settings.iter_matches(path):
            found = found.with_defaults(settings)
        project = self.settings._replace(ignore=()) if requested.ignore else self.settings
        return requested.with_defaults(found).with_defaults(project)

    def without_expectations(self) -> Config:
        """Return the same configuration without files that have to fail."""
        table = self.path_settings
        entries = tuple((glob, settings._replace(expected=frozenset())) for glob, settings in table.entries)
        return self._replace(path_settings=PathSettings(table.folder, entries))
