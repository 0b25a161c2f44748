"""Write the last figures of the deep tests into `docs/testing.md`: `make figures`.

The figures stand in `docs/figures`, where `make deep` and `make mutants` leave them; the page is text by hand around a
part that begins and ends with a comment, and only that part is written anew.
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
_PART = re.compile(r"(<!-- figures: begin -->\n).*(<!-- figures: end -->)", re.DOTALL)


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Write a table in Markdown, the first column as text and the others as numbers."""
    names = list(head)
    yield f"| {' | '.join(names)} |"
    yield f"|---|{'--:|' * (len(names) - 1)}"
    for row in rows:
        yield f"| {' | '.join(_cell(each) for each in row)} |"
    yield ""


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def agreement(deep: Mapping[str, Any]) -> Iterator[str]:
    """Tell of the hunt among the judges, and of the faults that were planted."""
    judged = deep["judged"]
    total = judged["payloads"]
    yield (
        f"**{total:,} payloads** were judged by {', '.join(deep['judges'])} (ajv: {judged['by ajv too']:,}): "
        f"**{judged['disagreements']:,} disagreements**."
    )
    yield ""
    for what in ("contract", "source", "damage", "verdict"):
        counted = judged[f"by {what}"]
        yield from table((what, "payloads", "share"), ((name, n, _share(n, total)) for name, n in counted.items()))
    everywhere = sum(planted["payloads"] for planted in deep["planted"].values())
    yield f"{everywhere:,} of them had every type in every place. Constraints of the schemas, taken away in turn:"
    yield ""
    yield from table(
        ("contract", "taken away", "noticed", "said twice"),
        (
            (name, planted["faults"], planted["faults"] - len(planted["unnoticed"]), planted["redundant"])
            for name, planted in deep["planted"].items()
        ),
    )


def upgrades(deep: Mapping[str, Any]) -> Iterator[str]:
    """Tell of upgrades, times and sizes."""
    upgraded, sizes = deep["upgraded"], deep["sizes"]
    outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in upgraded["outcomes"].items())
    yield (
        f"**{upgraded['objects']:,} objects** were upgraded in both ways ({outcomes}), each held against "
        f"{len(upgraded['laws'])} laws: **{upgraded['broken']:,} broken**."
    )
    yield ""
    read = deep["times"]["read"]
    yield from table(("times read as", "times"), read.items())
    yield (
        f"A server received {sizes['bodies']:,} bodies and {sizes['batches']:,} batches, and {sizes['bulks']:,} bulk "
        f"requests were split. Readings and sizes that differ: **{deep['wrong']:,}**."
    )
    yield ""


def fuzz(found: Mapping[str, Any]) -> Iterator[str]:
    """Tell of the inputs that were fuzzed."""
    targets = found["targets"]
    yield f"Each target was fuzzed for {found['seconds a target']:,} seconds."
    yield ""
    head = ("target", "inputs", "features", "corpus", "crashes")
    rows = ((name, each["runs"], each["features"], each["corpus"], each["crashes"]) for name, each in targets.items())
    yield from table(head, rows)


def mutants(found: Mapping[str, Any]) -> Iterator[str]:
    """Tell of the mutants that were killed, and of those that survived for a reason."""
    head = ("area", "mutants", "killed", "timed out", "survived", "with a reason", "killed, of a hundred")
    keys = ("mutants", "killed", "timed_out", "survived", "with_reason", "share_killed")
    yield from table(head, ((name, *(area[key] for key in keys)) for name, area in found["areas"].items()))


def kills(found: Mapping[str, Any]) -> Iterator[str]:
    """Tell of the migrations that were killed, and how they ended."""
    migrations, lines, times, differ = (f"{found[key]:,}" for key in ("migrations", "lines", "kills", "differ"))
    yield f"{migrations} migrations, of {lines} lines in all, were killed at random moments and taken up again,"
    yield f"**{times} times**. Those that differ in a byte from one left alone: **{differ}**."


PARTS = {
    "deep.json": ("Judges, upgrades, times and sizes (`make deep`)", (agreement, upgrades)),
    "fuzz.json": ("Fuzzed inputs (`make fuzz`)", (fuzz,)),
    "kills.json": ("Killed migrations (`make deep`)", (kills,)),
    "mutants.json": ("Mutants (`make mutants`)", (mutants,)),
}
"""Which figures there are, under which heading, and who tells of them."""


def told(folder: Path = FIGURES) -> str:
    """Tell of all figures in a folder."""
    lines: list[str] = []
    for name, (heading, tellers) in PARTS.items():
        path = folder / name
        if path.exists():
            found = json.loads(path.read_text(encoding="utf-8"))
            lines += ["", f"### {heading}", "", *(line for tell in tellers for line in tell(found))]
    return "\n".join(lines).strip("\n") + "\n"


def page(text: str, figures: str) -> str:
    """Put figures into a page, between the comments that are there for them."""
    written, count = _PART.subn(lambda found: f"{found[1]}\n{figures}\n{found[2]}", text)
    if count != 1:
        message = f"{PAGE} has no place for figures"
        raise ValueError(message)
    return written


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), told()), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    sys.exit(0)
