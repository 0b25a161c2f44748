"""Measure whole processes, functions, and the machine they run on."""

from __future__ import annotations

import gc
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

# The peak memory of a process begins with that of its parent, so a small process starts what is measured.
_STARTER = """
import json, os, sys, time
out = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
began = time.perf_counter()
pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out, 1)])
_, status, used = os.wait4(pid, 0)
wall = time.perf_counter() - began
code = os.waitstatus_to_exitcode(status)
cpu = used.ru_utime + used.ru_stime
print(json.dumps({"cpu": cpu, "wall": wall, "peak": used.ru_maxrss, "code": code}), file=sys.stderr)
"""
ROOT = Path(__file__).parent.parent
_PEAK_UNIT = 1 if sys.platform == "darwin" else 1024

_PACKAGES = ("tcspec", "orjson", "msgspec", "jsonschema-rs", "jsonschema", "fastjsonschema", "pydantic", "duckdb")


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process used: seconds of CPU (its own and the system's), seconds of wall time, and bytes of memory."""

    cpu: float
    wall: float
    peak: int


class ProgramError(Exception):
    """A program that is measured ended with an exit code that it should not have."""


def run_program(
    command: Sequence[str | Path], folder: Path, stdout: str = os.devnull, codes: Sequence[int] = (0,)
) -> Usage:
    """Run a program in a folder to its end and return what it used; its standard output goes to a file.

    Raises:
        ProgramError: when it ends with another exit code than those.
    """
    starter = [sys.executable, "-I", "-S", "-c", _STARTER, stdout, *map(str, command)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        starter, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
    )
    *messages, last = done.stderr.splitlines()
    found = json.loads(last)
    if found["code"] not in codes:
        raise ProgramError(f"{' '.join(map(str, command))} ended with {found['code']}: {messages[-5:]}")
    return Usage(found["cpu"], found["wall"], found["peak"] * _PEAK_UNIT)


def take_least(usages: Sequence[Usage]) -> Usage:
    """Return the least of each figure: what other processes of the machine did not add to."""
    return Usage(*(min(getattr(usage, name) for usage in usages) for name in ("cpu", "wall", "peak")))


def run_interleaved(tasks: Mapping[str, Callable[[], Usage]], rounds: int) -> dict[str, Usage]:
    """Run all tasks in turn, a number of rounds; return the least that each one used."""
    usages: dict[str, list[Usage]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            usages[name].append(task())
    return {name: take_least(each) for name, each in usages.items()}


def time_functions(functions: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Run functions in turn, a number of rounds after one to warm up; return the least seconds of CPU of each."""
    least = dict.fromkeys(functions, float("inf"))
    for count in range(rounds + 1):
        for name, function in functions.items():
            gc.collect()
            began = time.process_time()
            function()
            used = time.process_time() - began
            if count:
                least[name] = min(least[name], used)
    return least


def count_calls(function: Callable[[], object]) -> int:
    """Count the calls of Python functions, which are the same on every machine."""
    calls = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    # What others have left would be collected, and call functions, at any time.
    is_collecting = gc.isenabled()
    gc.disable()
    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(before)
        if is_collecting:
            gc.enable()
    return calls


def describe_machine() -> dict[str, Any]:
    """Return what the figures depend on: processor, system, and the versions of everything that is measured."""
    versions = {name: importlib.metadata.version(name) for name in _PACKAGES if _is_installed(name)}
    programs = {name: _read_version(name) for name in ("node", "jq")}
    return {
        "processor": _read_processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "system": platform.system(),
        "versions": {"python": platform.python_version(), **versions, **{k: v for k, v in programs.items() if v}},
    }


def _is_installed(package: str) -> bool:
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _read_version(program: str) -> str | None:
    path = shutil.which(program)
    if not path:
        return None
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.strip().lstrip("v").removeprefix("jq-")


def _read_processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123 - no file of ours
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
