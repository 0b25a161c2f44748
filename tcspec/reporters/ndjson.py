"""Results for streams: one JSON object a violation and line, with the file it is in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tcspec.reporters.json import as_dict
from tcspec.reporters.problems import of_file
from tcspec.reporters.results import FileFinished, ViolationResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tcspec.reporters.results import Result


def render(results: Iterable[Result]) -> Iterator[str]:
    """Tell everything that was found, expected or not, and what is wrong with files as a whole."""
    for result in results:
        match result:
            case ViolationResult(path, violation, expected, source):
                told = [as_dict(violation, source) | {"is_expected": expected}]
            case FileFinished(path):
                told = [as_dict(violation) | {"is_expected": False} for violation in of_file(result)]
            case _:
                continue
        yield from (f"{json.dumps({'path': path} | each)}\n" for each in told)
