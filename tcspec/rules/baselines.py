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

from tcspec.errors import TcspecError
from tcspec.files.lines import STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Key = tuple[str, str]
    """The code and the pointer of a known violation."""

FORMAT_VERSION = 1
"""The version of the format, which every baseline has."""

_FIELDS = {"path": str, "code": str, "pointer": str, "count": int}


@dataclass(eq=False)
class InvalidBaseline(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """A file that is not a baseline."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason} (--write-baseline writes one)"


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known violations by the path of their file, relative to `folder`."""

    folder: Path
    known: Mapping[str, Counter[Key]]

    def known_in(self, path: str) -> Counter[Key]:
        """Return how often each violation of a file is known."""
        return Counter(self.known.get(relative_path(self.folder, path), {}))

    def iter_missing_files(self) -> Iterator[tuple[str, Counter[Key]]]:
        """Yield the known violations of files that no longer exist."""
        for path, known in self.known.items():
            if path != STANDARD and not os.path.exists(self.folder / path):  # noqa: PTH110 - also of impossible names
                yield path, known


def relative_path(folder: Path, path: str) -> str:
    """Return a path as a baseline in a folder has it; standard input stays as it is."""
    return path if path == STANDARD else Path(os.path.relpath(path, folder)).as_posix()


def read_baseline(raw: bytes, path: str) -> Baseline:
    """Read the text of the baseline with this path.

    Raises:
        InvalidBaseline: when it is not a baseline, or has another format.
    """
    try:
        document = json.loads(raw)
        if document["baseline_version"] != FORMAT_VERSION:
            raise InvalidBaseline(path, f"expected version {FORMAT_VERSION} of the format of baselines")
        known: dict[str, Counter[Key]] = {}
        for entry in document["violations"]:
            _check_entry(entry)
            known.setdefault(entry["path"], Counter())[entry["code"], entry["pointer"]] += entry["count"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise InvalidBaseline(path, "not a baseline") from None
    return Baseline(Path(path).parent, known)


def format_baseline(known: Mapping[tuple[str, str, str], int]) -> str:
    """Return the text of a baseline with these counts by path, code and pointer."""
    entries = (dict(zip(_FIELDS, (*key, count), strict=True)) for key, count in sorted(known.items()))
    lines = ",\n".join(f"  {json.dumps(entry)}" for entry in entries)
    head = f'{{"baseline_version": {FORMAT_VERSION}, "violations": ['
    return f"{head}\n{lines}\n]}}\n" if lines else f"{head}]}}\n"


def _check_entry(entry: Any) -> None:  # noqa: ANN401 - any JSON value
    if any(type(entry[name]) is not field_type for name, field_type in _FIELDS.items()) or entry["count"] < 1:
        raise TypeError
