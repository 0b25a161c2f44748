"""Undo a migration of files: write the source anew by a journal, or remove what can be made of the source again."""

from __future__ import annotations

import hashlib
import os
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tcspec.files.atomic import write_chunks
from tcspec.files.lines import open_source, wrap_os_errors
from tcspec.files.remote import exists, is_remote, open_place, remove
from tcspec.migration.checkpoints import explain_interrupted
from tcspec.migration.engine import migrate
from tcspec.migration.folder_names import find_names, join_place, name_rejects_folder
from tcspec.migration.job import REJECTS, ROLES, TARGET, MigrationError, is_stream, name_rejects, reasons_path
from tcspec.migration.measured import MeasuredOutput, measure_file
from tcspec.migration.output_files import Content
from tcspec.migration.record_formats import PARQUET_START, find_format
from tcspec.migration.staging import list_others
from tcspec.migration.summary import Summary
from tcspec.migration.undo_journal import JournalEnd, iter_source, read_end
from tcspec.migration.working_folder import LOCK, WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_RESTORED = "restored"
"""The name of the source in the working folder, until it is complete."""


def restore_source(source: str, target: str, journal: str, *, force: bool = False) -> Summary:
    """Write the source of a migration anew, byte for byte, by its target and its journal; return how much it has.

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
    _check_restorable(source, force=force)
    if len({os.path.realpath(path) for path in (source, target, journal)}) < len(
        ("source", "target", "journal")
    ) or is_stream(source):
        raise MigrationError("the source, the target and the journal must be three files")
    with open_source(journal) as reading:
        end = read_end(reading)
    with ExitStack() as stack:
        migrated, entries = (stack.enter_context(open_place(path)) for path in (target, journal))
        folder = stack.enter_context(
            closing(WorkingFolder.acquire(WorkingFolder.beside(Path(os.path.realpath(source)))))
        )
        # The source may be the target of an older migration.
        if {path.name for path in WorkingFolder.iter_files(folder.path)} - {LOCK, _RESTORED}:
            raise explain_interrupted(folder.path, is_other=True)
        folder.mark(has_repeatable_source=True)
        records = _check_records(end, iter_source(migrated, entries, end.unit))
        try:
            # Always the same temporary file: what a kill leaves of it is replaced by the next run.
            write_chunks(source, records, temporary=folder.path / _RESTORED)
        finally:
            folder.remove()
        return Summary(lines=end.records, unit=end.unit)


def restore_folder(source: str, target: str, journal: str, *, force: bool = False) -> Summary:
    """Write the files of a folder anew, as `restore_source` does, each one that has a journal in a folder of them.

    When some are missing, those that are as they were were written by an undo that was interrupted, and stay.

    Raises:
        FileError: when a file cannot be read or written.
        MigrationError: when a file exists, before any is written, or files do not belong together.
    """
    with wrap_os_errors(journal):
        names = sorted(str(path.relative_to(journal)) for path in Path(journal).rglob("*") if path.is_file())
    if not names:
        raise MigrationError(f"{journal} has no journal of a migration in it")
    places = {name: join_place(source, name) for name in names}
    existing = [] if force else [name for name, place in places.items() if Path(place).exists()]
    for name in existing:
        _remove_left(places[name])
    restored = {}
    if len(existing) < len(names):
        restored = {name: _check_restored(places[name], join_place(journal, name)) for name in existing}
    for name in names:
        if name not in restored:
            _check_restorable(places[name], force=force)
    total = Summary()
    for name, place in places.items():
        if name in restored:
            total.merge(restored[name], place)
            continue
        with wrap_os_errors(place):
            Path(place).parent.mkdir(parents=True, exist_ok=True)
        total.merge(restore_source(place, join_place(target, name), join_place(journal, name), force=force), place)
    return total


def remove_outputs(source: str, target: str, *, rejects: str | None = None, **options: Any) -> Summary:  # noqa: ANN401
    """Remove the target of a migration, its rejects and their reasons; return how much the source has.

    They are only removed when the source is there and is migrated to exactly that.

    Args:
        source: the source of the migration, which it never changes.
        target: the target of the migration.
        rejects: its rejects, if they are not beside the target.
        **options: the other options of the migration on which its outcomes depend.

    Raises:
        FileError: when a file cannot be read or removed.
        MigrationError: when the source is another one, or the rejects were fixed.
    """
    outputs, summary = _check_outputs(source, target, rejects, options)
    for path in outputs:
        remove(path)
    return summary


def remove_folder(
    sources: Sequence[str],
    target: str,
    *,
    rejects: str | None = None,
    **options: Any,  # noqa: ANN401
) -> Summary:
    """Remove what a migration of several files made of them, as `remove_outputs` does: all of it, or nothing.

    Raises:
        FileError: when a file cannot be read or removed.
        MigrationError: when a source is another one, or its rejects were fixed.
    """
    total, outputs = Summary(), list[str]()
    folder = name_rejects_folder(target, rejects)
    found = find_names(sources, target, options.get("column"), list_others(target, rejects))
    for source, name in found.names.items():
        checked, summary = _check_outputs(source, join_place(target, name), join_place(folder, name), options)
        outputs += checked
        total.merge(summary, source)
    for path in outputs:
        remove(path)
    for root in (target, folder):
        if not is_remote(root):
            _remove_empty(root)
    return total


def _check_restorable(source: str, *, force: bool) -> None:
    if is_remote(source):
        raise MigrationError(f"{source} is a URL; a source is written anew to a file, which you can upload")
    if Path(source).exists() and not force:
        _remove_left(source)
        raise MigrationError(f"{source} exists; nothing has to be restored (--force replaces it)")


def _check_restored(source: str, journal: str) -> Summary:
    """Return how much a source has that was written anew before."""
    with open_source(journal) as reading:
        end = read_end(reading)
    if measure_file(source) != Content(end.size, end.sha256):
        raise MigrationError(f"{source} exists, and is not what was migrated (--force replaces it)")
    return Summary(lines=end.records, unit=end.unit)


def _remove_left(source: str) -> None:
    """Remove the empty working folder of an undo that was killed when it had moved the source into its place."""
    path = WorkingFolder.beside(Path(os.path.realpath(source)))
    if path.is_dir() and {file.name for file in WorkingFolder.iter_files(path)} <= {LOCK}:
        with closing(WorkingFolder.acquire(path)) as folder:
            folder.remove()


def _check_outputs(source: str, target: str, rejects: str | None, options: dict[str, Any]) -> tuple[list[str], Summary]:
    """Return what a migration made of a source, in the order in which it is removed, when it can be made again."""
    with open_place(source, binary=(PARQUET_START,)) as reading:
        record_format = find_format(source, reading.head, options.get("column"))
    named = name_rejects(target, rejects, record_format)
    if named is None or is_stream(target):
        raise MigrationError("a stream cannot be undone")
    measured = {role: MeasuredOutput() for role in ROLES}
    wanted = named if exists(named) else None
    summary = migrate(source, os.devnull, rejects=wanted and os.devnull, dry_run=True, measured=measured, **options)
    for role, path in ((TARGET, target), (REJECTS, wanted)):
        if path is not None and measure_file(path) != measured[role].content:
            raise MigrationError(f"{path} is not what {source} is migrated to; it stays as it is")
    return [named, reasons_path(named), target], summary


def _remove_empty(folder: str) -> None:
    """Remove a folder, and those in it, when there is nothing else in them."""
    for parent, _, _ in os.walk(folder, topdown=False):
        with suppress(OSError):
            Path(parent).rmdir()


def _check_records(end: JournalEnd, records: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the records of a source.

    Raises:
        MigrationError: when at their end they are not those of the journal.
    """
    digest, size = hashlib.sha256(), 0
    for record in records:
        digest.update(record)
        size += len(record)
        yield record
    if (size, digest.hexdigest()) != (end.size, end.sha256):
        raise MigrationError("the target was changed: what is restored is not the source of the journal")
