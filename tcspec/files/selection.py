"""From arguments to files: files as they are named, folders, and globs that no shell has expanded.

What is found in a folder is sorted by the parts of its path, so that every run is the same. Links to folders are not
followed, which is what git does, and why no loop of links can be endless.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tcspec.files.documents import FileType, detect_file_type
from tcspec.files.gitignore import PatternList, read_gitignore, read_gitignores_above
from tcspec.files.globs import Glob, is_glob, parse_glob
from tcspec.files.lines import STANDARD, FileError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

SKIPPED_FOLDERS = frozenset({"node_modules", "site-packages"})
"""Folders of installed packages, which are not entered; nor are those whose names begin with a dot."""

_ALL_TYPES = frozenset(FileType)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which of the files in a folder are read.

    `types` are those that the command reads; `include` lists files of any name, instead of those whose names show their
    type. `exclude` counts for files that are named too when `forces_exclude`. `own` are files that the run itself needs
    or writes, such as its report.
    """

    types: frozenset[FileType] = _ALL_TYPES
    include: PatternList | None = None
    exclude: tuple[PatternList, ...] = ()
    respects_gitignore: bool = True
    forces_exclude: bool = False
    own: Collection[str] = field(default=())

    def has_type(self, path: str) -> bool:
        """Return whether a file in a folder is read, by its path."""
        file_type = detect_file_type(path)
        if self.include is None:
            return file_type in self.types
        return bool(self.include.decide(path, is_folder=False)) and (file_type is None or file_type in self.types)

    def excludes(self, path: str) -> bool:
        """Return whether a file that is named is not read."""
        return self.forces_exclude and any(each.includes(path) for each in self.exclude)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file or folder that is to be read: its path as it is shown, and its absolute path.

    As long as a glob has not matched, `glob` is the one that files must match, and `relative` what it is matched with.
    """

    path: str
    absolute: str
    is_folder: bool
    glob: Glob | None = None
    relative: str = ""
    depth: int | None = None


def needs_search(paths: Iterable[str]) -> bool:
    """Return whether one of some arguments is not simply the name of a file."""
    return any(_is_folder(path) or _is_unexpanded(path) for path in paths)


def find_files(paths: Iterable[str], selection: Selection) -> tuple[str, ...]:
    """Return the files that arguments stand for, in the order of the arguments; what is found is there once.

    A file that is named is there whether or not it exists. A folder that cannot be listed stands for itself: whoever
    opens it as a file gets the reason.

    Raises:
        FileError: when no file matches a glob, or a `.gitignore` cannot be read.
    """
    paths = tuple(paths)
    # Neither a file that is named as well nor what the run itself writes is found in a folder.
    seen = {os.path.abspath(path) for path in (*paths, *selection.own) if path != STANDARD}  # noqa: PTH100 - links stay
    found: list[str] = []
    for path in paths:
        root = _find_root(path)
        if root:
            matching = list(_walk(root, selection))
            if root.glob and not matching:
                raise FileError(path, "no file matches; hidden and ignored files are not searched")
            entries = [entry for entry in matching if entry.absolute not in seen]
            found += (entry.path for entry in entries)
            seen.update(entry.absolute for entry in entries)
        elif path == STANDARD or not selection.excludes(os.path.abspath(path)):  # noqa: PTH100 - as above
            found.append(path)
    return tuple(found)


def _is_folder(path: str) -> bool:
    return path != STANDARD and os.path.isdir(path)  # noqa: PTH112 - any text is a path here


def _is_unexpanded(path: str) -> bool:
    return path != STANDARD and is_glob(path) and not os.path.lexists(path)


def _find_root(path: str) -> _Entry | None:
    """Return the folder that an argument stands for, or in which its glob is to be searched; None of a file."""
    if _is_folder(path):
        return _Entry(path, os.path.abspath(path), is_folder=True)  # noqa: PTH100 - links stay as they are
    if not _is_unexpanded(path):
        return None
    # `events/**` is everything below, as `events` is.
    parts = path.removesuffix("/**").removesuffix("/").split("/")
    first = next((index for index, part in enumerate(parts) if is_glob(part)), len(parts))
    folder = "/".join(parts[:first]) or ("/" if path.startswith("/") else "")
    absolute = os.path.abspath(folder)  # noqa: PTH100 - as above
    if parts[first:] in ([], ["**"]):
        return _Entry(folder, absolute, is_folder=True)
    glob = "/".join(parts[first:])
    depth = None if "**" in glob else len(parts) - first
    try:
        return _Entry(folder, absolute, is_folder=True, glob=parse_glob(glob), depth=depth)
    except ValueError as error:
        raise FileError(path, str(error)) from None


def _walk(root: _Entry, selection: Selection) -> Iterator[_Entry]:
    """Yield the files below a folder, and the folders that cannot be listed."""
    above = tuple(read_gitignores_above(root.absolute)) if selection.respects_gitignore else ()
    # A stack and no recursion: folders may be nested deeper than Python's stack.
    waiting = [(root, above)]
    while waiting:
        entry, gitignores = waiting.pop()
        if not entry.is_folder:
            yield entry
            continue
        try:
            with os.scandir(entry.path or ".") as scanned:
                children = sorted(scanned, key=lambda each: each.name, reverse=True)
        except NotADirectoryError:
            continue  # the glob `a.json/*` matches nothing
        except OSError:
            yield entry
            continue
        own = read_gitignore(entry.absolute) if selection.respects_gitignore else None
        gitignores = (*gitignores, own) if own else gitignores
        selected = (_select(entry, child, selection, gitignores) for child in children)
        waiting += ((child, gitignores) for child in selected if child)


def _select(
    parent: _Entry, scanned: os.DirEntry[str], selection: Selection, gitignores: tuple[PatternList, ...]
) -> _Entry | None:
    """Return a file or folder in a folder if it is to be read."""
    name = scanned.name
    is_folder = scanned.is_dir(follow_symlinks=False)
    if name.startswith(".") or (is_folder and name in SKIPPED_FOLDERS):
        return None
    relative = f"{parent.relative}/{name}" if parent.relative else name
    is_match = parent.glob is None or parent.glob.matches(relative)
    absolute = os.path.join(parent.absolute, name)  # noqa: PTH118 - as it is
    if is_folder:
        depth = None if parent.depth is None else parent.depth - 1
        if not is_match and depth == 0:
            return None
    elif not _is_file(scanned) or not is_match or not (parent.glob or selection.has_type(absolute)):
        return None
    decisions = (each.decide(absolute, is_folder=is_folder) for each in (*selection.exclude, *reversed(gitignores)))
    if next((decision for decision in decisions if decision is not None), False):
        return None
    path = os.path.join(parent.path, name)  # noqa: PTH118 - as it is
    # Nobody writes `./` in a report; only a file that is named as standard input is needs it.
    path = f"./{STANDARD}" if path.removeprefix("./") == STANDARD else path.removeprefix("./")
    if not is_folder or is_match:
        return _Entry(path, absolute, is_folder=is_folder)
    return _Entry(path, absolute, is_folder=True, glob=parent.glob, relative=relative, depth=depth)


def _is_file(scanned: os.DirEntry[str]) -> bool:
    """Return whether something in a folder is a file; a link is whose target is a file or missing, as that is reported.

    Pipes and devices are not: to open one may wait for ever.
    """
    if not scanned.is_symlink():
        return scanned.is_file()
    return os.path.isfile(scanned.path) or not os.path.exists(scanned.path)  # noqa: PTH110, PTH113 - as it is
