"""Undo a migration of a file: write its source anew by a journal, or remove what can be made of the source again."""

from __future__ import annotations

import hashlib
import os
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tcspec.files.atomic import write_chunks
from tcspec.files.lines import open_source, wrap_os_errors
from tcspec.migration.engine import migrate
from tcspec.migration.job import LINES, REJECTS, ROLES, TARGET, MigrationError, is_stream, name_rejects, reasons_path
from tcspec.migration.layouts import PARQUET_START, find_layout
from tcspec.migration.measured import MeasuredOutput, measure_file
from tcspec.migration.tables import is_table
from tcspec.migration.undo_journal import iter_source, read_end
from tcspec.migration.working_folder import LOCK, WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RESTORED = "restored"
"""The name of the source in the working folder, until it is complete."""


def restore_source(source: str, target: str, journal: str, *, force: bool = False) -> int:
    """Write the source of a migration anew, byte for byte, by its target and its journal; return how many lines it has.

    A source that was compressed has the same content, and is compressed when its name says so.

    Args:
        source: the file to write; it appears when it is complete and is as it was.
        target: the target of the migration.
        journal: the journal of the migration.
        force: replace a source that exists.

    Raises:
        FileError: when a file cannot be read or written.
        MigrationError: when the source exists, or the files do not belong together.
    """
    if Path(source).exists() and not force:
        raise MigrationError(f"{source} exists; nothing has to be restored (--force replaces it)")
    if len({os.path.realpath(path) for path in (source, target, journal)}) < len(
        ("source", "target", "journal")
    ) or is_stream(source):
        raise MigrationError("the source, the target and the journal must be three files")
    with open_source(journal) as reading:
        size, sha256 = read_end(reading)
    with ExitStack() as stack:
        files = [stack.enter_context(open_source(path)) for path in (target, journal)]
        folder = stack.enter_context(
            closing(WorkingFolder.acquire(WorkingFolder.beside(Path(os.path.realpath(source)))))
        )
        # The source may be the target of an older migration.
        if {path.name for path in WorkingFolder.iter_files(folder.path)} - {LOCK, _RESTORED}:
            raise MigrationError(f"{folder.path} has an interrupted migration; its command with --resume goes on")
        folder.mark(has_repeatable_source=True)
        counted = _Counted(size, sha256)
        try:
            # Always the same temporary file: what a kill leaves of it is replaced by the next run.
            write_chunks(source, counted.check(iter_source(*files)), temporary=folder.path / _RESTORED)
        finally:
            folder.remove()
        return counted.lines


def remove_outputs(
    source: str,
    target: str,
    *,
    rejects: str | None = None,
    column: str | None = None,
    **options: Any,  # noqa: ANN401 - those of `migrate`
) -> int:
    """Remove the target of a migration, its rejects and their reasons; return how many lines the source has.

    They are only removed when the source is there and is migrated to exactly that.

    Args:
        source: the source of the migration, which it never changes.
        target: the target of the migration.
        rejects: its rejects, if they are not beside the target.
        column: the member or column that has the payload.
        **options: the other options of the migration on which its outcomes depend.

    Raises:
        FileError: when a file cannot be read or removed.
        MigrationError: when the source is another one, or the rejects were mended.
    """
    with open_source(source, binary=(PARQUET_START,)) as reading:
        layout = find_layout(source, reading.head)
    has_header = column is not None and is_table(source) and layout == LINES
    named = name_rejects(target, rejects, layout, has_header=has_header)
    if named is None or is_stream(target):
        raise MigrationError("a stream cannot be undone")
    outputs = {role: MeasuredOutput() for role in ROLES}
    wanted = named if Path(named).exists() else None
    options |= {"rejects": wanted and os.devnull, "dry_run": True, "measured": outputs}
    summary = migrate(source, os.devnull, column=column, **options)
    for role, path in ((TARGET, target), (REJECTS, wanted)):
        if path is not None and measure_file(path) != outputs[role].content:
            raise MigrationError(f"{path} is not what {source} is migrated to; it stays as it is")
    for path in (named, reasons_path(named), target):
        with wrap_os_errors(path):
            Path(path).unlink(missing_ok=True)
    return summary.lines


@dataclass(slots=True)
class _Counted:
    """Counts the lines that are written, and checks at the end that they are those of the source."""

    size: int
    sha256: str
    lines: int = 0

    def check(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Yield lines.

        Raises:
            MigrationError: when they are not those of the source.
        """
        digest, size = hashlib.sha256(), 0
        for line in lines:
            digest.update(line)
            size += len(line)
            self.lines += line.endswith(b"\n")
            yield line
        if (size, digest.hexdigest()) != (self.size, self.sha256):
            raise MigrationError("the target was changed: what is restored is not the source of the journal")
