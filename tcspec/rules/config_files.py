"""The configuration of a project, read from its file; a table that makes no sense is an error.

The same tables are below `[tool.tcspec]` in `pyproject.toml` and at the root of `tcspec.toml`:

    select = ["TC"]                         # prefixes of codes
    ignore = ["TC113"]
    fail-on = "warning"                     # error, warning, info or never
    sender = "web"                          # server, web or mobile
    exclude = ["archive/"]                  # files that folders and globs do not stand for, as in .gitignore
    include = ["*.json", "pixels/*.txt"]    # files that folders stand for, instead of those with a known ending

    [severity]
    TC110 = "warning"                       # error, warning, info or off

    [per-path."fixtures/legacy/**"]         # select, ignore, severity, sender, kind, expect
    expect = ["TC701"]

    [kinds]                                 # short for `kind`
    "fixtures/products/*.ndjson" = "product"

    [expect]                                # short for `expect`
    "fixtures/invalid/no-id.json" = ["TC201"]
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tcspec.errors import Severity
from tcspec.files.gitignore import Pattern, PatternList, parse_pattern
from tcspec.files.globs import is_glob, parse_glob
from tcspec.files.lines import FileError
from tcspec.files.side_files import decode_text, describe, read_side_file
from tcspec.kinds import KINDS, SENDERS
from tcspec.rules.config import LEVELS, SHARED_FILE, Config, PathSettings
from tcspec.rules.settings import OFF, Settings, every_code, find_unknown_prefix, format_suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    Table = Mapping[str, Any]

MAX_LENGTH = 1024 * 1024
"""How many bytes the file of a configuration may have."""

_TABLE = ("tool", "tcspec")
_NOT_TOML = "it cannot be read as TOML"
_MAX_PARTS = 100
_LONG_KEY = re.compile(
    rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{_MAX_PARTS}}}""", re.ASCII
)
"""Matches a dotted key of more parts than anybody writes: tomllib takes quadratic time for them."""


_SEVERITIES = (*(severity.value for severity in reversed(Severity)), OFF)
_SHARED_KEYS = ("select", "ignore", "severity", "sender")
_FILE_KEYS = (*_SHARED_KEYS, "kind", "expect")
_PROJECT_KEYS = (*_SHARED_KEYS, "fail-on", "include", "exclude", "per-path", "kinds", "expect")
_LONGEST = 100
"""How many characters of a name a message shows."""


def read_config_file(path: Path) -> Config:
    """Read the configuration from a file; of one that is named `pyproject.toml` its table `[tool.tcspec]`.

    Raises:
        FileError: when the file cannot be read or is no TOML, or something in its tables makes no sense.
    """
    return find_config(path) or Config()


def find_config(path: Path) -> Config | None:
    """Read the configuration from a file as `read_config_file` does; None when a `pyproject.toml` has no such table."""
    document: Any = _parse(decode_text(read_side_file(str(path), MAX_LENGTH), str(path)), str(path))
    if path.name != SHARED_FILE:
        return read_config(path, document)
    for depth, part in enumerate(_TABLE, 1):
        if part not in document:
            return None
        document = document[part]
        if not isinstance(document, dict):
            raise FileError(str(path), f"[{'.'.join(_TABLE[:depth])}]: expected a table of settings")
    return read_config(path, document, ".".join(_TABLE))


def build_path_settings(folder: Path, settings: Mapping[str, Settings]) -> PathSettings:
    """Build a table from paths and globs.

    Raises:
        ValueError: when a glob can match no path.
    """
    if not settings:
        return PathSettings()
    # A file's own path comes before all globs; otherwise the order of the table counts.
    paths = sorted(settings, key=is_glob)
    return PathSettings(folder, tuple((parse_glob(path), settings[path]) for path in paths))


def read_config(path: Path, table: object, name: str = "") -> Config:
    """Read the configuration of a project.

    Args:
        path: the file with the configuration; paths in it are relative to its folder.
        table: the parsed TOML table.
        name: the name of the table in the file, such as `tool.tcspec`; empty for the root.

    Raises:
        FileError: when something in it makes no sense; the message says where, and suggests a correction.
    """
    top = _Location(path, name)
    root = top.read_table(table, "settings", _PROJECT_KEYS)
    files: dict[str, Settings] = {}
    for key, location, value in top.iter_paths("expect", root, "lists of codes"):
        files[key] = Settings(expected=location.read_codes(value))
    for key, location, value in top.iter_paths("kinds", root, "kinds"):
        files[key] = files.get(key, Settings())._replace(kind=location.read_choice(value, KINDS))
    for key, location, value in top.iter_paths("per-path", root, "settings"):
        short, inner = files.get(key, Settings()), _Location(path, f"{location.table}.{json.dumps(key)}")
        settings = inner.read_settings(inner.read_table(value, "settings", _FILE_KEYS), _FILE_KEYS)
        for setting, short_table in (("kind", "kinds"), ("expected", "expect")):
            if getattr(settings, setting) and getattr(short, setting):
                reason = f"[{top.inside(short_table).table}] sets the same for this path; keep one of them"
                raise inner.at(setting.removesuffix("ed")).error(reason)
        files[key] = settings.with_defaults(short)
    fail_on = top.at("fail-on").read_choice(root["fail-on"], LEVELS) if "fail-on" in root else None
    include, exclude = (
        PatternList(str(path.parent), top.at(key).read_patterns(root[key])) if key in root else None
        for key in ("include", "exclude")
    )
    settings = top.read_settings(root, _SHARED_KEYS)
    return Config(settings, build_path_settings(path.parent, files), fail_on, include, exclude)


@dataclass(frozen=True, slots=True)
class _Location:
    """A table, or a key of it, in the file of a configuration; errors name it."""

    path: Path
    table: str
    key: str | None = None

    def at(self, key: str) -> _Location:
        """Return the location of a key in the table."""
        return _Location(self.path, self.table, key)

    def inside(self, key: str) -> _Location:
        """Return the location of a table in the table."""
        return _Location(self.path, f"{self.table}.{key}" if self.table else key)

    def error(self, reason: str) -> FileError:
        """Return the error that names the location and what is wrong there."""
        table = f"[{self.table}]" if self.table else ""
        key = "" if self.key is None else _quote(self.key)
        where = " ".join(filter(None, (table, key)))
        return FileError(str(self.path), f"{where}: {reason}" if where else reason)

    def read_table(self, value: object, members: str, known: Iterable[str]) -> Table:
        """Return a table that only has known keys."""
        if not isinstance(value, dict):
            raise self.error(f"expected a table of {members}")
        known = tuple(known)
        for key in value:
            if key not in known:
                if (key, self.table) == (_TABLE[0], ""):
                    reason = "here the tables begin without it: [severity] for [tool.tcspec.severity]"
                    raise self.error(f"[{'.'.join(_TABLE)}] is for {SHARED_FILE}; {reason}")
                suggestion = format_suggestion(key, known) or f"; expected one of {', '.join(known)}"
                raise self.error(f"unknown key {_quote(key)}{suggestion}")
        return value

    def iter_paths(self, key: str, table: Table, members: str) -> Iterator[tuple[str, _Location, Any]]:
        """Yield the members of a table inside, whose keys are paths and globs: each with its key and its location."""
        inner = self.inside(key)
        values = table.get(key, {})
        if not isinstance(values, dict):
            raise inner.error(f"expected a table from paths to {members}")
        paths: set[str] = set()
        for each, value in values.items():
            location = inner.at(each)
            # Files are compared by their paths from the folder of the configuration, which have no such beginning.
            path = each.removeprefix("./")
            try:
                parse_glob(path)
            except ValueError as error:
                raise location.error(str(error)) from None
            if path.startswith("/"):
                raise location.error("expected a path from the folder of this file, got an absolute one")
            if path in paths:
                raise location.error(f"{_quote(path)} stands there too, and is the same path")
            paths.add(path)
            yield path, location, value

    def read_settings(self, table: Table, keys: Iterable[str]) -> Settings:
        """Return the settings that some keys of a table have."""
        readers: dict[str, tuple[str, Callable[[_Location, object], Any]]] = {
            "select": ("select", _Location.read_prefixes),
            "ignore": ("ignore", _Location.read_prefixes),
            "severity": ("severities", _Location.read_severities),
            "sender": ("sender", lambda location, value: location.read_choice(value, SENDERS)),
            "kind": ("kind", lambda location, value: location.read_choice(value, KINDS)),
            "expect": ("expected", _Location.read_codes),
        }
        present = [(key, *readers[key]) for key in keys if key in table]
        return Settings(**{field_name: read(self.at(key), table[key]) for key, field_name, read in present})

    def read_choice(self, value: object, choices: Iterable[str]) -> str:
        """Return one of several words."""
        choices = tuple(choices)
        if not isinstance(value, str) or value not in choices:
            suggestion = format_suggestion(value, choices) if isinstance(value, str) else ""
            raise self.error(f"expected one of {', '.join(choices)}, got {describe(value)}{suggestion}")
        return value

    def read_prefixes(self, value: object) -> tuple[str, ...]:
        """Return a list of prefixes of codes."""
        prefixes = tuple(prefix.upper() for prefix in self._read_strings(value, "TC113"))
        unknown = find_unknown_prefix(prefixes)
        if unknown is not None:
            raise self.error(f"no code starts with {_quote(unknown)}{format_suggestion(unknown, every_code())}")
        return prefixes

    def read_codes(self, value: object) -> frozenset[str]:
        """Return a list of codes."""
        codes = self._read_strings(value, "TC401")
        for code in codes:
            if code not in every_code():
                if find_unknown_prefix([code.upper()]) is None:
                    # It may be any of them, and a file has to fail with each code that is expected.
                    found = next(each for each in every_code() if each.startswith(code.upper()))
                    raise self.error(f"expected whole codes, such as {found}, got {_quote(code)}")
                raise self.error(f"unknown code {_quote(code)}{format_suggestion(code.upper(), every_code())}")
        return frozenset(codes)

    def read_severities(self, value: object) -> Mapping[str, str]:
        """Return a table from prefixes of codes to severities."""
        if not isinstance(value, dict):
            raise self.error("expected a table from codes to severities")
        inner = _Location(self.path, f"{self.table}.{self.key}" if self.table else str(self.key))
        severities: dict[str, str] = {}
        for code, severity in value.items():
            (prefix,) = inner.at(code).read_prefixes([code])
            if prefix in severities:
                raise inner.at(code).error(f"{prefix} stands there twice, in different case")
            severities[prefix] = inner.at(code).read_choice(severity, _SEVERITIES)
        return severities

    def read_patterns(self, value: object) -> tuple[Pattern, ...]:
        """Return a list of patterns of paths, as git has them."""
        try:
            return tuple(map(parse_pattern, self._read_strings(value, "archive/", "patterns")))
        except ValueError as error:
            raise self.error(str(error)) from None

    def _read_strings(self, value: object, example: str, members: str = "codes") -> tuple[str, ...]:
        if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
            raise self.error(f'expected a list of {members}, such as ["{example}"]')
        # Each once: every violation is compared with them.
        return tuple(dict.fromkeys(value))


def _quote(name: str) -> str:
    """Return a name for a message, cut when it is very long."""
    return repr(name) if len(name) <= _LONGEST else f"{name[:_LONGEST]!r}..."


def _parse(text: str, path: str) -> dict[str, Any]:
    too_long = _LONG_KEY.search(text)
    if too_long:
        line = text[: too_long.start()].count("\n") + 1
        raise FileError(path, f"{_NOT_TOML}: a dotted key has more than {_MAX_PARTS} parts (at line {line})")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FileError(path, f"{_NOT_TOML}: {error}") from None
    except RecursionError:
        raise FileError(path, f"{_NOT_TOML}: arrays or tables are nested too deeply") from None
    except ValueError:  # Python converts no more than some thousand digits
        raise FileError(path, f"{_NOT_TOML}: an integer has too many digits") from None
