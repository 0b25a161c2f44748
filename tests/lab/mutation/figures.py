"""Count what became of the mutants, and check that every survivor is explained.

    PYTHONPATH=tests python -m lab.mutation.figures

The figures are written to `docs/figures/mutants.json`. The exit code is 1 when too few mutants of an area were killed,
when a survivor has no reason in `survivors.toml`, or when a reason has no survivor.
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

REQUIRED = 95
"""The percentage of the mutants of each area that must be killed."""

AREAS: Mapping[str, tuple[str, ...]] = {
    "validation": (
        *("tcspec.validation.", "tcspec.payload.", "tcspec.contract."),
        *("tcspec.arguments.", "tcspec.personal."),
    ),
    "upgrades": ("tcspec.upgrades.",),
    "timestamps": (
        *("tcspec.timestamps.", "tcspec.usual_timestamps."),
        *("tcspec.time_notations.", "tcspec.time_zones."),
    ),
    "size": ("tcspec.size.",),
    "rules": ("tcspec.rules.", "tcspec.jsontext.relocation."),
}
"""The prefixes of the names of an area's mutants."""


class Status(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    """A test failed."""
    TIMED_OUT = "timed_out"
    """The tests took many times longer than without it, which counts as killed."""
    SURVIVED = "survived"
    """No test failed, or no test calls the function."""


_STATUS_BY_EXIT_CODE = {
    1: Status.KILLED,
    3: Status.KILLED,
    24: Status.TIMED_OUT,
    -24: Status.TIMED_OUT,
    152: Status.TIMED_OUT,
}
"""Exit codes of pytest, and the signal that ends a process after its time limit."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no test noticed: its function, and the changed line before and after."""

    function: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why mutants may survive: those of matching functions whose line contains a text, before and after."""

    function: str
    reason: str
    before: str = ""
    after: str = ""

    def matches(self, survivor: Survivor) -> bool:
        """Return whether this reason explains a survivor."""
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
    explained: int

    @property
    def percent_killed(self) -> float:
        """Return the percentage of killed mutants, rounded down to one decimal."""
        return (self.killed + self.timed_out) * 1000 // self.mutants / 10

    def to_dict(self) -> dict[str, float]:
        """Return the figures by name."""
        return {name: getattr(self, name) for name in self.__slots__} | {"percent_killed": self.percent_killed}


def read_statuses(exit_codes: Mapping[str, int | None]) -> dict[str, Status]:
    """Return what became of mutants, by the exit codes of their tests.

    Raises:
        SystemExit: some mutants have not been tested yet.
    """
    waiting = sum(code is None for code in exit_codes.values())
    if waiting:
        sys.exit(f"{waiting:,} mutants have not been tested yet")
    return {name: _STATUS_BY_EXIT_CODE.get(code or 0, Status.SURVIVED) for name, code in exit_codes.items()}


def function_of(mutant: str) -> str:
    """Return the dotted name of a mutant's function.

    mutmut calls the third mutant of `f` in `m` `m.x_f__mutmut_3`, and of `C.f` `m.xǁCǁf__mutmut_3`.
    """
    module, _, mangled = mutant.partition("__mutmut_")[0].rpartition(".")
    return f"{module}.{mangled[2:].replace('ǁ', '.')}"


def parse_diff(diff: Iterable[str]) -> tuple[str, str]:
    """Return the removed and the added lines of a unified diff, without indentation."""
    lines = [line for line in diff if not line.startswith(("---", "+++", "@@"))]
    before, after = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return before, after


def area_of(mutant: str) -> str:
    """Return the area that a mutant belongs to."""
    return next(area for area, prefixes in AREAS.items() if mutant.startswith(prefixes))


def count_by_area(statuses: Mapping[str, Status], explained: Iterable[str]) -> dict[str, Area]:
    """Count the mutants of each area and in total, by status, and the survivors that are explained."""
    counts = Counter((area_of(name), status) for name, status in statuses.items())
    explained_counts = Counter(map(area_of, explained))
    areas = {
        area: Area(
            sum(counts[area, status] for status in Status),
            *(counts[area, status] for status in Status),
            explained=explained_counts[area],
        )
        for area in AREAS
        if any(counts[area, status] for status in Status)
    }
    totals = (sum(getattr(area, name) for area in areas.values()) for name in Area.__slots__)
    return areas | {"total": Area(*totals)}


def format_areas(areas: Mapping[str, Area]) -> str:
    """Return the figures as a table in plain text."""
    names = list(areas["total"].to_dict())
    widths = [max(len(name), 6) for name in names]
    head = f"{'':10}  " + "  ".join(f"{name:>{width}}" for name, width in zip(names, widths, strict=True))
    rows = (
        f"{name:10}  "
        + "  ".join(f"{figure:>{width},}" for figure, width in zip(area.to_dict().values(), widths, strict=True))
        for name, area in areas.items()
    )
    return "\n".join((head, *rows))


def load_results(folder: Path) -> dict[Path, dict[str, int | None]]:
    """Load the exit codes that mutmut recorded, by the mutated file."""
    recorded = sorted((folder / "tcspec").rglob("*.meta"))
    return {
        path.relative_to(folder).with_suffix(""): json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        for path in recorded
    }


def load_reasons(path: Path) -> list[Reason]:
    """Load the list of reasons."""
    return [Reason(**entry) for entry in tomllib.loads(path.read_text(encoding="utf-8"))["survivor"]]


def survivors(results: Mapping[Path, Mapping[str, int | None]]) -> Iterator[tuple[str, Survivor]]:
    """Yield the names of the survivors, and what was changed in each."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant  # noqa: PLC0415 - the tests run without mutmut

    for path, exit_codes in results.items():
        for name, status in read_statuses(exit_codes).items():
            if status is Status.SURVIVED:
                diff = get_diff_for_mutant(name, path=path).splitlines()
                yield name, Survivor(function_of(name), *parse_diff(diff))


def find_unexplained(alive: Mapping[str, Survivor], reasons: Iterable[Reason]) -> list[Survivor]:
    """Return the survivors without a reason."""
    return [each for each in alive.values() if not any(reason.matches(each) for reason in reasons)]


def main() -> int:
    """Write and print the figures, and print what is missing."""
    results = load_results(ROOT / "mutants")
    reasons = load_reasons(REASONS)
    statuses = {name: status for exit_codes in results.values() for name, status in read_statuses(exit_codes).items()}
    alive = dict(survivors(results))
    unexplained = find_unexplained(alive, reasons)
    areas = count_by_area(statuses, [name for name, survivor in alive.items() if survivor not in unexplained])
    lines = [f"no test notices in {each.function}:\n  - {each.before}\n  + {each.after}" for each in unexplained]
    lines += [f"no survivor needs the reason: {each}" for each in reasons if not any(map(each.matches, alive.values()))]
    sys.stdout.write("\n".join((*lines, format_areas(areas), "")))
    figures = {
        "tcspec": __version__,
        "required": REQUIRED,
        "areas": {name: area.to_dict() for name, area in areas.items()},
    }
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return int(any(area.percent_killed < REQUIRED for area in areas.values()) or bool(unexplained))


if __name__ == "__main__":
    sys.exit(main())
