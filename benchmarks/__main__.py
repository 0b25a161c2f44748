"""Measure tcspec beside other tools, print the tables, and write them to the pages: `python -m benchmarks --write`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import stages, starts, works
from benchmarks.measure import describe_machine
from benchmarks.pages import RESULTS, write_pages
from benchmarks.tables import build_tables, format_machine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

QUICK = works.Sizes(events=200, long_events=400, files=10, rounds=1)

_STAGED = 1_000

PARTS: dict[str, Callable[[Path, works.Sizes], Any]] = {
    "upgrade": works.measure_upgrade,
    "verdict": works.measure_verdict,
    "check": works.measure_check,
    "stages": lambda _, sizes: stages.measure_stages(min(_STAGED, sizes.events), sizes.rounds),
    "notations": lambda _, sizes: stages.measure_notations(min(_STAGED, sizes.events), sizes.rounds),
    "modules": lambda _, sizes: stages.measure_modules(min(_STAGED, sizes.events)),
    "starts": lambda folder, sizes: starts.measure_starts(folder, 2 * sizes.rounds),
    "files": works.measure_files,
    "workers": works.measure_workers,
    "memory": works.measure_memory,
}
"""Everything that is measured, by its name."""


def measure(sizes: works.Sizes, parts: Sequence[str] = tuple(PARTS)) -> dict[str, Any]:
    """Measure some parts, or all of them; what is measured is printed to standard error."""
    results: dict[str, Any] = {"machine": describe_machine(), "rounds": sizes.rounds}
    for name in parts:
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            results[name] = PARTS[name](Path(folder), sizes)
        print(f"measured {name} in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    return results


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    options = _read_arguments(arguments)
    sizes = QUICK if options.quick else works.Sizes(options.events, options.long_events, options.files, options.rounds)
    results = measure(sizes, options.only or tuple(PARTS))
    print(f"{format_machine(results)}\n")
    print("\n".join(table.to_text() for table in build_tables(results)))
    text = json.dumps(results, indent=2) + "\n"
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    if options.write:
        RESULTS.write_text(text, encoding="utf-8")
        print("wrote", RESULTS, *write_pages(results))


def _read_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    sizes = works.Sizes()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--events", type=int, default=sizes.events, metavar="COUNT", help="of most programs")
    parser.add_argument("--long-events", type=int, default=sizes.long_events, metavar="COUNT", help="of the long runs")
    parser.add_argument("--files", type=int, default=sizes.files, metavar="COUNT", help="small files")
    parser.add_argument("--rounds", type=int, default=sizes.rounds, help="of every program; the least counts")
    parser.add_argument("--quick", action="store_true", help="sizes that only show that everything runs")
    parser.add_argument("--only", nargs="+", choices=tuple(PARTS), metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the results as JSON")
    parser.add_argument("--write", action="store_true", help="write results.json, the pages and the plots")
    options = parser.parse_args(arguments)
    if options.write and (options.only or options.quick):
        parser.error("--write needs all parts in full size")
    return options


if __name__ == "__main__":
    main()
