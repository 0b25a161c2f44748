"""Run programs in processes that can be killed, and measure the peak memory of each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_STARTER = """
import os, subprocess, sys
out, err, *command = sys.argv[1:]
with open(out, "wb") as out, open(err, "wb") as err:
    child = subprocess.Popen(command, stdout=out, stderr=err)
print(child.pid, flush=True)
_, status, usage = os.wait4(child.pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)
"""


class Ended(NamedTuple):
    """How a process ended: its exit code, or the signal as a negative number, and its peak memory in bytes."""

    code: int
    peak: int


class MeasuredProcess:
    """A process that runs a program; its peak memory is that of it and of every process that it started.

    A small process starts the program, since a process inherits the peak memory of its parent. Standard input is a
    pipe, and is that of the program.
    """

    def __init__(self, command: Sequence[object], out: Path | str, err: Path | str = os.devnull) -> None:
        """Start a program; `out` and `err` are files for what it writes."""
        starter = [sys.executable, "-I", "-S", "-c", _STARTER, *map(str, (out, err, *command))]
        self.starter = subprocess.Popen(starter, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.starter.stdin
        assert self.starter.stdout
        self.stdin, self.stdout = self.starter.stdin, self.starter.stdout
        self.pid = int(self.stdout.readline())

    @property
    def is_running(self) -> bool:
        """Return whether it has not ended."""
        return self.starter.poll() is None

    def kill(self) -> None:
        """Kill it, if it has not ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> Ended:
        """Close its standard input, and wait until it ends."""
        self.stdin.close()
        code, kilobytes = map(int, self.stdout.read().split())
        self.starter.wait()
        self.stdout.close()
        return Ended(code, kilobytes * 1024)
