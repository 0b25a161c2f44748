"""Stores of as many legacy events as one likes: files and tables, and what each must be like once it is migrated."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Any

from migrating import reasons_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import IO

    from lab.legacy_events import Event, Reference

_END = object()


def compare(what: str, found: Iterable[Any], expected: Iterable[Any]) -> Iterator[str]:
    """Yield a line about the first difference, if there is one."""
    for one, other in zip_longest(found, expected, fillvalue=_END):
        if one != other:
            yield f"{what}: {'nothing' if one is _END else one!r} is not {'nothing' if other is _END else other!r}"[
                :600
            ]
            return


def _write_row(event: Event) -> str:
    return json.dumps({"rawDataCa": event.before, "createdAt": event.day}, ensure_ascii=False)


def _read_rows(file: IO[str]) -> Iterator[tuple[str, str | None]]:
    for line in file:
        row = json.loads(line)
        yield row["rawDataCa"], row["createdAt"]


def _write_cells(event: Event) -> str:
    payload = event.before.replace('"', '""')
    return f'{event.day},"{payload}"'


@dataclass(frozen=True)
class RowFormat:
    """How a file has its events: the end of its name, the option of its column, its writer and its reader."""

    suffix: str
    write: Callable[[Event], str]
    read: Callable[[IO[str]], Iterator[tuple[str, str | None]]]
    column: str | None = None
    header: str = ""


ROW_FORMATS = {
    "archive": RowFormat(
        ".ndjson.gz", lambda event: event.before, lambda file: ((line.removesuffix("\n"), None) for line in file)
    ),
    "rows": RowFormat(".ndjson", _write_row, _read_rows, "rawDataCa"),
    "table": RowFormat(
        ".csv",
        _write_cells,
        lambda file: ((payload, day) for day, payload in csv.reader(file)),
        "payload",
        "day,payload\n",
    ),
}


@dataclass
class FileStore:
    """A file of events, its migration to another file with a journal and a report, and its undo by the journal."""

    row_format: RowFormat
    folder: Path
    reference: Reference
    size: int = 0
    digest: str = field(default="")

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.source, self.target = (self.folder / f"{name}{self.row_format.suffix}" for name in ("source", "target"))
        suffix = ".csv" if self.row_format.header else ".ndjson"
        self.rejects, self.journal = self.folder / f"rejects{suffix}", self.folder / "journal.gz"
        report = self.folder / "report.json"
        files = (self.source, self.target, "--journal", self.journal)
        column = ("--column", self.row_format.column) if self.row_format.column else ()
        self.migrate = (*files, "--rejects", self.rejects, "--report", report, *column, "--fail-on", "never")
        self.verify: tuple[object, ...] | None = ("--verify", report)
        self.undo = (*files, "--undo")
        self.report = report

    def write(self) -> None:
        """Write the source."""
        with self.open(self.source, "wt") as file:
            file.write(self.row_format.header)
            file.writelines(self.row_format.write(event) + "\n" for event in self.reference.iter_events())
        self.size, self.digest = self.source.stat().st_size, self._hash()

    def is_past(self, share: float) -> bool:
        """Return whether a share of the target is written."""
        return _size(self.folder / f"{self.target.name}.migration" / "target") > share * self.size * self._growth

    def is_undone_past(self, share: float) -> bool:
        """Return whether a share of the source is restored."""
        return _size(self.folder / f"{self.source.name}.migration" / "restored") > share * self.size

    def is_undone(self) -> bool:
        """Return whether the source is restored."""
        return self.source.exists()

    def read_counts(self, _: Path) -> dict[str, Any]:
        """Return the counts of the migration, by its report, without the header, which is a blank line in them."""
        summary = json.loads(self.report.read_bytes())["summary"]
        headers = {name: summary[name] - bool(self.row_format.header) for name in ("lines", "blank")}
        return dict(summary | headers)

    def compare_migrated(self) -> Iterator[str]:
        """Yield what of the target or the rejects is not as expected."""
        events = ((e.after, self._rest(e)) for e in self.reference.iter_migrated() if e.after is not None)
        # The rejects of a table have the names of its columns too, so that they can be read alone.
        first = bool(self.row_format.header)
        yield from compare("target", islice(self._read(self.target), first, None), events)
        rejects = ((e.before, self._rest(e)) for e in self.reference.iter_migrated() if e.after is None)
        yield from compare("rejects", islice(self._read(self.rejects), first, None), rejects)
        names = {path.name for path in (self.source, self.target, self.rejects, self.journal, self.report)}
        found = {path.name for path in self.folder.iterdir()}
        yield from compare("files", sorted(found), sorted({*names, reasons_of(self.rejects).name}))

    def forget(self) -> None:
        """Remove the source, which is to be restored."""
        self.source.unlink()

    def compare_undone(self) -> Iterator[str]:
        """Yield what is not as it was before the migration."""
        if self._hash() != self.digest:
            yield "the source is not restored byte for byte"

    def remove(self) -> None:
        """Remove all files."""
        shutil.rmtree(self.folder)

    @property
    def _growth(self) -> float:
        return self.reference.growth

    def _rest(self, event: Event) -> str | None:
        return event.day if self.row_format.column else None

    def open(self, path: Path, mode: str) -> IO[Any]:
        """Open a file, decompressed."""
        if path.suffix == ".gz":
            return gzip.open(
                path, mode, compresslevel=6, **({} if "b" in mode else {"encoding": "utf-8", "newline": "\n"})
            )
        return path.open(mode, **({} if "b" in mode else {"encoding": "utf-8", "newline": "\n"}))

    def _read(self, path: Path) -> Iterator[tuple[str, str | None]]:
        with self.open(path, "rt") as file:
            yield from self.row_format.read(file)

    def _hash(self) -> str:
        digest = sha256()
        with self.open(self.source, "rb") as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
        return digest.hexdigest()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


class TableStore:
    """A table of events, as `databases.Sqlite` has one, its migration in place, and its undo."""

    verify = None
    _NAMES = ("--table", "events", "--key", "id", "--column", "payload")

    def __init__(self, database: Any, reference: Reference) -> None:
        """Take a database."""
        self.database, self.reference = database, reference
        self.migrate = (database.url, *self._NAMES, "--in-place", "--fail-on", "never", "--format", "json")
        self.undo = (database.url, *self._NAMES, "--undo")
        self.size = self.count = 0
        self._watched: dict[float, int] = {}

    def write(self) -> None:
        """Fill the table."""
        self.database.fill(event.row for event in self.reference.iter_events())
        self.size, self.count = (
            self.reference.events.stat().st_size,
            self.database.run("SELECT count(*) FROM events")[0][0],
        )

    def is_past(self, share: float) -> bool:
        """Return whether a share of the rows is migrated."""
        return self._has_record(round(share * self.count))

    def is_undone_past(self, share: float) -> bool:
        """Return whether a share of the rows is restored."""
        if share not in self._watched:
            query = "SELECT min(key) FROM tcspec_events_originals WHERE key >= ? AND status = 'upgraded'"
            self._watched[share] = self.database.run(query, round(share * self.count))[0][0]
        return not self._has_record(self._watched[share])

    def is_undone(self) -> bool:
        """Return whether all rows are restored."""
        return "tcspec_events_originals" not in self.database.tables()

    def _has_record(self, key: int) -> bool:
        # Before the migration begins there is no such table, and none once it is undone.
        with suppress(self.database.error):
            return bool(self.database.run("SELECT 1 FROM tcspec_events_originals WHERE key = ?", key))
        return False

    def read_counts(self, out: Path) -> dict[str, Any]:
        """Return the counts of the migration, as it has printed them."""
        return dict(json.loads(out.read_bytes())["summary"])

    def compare_migrated(self) -> Iterator[str]:
        """Yield what of the rows or the rejects is not as expected."""
        rows = (event.migrated_row for event in self.reference.iter_migrated())
        yield from compare("rows", self._iter_rows(), rows)
        rejects = ((event.number, event.before) for event in self.reference.iter_migrated() if event.after is None)
        query = "SELECT key, payload FROM tcspec_events_rejects ORDER BY key"
        yield from compare("rejects", self.database.iter_rows(query), rejects)

    def forget(self) -> None:
        """Remove nothing: the originals are beside the table."""

    def compare_undone(self) -> Iterator[str]:
        """Yield what is not as it was before the migration."""
        yield from compare("rows", self._iter_rows(), (event.row for event in self.reference.iter_events()))
        yield from compare("tables", sorted(self.database.tables()), ["events"])

    def remove(self) -> None:
        """Drop the database."""
        self.database.drop()

    def _iter_rows(self) -> Iterator[tuple[Any, ...]]:
        return self.database.iter_rows("SELECT id, payload, at FROM events ORDER BY id")


Store = FileStore | TableStore
