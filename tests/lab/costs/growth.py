"""How the cost of work grows with its input: counted in calls and instructions, which no other process disturbs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from environment import skip_or_fail
from locations import TESTS

if TYPE_CHECKING:
    from pathlib import Path

TIMES = (1, 2, 4)
"""How many times the size of a piece of work its inputs are."""
STEEPEST = 2.8
"""Work that grows with its input takes 2 times more for the second step than for the first, quadratic work 4 times."""


def is_linear(counts, idle):
    """Tell whether the cost of three inputs, each twice the one before, grows no faster than they do.

    What is less than `idle` is what any call costs, and tells nothing.
    """
    once, twice, four_times = counts
    return four_times - twice <= STEEPEST * max(twice - once, 0) + idle


def calls(workload):
    """Count the calls of Python and C functions on three inputs; what is done once was done before."""
    workload.run(workload.make(workload.size))
    return [_calls_of(workload, workload.make(times * workload.size)) for times in TIMES]


def _calls_of(workload, given):
    count = 0

    def counting(_, event, __):
        nonlocal count
        if event in {"call", "c_call"}:
            count += 1

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        workload.run(given)
    finally:
        sys.setprofile(before)
    return count


def instructions(names, folder: Path):
    """Count the instructions of work on three inputs, those of extensions and of the interpreter too."""
    valgrind = shutil.which("valgrind")
    if not valgrind:
        skip_or_fail("VALGRIND", "valgrind is not installed")
    command = [valgrind, "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={folder}/%p"]
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(TESTS)}
    command += [sys.executable, "-m", "lab.costs.instructions", *names]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    told = [line.split("\t") for line in done.stdout.splitlines()]
    idle, *counted = [_total(folder / child) for child, _, _ in told]
    counts: dict[str, list[int]] = {}
    for (_, _, name), count in zip(told[1:], counted, strict=True):
        counts.setdefault(name, []).append(count - idle)
    return counts


def _total(path):
    found = re.search(r"^summary: (\d+)$", path.read_text(), re.MULTILINE)
    assert found, path
    return int(found[1])
