"""Read what mutmut found, hold every survivor against the list of reasons, and write the figures.

    PYTHONPATH=tests python -m lab.mutation.figures

The figures of each area go to `docs/figures/mutants.json`. The answer is 1 when an area is below the share that is
asked for, or when a survivor has no reason in `survivors.toml`.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from locations import ROOT
from tcspec import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

REASONS = Path(__file__).with_name("survivors.toml")
FIGURES = ROOT / "docs" / "figures" / "mutants.json"

ASKED = 90
"""How many of a hundred mutants of an area must be killed."""

AREAS: Mapping[str, tuple[str, ...]] = {
    "judge": (
        *("tcspec.validation.", "tcspec.contract.engines.", "tcspec.contract.messages."),
        *("tcspec.payload.", "tcspec.contract.catalogue.", "tcspec.contract.schemas."),
    ),
    "upgrades": ("tcspec.upgrades.",),
    "timestamps": ("tcspec.timestamps.",),
    "size": ("tcspec.size.",),
    "rules": ("tcspec.rules.", "tcspec.jsontext.relocation."),
}
"""The beginnings of the names of an area's mutants."""


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    """A test failed."""
    TIMED_OUT = "timed_out"
    """The tests took many times longer than without it, which counts as killed."""
    SURVIVED = "survived"
    """No test failed, or there is none that calls the function."""


_FATES = {1: Fate.KILLED, 3: Fate.KILLED, 24: Fate.TIMED_OUT, -24: Fate.TIMED_OUT, 152: Fate.TIMED_OUT}
"""What the answers of the tests' process say, by those of pytest and by the signal that ends what takes too long."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no test noticed: the function, and the line that was changed, before and after."""

    function: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why mutants may survive: those of the functions that fit, whose lines hold some text, before and after."""

    function: str
    reason: str
    before: str = ""
    after: str = ""

    def fits(self, survivor: Survivor) -> bool:
        """Tell whether this is said of a survivor."""
        return (
            fnmatchcase(survivor.function, self.function)
            and self.before in survivor.before
            and self.after in survivor.after
        )


@dataclass(frozen=True, slots=True)
class Area:
    """The figures of an area."""

    mutants: int
    killed: int
    timed_out: int
    survived: int
    with_reason: int

    @property
    def share(self) -> float:
        """Give the share of killed mutants in percent, cut to one digit."""
        return (self.killed + self.timed_out) * 1000 // self.mutants / 10

    def row(self) -> dict[str, float]:
        """Give the figures by their names."""
        return {
            "mutants": self.mutants,
            "killed": self.killed,
            "timed_out": self.timed_out,
            "survived": self.survived,
            "with_reason": self.with_reason,
            "share_killed": self.share,
        }


def fates(answers: Mapping[str, int | None]) -> dict[str, Fate]:
    """Tell what became of mutants by the answers of their tests.

    Raises:
        SystemExit: when some have none yet.
    """
    waiting = sum(answer is None for answer in answers.values())
    if waiting:
        sys.exit(f"{waiting:,} mutants have not been tried yet")
    return {name: _FATES.get(answer or 0, Fate.SURVIVED) for name, answer in answers.items()}


def function_of(mutant: str) -> str:
    """Give the dotted name of the function that a mutant is one of.

    mutmut calls the third mutant of `f` in `m` `m.x_f__mutmut_3`, and of `C.f` `m.xǁCǁf__mutmut_3`.
    """
    module, _, mangled = mutant.partition("__mutmut_")[0].rpartition(".")
    return f"{module}.{mangled[2:].replace('ǁ', '.')}"


def changed(diff: Iterable[str]) -> tuple[str, str]:
    """Give what the lines of a unified diff take away and what they put there, without the indentation."""
    lines = [line for line in diff if not line.startswith(("---", "+++", "@@"))]
    before, after = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return before, after


def area_of(mutant: str) -> str:
    """Give the area that a mutant belongs to."""
    return next(area for area, beginnings in AREAS.items() if mutant.startswith(beginnings))


def figures(found: Mapping[str, Fate], excused: Iterable[str]) -> dict[str, Area]:
    """Count the mutants of each area, and of all, by what became of them and by whether there is a reason."""
    counts = Counter((area_of(name), fate) for name, fate in found.items())
    reasons = Counter(map(area_of, excused))
    of_area = {
        area: Area(
            sum(counts[area, fate] for fate in Fate), *(counts[area, fate] for fate in Fate), with_reason=reasons[area]
        )
        for area in AREAS
        if any(counts[area, fate] for fate in Fate)
    }
    totals = (sum(getattr(each, name) for each in of_area.values()) for name in Area.__slots__)
    return of_area | {"total": Area(*totals)}


def table(areas: Mapping[str, Area]) -> str:
    """Write the figures as text."""
    names = list(areas["total"].row())
    widths = [max(len(name), 6) for name in names]
    head = f"{'':10}  " + "  ".join(f"{name:>{width}}" for name, width in zip(names, widths, strict=True))
    rows = (
        f"{name:10}  "
        + "  ".join(f"{figure:>{width},}" for figure, width in zip(area.row().values(), widths, strict=True))
        for name, area in areas.items()
    )
    return "\n".join((head, *rows))


def answers_in(folder: Path) -> dict[Path, dict[str, int | None]]:
    """Read the answers that mutmut noted, by the file that was mutated."""
    noted = sorted((folder / "tcspec").rglob("*.meta"))
    return {
        path.relative_to(folder).with_suffix(""): json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        for path in noted
    }


def reasons_in(path: Path) -> list[Reason]:
    """Read the list of reasons."""
    return [Reason(**entry) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["survivor"]]


def survivors(answers: Mapping[Path, Mapping[str, int | None]]) -> Iterator[tuple[str, Survivor]]:
    """Give the survivors by their names, and what was changed in each."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant  # noqa: PLC0415 - the tests do without mutmut

    for path, of_file in answers.items():
        for name, fate in fates(of_file).items():
            if fate is Fate.SURVIVED:
                diff = get_diff_for_mutant(name, path=path).splitlines()
                yield name, Survivor(function_of(name), *changed(diff))


def unexcused(alive: Mapping[str, Survivor], reasons: Iterable[Reason]) -> list[Survivor]:
    """List the survivors that have no reason."""
    return [each for each in alive.values() if not any(reason.fits(each) for reason in reasons)]


def main() -> int:
    """Write the figures, print them, and tell what is missing."""
    answers = answers_in(ROOT / "mutants")
    reasons = reasons_in(REASONS)
    found = {name: fate for of_file in answers.values() for name, fate in fates(of_file).items()}
    alive = dict(survivors(answers))
    missing = unexcused(alive, reasons)
    areas = figures(found, [name for name, survivor in alive.items() if survivor not in missing])
    lines = [f"no test notices in {each.function}:\n  - {each.before}\n  + {each.after}" for each in missing]
    lines += [f"no survivor needs the reason: {each}" for each in reasons if not any(map(each.fits, alive.values()))]
    sys.stdout.write("\n".join((*lines, table(areas), "")))
    written = {"tcspec": __version__, "asked": ASKED, "areas": {name: area.row() for name, area in areas.items()}}
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    return int(any(area.share < ASKED for area in areas.values()) or bool(missing))


if __name__ == "__main__":
    sys.exit(main())
