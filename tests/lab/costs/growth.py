"""How the cost of work grows with its input, counted in calls and instructions: other processes do not change these."""

from __future__ import annotations

import compileall
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import tcspec
from environment import skip_or_fail
from locations import TESTS

FACTORS = (1, 2, 4)
"""The inputs are so many times the size of the workload."""
MAX_RATIO = 2.8
"""The second step costs 2 times more than the first when work is linear, and 4 times more when it is quadratic."""


def is_linear(costs, ignored):
    """Return whether the cost of three inputs, each twice the one before, grows linearly.

    A difference below `ignored` is what any call costs, and not counted.
    """
    once, twice, four_times = costs
    return four_times - twice <= MAX_RATIO * max(twice - once, 0) + ignored


def count_calls(workload):
    """Count the calls of Python and C functions on three inputs; what happens once happens before."""
    workload.run(workload.make(workload.size))
    return [_count_calls_on(workload, workload.make(factor * workload.size)) for factor in FACTORS]


def _count_calls_on(workload, value):
    calls = 0

    def count(_, event, __):
        nonlocal calls
        if event in {"call", "c_call"}:
            calls += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        workload.run(value)
    finally:
        sys.setprofile(before)
    return calls


def count_instructions(names, folder: Path):
    """Count the instructions of workloads on three inputs, those of extensions and of the interpreter included."""
    valgrind = shutil.which("valgrind")
    if not valgrind:
        skip_or_fail("VALGRIND", "valgrind is not installed")
    command = [valgrind, "--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={folder}/%p"]
    command += [sys.executable, "-m", "lab.costs.instructions", *names]
    # A module that only a longer input needs is imported in its child, and would be compiled there.
    compileall.compile_dir(Path(tcspec.__file__).parent, quiet=1)
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": str(TESTS)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    children = [line.split("\t") for line in done.stdout.splitlines()]
    baseline, *totals = [_read_total(folder / pid) for pid, _, _ in children]
    counts: dict[str, list[int]] = {}
    for (_, _, name), total in zip(children[1:], totals, strict=True):
        counts.setdefault(name, []).append(total - baseline)
    return counts


def _read_total(path):
    found = re.search(r"^summary: (\d+)$", path.read_text(), re.MULTILINE)
    assert found, path
    return int(found[1])
