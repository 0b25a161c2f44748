"""Put fixed rejects back at their places in the target of a migration; those that still fail stay rejects.

Target, rejects and reasons are written anew in the working folder of the target. Once all are complete a list of them
is saved, and they are moved into their places; whatever happens then, `resume` moves the rest. The target is afterwards
what a migration of the fixed source would have written.
"""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tcspec.files.atomic import write_file
from tcspec.files.formats import explain_path
from tcspec.files.identity import identify, read_state
from tcspec.files.lines import UNLIMITED, iter_lines, open_source, wrap_os_errors
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.migration import checkpoints
from tcspec.migration.array_sink import ArraySink
from tcspec.migration.folder_names import join_place, name_rejects_folder
from tcspec.migration.job import (
    REASONS,
    REJECTS,
    TARGET,
    MigrationError,
    check_on_invalid,
    is_stream,
    name_rejects,
    reasons_path,
    resolve_column,
)
from tcspec.migration.merged_items import MergedItems, merge_records
from tcspec.migration.merged_lines import MergeFiles, merge_lines
from tcspec.migration.opening import load_parquet
from tcspec.migration.output_files import CompleteFile, Content, OutputFile
from tcspec.migration.record_formats import PARQUET_START, RecordFormat, find_format
from tcspec.migration.records import migrate_record
from tcspec.migration.reject_groups import find_reject_files, find_reject_format, parse_reason
from tcspec.migration.rejects import PART
from tcspec.migration.summary import Summary
from tcspec.migration.tables import open_column
from tcspec.migration.working_folder import WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.files.lines import Source
    from tcspec.migration.stores import Sink

_LIST = "merge.json"
_ROLES = (REJECTS, REASONS, TARGET)
"""In the order in which they are moved."""


def merge_rejects(  # noqa: PLR0913 - the options of one command
    target: str,
    *,
    rejects: str | None = None,
    column: str | None = None,
    on_invalid: str = "keep",
    validate: bool = True,
    limits: Limits = DEFAULT_LIMITS,
    resume: bool = False,
    force: bool = False,
) -> Summary:
    """Migrate the rejects of a target once more, put those that pass at their places, and return their counts.

    Args:
        target: the target of a migration.
        rejects: its rejects, fixed line by line; by default those beside it. Their reasons are beside them.
        column: the member or column that has the payload, as in the migration.
        on_invalid: `keep` or `reject` an upgraded event that does not meet the 2.0 contract.
        validate: whether upgraded events are validated.
        limits: the maximum depth and length of a line.
        resume: go on after an interruption.
        force: start again after one.

    Raises:
        FileError: when a file cannot be read or written, or was changed by another program meanwhile.
        MigrationError: when the files do not belong together, or another migration of the target was interrupted.
        NotRejects: when the reasons are none of tcspec.
    """
    check_on_invalid(on_invalid, validates=validate)
    paths = _find_files(target, rejects)
    with closing(WorkingFolder.acquire(WorkingFolder.beside(paths[TARGET]))) as folder:
        if checkpoints.find(folder.path):
            raise checkpoints.explain_interrupted(folder.path, is_other=True)
        merged = _load(folder.path, paths)
        if merged is not None and not resume:
            # Rejects are moved first: their fixed records are then only in the target that is not moved yet.
            is_moved = not all((folder.path / role).exists() for role in _ROLES)
            if is_moved or not force:
                again = (
                    "; --force cannot start again, as some files were moved" if is_moved else ", --force starts again"
                )
                raise MigrationError(f"{folder.path} has an interrupted merge; --resume goes on{again}")
        before = {role: read_state(path) for role, path in paths.items()}
        if merged is None or (force and not resume):
            folder.mark(has_repeatable_source=True)
            folder.clear()
            try:
                outputs, summary = _merge(paths, folder.path, column, on_invalid, limits, validates=validate)
            except BaseException:
                folder.remove()
                raise
            merged = _Merged(outputs, summary, checkpoints.note_places(before))
            _save(folder.path, paths, merged)
            # From now on a migration of the source with --force would remove the last copy of fixed rejects.
            folder.mark(has_repeatable_source=False)
        complete = {role: CompleteFile(folder.path / role, paths[role], merged.outputs[role]) for role in _ROLES}
        if not force:
            checkpoints.check_places(paths, merged.before, before, complete)
        for role, file in complete.items():
            file.move(before[role])
        folder.remove()
        if merged.summary.rejected:
            merged.summary.rejects_path = str(paths[REJECTS])
        return merged.summary


def merge_folder(target: str, *, rejects: str | None = None, **options: Any) -> Summary:  # noqa: ANN401
    """Merge the rejects of every file in a folder that has some, as `merge_rejects` does, and return their counts.

    A file without rejects any more has no file of them, as after a migration.

    Raises:
        TcspecError: as `merge_rejects`; what was merged before stays so.
    """
    folder = name_rejects_folder(target, rejects)
    total = Summary()
    if not Path(folder).is_dir():
        raise MigrationError(f"{folder} is missing, or no folder; name that of the rejects with --rejects FOLDER")
    for path in find_reject_files([folder]):
        name = os.path.relpath(path, folder)
        try:
            summary = merge_rejects(join_place(target, name), rejects=path, **options)
        except MigrationError as error:
            # It is one of many files.
            raise MigrationError(f"{path}: {error}") from None
        total.merge(summary, name)
        if not summary.rejected:
            for each in (path, reasons_path(path)):
                with wrap_os_errors(each):
                    Path(each).unlink()
    if total.rejected:
        total.rejects_path = os.path.realpath(folder)
    return total


@dataclass(frozen=True, slots=True)
class _Merged:
    """The outputs of a merge that are complete, by their role, the counts of the rejects, and what was there before."""

    outputs: dict[str, Content]
    summary: Summary
    before: checkpoints.PlaceStates


def _create(folder: Path, role: str, place: Path) -> OutputFile:
    state = read_state(place)
    return OutputFile.create(folder / role, place, state.permissions if state else 0o600)


def _iter_reasons(path: str, file: Source, unit: str, column: str | None) -> Iterator[Mapping[str, Any]]:
    for line in iter_lines(file, UNLIMITED):
        reason = parse_reason(line.raw, file.path)
        members = ("row_group", unit, "rows") if unit == RecordFormat.PARQUET.unit else (unit,)
        if reason.get(PART) or not all(isinstance(reason.get(each), int) for each in members):
            raise MigrationError(
                f"{path} has rejects of a part of a store, whose places nobody knows; migrate it to a file of its own"
            )
        # As whole records they would pass as they are, and what was to be upgraded would not be.
        if (named := reason.get("column")) != column:
            what = f"--column {named}; name it as" if named else "whole records; leave out --column, as"
            raise MigrationError(f"{path} has rejects of {what} in the migration")
        yield reason


def _save(folder: Path, paths: Mapping[str, Path], merged: _Merged) -> None:
    """Note that everything is written, so that from now on it only has to be moved."""
    noted = {"paths": {role: str(path) for role, path in paths.items()}, "merged": msgspec.to_builtins(merged)}
    write_file(str(folder / _LIST), json.dumps(noted).encode(), temporary=folder / f"{_LIST}.new")


def _load(folder: Path, paths: Mapping[str, Path]) -> _Merged | None:
    """Return what an interrupted merge has written completely; None when there is none.

    Raises:
        MigrationError: when it is of other files, or damaged; it may be the only copy of fixed rejects.
    """
    path = folder / _LIST
    if not path.exists():
        return None
    with wrap_os_errors(str(path)):
        raw = path.read_bytes()
    try:
        noted = json.loads(raw)
        outputs = msgspec.convert(noted["merged"]["outputs"], dict[str, Content])
        before = msgspec.convert(noted["merged"]["before"], checkpoints.PlaceStates)
        merged = _Merged(outputs, checkpoints.build_summary(noted["merged"]["summary"]), before)
        is_same = noted["paths"] == {role: str(path) for role, path in paths.items()} and outputs.keys() == paths.keys()
    except (ValueError, TypeError, KeyError, msgspec.ValidationError):
        is_same = False
    if not is_same:
        reason = "is damaged, or an interrupted merge of other files; its command with --resume goes on"
        raise MigrationError(f"{path} {reason}")
    return merged


def _find_files(target: str, rejects: str | None) -> dict[str, Path]:
    """Return the files of a merge by their role."""
    if any(each is not None and (is_stream(each) or explain_path(each)) for each in (target, rejects)):
        raise MigrationError("a target and rejects that are merged must be files; download them first from a URL")
    # The name of the rejects shows their format; the target may have no records to show it.
    named = [rejects] if rejects else [str(name_rejects(target, None, record_format)) for record_format in RecordFormat]
    named = [each for each in named if Path(each).is_file()] or named[:1]
    if len(named) > 1:
        raise MigrationError(f"{' and '.join(named)} exist; name the rejects with --rejects FILE")
    names = {TARGET: target, REJECTS: named[0], REASONS: reasons_path(named[0])}
    paths = {role: Path(os.path.realpath(name)) for role, name in names.items()}
    for role, path in paths.items():
        if not path.is_file():
            raise MigrationError(f"{names[role]} is missing, or no file; name the rejects with --rejects FILE")
    if len({identify(path) for path in paths.values()}) < len(paths):
        raise MigrationError("the target, the rejects and their reasons must be three files")
    return paths


def _merge(  # noqa: PLR0913 - what the step before has found out
    paths: Mapping[str, Path],
    folder: Path,
    column: str | None,
    on_invalid: str,
    limits: Limits,
    *,
    validates: bool,
) -> tuple[dict[str, Content], Summary]:
    """Write the target with what passes, and the rejects with what does not, into the working folder."""
    migrate = partial(migrate_record, limits=limits, on_invalid=on_invalid, validates=validates)
    with ExitStack() as stack:
        outputs = {role: stack.enter_context(closing(_create(folder, role, path))) for role, path in paths.items()}
        target, rejects = (
            stack.enter_context(open_source(str(paths[role]), binary=(PARQUET_START,))) for role in (TARGET, REJECTS)
        )
        reading = stack.enter_context(open_source(str(paths[REASONS])))
        record_format = find_reject_format(rejects, reading, column)
        of_target = find_format(target.path, target.head, column)
        resolved = resolve_column(column, of_target if target.head else record_format)
        reasons = _iter_reasons(rejects.path, reading, record_format.unit, resolved)
        if record_format.has_lines != of_target.has_lines and target.head:
            raise MigrationError(f"{target.path} and {rejects.path} are not in the same format")
        files = MergeFiles(target, rejects, reasons, outputs, resolved, limits)
        if record_format.has_lines:
            summary = merge_lines(files, migrate)
        else:
            blocks, sink = _open_records(record_format, files)
            summary = merge_records(blocks, sink, migrate)
        summary.unit = record_format.unit
        return {role: output.complete().content for role, output in outputs.items()}, summary


def _open_records(record_format: RecordFormat, files: MergeFiles) -> tuple[Iterator[Any], Sink]:
    """Return the records of the fixed source, and what writes them."""
    target, rejects, reasons, column = files.target, files.rejects, files.reasons, files.column
    if record_format is RecordFormat.PARQUET:
        rows = load_parquet("merged_rows").MergedRows(target, rejects, reasons, column)
        return rows.iter_blocks(), load_parquet().ParquetSink(rows.model, files.outputs, has_rejects=True)
    found: Any = open_column(rejects.path, column, None, files.limits)
    items = MergedItems(target, rejects, reasons, found, files.limits.length)
    return items.iter_blocks(), ArraySink(files.outputs, has_rejects=True)
