"""Migrate several files, folders and globs into a folder, with the same names in it.

Each file is a migration of its own, and appears when it is complete. What is done is listed in a working folder beside
the target, which is locked, so that an interrupted run goes on with the files that are left.
"""

from __future__ import annotations

import json
import os
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tcspec.files.atomic import sync_folder, write_file
from tcspec.files.lines import STANDARD, wrap_os_errors
from tcspec.files.remote import is_remote, read_state_of, remove
from tcspec.migration import checkpoints
from tcspec.migration.details import Details
from tcspec.migration.folder_names import Folders, find_names, join_place, name_rejects_folder
from tcspec.migration.job import REASONS, REJECTS, MigrationError, is_stream, reasons_path
from tcspec.migration.output_files import CannotResume
from tcspec.migration.record_formats import RecordFormat
from tcspec.migration.shares import FileShares
from tcspec.migration.staging import find_working_folder, list_others, migrate
from tcspec.migration.staging import is_interrupted as is_begun
from tcspec.migration.summary import Summary
from tcspec.migration.working_folder import WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from tcspec.migration.shares import OnProgress

_DONE = "done.ndjson"


@dataclass(slots=True)
class FolderResult:
    """The counts of all files together, how many files there were, and those in the folders that were left out."""

    summary: Summary = field(default_factory=Summary)
    files: int = 0
    left_out: list[str] = field(default_factory=list)


def migrate_files(  # noqa: PLR0913 - the options of one command
    sources: Sequence[str],
    target: str,
    *,
    rejects: str | None = None,
    journal: str | None = None,
    report: str | Sequence[str] = (),
    details: bool = False,
    resume: bool = False,
    force: bool = False,
    dry_run: bool = False,
    progress: OnProgress | None = None,
    **options: Any,  # noqa: ANN401 - those of `migrate`
) -> FolderResult:
    """Migrate files, folders and globs into a folder; each of them may be a URL.

    Args:
        sources: files, folders and globs, as `find_names` takes them.
        target: the folder, which is created; files in it have the names that they have in the folder they were in.
        rejects: the folder of rejected lines, by default `<target>.rejects`; only files that have some are in it.
        journal: the folder of journals, if they are asked for.
        report: the file or files that the caller will write reports to.
        details: whether the summary has more than the counts.
        resume: continue an interrupted migration: files that are complete are not read again.
        force: replace files that exist, and start again where a migration was interrupted.
        dry_run: read, upgrade and validate everything, write nothing.
        progress: called with the counts, and the share of the files that was read, now and then.
        **options: the other options of `migrate`, for each file.

    Raises:
        FileError: when a file cannot be read or written.
        CannotResume: when a file that is complete was changed.
        MigrationError: when two files would have the same name, or one exists.
    """
    found = find_names(sources, target, options.get("column"), list_others(target, rejects, journal))
    result = FolderResult(Summary(details=Details() if details else None), left_out=found.left_out)
    names, reports = found.names, [report] if isinstance(report, str) else list(report)
    options["details"] = details
    shares = FileShares.of(progress, names)
    if journal is not None and any(name.lower().endswith(".parquet") for name in names.values()):
        raise MigrationError(str(RecordFormat.PARQUET.no_journal))
    if dry_run:
        _check_reports(reports, names, ())
        return _run_dry(result, names, shares, options)
    if is_stream(target) or any(each is not None and is_stream(each) for each in (rejects, journal)):
        raise MigrationError("the target, the rejects and the journals of several files must be folders")
    folders = Folders(target, name_rejects_folder(target, rejects), journal)
    folders.check()
    working = find_working_folder(target)
    _check_reports(reports, names, (*folders.local, working))
    existing = folders.find_existing(names.values())
    if existing and not (force or resume):
        raise checkpoints.explain_existing(existing[0])
    with closing(WorkingFolder.acquire(working)) as folder:
        done = _load(folder, resume=resume, force=force)
        with _leaving_nothing(folder, folders, names.values()):
            if not force:
                _refuse_to_replace(folders, (name for path, name in names.items() if path not in done), resume=resume)
            for path, name in names.items():
                if path in done:
                    summary = _read_done(path, name, folders, done[path], details=details)
                else:
                    options |= {"progress": shares.within(path), "resume": resume, "force": force}
                    options["done"] = partial(_append, folder.path / _DONE, path, folders.place(target, name))
                    summary = _migrate_file(path, name, folders, **options)
                _clean(name, folders, summary, existing)
                _add(result, summary, path, shares)
        if not is_remote(folders.rejects):
            _remove_empty_folders(Path(os.path.realpath(folders.rejects)), names.values())
        folder.remove()
    if result.summary.rejected:
        result.summary.rejects_path = folders.place(folders.rejects)
    return result


def _run_dry(result: FolderResult, names: Iterable[str], shares: FileShares, options: dict[str, Any]) -> FolderResult:
    for path in names:
        summary = migrate(path, os.devnull, dry_run=True, progress=shares.within(path), **options)
        _add(result, summary, path, shares)
    return result


def is_interrupted(target: str) -> bool:
    """Return whether a migration of several files to a folder was interrupted and can be resumed."""
    return not is_stream(target) and find_working_folder(target).exists()


@contextmanager
def _leaving_nothing(working: WorkingFolder, folders: Folders, names: Collection[str]) -> Iterator[None]:
    """Remove the folders that are made inside when it fails and nothing has begun: there is nothing to go on with.

    Else the same command with the right options would be refused, as another migration.
    """
    made = [place for place in folders.local if not place.exists()]
    try:
        yield
    except BaseException:
        has_begun = any(is_begun(join_place(folders.target, name)) for name in names)
        if not has_begun and not (working.path / _DONE).stat().st_size:
            for place in made:
                _remove_empty_folders(place, names)
            working.remove()
        raise


def _refuse_to_replace(folders: Folders, names: Iterable[str], *, resume: bool) -> None:
    """Check that there is nothing in the places of files that are left, but for those that a run before began."""
    if existing := folders.find_existing([name for name in names if not is_begun(join_place(folders.target, name))]):
        raise checkpoints.explain_existing(existing[0], resume=resume)


def _check_reports(reports: Iterable[str], sources: Iterable[str], folders: Iterable[Path]) -> None:
    """Check that no report, which is written at the end, replaces a file of the migration."""
    read = {*map(os.path.realpath, sources)}
    for report in reports:
        place = Path(os.path.realpath(report))
        if report != STANDARD and (str(place) in read or not {*folders}.isdisjoint((place, *place.parents))):
            raise MigrationError(f"{report} is one of the files of the migration, or lies in one of its folders")


def _load(folder: WorkingFolder, *, resume: bool, force: bool) -> dict[str, Any]:
    """Return what is listed as complete, by its path; nothing when the migration begins."""
    path = folder.path / _DONE
    if not resume:
        if path.exists() and not force:
            raise checkpoints.explain_interrupted(folder.path)
        folder.clear()
    # Also when it goes on: the run before may have been killed before it did so, and what is written would be nobody's.
    folder.mark(has_repeatable_source=True)
    with wrap_os_errors(str(path)):
        lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
        # A line that was being written when the process was killed is cut off.
        whole = [line for line in lines if line.endswith(b"\n")]
    # Whoever is killed now must not lose the list.
    write_file(str(path), b"".join(whole), temporary=path.with_suffix(".new"))
    try:
        return {each["source"]: each for each in map(json.loads, whole)}
    except (ValueError, TypeError, KeyError):
        raise CannotResume(f"{path} is not a list of files of tcspec") from None


def _describe(path: str, target: str) -> dict[str, Any]:
    """Return what shows whether a file and its target are as they were."""
    states = [read_state_of(path), read_state_of(target)]
    return {
        "source": path,
        "target": target,
        "states": [state and [state.size, state.modified_ns] for state in states],
    }


def _read_done(path: str, name: str, folders: Folders, done: dict[str, Any], *, details: bool) -> Summary:
    """Return the counts of a file that is complete, when it and its target are as they were."""
    target = folders.place(folders.target, name)
    described = _describe(path, target)
    if any(described[key] != done.get(key) for key in ("target", "states")):
        raise CannotResume(f"{path} or {target} was changed since it was migrated")
    summary = checkpoints.build_summary(done["summary"])
    if details and summary.details is None:
        raise CannotResume("changed since the checkpoint: has details")
    if folders.journal is not None and not Path(folders.journal, name).exists():
        raise CannotResume(f"changed since the checkpoint: {path} was migrated without a journal")
    return summary


def _append(done: Path, path: str, target: str, summary: Summary) -> None:
    entry = _describe(path, target) | {"summary": msgspec.to_builtins(summary)}
    with wrap_os_errors(str(done)), done.open("ab") as file:
        file.write(json.dumps(entry).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _migrate_file(
    path: str,
    name: str,
    folders: Folders,
    **options: Any,  # noqa: ANN401
) -> Summary:
    """Migrate one file."""
    # By the names that were given, which reports have.
    target, rejects = join_place(folders.target, name), join_place(folders.rejects, name)
    journal = None if folders.journal is None else join_place(folders.journal, name)
    for place in (target, rejects, journal):
        if place is not None and not is_remote(place):
            with wrap_os_errors(place):
                Path(place).parent.mkdir(parents=True, exist_ok=True)
                # A new folder outlasts a crash of the machine only when the one above it is written.
                sync_folder(Path(place).parent.parent)
    summary = migrate(path, target, rejects=rejects, journal=journal, has_empty_rejects=False, **options)
    for file in summary.details.files if summary.details and not summary.rejected else ():
        for role in (REJECTS, REASONS):
            file.outputs.pop(role, None)
    return summary


def _clean(name: str, folders: Folders, summary: Summary, existing: Sequence[str]) -> None:
    """Remove what a file that is listed as complete has left: older rejects, and what a kill left of its folder."""
    rejects = join_place(folders.rejects, name)
    # A file of older rejects is replaced with an empty one.
    if not summary.rejected and folders.place(folders.rejects, name) in existing:
        for each in (rejects, reasons_path(rejects)):
            remove(each)
    if is_begun(target := join_place(folders.target, name)):
        with closing(WorkingFolder.acquire(find_working_folder(target))) as folder:
            folder.remove()


def _add(result: FolderResult, summary: Summary, path: str, shares: FileShares) -> None:
    result.files += 1
    result.summary.merge(summary, path)
    shares.finish(path, summary.lines)


def _remove_empty_folders(folder: Path, names: Iterable[str]) -> None:
    """Remove the folders that were made for the rejects of files that have none."""
    for name in names:
        for parent in (folder / name).parents:
            if parent == folder.parent:
                break
            with suppress(OSError):
                parent.rmdir()
