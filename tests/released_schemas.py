"""The schemas of every release: what a release accepted stays accepted until a new major version.

`python tests/released_schemas.py VERSION` keeps the current schemas as those of a release; `make snapshot` runs it.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fixture_files import fixture_params
from locations import ROOT
from schema_edits import remove_annotations
from tcspec.contract.compatibility import SAFE, compare
from tcspec.contract.schemas import json_schema
from tcspec.contract.subschemas import Schema
from tcspec.kinds import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

RELEASED = Path(__file__).parent / "released"
CHANGELOG = ROOT / "CHANGELOG.md"
_NARROWED = re.compile(r"^## Unreleased$.*?^### Narrowed$(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Released:
    """A schema as it was in a release."""

    release: str
    name: str
    schema: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.name} of {self.release}"


def released(folder: Path = RELEASED) -> Iterator[Released]:
    """Yield every schema that was ever released."""
    for path in sorted(folder.rglob("*.json")):
        release, _, name = path.relative_to(folder).with_suffix("").as_posix().partition("/")
        yield Released(release, name, json.loads(path.read_text(encoding="utf-8")))


def broken_promise(before: Released, now: dict[str, Any] | None, version: str, changelog: str) -> str | None:
    """Return how a schema breaks what was promised of it; None when it does not.

    What the same major version released, 1 or above, is still accepted; only a property that was custom may get a type,
    and the changelog names it. Of what 0.x released, and of what another major version did, the changelog names under
    "Narrowed" what may be rejected now.
    """
    if now is None:
        return _require_entry(before, f"{before} is gone", version, changelog)
    payloads = _fixtures(before.name)
    comparison = compare(Schema(before.schema), Schema(now), payloads)
    if comparison.verdict in SAFE:
        return None
    named: set[str] = set()
    if compare(Schema(before.schema), Schema(without_new_names(before.schema, now, named)), payloads).verdict in SAFE:
        # Before 1.0.0 schemas may change, and a type for a name that nobody knew is the mildest of changes.
        unlisted = sorted(name for name in named if f"`{name}`" not in changelog)
        if _major(before.release) == "0" or not unlisted:
            return None
        return f"{before} gives types to custom properties: list {', '.join(unlisted)} in the changelog"
    problem = f"{before} is {comparison.verdict}"
    if comparison.verdict == "breaking":
        problem += f", it rejects {json.dumps(comparison.counterexample)}"
    return _require_entry(before, problem, version, changelog)


def without_new_names(old: Any, new: Any, named: set[str]) -> Any:
    """Return a schema without the properties whose names the old one does not have, and add these to `named`."""
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [without_new_names(*pair, named) for pair in zip(old, new, strict=True)]
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    kept = {}
    for keyword, value in new.items():
        if keyword == "properties" and isinstance(value, dict):
            known = old.get("properties", {})
            named |= value.keys() - known.keys()
            kept[keyword] = {
                name: without_new_names(known[name], value[name], named) for name in value if name in known
            }
        else:
            kept[keyword] = without_new_names(old.get(keyword), value, named)
    return kept


def _require_entry(before: Released, problem: str, version: str, changelog: str) -> str | None:
    if _major(before.release) != "0" and _major(before.release) == _major(version):
        return f"{problem}: that needs a new major version"
    narrowed = _NARROWED.search(changelog)
    if narrowed is None or f"`{before.name}`" not in narrowed[1]:
        return f"{problem}: name `{before.name}` under `### Narrowed` in the changelog"
    return None


def _major(version: str) -> str:
    return version.partition(".")[0]


def _fixtures(name: str) -> list[Any]:
    paths = (parameter.values[0] for parameter in fixture_params(f"{name}/valid"))
    return [json.loads(path.read_bytes()) for path in paths]


def keep(version: str, folder: Path = RELEASED) -> list[Path]:
    """Write the current schemas, without annotations, as those of a release.

    Raises:
        FileExistsError: when the schemas of that release are there already.
    """
    (folder / version).mkdir(parents=True)
    written = []
    for each in VERSIONS:
        path = folder / version / each.schema
        path.parent.mkdir(exist_ok=True)
        schema = json_schema(each.kind, each.name)
        bare = {"$schema": schema["$schema"], **remove_annotations(schema)}
        path.write_text(json.dumps(bare, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    for path in keep(sys.argv[1]):
        print(path)  # noqa: T201 - a script prints what it did
