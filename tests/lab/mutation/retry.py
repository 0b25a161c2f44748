"""Try the survivors that have no reason again, with all the tests that call them.

    PYTHONPATH=tests python -m lab.mutation.retry --max-children 2

At first a few seconds of tests are run on each mutant; which these are depends on how long they took, so that a test
that would notice is sometimes not among them.
"""

from __future__ import annotations

import os
import subprocess
import sys

from lab.mutation.figures import REASONS, answers_in, reasons_in, survivors, unexcused
from locations import ROOT

SECONDS = "60"
"""For how long tests that know it best, and again others, are run on each."""


def main(options: list[str]) -> int:
    """Run mutmut on these survivors alone; it notes what becomes of them beside the others."""
    alive = dict(survivors(answers_in(ROOT / "mutants")))
    missing = unexcused(alive, reasons_in(REASONS))
    names = [name for name, survivor in alive.items() if survivor in missing]
    if not names:
        return 0
    command = [sys.executable, "-m", "lab.mutation.run", "run", *options, *names]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "MUTANTS_BUDGET": SECONDS}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
