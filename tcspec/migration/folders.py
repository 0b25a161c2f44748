"""Migrate several files, folders and globs into a folder, with the same names in it.

Each file is a migration of its own, and appears when it is complete. What is done is listed in a working folder beside
the target, which is locked, so that an interrupted run goes on with the files that are left.
"""

from __future__ import annotations

import json
import os
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tcspec.files.atomic import sync_folder
from tcspec.files.documents import FileType
from tcspec.files.formats import explain_path, mask_path
from tcspec.files.gitignore import parse_patterns
from tcspec.files.globs import is_glob
from tcspec.files.identity import read_state
from tcspec.files.lines import STANDARD, FileError, wrap_os_errors
from tcspec.files.selection import Selection, find_files
from tcspec.migration import checkpoints
from tcspec.migration.details import Details
from tcspec.migration.engine import migrate
from tcspec.migration.job import REASONS, REJECTS, MigrationError, is_stream, reasons_path
from tcspec.migration.output_files import CannotResume
from tcspec.migration.summary import Summary
from tcspec.migration.working_folder import WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_SELECTION = Selection(types=frozenset({FileType.NDJSON}), respects_gitignore=False)
_WITH_COLUMN = replace(_SELECTION, include=parse_patterns("/", ["*.ndjson*", "*.jsonl*", "*.parquet"]))
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
    report: str | Sequence[str] = (),
    details: bool = False,
    resume: bool = False,
    force: bool = False,
    dry_run: bool = False,
    progress: Callable[[Summary], None] | None = None,
    **options: Any,  # noqa: ANN401 - those of `migrate`
) -> FolderResult:
    """Migrate files, folders and globs into a folder.

    Args:
        sources: files, folders (of which files named `.ndjson` or `.jsonl`, compressed or not, are taken; with a column
            also `.parquet`) and globs.
        target: the folder, which is created; files in it have the names that they have in the folder they were in.
        rejects: the folder of rejected lines, by default `<target>.rejects`; only files that have some are in it.
        report: the file or files that the caller will write reports to.
        details: whether the summary has more than the counts.
        resume: continue an interrupted migration: files that are complete are not read again.
        force: replace files that exist, and start again where a migration was interrupted.
        dry_run: read, upgrade and validate everything, write nothing.
        progress: called with the counts now and then.
        **options: the other options of `migrate`, for each file.

    Raises:
        FileError: when a file cannot be read or written.
        CannotResume: when a file that is complete was changed.
        MigrationError: when two files would have the same name, or one exists.
    """
    result = FolderResult(Summary(details=Details() if details else None))
    reports = [report] if isinstance(report, str) else list(report)
    options["details"] = details
    selection = _SELECTION if options.get("column") is None else _WITH_COLUMN
    names = _name_files(sources, target, result, selection)
    if dry_run:
        _check_reports(reports, names, ())
        for path in names:
            _add(result, migrate(path, os.devnull, dry_run=True, **options), path, progress)
        return result
    if is_stream(target) or (rejects is not None and is_stream(rejects)):
        raise MigrationError("the target and the rejects of several files must be folders")
    # A path, because a target may end with a slash: its rejects would lie in it.
    named_rejects = rejects or f"{Path(target)}.rejects"
    place, rejects_place = Path(os.path.realpath(target)), Path(os.path.realpath(named_rejects))
    _check_reports(reports, names, (place, rejects_place, WorkingFolder.beside(place)))
    if not (force or resume):
        for output in (folder / name for name in names.values() for folder in (place, rejects_place)):
            if output.exists():
                raise MigrationError(f"{output} exists; --force replaces it")
    with closing(WorkingFolder.acquire(WorkingFolder.beside(place))) as folder:
        done = _load(folder, resume=resume, force=force)
        for path, name in names.items():
            if path in done:
                summary = _read_done(path, place / name, done[path], details=details)
            else:
                # By the names that were given, which reports have.
                named = Path(target) / name, Path(named_rejects) / name
                summary = _migrate_file(path, *named, resume=resume, **options)
                _append(folder.path / _DONE, path, place / name, summary)
            _add(result, summary, path, progress)
        _remove_empty_folders(rejects_place, names.values())
        folder.remove()
    if result.summary.rejected:
        result.summary.rejects_path = str(rejects_place)
    return result


def is_interrupted(target: str) -> bool:
    """Return whether a migration of several files to a folder was interrupted and can be resumed."""
    return not is_stream(target) and WorkingFolder.beside(Path(os.path.realpath(target))).exists()


def _name_files(sources: Iterable[str], target: str, result: FolderResult, selection: Selection) -> dict[str, str]:
    """Return the files to migrate with the names that they get."""
    names: dict[str, str] = {}
    origins: dict[str, str] = {}
    for source in sources:
        if source == STANDARD:
            raise MigrationError("standard input cannot be one of several sources")
        # A question mark of a URL is no wildcard.
        if reason := explain_path(source):
            raise FileError(mask_path(source), reason)
        is_folder, root = Path(source).is_dir(), _find_root(source)
        if is_folder and Path(os.path.realpath(source)) in (real := Path(os.path.realpath(target)), *real.parents):
            raise MigrationError(f"{target} lies in {source}; name a folder elsewhere")
        found = find_files([source], selection)
        for path in found:
            name = Path(path).name if root is None else os.path.relpath(path, root)
            if origins.setdefault(name, path) != path:
                raise MigrationError(f"{origins[name]} and {path} would both be {name} in {target}")
            names[path] = name
        if is_folder:
            result.left_out += sorted(set(_iter_all(source)) - {os.path.normpath(path) for path in found})
    if not names:
        raise FileError(", ".join(sources), "has no file named .ndjson or .jsonl, compressed or not")
    return names


def _find_root(source: str) -> str | None:
    """Return the folder from which the names of the files of a source are kept; None of a single file."""
    if Path(source).is_dir():
        return source
    # A file may have brackets in its name and be no glob.
    if not is_glob(source) or os.path.lexists(source):
        return None
    fixed = "/".join(takewhile(lambda part: not is_glob(part), source.split("/")))
    return fixed or ("/" if source.startswith("/") else ".")


def _check_reports(reports: Iterable[str], sources: Iterable[str], folders: Iterable[Path]) -> None:
    """Check that no report, which is written at the end, replaces a file of the migration."""
    read = {*map(os.path.realpath, sources)}
    for report in reports:
        place = Path(os.path.realpath(report))
        if report != STANDARD and (str(place) in read or not {*folders}.isdisjoint((place, *place.parents))):
            raise MigrationError(f"{report} is one of the files of the migration, or lies in one of its folders")


def _iter_all(folder: str) -> Iterable[str]:
    for parent, _, files in os.walk(folder):
        yield from (os.path.normpath(os.path.join(parent, name)) for name in files)  # noqa: PTH118 - any text is a path


def _load(folder: WorkingFolder, *, resume: bool, force: bool) -> dict[str, Any]:
    """Return what is listed as complete, by its path; nothing when the migration begins."""
    path = folder.path / _DONE
    if not resume:
        if path.exists() and not force:
            raise MigrationError(f"{folder.path} has an interrupted migration; --resume goes on, --force starts again")
        folder.clear()
        folder.mark(has_repeatable_source=True)
    with wrap_os_errors(str(path)):
        lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
        # A line that was being written when the process was killed is cut off.
        whole = [line for line in lines if line.endswith(b"\n")]
        path.write_bytes(b"".join(whole))
    try:
        return {each["source"]: each for each in map(json.loads, whole)}
    except (ValueError, TypeError, KeyError):
        raise CannotResume(f"{path} is not a list of files of tcspec") from None


def _describe(path: str, target: Path) -> dict[str, Any]:
    """Return what shows whether a file and its target are as they were."""
    states = [read_state(path), read_state(target)]
    return {
        "source": path,
        "target": str(target),
        "states": [state and [state.size, state.modified_ns] for state in states],
    }


def _check(path: str, target: Path, done: dict[str, Any]) -> None:
    described = _describe(path, target)
    if changed := [described[key] for key in ("target", "states") if described[key] != done.get(key)]:
        raise CannotResume(f"{path} or {target} was changed since it was migrated ({len(changed)})")


def _read_done(path: str, target: Path, done: dict[str, Any], *, details: bool) -> Summary:
    """Return the counts of a file that is complete, when it and its target are as they were."""
    _check(path, target, done)
    summary = checkpoints.build_summary(done["summary"])
    if details and summary.details is None:
        raise CannotResume("changed since the checkpoint: has details")
    return summary


def _append(done: Path, path: str, target: Path, summary: Summary) -> None:
    entry = _describe(path, target) | {"summary": msgspec.to_builtins(summary)}
    with wrap_os_errors(str(done)), done.open("ab") as file:
        file.write(json.dumps(entry).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _migrate_file(path: str, target: Path, rejects: Path, *, resume: bool, **options: Any) -> Summary:  # noqa: ANN401
    """Migrate one file; its target may be there, because that is permitted or an earlier run wrote it."""
    with wrap_os_errors(str(target)):
        target.parent.mkdir(parents=True, exist_ok=True)
        rejects.parent.mkdir(parents=True, exist_ok=True)
        # A new folder outlasts a crash of the machine only when the one above it is written.
        sync_folder(target.parent.parent)
    summary = migrate(path, str(target), rejects=str(rejects), resume=resume, force=True, **options)
    # A file that is asked for is written even when it is empty, and an older one may be left.
    for each in (rejects, Path(reasons_path(str(rejects)))):
        with wrap_os_errors(str(each)):
            if not summary.rejected:
                each.unlink(missing_ok=True)
    for file in summary.details.files if summary.details and not summary.rejected else ():
        for role in (REJECTS, REASONS):
            file.outputs.pop(role, None)
    return summary


def _add(result: FolderResult, summary: Summary, path: str, progress: Callable[[Summary], None] | None) -> None:
    result.files += 1
    result.summary.merge(summary, path)
    if progress:
        progress(result.summary)


def _remove_empty_folders(folder: Path, names: Iterable[str]) -> None:
    """Remove the folders that were made for the rejects of files that have none."""
    for name in names:
        for parent in (folder / name).parents:
            if parent == folder.parent:
                break
            with suppress(OSError):
                parent.rmdir()
