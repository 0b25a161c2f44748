"""`tcspec schema --compare`: does a new version of a schema, or of each in a folder, accept what the old one did?"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tcspec.cli.exits import Exit
from tcspec.cli.terminal import print_error, use_utf8, write, write_data
from tcspec.contract.compatibility import SAFE, Comparison, compare
from tcspec.contract.subschemas import InvalidSchema, Schema
from tcspec.files.lines import FileError, wrap_os_errors
from tcspec.files.side_files import parse_json, read_side_file
from tcspec.reporters.text import shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LONGEST = 60
"""How many characters a string of a counterexample may have on a terminal."""
_BEGINNING = 20


@dataclass(frozen=True, slots=True)
class _Result:
    """The result for one schema; there is no comparison when only one side has it."""

    name: str
    verdict: str
    comparison: Comparison | None = None

    @property
    def is_safe(self) -> bool:
        """Return whether nothing that was accepted can be rejected now."""
        # What is new rejects nothing that was accepted before.
        return self.verdict in {*SAFE, "new"}


def compare_schemas(old: str, new: str, output_format: str, load_published: Callable[[str], str]) -> int:
    """Compare two files, published schemas or folders, print the verdicts, and return the exit code.

    Args:
        old: a file, the name of a published schema, or a folder.
        new: likewise; a folder goes with a folder.
        output_format: `text` or `json`.
        load_published: returns the text of a published schema by its name.

    Raises:
        FileError: when something is not a schema that can be compared.
    """
    folders = [_is_folder(name) for name in (old, new)]
    if any(folders) and not all(folders):
        folder, other = (old, new) if folders[0] else (new, old)
        raise FileError(other, f"expected a folder, because {folder} is one")
    if all(folders):
        results = _compare_folders(Path(old), Path(new))
    else:
        schemas = (_build_schema(name, _load(name, load_published)) for name in (old, new))
        results = [_compare(f"{old} -> {new}", *schemas)]
    if output_format == "json":
        use_utf8()
        write_data(_format_json(results))
    else:
        for line in itertools.chain.from_iterable(map(_format_text, results)):
            write(line)
    return Exit.FINE if all(result.is_safe for result in results) else Exit.FOUND


def _compare(name: str, old: Schema, new: Schema) -> _Result:
    comparison = compare(old, new)
    return _Result(name, comparison.verdict, comparison)


def _compare_folders(old: Path, new: Path) -> list[_Result]:
    before, after = _read_folder(old), _read_folder(new)
    results = []
    for name in sorted(before.keys() | after.keys()):
        if name in before and name in after:
            schemas = (_build_schema(str(old / name), before[name]), _build_schema(str(new / name), after[name]))
            results.append(_compare(name, *schemas))
        else:
            results.append(_Result(name, "new" if name in after else "removed"))
    return results


def _read_folder(folder: Path) -> dict[str, Any]:
    """Return the schemas of a folder by their relative paths.

    Raises:
        FileError: when there are none, or a file cannot be read.
    """
    schemas = {}
    for path in sorted(folder.rglob("*.json")):
        content = _read(str(path))
        # The catalogue of a folder is no schema, and cannot be compared as one.
        if isinstance(content, dict) and "$schema" in content:
            schemas[path.relative_to(folder).as_posix()] = content
        else:
            print_error(f"{path} has no $schema and is skipped")
    if not schemas:
        raise FileError(str(folder), "no schema found; a schema has a $schema")
    return schemas


def _is_folder(name: str) -> bool:
    with wrap_os_errors(name):
        return Path(name).is_dir()


def _load(name: str, load_published: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON value
    path = Path(name)
    with wrap_os_errors(name):
        # With this ending it is a file also when it is missing, and the error is about that file.
        is_file = path.suffix == ".json" or path.exists()
    if is_file:
        return _read(name)
    content = parse_json(load_published(name).encode(), name).value
    if "$schema" not in content:
        raise FileError(name, "it is not a JSON Schema")
    return content


def _read(path: str) -> Any:  # noqa: ANN401 - any JSON value
    return parse_json(read_side_file(path), path).value


def _build_schema(name: str, content: Any) -> Schema:  # noqa: ANN401 - any JSON value
    try:
        return Schema(content)
    except InvalidSchema as error:
        raise FileError(name, f"it is not a JSON Schema: {error}") from None


def _format_text(result: _Result) -> Iterator[str]:
    yield f"{result.name}: {result.verdict}\n"
    if result.comparison and result.verdict == "breaking":
        yield f"  accepted before, rejected now: {_format_payload(result.comparison.counterexample)}\n"


def _format_json(results: list[_Result]) -> str:
    schemas = []
    for result in results:
        schema: dict[str, Any] = {"name": result.name, "verdict": result.verdict, "is_safe": result.is_safe}
        if result.comparison and result.verdict == "breaking":
            schema["counterexample"] = result.comparison.counterexample
        schemas.append(schema)
    return json.dumps({"format_version": 1, "schemas": schemas}, indent=2) + "\n"


def _format_payload(payload: Any) -> str:  # noqa: ANN401 - any JSON value
    return shorten(json.dumps(_shorten(payload), ensure_ascii=False))


def _shorten(payload: Any) -> Any:  # noqa: ANN401 - any JSON value
    match payload:
        case str() if len(payload) > _LONGEST:
            return f"{payload[:_BEGINNING]}… ({len(payload):,} characters)"
        case dict():
            return {_shorten(key): _shorten(value) for key, value in payload.items()}
        case list():
            return [_shorten(value) for value in payload]
    return payload
