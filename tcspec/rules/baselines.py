"""Baselines: the violations that are known, so that an old corpus can start clean and only what is new fails.

A baseline holds paths, codes, pointers and counts, sorted, one a line, and no value of any payload.
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
    """What tells the known violations of a file apart: code and pointer."""

FORMAT_VERSION = 1
"""The version of the format: it is in every baseline."""

_FIELDS = {"path": str, "code": str, "pointer": str, "count": int}


@dataclass
class WrongBaseline(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """A file that should hold a baseline and holds something else."""

    path: str
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}; --write-baseline writes one"


@dataclass(frozen=True, slots=True)
class Baseline:
    """The known violations by the path of their file, which is relative to `folder`."""

    folder: Path
    known: Mapping[str, Counter[Key]]

    def of(self, path: str) -> Counter[Key]:
        """Give how often each violation of a file is known."""
        return Counter(self.known.get(relative_to(self.folder, path), {}))

    def missing_files(self) -> Iterator[tuple[str, Counter[Key]]]:
        """Give what is known of files that are not there any more."""
        for path, known in self.known.items():
            if path != STANDARD and not os.path.exists(self.folder / path):  # noqa: PTH110 - also of impossible names
                yield path, known


def relative_to(folder: Path, path: str) -> str:
    """Spell a path as a baseline in a folder has it; standard input is itself."""
    return path if path == STANDARD else Path(os.path.relpath(path, folder)).as_posix()


def read_baseline(raw: bytes, path: str) -> Baseline:
    """Read the text of a baseline that stands at a path.

    Raises:
        WrongBaseline: when it is none, or of a format that is not known.
    """
    try:
        document = json.loads(raw)
        if document["baseline_version"] != FORMAT_VERSION:
            raise WrongBaseline(path, f"only format {FORMAT_VERSION} of baselines is known")
        known: dict[str, Counter[Key]] = {}
        for entry in document["violations"]:
            each = _entry(entry)
            known.setdefault(each["path"], Counter())[each["code"], each["pointer"]] += each["count"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise WrongBaseline(path, "it is no baseline") from None
    return Baseline(Path(path).parent, known)


def _entry(given: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON value
    if any(type(given[name]) is not kind for name, kind in _FIELDS.items()) or given["count"] < 1:
        raise TypeError
    return {name: given[name] for name in _FIELDS}


def spelt(known: Mapping[tuple[str, str, str], int]) -> str:
    """Spell a baseline: counts by path, code and pointer."""
    entries = (dict(zip(_FIELDS, (*key, count), strict=True)) for key, count in sorted(known.items()))
    lines = ",\n".join(f"  {json.dumps(entry)}" for entry in entries)
    opening = f'{{"baseline_version": {FORMAT_VERSION}, "violations": ['
    return f"{opening}\n{lines}\n]}}\n" if lines else f"{opening}]}}\n"
