"""`tcspec schema --compare`: two versions of a schema, or two folders of them, and what became of what they take."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tcspec.cli.exits import Exit
from tcspec.cli.terminal import print_error, write
from tcspec.errors import UnreadablePayload
from tcspec.evolution import comparing, reading
from tcspec.files.lines import FileError
from tcspec.jsontext.reader import DEFAULT_LIMITS, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from tcspec.evolution.comparing import Comparison
    from tcspec.evolution.reading import Document

_LONG = 60
"""How many characters a text of a counter-example may have on a terminal."""
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class _Line:
    """What is said of one schema; of one that only one side has there is no comparison."""

    name: str
    verdict: str
    comparison: Comparison | None = None

    @property
    def is_safe(self) -> bool:
        return self.comparison.is_safe if self.comparison else self.verdict == _NEW


_NEW = "new"
_REMOVED = "removed"


def compare(old: str, new: str, form: str, published: Callable[[str], str]) -> int:
    """Compare what two names lead to: files, folders, or published schemas, whose text `published` gives."""
    folders = [Path(name).is_dir() for name in (old, new)]
    if any(folders) and not all(folders):
        one, other = (old, new) if folders[0] else (new, old)
        raise FileError(other, f"no folder, as {one} is")
    if all(folders):
        lines = _of_folders(Path(old), Path(new))
    else:
        lines = [_line(f"{old} -> {new}", *(_document(name, _content(name, published)) for name in (old, new)))]
    write(_as_json(lines) if form == "json" else "".join(map(_as_text, lines)))
    return Exit.FINE if all(line.is_safe for line in lines) else Exit.FOUND


def _line(name: str, old: Document, new: Document) -> _Line:
    comparison = comparing.compare_documents(old, new)
    return _Line(name, comparison.verdict, comparison)


def _of_folders(old: Path, new: Path) -> list[_Line]:
    before, after = _schemas(old), _schemas(new)
    for folder, found in ((old, before), (new, after)):
        if not found:
            raise FileError(str(folder), "there is no schema in it; a schema says so by its $schema")
    lines = []
    for name in sorted(before.keys() | after.keys()):
        if name in before and name in after:
            lines.append(_line(name, _document(str(old / name), before[name]), _document(str(new / name), after[name])))
        else:
            lines.append(_Line(name, _NEW if name in after else _REMOVED))
    return lines


def _schemas(folder: Path) -> dict[str, Any]:
    """Read the schemas of a folder by their relative paths."""
    found = {}
    for path in sorted(folder.rglob("*.json")):
        content = _json(str(path), _bytes(path))
        if isinstance(content, dict) and "$schema" in content:
            found[path.relative_to(folder).as_posix()] = content
        else:
            print_error(f"{path} has no $schema and is passed over")
    return found


def _content(name: str, published: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON value
    path = Path(name)
    if path.exists() or path.suffix == ".json":
        return _json(name, _bytes(path))
    content = _json(name, published(name).encode())
    if "$schema" not in content:
        raise FileError(name, "no JSON Schema")
    return content


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(DEFAULT_LIMITS.length + 1)
    except OSError as error:
        raise FileError(str(path), error.strerror or str(error)) from None


def _json(name: str, raw: bytes) -> Any:  # noqa: ANN401 - any JSON value
    try:
        return read(raw)
    except UnreadablePayload as error:
        first = error.violations[0]
        where = f" (line {first.line}, column {first.column})" if first.line else ""
        raise FileError(name, f"no JSON: {first.message}{where}") from None


def _document(name: str, content: Any) -> Document:  # noqa: ANN401 - any JSON value
    try:
        return reading.read(content)
    except reading.NoSchema as error:
        raise FileError(name, str(error)) from None


def _as_text(line: _Line) -> str:
    if line.comparison is None:
        return f"{line.name}: {line.verdict}\n"
    forward, backward = line.comparison.forward, line.comparison.backward
    known = _KNOWN.get((forward.covers, backward.covers))
    said = [f"{line.name}: {line.verdict}{f' ({known})' if known else ''}"]
    if forward.witness:
        said.append(f"  taken before, refused now: {_spelt(_shortened(forward.witness.payload))}")
    if backward.witness:
        said.append(f"  refused before, taken now: {_spelt(_shortened(backward.witness.payload))}")
    return "".join(f"{each}\n" for each in said)


_KNOWN = {
    (True, None): "identical or wider",
    (False, None): "narrower or incomparable",
    (None, True): "identical or narrower",
    (None, False): "wider or incomparable",
}
"""What is known where one question is open: does the new schema cover the old one, does the old cover the new one."""


def _as_json(lines: list[_Line]) -> str:
    schemas = []
    for line in lines:
        told: dict[str, Any] = {"name": line.name, "verdict": line.verdict, "is_safe": line.is_safe}
        if line.comparison is not None:
            forward, backward = line.comparison.forward, line.comparison.backward
            told |= {"covers_old": forward.covers, "covered_by_old": backward.covers}
            told |= {"refused_now": forward.witness.payload} if forward.witness else {}
            told |= {"taken_now": backward.witness.payload} if backward.witness else {}
        schemas.append(told)
    return json.dumps({"format_version": 1, "schemas": schemas}, ensure_ascii=False, indent=2) + "\n"


def _spelt(payload: Any) -> str:  # noqa: ANN401 - any JSON value
    return json.dumps(payload, ensure_ascii=False, separators=(", ", ": "))


def _shortened(payload: Any) -> Any:  # noqa: ANN401 - any JSON value
    match payload:
        case str() if len(payload) > _LONG:
            return f"{payload[:_SHOWN]}… ({len(payload):,} characters)"
        case dict():
            return {_shortened(key): _shortened(value) for key, value in payload.items()}
        case list():
            return [_shortened(value) for value in payload]
    return payload
