"""Fuzz all targets one after the other: `python -m lab.fuzz --seconds 60 --figures figures.json`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from lab.fuzz.running import NAMES, failure, run

ENDLESS = 1 << 30


def main():
    """Run the targets within the bounds, write the figures, and fail when one failed."""
    parser = argparse.ArgumentParser(prog="python -m lab.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(NAMES)}; by default all")
    parser.add_argument("--seconds", type=int, default=60, help="how long each target is run at most")
    parser.add_argument("--runs", type=int, default=ENDLESS, help="how many inputs each target is given at most")
    parser.add_argument("--seed", type=int, default=1, help="where chance begins")
    parser.add_argument("--figures", type=Path, help="a JSON file for the figures")
    asked = parser.parse_args()
    figures, failed = {}, False
    for target in asked.targets or NAMES:
        with tempfile.TemporaryDirectory() as folder:
            done = run(target, Path(folder), asked.runs, asked.seconds, asked.seed)
        figures[target] = done.figures
        sys.stdout.write(f"{target}: {json.dumps(done.figures)}\n")
        sys.stdout.flush()
        if done.crashes:
            failed = True
            sys.stdout.write(failure(done) + "\n")
    if asked.figures:
        asked.figures.parent.mkdir(parents=True, exist_ok=True)
        asked.figures.write_text(json.dumps({"seconds a target": asked.seconds, "targets": figures}, indent=2) + "\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
