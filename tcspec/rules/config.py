"""What a project asks of its payloads, read from its tables; what cannot be meant is refused.

The same tables stand below `[tool.tcspec]` in `pyproject.toml` and at the root of `tcspec.toml`:

    select = ["TC"]                         # beginnings of codes
    ignore = ["TC113"]
    fail-on = "warning"                     # error, warning, info or never
    sender = "web"                          # server, web or mobile

    [severity]
    TC110 = "warning"                       # error, warning, info or off

    [per-path."fixtures/legacy/**"]         # select, ignore, severity, sender, kind, expect
    expect = ["TC701"]

    [kinds]                                 # the short way to say `kind`
    "fixtures/products/*.ndjson" = "product"

    [expect]                                # the short way to say `expect`
    "fixtures/invalid/no-id.json" = ["TC201"]
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tcspec.errors import Severity, TcspecError
from tcspec.kinds import KINDS, SENDERS
from tcspec.rules.path_table import PathTable, path_table
from tcspec.rules.registry import EVERY_CODE
from tcspec.rules.settings import OFF, Settings, did_you_mean, unknown_prefix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    Table = Mapping[str, Any]

NEVER = "never"
LEVELS = (*(severity.value for severity in reversed(Severity)), NEVER)
"""What makes a run fail: the mildest severity, or nothing."""

_SEVERITIES = (*(severity.value for severity in reversed(Severity)), OFF)
_OF_ALL = ("select", "ignore", "severity", "sender")
_OF_FILES = (*_OF_ALL, "kind", "expect")
_OF_PROJECT = (*_OF_ALL, "fail-on", "per-path", "kinds", "expect")


@dataclass
class WrongConfig(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """A table of the project says something that cannot be meant."""

    path: Path
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Config:
    """What a project asks: of all its payloads, of those in some files, and by what a run fails."""

    settings: Settings = field(default_factory=Settings)
    of_paths: PathTable[Settings] = field(default_factory=PathTable)
    fail_on: str | None = None

    def settings_for(self, path: str | None, requested: Settings) -> Settings:
        """Return the settings of a file, or of a payload of no file, under those of a command line, which win.

        Codes that it ignores are ignored instead of those of the project, and besides those of the file.
        """
        of_file = Settings()
        for settings in () if path is None else self.of_paths.all_of(path):
            of_file = of_file.over(settings)
        project = replace(self.settings, ignore=()) if requested.ignore else self.settings
        return requested.over(of_file).over(project)

    def without_expectations(self) -> Config:
        """Give the same configuration without files that must fail."""
        table = self.of_paths
        exact = tuple((path, replace(said, expected=frozenset())) for path, said in table.exact)
        patterns = tuple((glob, replace(said, expected=frozenset())) for glob, said in table.patterns)
        return replace(self, of_paths=PathTable(table.folder, exact, patterns))


def read_config(path: Path, table: object, name: str = "") -> Config:
    """Read the tables of a project.

    Args:
        path: the file that they are from; paths in them are relative to its folder.
        table: what stands there.
        name: where in the file it stands, such as `tool.tcspec`; empty for the root.

    Raises:
        WrongConfig: when something in it has no meaning; the sentence says where, and what may have been meant.
    """
    top = _Place(path, name)
    root = top.table(table, "settings", _OF_PROJECT)
    files: dict[str, Settings] = {}
    for key, at, said in top.inside("expect", root, "lists of codes"):
        files[key] = Settings(expected=at.expected(said))
    for key, at, said in top.inside("kinds", root, "kinds"):
        files[key] = replace(files.get(key, Settings()), kind=at.one_of(said, KINDS))
    for key, at, said in top.inside("per-path", root, "settings"):
        before, inner = files.get(key, Settings()), _Place(path, f"{at.name}.{json.dumps(key)}")
        settings = inner.settings(inner.table(said, "settings", _OF_FILES), _OF_FILES)
        if (settings.kind and before.kind) or (settings.expected and before.expected):
            raise inner.refuse("says what another table says of the same path")
        files[key] = settings.over(before)
    fail_on = top.at("fail-on").one_of(root["fail-on"], LEVELS) if "fail-on" in root else None
    return Config(top.settings(root, _OF_ALL), path_table(path.parent, files), fail_on)


@dataclass(frozen=True, slots=True)
class _Place:
    """A place in the file of a project, which is named when what stands there is refused."""

    path: Path
    name: str
    key: str | None = None

    @property
    def where(self) -> str:
        """Name the place as a user finds it."""
        table = f"[{self.name}]" if self.name else ""
        return " ".join(filter(None, (table, None if self.key is None else repr(self.key)))) or "the file"

    def at(self, key: str) -> _Place:
        """Give the place of a key."""
        return _Place(self.path, self.name, key)

    def refuse(self, reason: str) -> WrongConfig:
        """Make the error that says what is wrong here."""
        return WrongConfig(self.path, f"{self.where} {reason}")

    def table(self, given: object, values: str, known: Iterable[str]) -> Table:
        """Take a table that has known keys only."""
        if not isinstance(given, dict):
            raise self.refuse(f"must be a table of {values}")
        known = tuple(known)
        for key in given:
            if key not in known:
                hint = did_you_mean(key, known) or f"; there are {', '.join(known)}"
                raise self.refuse(f"has no key {key!r}{hint}")
        return given

    def inside(self, key: str, table: Table, values: str) -> Iterable[tuple[str, _Place, Any]]:
        """Give what stands in a table inside: the key, the place and the value of each."""
        name = f"{self.name}.{key}" if self.name else key
        inner = table.get(key, {})
        if not isinstance(inner, dict):
            raise WrongConfig(self.path, f"[{name}] must be a table from paths to {values}")
        return [(each, _Place(self.path, name, each), said) for each, said in inner.items()]

    def settings(self, table: Table, known: Iterable[str]) -> Settings:
        """Take the settings of some names in a table."""
        takes: dict[str, tuple[str, Callable[[_Place, object], Any]]] = {
            "select": ("select", _Place.codes),
            "ignore": ("ignore", _Place.codes),
            "severity": ("severities", _Place.severities),
            "sender": ("sender", lambda at, said: at.one_of(said, SENDERS)),
            "kind": ("kind", lambda at, said: at.one_of(said, KINDS)),
            "expect": ("expected", _Place.expected),
        }
        given = [key for key in known if key in table]
        return Settings(**{takes[key][0]: takes[key][1](self.at(key), table[key]) for key in given})

    def one_of(self, given: object, known: Iterable[str]) -> str:
        """Take one of some words."""
        known = tuple(known)
        if not isinstance(given, str) or given not in known:
            hint = did_you_mean(given, known) if isinstance(given, str) else ""
            raise self.refuse(f"must be one of {', '.join(known)}, not {given!r}{hint}")
        return given

    def texts(self, given: object, example: str) -> tuple[str, ...]:
        """Take a list of texts that is not empty."""
        if not isinstance(given, list) or not given or not all(isinstance(each, str) for each in given):
            raise self.refuse(f'must be a list of codes, such as ["{example}"]')
        return tuple(given)

    def codes(self, given: object) -> tuple[str, ...]:
        """Take a list of beginnings of codes."""
        prefixes = tuple(prefix.upper() for prefix in self.texts(given, "TC113"))
        unknown = unknown_prefix(prefixes)
        if unknown is not None:
            raise self.refuse(f"names {unknown!r}, with which no code begins{did_you_mean(unknown, EVERY_CODE)}")
        return prefixes

    def expected(self, given: object) -> frozenset[str]:
        """Take a list of codes."""
        codes = self.texts(given, "TC401")
        for code in codes:
            if code not in EVERY_CODE:
                raise self.refuse(f"names {code!r}, which is no code{did_you_mean(code.upper(), EVERY_CODE)}")
        return frozenset(codes)

    def severities(self, given: object) -> Mapping[str, str]:
        """Take a table from beginnings of codes to severities."""
        if not isinstance(given, dict):
            raise self.refuse("must be a table from codes to severities")
        inner = _Place(self.path, f"{self.name}.{self.key}" if self.name else str(self.key))
        return {
            prefix: inner.at(code).one_of(said, _SEVERITIES)
            for code, said in given.items()
            for prefix in inner.at(code).codes([code])
        }
