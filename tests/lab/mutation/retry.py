"""Run more tests on the mutants that survived without an explanation.

    PYTHONPATH=tests python -m lab.mutation.retry --max-children 2

The first run spends a few seconds of tests on each mutant. Which tests these are depends on how long they took, so that
a test that would kill a mutant is sometimes not among them.
"""

from __future__ import annotations

import os
import subprocess
import sys

from lab.mutation.figures import REASONS, find_unexplained, load_reasons, load_results, survivors
from locations import ROOT

SECONDS = "60"
"""How long the closest tests, and then other tests, run on each mutant."""


def main(options: list[str]) -> int:
    """Run mutmut on the unexplained survivors only; it updates its results."""
    alive = dict(survivors(load_results(ROOT / "mutants")))
    unexplained = find_unexplained(alive, load_reasons(REASONS))
    names = [name for name, survivor in alive.items() if survivor in unexplained]
    if not names:
        return 0
    command = [sys.executable, "-m", "lab.mutation.run", "run", *options, *names]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "MUTANTS_BUDGET": SECONDS}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
