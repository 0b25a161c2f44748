"""Put mended rejects back at their places in the target of a migration; those that still fail stay rejects.

Target, rejects and reasons are written anew in the working folder of the target. Once all are complete a list of them
is saved, and they are moved into their places; whatever happens then, `resume` moves the rest. The target is afterwards
what a migration of the mended source would have written.
"""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tcspec.files.atomic import write_file
from tcspec.files.identity import identify, read_state
from tcspec.files.lines import iter_lines, open_source, wrap_os_errors
from tcspec.jsontext.pointer import join
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.migration import checkpoints
from tcspec.migration.columns import parse_column
from tcspec.migration.job import (
    ON_INVALID,
    REASONS,
    REJECTS,
    TARGET,
    MigrationError,
    is_stream,
    name_rejects,
    reasons_path,
)
from tcspec.migration.layouts import Layout, find_layout
from tcspec.migration.lines import LineSource, find_end_of_line
from tcspec.migration.outcomes import Status, migrate_record, reject_unreadable
from tcspec.migration.output_files import CannotResume, Content, OutputFile, move_output
from tcspec.migration.reject_groups import parse_reason
from tcspec.migration.rejects import PART, Rejects
from tcspec.migration.summary import Summary
from tcspec.migration.tables import is_table, open_column
from tcspec.migration.text_sink import put_back
from tcspec.migration.working_folder import WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tcspec.files.lines import Source
    from tcspec.migration.lines import LineBlock
    from tcspec.migration.outcomes import Outcome

_LIST = "merge.json"
_ROLES = (REJECTS, REASONS, TARGET)
"""In the order in which they are moved."""
_CHUNK = 1 << 20
_NEVER = 1 << 62
_ADDRESS = ("source", "line", "offset", "column")


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
        rejects: its rejects, mended line by line; by default those beside it. Their reasons are beside them.
        column: the member or column that has the payload, as in the migration.
        on_invalid: `keep` or `reject` an upgraded event that does not meet the 2.0 contract.
        validate: whether upgraded events are validated.
        limits: the maximum depth and length of a line.
        resume: go on after an interruption.
        force: start again after one.

    Raises:
        FileError: when a file cannot be read or written, or was changed by another program meanwhile.
        CannotResume: when there is nothing to go on with.
        MigrationError: when the files do not belong together, or another migration of the target was interrupted.
        NotRejects: when the reasons are none of tcspec.
    """
    if on_invalid not in ON_INVALID or (on_invalid == "reject" and not validate):
        raise MigrationError(f"expected {' or '.join(ON_INVALID)} for invalid events, and validation to reject them")
    paths = _find_files(target, rejects, Layout.TABLE if column is not None and is_table(target) else Layout.LINES)
    with closing(WorkingFolder.acquire(WorkingFolder.beside(paths[TARGET]))) as folder:
        if checkpoints.find(folder.path):
            raise MigrationError(f"{folder.path} has an interrupted migration; its command with --resume goes on")
        merged = _load(folder.path, paths)
        if merged is not None and not (resume or force):
            raise MigrationError(f"{folder.path} has an interrupted merge; --resume goes on, --force starts again")
        before = {role: read_state(path) for role, path in paths.items()}
        if merged is None or (force and not resume):
            folder.clear()
            folder.mark(has_repeatable_source=True)
            try:
                merged = _merge(paths, folder.path, column, on_invalid, limits, validates=validate)
            except BaseException:
                folder.remove()
                raise
            _save(folder.path, paths, merged)
        for role in _ROLES:
            move_output(folder.path / role, paths[role], merged.outputs[role], before[role])
        folder.remove()
        if merged.summary.rejected:
            merged.summary.rejects_path = str(paths[REJECTS])
        return merged.summary


@dataclass(frozen=True, slots=True)
class _Merged:
    """The outputs of a merge that are complete, by their role, and the counts of the rejects."""

    outputs: dict[str, Content]
    summary: Summary


@dataclass(slots=True)
class _Lines:
    """The lines of a target that are left."""

    file: Source
    buffer: bytes = b""

    def copy(self, count: int, output: OutputFile) -> int:
        """Copy as many lines as there are, but at most a number, and return how many were missing."""
        while count:
            self.buffer = self.buffer or self.file.read(_CHUNK)
            if not self.buffer:
                break
            found = self.buffer.count(b"\n")
            end = len(self.buffer) if found < count else find_end_of_line(self.buffer, count)
            output.write(self.buffer[:end])
            self.buffer = self.buffer[end:]
            count -= min(found, count)
        return count


@dataclass(slots=True)
class _Merge:
    """A merge in progress: what is left of the target and of the reasons, and how many lines the new target has."""

    lines: _Lines
    outputs: Mapping[str, OutputFile]
    reasons: Iterator[Mapping[str, Any]]
    summary: Summary = field(default_factory=Summary)
    written: int = 0
    rejected: int = 0

    def add(self, block: LineBlock, outcomes: Sequence[Outcome]) -> None:
        """Write the records of a block: to their places, or to the rejects again."""
        rejects = Rejects(self.outputs[REJECTS], self.outputs[REASONS])
        for index, outcome in enumerate(outcomes):
            reason = next(self.reasons, None)
            if reason is None:
                raise MigrationError("there are more rejects than reasons; mend each record in its own line")
            if outcome.status is Status.REJECTED:
                address = {name: reason[name] for name in _ADDRESS if name in reason}
                rejects.write(address, block.iter_raw(index), outcome)
                self.rejected += 1
                continue
            # Of the lines before it in the source those are missing in the target that are rejects still.
            before = int(reason["line"]) - 1 - self.rejected - self.written
            if before < 0 or self.lines.copy(before, self.outputs[TARGET]):
                raise MigrationError("the target is not the one that these rejects are of, or was changed")
            self.outputs[TARGET].write(put_back(block, index, outcome) + block.ending(index))
            self.written += before + 1

    def finish(self) -> None:
        """Write the rest of the target."""
        if next(self.reasons, None) is not None:
            raise MigrationError("there are fewer rejects than reasons; leave those in place that are not mended")
        self.lines.copy(_NEVER, self.outputs[TARGET])


def _create(folder: Path, role: str, place: Path) -> OutputFile:
    state = read_state(place)
    return OutputFile.create(folder / role, place, state.permissions if state else 0o600)


def _iter_reasons(path: str, file: Source) -> Iterator[Mapping[str, Any]]:
    for line in iter_lines(file, _NEVER):
        reason = parse_reason(line.raw, file.path)
        if reason.get(PART) or not isinstance(reason.get("line"), int):
            raise MigrationError(
                f"{path} has rejects of a part of a store, whose places nobody knows; migrate it to a file of its own"
            )
        yield reason


def _save(folder: Path, paths: Mapping[str, Path], merged: _Merged) -> None:
    """Note that everything is written, so that from now on it only has to be moved."""
    noted = {"paths": {role: str(path) for role, path in paths.items()}, "merged": msgspec.to_builtins(merged)}
    write_file(str(folder / _LIST), json.dumps(noted).encode(), temporary=folder / f"{_LIST}.new")


def _load(folder: Path, paths: Mapping[str, Path]) -> _Merged | None:
    """Return what an interrupted merge has written completely; None when there is none.

    Raises:
        CannotResume: when it is of other files, or damaged.
    """
    path = folder / _LIST
    if not path.exists():
        return None
    with wrap_os_errors(str(path)):
        raw = path.read_bytes()
    try:
        noted = json.loads(raw)
        outputs = msgspec.convert(noted["merged"]["outputs"], dict[str, Content])
        merged = _Merged(outputs, checkpoints.build_summary(noted["merged"]["summary"]))
        is_same = noted["paths"] == {role: str(path) for role, path in paths.items()} and outputs.keys() == paths.keys()
    except (ValueError, TypeError, KeyError, msgspec.ValidationError):
        is_same = False
    if not is_same:
        raise CannotResume(f"{path} is of other files")
    return merged


def _find_files(target: str, rejects: str | None, layout: Layout) -> dict[str, Path]:
    """Return the files of a merge by their role."""
    named = name_rejects(target, rejects, layout)
    if named is None or is_stream(target) or is_stream(named):
        raise MigrationError("a target and rejects that are merged must be files")
    names = {TARGET: target, REJECTS: named, REASONS: reasons_path(named)}
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
) -> _Merged:
    """Write the target with what passes, and the rejects with what does not, into the working folder."""
    with ExitStack() as stack:
        outputs = {role: stack.enter_context(closing(_create(folder, role, path))) for role, path in paths.items()}
        target = stack.enter_context(open_source(str(paths[TARGET])))
        source = stack.enter_context(open_source(str(paths[REJECTS])))
        for each in (target, source):
            if not find_layout(each.path, each.head).has_lines:
                raise MigrationError(f"{each.path} has no lines; rejects of an array are migrated by themselves")
        header = target.head.partition(b"\n")[0].decode(errors="surrogateescape") if is_table(target.path) else None
        pointer = column if column is None or header is not None else join(parse_column(column))
        found = open_column(target.path, pointer, header if column is not None else None, limits)
        lines = LineSource(source.path, source, limits.length + len(b"\r\n"), _NEVER, column=found)
        reasons = _iter_reasons(source.path, stack.enter_context(open_source(str(paths[REASONS]))))
        merge = _Merge(_Lines(target), outputs, reasons)
        for block in lines.iter_blocks():
            outcomes = [
                migrate_record(payload, limits, on_invalid, validates=validates)
                if isinstance(payload, bytes)
                else reject_unreadable(payload)
                for payload in block.payloads
            ]
            merge.add(block, outcomes)
            merge.summary.add(outcomes, block.size)
        merge.finish()
        return _Merged({role: output.complete() for role, output in outputs.items()}, merge.summary)
