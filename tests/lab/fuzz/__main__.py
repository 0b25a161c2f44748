"""Fuzz the targets one after the other: `PYTHONPATH=tests python -m lab.fuzz --seconds 60 --figures figures.json`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from lab.figures import write_figures
from lab.fuzz.runs import format_failure, fuzz
from lab.fuzz.targets import TARGETS

UNLIMITED = 1 << 30


def main():
    """Run the targets within the limits, write the figures, and return 1 when one failed."""
    parser = argparse.ArgumentParser(prog="python -m lab.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help=f"any of {', '.join(TARGETS)}; default: all")
    parser.add_argument("--seconds", type=int, default=60, help="maximum time for each target")
    parser.add_argument("--runs", type=int, default=UNLIMITED, help="maximum number of inputs for each target")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random choices")
    parser.add_argument("--figures", type=Path, help="a JSON file to write the figures to")
    options = parser.parse_args()
    figures, has_failed = {}, False
    for target in options.targets or TARGETS:
        with tempfile.TemporaryDirectory() as folder:
            result = fuzz(target, Path(folder), options.runs, options.seconds, options.seed)
        figures[target] = result.to_figures()
        sys.stdout.write(f"{target}: {json.dumps(figures[target])}\n")
        sys.stdout.flush()
        if result.crashes:
            has_failed = True
            sys.stdout.write(format_failure(result) + "\n")
    write_figures({"seconds a target": options.seconds, "targets": figures}, options.figures)
    return int(has_failed)


if __name__ == "__main__":
    sys.exit(main())
