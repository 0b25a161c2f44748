"""Baselines: known violations, so that an old corpus passes and only new violations fail.

A baseline has paths, codes, pointers and counts, sorted, one entry per line, and no value of a payload.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tcspec.files.lines import STANDARD, FileError
from tcspec.files.side_files import MAX_COUNT, describe, is_count, parse_json, read_side_file, relative_path
from tcspec.jsontext.pointer import join
from tcspec.personal import mask_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tcspec.files.side_files import JsonFile

    Key = tuple[str, str]
    """The code and the pointer of a known violation."""

FORMAT_VERSION = 1
"""The version of the format, which every baseline has."""

MAX_LENGTH = 32 * 1024 * 1024
"""How many bytes a baseline may have, some 300,000 entries."""

_FIELDS = ("path", "code", "pointer", "count")


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known violations by the path of their file, relative to `folder`."""

    folder: Path
    known: Mapping[str, Counter[Key]]

    def known_in(self, path: str) -> Counter[Key]:
        """Return how often each violation of a file is known."""
        # A copy, because the caller counts down what it finds.
        return Counter(self.known.get(relative_path(self.folder, path), {}))

    def iter_missing_files(self) -> Iterator[tuple[str, Counter[Key]]]:
        """Yield the known violations of files that no longer exist."""
        for path, known in self.known.items():
            if path != STANDARD and not os.path.exists(self.folder / path):  # noqa: PTH110 - also of impossible names
                yield path, known


def read_baseline(path: str) -> Baseline:
    """Read a baseline from its file.

    Raises:
        FileError: when it cannot be read, is no baseline, or has another format.
    """
    raw = read_side_file(path, MAX_LENGTH)
    known: dict[str, Counter[Key]] = {}
    try:
        # The names of files that are not UTF-8 have surrogates, also where they were written.
        for entry in _parse_entries(parse_json(raw, path, allow_lone_surrogates=True)):
            known.setdefault(entry["path"], Counter())[entry["code"], mask_pointer(entry["pointer"])] += entry["count"]
    except FileError as error:
        raise FileError(path, f"not a baseline (--write-baseline writes one): {error.reason}") from None
    return Baseline(Path(path).parent, known)


def format_baseline(known: Mapping[tuple[str, str, str], int]) -> str:
    """Return the text of a baseline with these counts by path, code and pointer."""
    entries = (dict(zip(_FIELDS, (*key, count), strict=True)) for key, count in sorted(known.items()))
    lines = ",\n".join(f"  {json.dumps(entry)}" for entry in entries)
    head = f'{{"baseline_version": {FORMAT_VERSION}, "violations": ['
    return f"{head}\n{lines}\n]}}\n" if lines else f"{head}]}}\n"


def _parse_entries(file: JsonFile) -> Iterator[dict[str, Any]]:
    """Yield the entries of a baseline; raise at the first place that no baseline has."""
    _require_keys(file, "", file.value, ("baseline_version", "violations"))
    version, entries = file.value["baseline_version"], file.value["violations"]
    if type(version) is not int or version != FORMAT_VERSION:
        raise file.error("/baseline_version", f"version {FORMAT_VERSION} of the format of baselines", describe(version))
    if not isinstance(entries, list):
        raise file.error("/violations", "an array", describe(entries))
    for index, entry in enumerate(entries):
        pointer = join(("violations", index))
        _require_keys(file, pointer, entry, _FIELDS)
        for name in _FIELDS:
            if name == "count" and not is_count(entry[name]):
                raise file.error(f"{pointer}/{name}", f"an integer from 1 to {MAX_COUNT:,}", describe(entry[name]))
            if name != "count" and not isinstance(entry[name], str):
                raise file.error(f"{pointer}/{name}", "a string", describe(entry[name]))
        yield entry


def _require_keys(file: JsonFile, pointer: str, value: object, keys: Iterable[str]) -> None:
    if not isinstance(value, dict):
        raise file.error(pointer, "an object", describe(value))
    for key in keys:
        if key not in value:
            raise file.error(pointer, f"the key `{key}`", "none")
