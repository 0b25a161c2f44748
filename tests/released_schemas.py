"""The schemas of every release, kept for good: a released schema is never narrowed without a major version.

`python tests/released_schemas.py VERSION` keeps the present ones as those of a release; `make snapshot` runs it.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from locations import ROOT
from tcspec.contract.schemas import json_schema
from tcspec.evolution.comparing import compare
from tcspec.evolution.keywords import without_annotations
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
    """Give every schema that was ever released."""
    for path in sorted(folder.rglob("*.json")):
        release, _, name = path.relative_to(folder).with_suffix("").as_posix().partition("/")
        yield Released(release, name, json.loads(path.read_text(encoding="utf-8")))


def broken_promise(before: Released, now: dict[str, Any] | None, version: str, changelog: str) -> str | None:
    """Say how a schema breaks what was promised of it, or nothing.

    What was released by the same major version, 1 or above, is still taken. Of what 0.x released, and of what another
    major version did, the change log names under "Narrowed" what may be refused now.
    """
    compared = None if now is None else compare(before.schema, now)
    if compared is not None and compared.is_safe:
        return None
    witness = compared.forward.witness if compared is not None else None
    how = "is gone" if compared is None else f"is {compared.verdict}"
    how += f", it refuses {json.dumps(witness.payload)}" if witness else ""
    major = before.release.partition(".")[0]
    if major != "0" and major == version.partition(".")[0]:
        return f"{before} {how}: that needs a new major version"
    narrowed = _NARROWED.search(changelog)
    if narrowed is None or f"`{before.name}`" not in narrowed[1]:
        return f"{before} {how}: name `{before.name}` under `### Narrowed` in the change log"
    return None


def keep(version: str, folder: Path = RELEASED) -> list[Path]:
    """Keep the present schemas as those of a release, what they decide and nothing else.

    Raises:
        FileExistsError: when those of that release are kept already.
    """
    (folder / version).mkdir(parents=True)
    kept = []
    for each in VERSIONS:
        path = folder / version / each.schema
        path.parent.mkdir(exist_ok=True)
        schema = json_schema(each.kind, each.name)
        bare = {"$schema": schema["$schema"], **without_annotations(schema)}
        path.write_text(json.dumps(bare, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
        kept.append(path)
    return kept


if __name__ == "__main__":
    for written in keep(sys.argv[1]):
        print(written)  # noqa: T201 - a script says what it did
