"""Run under valgrind's cachegrind: workloads on inputs of growing size, each in a child process.

A child starts with the count of its parent, so a child that does nothing gives the baseline. A line is printed for each
child: its process id, the factor of the size, and the name of the workload.
"""

from __future__ import annotations

import gc
import os
import sys

from lab.costs.growth import FACTORS
from lab.costs.workloads import WORKLOADS
from lab.costs.workloads.quadratic import QUADRATIC

NOTHING = "nothing"
ALL = {**WORKLOADS, **QUADRATIC}


def main(names):
    """Make the inputs and warm up, so that no child pays for what happens once; then run a child for each input."""
    gc.disable()
    inputs = {(name, factor): ALL[name].make(factor * ALL[name].size) for name in names for factor in FACTORS}
    for name in names:
        ALL[name].run(inputs[name, 1])
    for name, factor in [(NOTHING, 1), *inputs]:
        child = os.fork()
        if not child:
            if name != NOTHING:
                ALL[name].run(inputs[name, factor])
            os._exit(0)
        os.waitpid(child, 0)
        sys.stdout.write(f"{child}\t{factor}\t{name}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
