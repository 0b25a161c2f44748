"""Migrate to a URL: into a folder in the working folder first, and then its complete files are uploaded.

The folder is locked, and has everything that `--resume` needs, whether the migration was interrupted or an upload. The
target is uploaded last: where it is, everything is.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tcspec import __version__
from tcspec.files.atomic import write_file
from tcspec.files.lines import FileError, wrap_os_errors
from tcspec.files.remote import is_remote, read_remote_state, upload
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.migration import checkpoints, engine
from tcspec.migration.folder_names import name_rejects_folder
from tcspec.migration.job import MigrationError, reasons_path
from tcspec.migration.output_files import CannotResume
from tcspec.migration.record_formats import RecordFormat
from tcspec.migration.running import hash_file
from tcspec.migration.working_folder import LOCK, WorkingFolder

if TYPE_CHECKING:
    from collections.abc import Callable

    from tcspec.migration.summary import Summary

_DECIDING = {
    "column": None, "limits": DEFAULT_LIMITS, "on_invalid": "keep", "since": None, "until": None, "validate": True,
    "where_event": (), "details": False,
}  # fmt: skip
"""The options that decide on what is written, with their defaults."""
_REJECTS = "rejects."
"""What the name of a file begins with that has a URL of its own."""
_PLACES = "places.json"
"""What was behind the URLs when the migration began."""
_DONE = "done.json"
"""Written when the migration is complete; only uploads are left then."""


def migrate(  # noqa: PLR0913 - the options of one command
    source: str,
    target: str,
    *,
    rejects: str | None = None,
    resume: bool = False,
    force: bool = False,
    dry_run: bool = False,
    has_empty_rejects: bool = True,
    done: Callable[[Summary], None] | None = None,
    **options: Any,  # noqa: ANN401 - those of `engine.migrate`
) -> Summary:
    """Migrate a file as `engine.migrate` does; the target, and then the rejects too, may be URLs.

    Without `has_empty_rejects` they are written only when there are any. `done` is called with the counts when
    everything is in its place, and can still be resumed.

    Raises:
        TcspecError: as `engine.migrate`.
    """
    if dry_run or not is_remote(target):
        options |= {"has_empty_rejects": has_empty_rejects, "done": done}
        return engine.migrate(source, target, rejects=rejects, resume=resume, force=force, dry_run=dry_run, **options)
    with closing(WorkingFolder.acquire(find_working_folder(target))) as folder:
        folder.mark(has_repeatable_source=True)
        place = folder.path / _name(target)
        job = {"source": source, "rejects": rejects, "tcspec": __version__, "options": _describe(options)}
        summary = _load(folder.path, job) if resume else None
        places = _Places(target, rejects, folder.path / _PLACES)
        goes_on = summary is not None or (resume and engine.is_interrupted(str(place)))
        if not goes_on and not force:
            _refuse_to_replace(places, folder, place)
        if not goes_on or force:
            places.save()
        if summary is None:
            _clear(folder.path)
            # The folder is our own: what is in it may be replaced.
            summary = engine.migrate(
                source, str(place), rejects=_place_rejects(folder.path, target, rejects), resume=resume, force=True,
                **options,
            )  # fmt: skip
            _save(folder.path, job, summary)
        if not summary.rejected and not has_empty_rejects:
            _clear(folder.path, keeping=place)
        _upload(folder.path, places, summary)
        if done:
            done(summary)
        folder.remove()
    return summary


def is_interrupted(target: str) -> bool:
    """Return whether a migration to a target was interrupted and can be resumed."""
    return find_working_folder(target).exists() if is_remote(target) else engine.is_interrupted(target)


def find_working_folder(target: str) -> Path:
    """Return the working folder of a target: of a URL here; those of equal names in different folders differ."""
    if not is_remote(target):
        return WorkingFolder.beside(Path(os.path.realpath(target)))
    target = target.rstrip("/")
    return Path.cwd() / f"{_name(target)}-{hashlib.sha256(target.encode()).hexdigest()[:8]}.migration"


def list_others(target: str, rejects: str | None, journal: str | None = None) -> list[str]:
    """Return the folders beside the target that a migration of several files writes to, the working folder too."""
    others = [name_rejects_folder(target, rejects), str(find_working_folder(target))]
    return others if journal is None else [*others, journal]


def _name(url: str) -> str:
    name = url.rpartition("/")[2]
    if not name:
        raise MigrationError(f"{url} is a folder; name a file")
    return name


def _describe(options: dict[str, Any]) -> str:
    """Return the options that decide on what is written."""
    return repr([(name, options.get(name, default)) for name, default in _DECIDING.items()])


def _place_rejects(folder: Path, target: str, rejects: str | None) -> str | None:
    """Return where rejects are written: in the folder, unless a local file was named."""
    if rejects is None or not is_remote(rejects):
        return rejects
    # In other folders they may have equal names, as of several files they do.
    staged = _REJECTS + _name(rejects)
    if rejects == target or staged == _name(target):
        raise MigrationError("the target and the rejects need different names")
    return str(folder / staged)


@dataclass(frozen=True, slots=True)
class _Places:
    """The URLs of a target and of rejects, if these have one, and the file that has their states at the beginning."""

    target: str
    rejects: str | None
    file: Path

    @property
    def urls(self) -> list[str]:
        """Return every URL to which something may be uploaded; what rejects are called depends on the source."""
        names = [self.rejects] if self.rejects else [f"{self.target}.rejects.{each.suffix}" for each in RecordFormat]
        rejects = [each for each in dict.fromkeys(names) if is_remote(each)]
        return [self.target, *rejects, *map(reasons_path, rejects)]

    def find_url(self, path: Path) -> str:
        """Return where a file is uploaded: beside the target, unless it has a URL of its own."""
        if self.rejects is not None and is_remote(self.rejects) and path.name != _name(self.target):
            return f"{self.rejects.rpartition('/')[0]}/{path.name.removeprefix(_REJECTS)}"
        return f"{self.target.rpartition('/')[0]}/{path.name}"

    def save(self) -> None:
        """Note what there is before anything is written."""
        states = checkpoints.note_places({url: read_remote_state(url) for url in self.urls})
        write_file(str(self.file), json.dumps(states).encode())

    def is_ours(self, path: Path, url: str) -> bool:
        """Return whether a file was uploaded before.

        Raises:
            FileError: when there is something at its URL that was not there at the beginning.
        """
        with wrap_os_errors(str(self.file)):
            noted = json.loads(self.file.read_bytes()).get(url)
        state = read_remote_state(url)
        if state is None or [state.size, state.modified_ns] == noted:
            return False
        if hash_file(url) != hash_file(str(path)):
            raise FileError(url, checkpoints.FOREIGN)
        return True


def _refuse_to_replace(places: _Places, folder: WorkingFolder, place: Path) -> None:
    if (folder.path / _DONE).exists() or engine.is_interrupted(str(place)):
        raise checkpoints.explain_interrupted(folder.path)
    for url in places.urls:
        state = read_remote_state(url)
        # Rejects may have been fixed by hand since, as beside a file here.
        if state is not None and (url == places.target or state.size):
            folder.remove()
            raise checkpoints.explain_existing(url)


def _clear(folder: Path, keeping: Path | None = None) -> None:
    """Remove the files of an earlier run, or all but one; the working folder of the engine is its own affair."""
    for path in _list_files(folder):
        if path != keeping:
            path.unlink()
    if keeping is None:
        (folder / _DONE).unlink(missing_ok=True)


def _list_files(folder: Path) -> list[Path]:
    """Return the complete files in the folder."""
    with wrap_os_errors(str(folder)):
        return sorted(path for path in folder.iterdir() if path.is_file() and path.name not in {_DONE, _PLACES, LOCK})


def _save(folder: Path, job: dict[str, Any], summary: Summary) -> None:
    write_file(str(folder / _DONE), json.dumps({"job": job, "summary": msgspec.to_builtins(summary)}).encode())


def _load(folder: Path, job: dict[str, Any]) -> Summary | None:
    """Return the counts of a migration that is complete but for its uploads.

    Raises:
        CannotResume: when it is another one.
    """
    path = folder / _DONE
    with wrap_os_errors(str(path)):
        if not path.exists():
            return None
        done = json.loads(path.read_bytes())
    if differing := [name for name, value in job.items() if done["job"].get(name) != value]:
        raise CannotResume(f"changed since the migration was complete: {', '.join(differing)}")
    return checkpoints.build_summary(done["summary"])


def _upload(folder: Path, places: _Places, summary: Summary) -> None:
    """Upload what the folder has, but for what was uploaded before."""
    urls: dict[str | None, str] = {}
    # The target last: where it is, everything is.
    for path in sorted(_list_files(folder), key=lambda each: each.name == _name(places.target)):
        url = places.find_url(path)
        if not places.is_ours(path, url):
            upload(path, url)
        urls[str(path)] = url
    # Reports name the objects, not the files that they were.
    summary.rejects_path = urls.get(summary.rejects_path, summary.rejects_path)
    for file in summary.details.files if summary.details else ():
        for role, output in file.outputs.items():
            file.outputs[role] = replace(output, path=urls.get(output.path, output.path))
