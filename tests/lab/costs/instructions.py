"""Run under valgrind's cachegrind: work on inputs of growing size, each in a child whose instructions are counted.

A child begins with the count of its parent, and one that does nothing tells what that is. Every child is told in a
line: its number, how many times the size, and the name of the work.
"""

from __future__ import annotations

import gc
import os
import sys

from lab.costs.growth import TIMES
from lab.costs.workloads import WORKLOADS
from lab.costs.workloads.planted import PLANTED

NOTHING = "nothing"
WORK = {**WORKLOADS, **PLANTED}


def main(names):
    """Make the inputs and warm up, so that no child pays for what is done once; then run a child for each input."""
    gc.disable()
    given = {(name, times): WORK[name].make(times * WORK[name].size) for name in names for times in TIMES}
    for name in names:
        WORK[name].run(given[name, 1])
    for name, times in [(NOTHING, 1), *given]:
        child = os.fork()
        if not child:
            if name != NOTHING:
                WORK[name].run(given[name, times])
            os._exit(0)
        os.waitpid(child, 0)
        sys.stdout.write(f"{child}\t{times}\t{name}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
