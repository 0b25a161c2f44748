"""Which files several sources of a migration are, and what each is called in the folder that they are migrated to."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import permutations, takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from tcspec.detection import is_payload
from tcspec.files.compression import strip_suffix
from tcspec.files.documents import FileType, detect_file_type
from tcspec.files.formats import explain_path, mask_path
from tcspec.files.gitignore import parse_patterns
from tcspec.files.globs import is_glob, parse_glob
from tcspec.files.lines import STANDARD, FileError
from tcspec.files.remote import exists, is_remote, list_folder, open_place
from tcspec.files.selection import Selection, find_files, needs_search
from tcspec.jsontext.reader import decode_leniently
from tcspec.migration.arrays import is_array
from tcspec.migration.job import MigrationError, reasons_path
from tcspec.migration.undo_journal import is_journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

TAKEN = ".ndjson, .jsonl, .json (an array, or one event a line) or, with --column, .csv, .tsv or .parquet"
"""How the files in a folder are named that are taken, compressed or not."""
_SUFFIXES = (".ndjson", ".jsonl", ".json")
_TABLES = (".csv", ".tsv")
_PARQUET = ".parquet"
_EVERY_FILE = Selection(
    types=frozenset({FileType.NDJSON, FileType.JSON}), include=parse_patterns("/", ["*"]), respects_gitignore=False
)
_REASONS = reasons_path("")


@dataclass(slots=True)
class FoundFiles:
    """Files with the names that they get, and those in the folders that were left out."""

    names: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders that a migration writes to, as they were named."""

    target: str
    rejects: str
    journal: str | None

    @property
    def local(self) -> list[Path]:
        """Return those that are no URLs."""
        named = (self.target, self.rejects, self.journal)
        return [Path(os.path.realpath(each)) for each in named if each is not None and not is_remote(each)]

    def check(self) -> None:
        """Check that no two folders are one or lie in each other, and that no file is in their places.

        Raises:
            MigrationError: otherwise.
        """
        named = {"target": self.target, "rejects": self.rejects, "journals": self.journal}
        places = {role: Path(self.place(each)) for role, each in named.items() if each is not None}
        for (role, place), (other, inside) in permutations(places.items(), 2):
            if place in {inside, *inside.parents}:
                raise MigrationError(
                    f"the folder of the {other} is that of the {role}, or lies in it; name another one"
                )
        for place in self.local:
            if place.exists() and not place.is_dir():
                raise MigrationError(f"{place} is a file; what several files are migrated to are folders")

    @staticmethod
    def place(folder: str, name: str = "") -> str:
        """Return where a file is, by whatever names the folder is reached."""
        return join_place(folder if is_remote(folder) else os.path.realpath(folder), name)

    def find_existing(self, names: Iterable[str]) -> list[str]:
        """Return which files with such names are there, in any of the folders."""
        found = []
        for folder in (self.target, self.rejects, self.journal):
            if folder is not None:
                # A store is asked once, and not for each file.
                listed = {*list_folder(folder)} if is_remote(folder) else None
                for name in names:
                    place = self.place(folder, name)
                    if Path(place).exists() if listed is None else name in listed:
                        found.append(place)
        return found


def are_several(sources: Sequence[str]) -> bool:
    """Return whether sources are anything else than one file: several, a folder or a glob, also of URLs."""
    if len(sources) == 1 and is_remote(sources[0]):
        return _is_url_folder(sources[0])
    return len(sources) > 1 or needs_search(sources)


def join_place(folder: str, name: str) -> str:
    """Return where a file is in a folder, which may be a URL."""
    return f"{folder.rstrip('/')}/{name}" if is_remote(folder) else str(Path(folder) / name)


def name_rejects_folder(target: str, rejects: str | None) -> str:
    """Return the folder of the rejects of a target that is a folder, by default beside it."""
    # A path, because a target may end with a slash: its rejects would lie in it.
    return rejects or f"{target.rstrip('/') if is_remote(target) else Path(target)}.rejects"


def find_names(
    sources: Iterable[str], target: str, column: str | None = None, others: Sequence[str] = ()
) -> FoundFiles:
    """Return the files that sources stand for with the names that they get in a target.

    Args:
        sources: files, folders (of which files named `.ndjson` or `.jsonl`, and `.json` when they are arrays or have
            one event a line, are taken, compressed or not; with a column also `.csv`, `.tsv` and `.parquet`) and
            globs, each also of URLs.
        target: the folder.
        column: that of the payloads, if there is one.
        others: the other folders that the migration writes to. What a glob finds in them or in the target is left out:
            an interrupted run, or one before, may have written it.

    Raises:
        FileError: when there is no file, or a folder cannot be read.
        MigrationError: when two files would have the same name, or a folder that is written lies in a source.
    """
    result, origins = FoundFiles(), dict[str, str]()
    is_taken = _choose(has_column=column is not None)
    for source in sources:
        if source == STANDARD:
            raise MigrationError("standard input cannot be one of several sources")
        search = _search_url if is_remote(source) else _search_files
        for path, name in search(source, (target, *others), is_taken, result.left_out):
            if origins.setdefault(name, path) != path:
                raise MigrationError(f"{origins[name]} and {path} would both be {name} in {target}")
            result.names[path] = name
    if not result.names:
        raise FileError(", ".join(sources), f"has no file named {TAKEN}")
    return result


def _choose(*, has_column: bool) -> Callable[[str], bool]:
    """Return what tells whether a file in a folder is taken: by its name, and a document by its content."""
    named = (*_SUFFIXES, *_TABLES) if has_column else _SUFFIXES

    def is_taken(path: str) -> bool:
        is_named = strip_suffix(path).lower().endswith(named) or (has_column and path.lower().endswith(_PARQUET))
        return is_named and (detect_file_type(path) is not FileType.JSON or _is_store(path, has_column=has_column))

    return is_taken


def _is_our_own(path: str) -> bool:
    """Return whether a file was written by a migration beside its outputs: a journal, or the reasons of rejects."""
    if (rejects := path.removesuffix(_REASONS)) != path and Path(rejects).exists():
        return True
    # What cannot be read is an error when it is migrated.
    with suppress(FileError), open_place(path) as file:
        return is_journal(file.head)
    return False


def _is_store(path: str, *, has_column: bool) -> bool:
    """Return whether a file that is named as any document is an array, or has one event a line.

    Raises:
        FileError: when it cannot be read.
    """
    with open_place(path) as file:
        first = decode_leniently(file.head.partition(b"\n")[0])
        return is_array(path, file.head) or is_payload(first) or (has_column and isinstance(first, dict))


def _search_files(
    source: str, written: Sequence[str], is_taken: Callable[[str], bool], left_out: list[str]
) -> Iterator[tuple[str, str]]:
    # A question mark of a URL is no wildcard.
    if reason := explain_path(source):
        raise FileError(mask_path(source), reason)
    # `events/**` is the folder, as everywhere.
    source = folder if Path(folder := source.removesuffix("/**") or source).is_dir() else source
    is_folder, root = Path(source).is_dir(), _find_root(source)
    if is_folder and (inside := next((each for each in written if _lies_in(each, [source])), None)):
        raise MigrationError(f"{inside} lies in {source}; name a folder elsewhere")
    found = [path for path in find_files([source], _EVERY_FILE) if not is_folder or is_taken(path)]
    if root is not None:
        found = [path for path in found if not (_lies_in(path, written) or _is_our_own(path))]
    for path in found:
        yield path, Path(path).name if root is None else os.path.relpath(path, root)
    if is_folder:
        rest = set(_iter_all(source)) - {os.path.normpath(path) for path in found}
        # Those of programs, such as _SUCCESS and .crc, last: they are the ones that nobody misses.
        left_out += sorted(rest, key=lambda path: (Path(path).name.startswith((".", "_")), path))


def _search_url(
    source: str, written: Sequence[str], is_taken: Callable[[str], bool], left_out: list[str]
) -> Iterator[tuple[str, str]]:
    if not _is_url_folder(source):
        yield source, source.rpartition("/")[2]
        return
    # The name of a bucket has no wildcards, and neither has the scheme.
    parts = source.rstrip("/").split("/")
    fixed = list(takewhile(lambda part: not is_glob(part), parts))
    folder, glob = "/".join(fixed) + "/", "/".join(parts[len(fixed) :])
    places = [f"{each.rstrip('/')}/" for each in written]
    if not glob and (inside := next((each for each in places if each.startswith(folder)), None)):
        raise MigrationError(f"{inside.rstrip('/')} lies in {source}; name a folder elsewhere")
    try:
        matches = parse_glob(glob).matches if glob else None
    except ValueError as error:
        raise FileError(source, str(error)) from None
    for name in list_folder(folder):
        if matches and (folder + name).startswith(tuple(places)):
            continue
        if matches(name) if matches else is_taken(folder + name):
            yield folder + name, name
        elif not glob:
            left_out.append(folder + name)


def _is_url_folder(source: str) -> bool:
    """Return whether a URL is that of a folder, or a glob; an object may have brackets in its name and be no glob."""
    return is_remote(source) and (source.endswith("/") or (is_glob(source) and not exists(source)))


def _lies_in(path: str, folders: Iterable[str]) -> bool:
    """Return whether a path is one of some folders, or lies in one, by whatever names; URLs lie in none."""
    if is_remote(path):
        return False
    real = Path(os.path.realpath(path))
    return any(Path(os.path.realpath(each)) in {real, *real.parents} for each in folders if not is_remote(each))


def _find_root(source: str) -> str | None:
    """Return the folder from which the names of the files of a source are kept; None of a single file."""
    if Path(source).is_dir():
        return source
    # A file may have brackets in its name and be no glob.
    if not is_glob(source) or os.path.lexists(source):
        return None
    fixed = "/".join(takewhile(lambda part: not is_glob(part), source.split("/")))
    return fixed or ("/" if source.startswith("/") else ".")


def _iter_all(folder: str) -> Iterator[str]:
    for parent, folders, files in os.walk(folder):
        # Links to folders are not followed.
        paths = [os.path.join(parent, name) for name in (*files, *folders)]  # noqa: PTH118 - any text is a path
        yield from (os.path.normpath(path) for path in paths if not os.path.isdir(path) or os.path.islink(path))  # noqa: PTH112, PTH114 - as above
