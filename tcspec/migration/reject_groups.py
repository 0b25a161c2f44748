"""Read rejected records with their reasons, and group them by the first one."""

from __future__ import annotations

import json
import os
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec.errors import TcspecError
from tcspec.files.lines import UNLIMITED, FileError, iter_lines, open_source, wrap_os_errors
from tcspec.migration.arrays import ArraySource
from tcspec.migration.job import reasons_path
from tcspec.migration.record_formats import PARQUET_START, RecordFormat, find_format
from tcspec.migration.rejects import is_of_nothing
from tcspec.migration.tables import is_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tcspec.files.lines import Source

_REASONS = reasons_path("")
_LONGEST_RECORD = 2_000
"""How many bytes of a record are read: they are shown, or counted."""
_LONGEST_REASON = 1 << 30
_MAX_MESSAGES = 1_000


@dataclass(eq=False)
class NotRejects(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """Files that are not rejected records with their reasons."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class Reject(NamedTuple):
    """A rejected record as far as it is read, and the JSON object with its address and reasons."""

    record: bytes
    reason: Mapping[str, Any]

    @property
    def violations(self) -> list[Mapping[str, Any]]:
        """Return the violations, at least one."""
        found: list[Mapping[str, Any]] = self.reason["violations"]
        return found


@dataclass(slots=True)
class RejectGroup:
    """Rejects with the same first code: how many, how often with which message, and the first of them.

    `hints` and `fixes` are what the violations suggest.
    """

    code: str
    count: int = 0
    messages: Counter[str] = field(default_factory=Counter)
    examples: list[Reject] = field(default_factory=list)
    hints: Counter[str] = field(default_factory=Counter)
    fixes: Counter[str] = field(default_factory=Counter)

    def add(self, reject: Reject, most_examples: int) -> None:
        """Count a reject; there is an example of each message, up to a number."""
        first = reject.violations[0]
        message = str(first["message"])
        self.count += 1
        if message not in self.messages and len(self.examples) < most_examples:
            self.examples.append(reject)
        if message in self.messages or len(self.messages) < _MAX_MESSAGES:
            self.messages[message] += 1
        if hint := first.get("hint"):
            self.hints[str(hint)] += 1
        if fix := first.get("fix"):
            self.fixes[str(fix.get("title", ""))] += 1


def group_rejects(rejects: Iterable[Reject], most_examples: int) -> list[RejectGroup]:
    """Return rejects grouped by their first code, the most frequent first."""
    groups: dict[str, RejectGroup] = {}
    for reject in rejects:
        code = str(reject.violations[0]["code"])
        groups.setdefault(code, RejectGroup(code)).add(reject, most_examples)
    return sorted(groups.values(), key=lambda group: (-group.count, group.code))


def find_reject_files(paths: Iterable[str]) -> list[str]:
    """Return the files of rejects that paths name: a file, its reasons, or a folder with such files.

    Raises:
        FileError: when a folder cannot be read.
        NotRejects: when a folder has no rejects.
    """
    found: list[str] = []
    for path in paths:
        if not Path(path).is_dir():
            found.append(path.removesuffix(_REASONS))
            continue
        with wrap_os_errors(path):
            names = [os.path.join(parent, name) for parent, _, files in os.walk(path) for name in files]  # noqa: PTH118
        inside = sorted(name.removesuffix(_REASONS) for name in names if name.endswith(_REASONS))
        if not inside:
            raise NotRejects(path, "has no rejects of a migration in it")
        found += inside
    return list(dict.fromkeys(found))


def find_reject_format(rejects: Source, reasons: Source, column: str | None = None) -> RecordFormat:
    """Return the format of rejects, which their reasons show: the first of them may look like any other format."""
    address = reasons.head.partition(b'"violations"')[0]
    if b'"item": ' in address:
        return RecordFormat.ARRAY
    found = find_format(rejects.path, rejects.head, column)
    return RecordFormat.LINES if b'"line": ' in address and not found.has_lines else found


def iter_rejects(path: str) -> Iterator[Reject]:
    """Yield the rejects of a file with their reasons, which are beside it, in order.

    Raises:
        FileError: when a file cannot be read.
        NotRejects: when they do not belong together.
    """
    reasons = reasons_path(path)
    if not Path(reasons).exists():
        raise FileError(reasons, "No such file; the reasons of rejects are beside them")
    with ExitStack() as stack:
        file = stack.enter_context(open_source(path, binary=(PARQUET_START,)))
        reading = stack.enter_context(open_source(reasons))
        record_format = find_reject_format(file, reading)
        found = (parse_reason(line.raw, reasons) for line in iter_lines(reading, _LONGEST_REASON))
        first = next(found, None)
        records = _iter_records(file, record_format, has_empty_item=first is not None and is_of_nothing(first))
        for record, reason in zip_longest(records, found if first is None else chain([first], found)):
            if record == b"" and reason is None:
                return  # a Parquet file has as many as there are reasons
            if reason is None:
                raise NotRejects(path, f"has more records than {reasons}")
            if record is None:
                raise NotRejects(path, f"has fewer records than {reasons}")
            yield Reject(record, reason)


def _iter_records(file: Source, record_format: RecordFormat, *, has_empty_item: bool) -> Iterator[bytes]:
    """Yield the records of a file of rejects, each as far as it is read; those of Parquet are not read at all."""
    path = file.path
    if record_format.has_lines:
        # In the first line of a table are the names of its columns.
        for line in islice(iter_lines(file, _LONGEST_RECORD), int(is_table(path)), None):
            yield line.content
    elif record_format is RecordFormat.ARRAY:
        for block in ArraySource(path, file, _LONGEST_RECORD, UNLIMITED, None, has_empty_item).iter_blocks():
            yield from block.items
    else:
        while True:
            yield b""


def parse_reason(line: bytes, path: str) -> Mapping[str, Any]:
    """Return the reasons of a reject from a line of their file.

    Raises:
        NotRejects: when the line has none.
    """
    try:
        reason = json.loads(line)
        first = reason["violations"][0]
        is_reason = bool(first["code"] and first["message"]) and isinstance(first.get("fix", {}), dict)
    except (ValueError, TypeError, LookupError, RecursionError):
        is_reason = False
    if not is_reason:
        raise NotRejects(path, "is not a file of reasons of tcspec")
    return dict(reason)
