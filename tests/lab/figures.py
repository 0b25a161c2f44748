"""Write the figures of the last long runs into `docs/testing.md`: `make figures`.

The figures are in `docs/figures`, written by `make deep` and `make mutants`. Only the part of the page between two
comments is generated.
"""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

from locations import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

PAGE = ROOT / "docs" / "testing.md"
FIGURES = ROOT / "docs" / "figures"
_GENERATED = re.compile(r"(<!-- figures: begin -->\n).*(<!-- figures: end -->)", re.DOTALL)


def write_figures(figures: Mapping[str, Any], path: Path | None, *, keeps_others: bool = False) -> None:
    """Write the figures of a run to a file, if there is one; those of other parts are kept if that is wanted."""
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = json.loads(path.read_text(encoding="utf-8")) if keeps_others and path.exists() else {}
        path.write_text(json.dumps(kept | figures, indent=2) + "\n", encoding="utf-8")


def format_table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the lines of a Markdown table; the first column is text, the others are numbers."""
    names = list(head)
    yield f"| {' | '.join(names)} |"
    yield f"|---|{'--:|' * (len(names) - 1)}"
    for row in rows:
        yield f"| {' | '.join(_format_cell(each) for each in row)} |"
    yield ""


def _format_cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _format_share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def format_agreement(deep: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines about the search for disagreements, and about removed constraints."""
    validated = deep["validated"]
    total = validated["payloads"]
    yield (
        f"**{total:,} payloads** were validated by {', '.join(deep['validators'])} (ajv: {validated['by ajv']:,}): "
        f"**{validated['disagreements']:,} disagreements**."
    )
    yield ""
    for what in ("contract", "source", "damage", "verdict"):
        rows = ((name, count, _format_share(count, total)) for name, count in validated[f"by {what}"].items())
        yield from format_table((what, "payloads", "share"), rows)
    of_every_type = sum(figures["payloads"] for figures in deep["constraints"].values())
    yield f"{of_every_type:,} of them had a value of every type at every path. Removed constraints of the schemas:"
    yield ""
    yield from format_table(
        ("contract", "removed", "noticed", "redundant"),
        (
            (name, figures["removed"], figures["removed"] - len(figures["unnoticed"]), figures["redundant"])
            for name, figures in deep["constraints"].items()
        ),
    )


def format_upgrades(deep: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines about upgrades, timestamps and sizes."""
    upgraded, sizes = deep["upgraded"], deep["sizes"]
    outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in upgraded["outcomes"].items())
    yield (
        f"**{upgraded['objects']:,} objects** were upgraded as values and as bytes ({outcomes}), and "
        f"{len(upgraded['properties'])} properties checked for each: **{upgraded['failures']:,} failures**."
    )
    yield ""
    yield from format_table(("timestamps read as", "timestamps"), deep["timestamps"]["read"].items())
    yield (
        f"A server received {sizes['bodies']:,} bodies and {sizes['batches']:,} batches, and "
        f"{sizes['bulk_requests']:,} bulk requests were split. Timestamps and sizes that differ: "
        f"**{deep['differences']:,}**."
    )
    yield ""


def format_fuzzing(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines about fuzzing."""
    targets = found["targets"]
    yield f"Each target was fuzzed for {found['seconds a target']:,} seconds."
    yield ""
    head = ("target", "inputs", "features", "corpus", "crashes")
    rows = ((name, each["runs"], each["features"], each["corpus"], each["crashes"]) for name, each in targets.items())
    yield from format_table(head, rows)


def format_mutants(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines about mutation testing."""
    head = ("area", "mutants", "killed", "timed out", "survived", "explained", "killed, percent")
    keys = ("mutants", "killed", "timed_out", "survived", "explained", "percent_killed")
    yield from format_table(head, ((name, *(area[key] for key in keys)) for name, area in found["areas"].items()))


def format_kills(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines about killed migrations."""
    migrations, lines, kills, different = (f"{found[key]:,}" for key in ("migrations", "lines", "kills", "different"))
    yield f"{migrations} migrations of {lines} lines were killed at random moments and resumed, **{kills} times**."
    if at_lines := found.get("kills_at_lines"):
        yield "Short ones, merges of rejects and undos by a journal were killed before every line that they run, and"
        yield f"once more when resumed: **{at_lines:,} times**."
    yield f"Results that differ from an uninterrupted migration: **{different}**."


def format_table_kills(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines about killed migrations of tables."""
    migrations, rows, different = (f"{found[key]:,}" for key in ("migrations", "rows", "different"))
    kills = found["sqlite_kills"] + found["postgresql_kills"]
    each = f"{found['sqlite_kills']:,} with SQLite, {found['postgresql_kills']:,} with PostgreSQL"
    yield f"{migrations} migrations of tables, of {rows} rows, were killed at random moments, resumed and then undone,"
    yield f"**{kills:,} times** ({each})."
    yield f"Rows that differ from those of an uninterrupted migration, or from those before it: **{different}**."


def format_million(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines about migrations of a million events."""
    yield "Each store was migrated by the command line, which was killed and resumed, and undone, killed too. What was"
    yield "migrated was compared with what one process makes of the same events, and what was undone with the source."
    yield "Reports of files were verified. Spark is another program, without checkpoints: its rows were compared."
    yield ""
    columns = {
        **{name: name for name in ("events", "upgraded", "unchanged", "rejected", "processes")},
        "kills": "killed",
        "bytes": "stored, MB",
        "peak": "peak memory, MB",
        "different": "different",
    }
    rows = (
        (name, *(_in_megabytes(each[key]) if key in {"bytes", "peak"} else each[key] for key in columns))
        for name, each in found.items()
    )
    yield from format_table(("store", *columns.values()), rows)


def _in_megabytes(size: int) -> int | str:
    return -(-size // 1_000_000) or "-"


PARTS = {
    "deep.json": ("Validators, upgrades, timestamps and sizes (`make deep`)", (format_agreement, format_upgrades)),
    "fuzz.json": ("Fuzzing (`make fuzz`)", (format_fuzzing,)),
    "kills.json": ("Killed migrations (`make deep`)", (format_kills,)),
    "table_kills.json": ("Killed migrations of tables (`make deep`)", (format_table_kills,)),
    "million.json": ("A million events of each store (`make deep`)", (format_million,)),
    "mutants.json": ("Mutants (`make mutants`)", (format_mutants,)),
}
"""The files of figures, the heading of each, and the functions that format it."""


def format_figures(folder: Path = FIGURES) -> str:
    """Return all figures in a folder as Markdown."""
    lines: list[str] = []
    for name, (heading, formatters) in PARTS.items():
        path = folder / name
        if path.exists():
            found = json.loads(path.read_text(encoding="utf-8"))
            lines += ["", f"### {heading}", "", *(line for each in formatters for line in each(found))]
    return "\n".join(lines).strip("\n") + "\n"


def replace_figures(page: str, figures: str) -> str:
    """Return a page with other figures between its markers."""
    replaced, count = _GENERATED.subn(lambda found: f"{found[1]}\n{figures}\n{found[2]}", page)
    if count != 1:
        message = f"{PAGE} has no markers for figures"
        raise ValueError(message)
    return replaced


if __name__ == "__main__":
    PAGE.write_text(replace_figures(PAGE.read_text(encoding="utf-8"), format_figures()), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    sys.exit(0)
