"""Run the command line: in this process, or as the program that a user has."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from tcspec.cli import run

PROGRAM = Path(sysconfig.get_path("scripts")) / "tcspec"


@dataclass(frozen=True, slots=True)
class Result:
    """The exit code of a run, and what it wrote."""

    code: int
    out: str
    err: str


def tcspec(*arguments: object, stdin: bytes = b"") -> Result:
    """Run the command line in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
    input_ = io.TextIOWrapper(io.BytesIO(stdin))
    with mock.patch("sys.stdin", input_), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
    err.flush()
    return Result(code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode())


def program(*arguments: object, stdin: bytes = b"", **options) -> Result:
    """Run the program in a separate process."""
    command = [PROGRAM, *map(str, arguments)]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    done = subprocess.run(command, input=stdin, check=False, **streams | options)
    return Result(done.returncode, (done.stdout or b"").decode(), (done.stderr or b"").decode())


def python(code: str, **options) -> Result:
    """Run Python code in a separate process."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, **options)
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


def locate(*arguments: object, stdin: bytes = b"") -> list[tuple[str, int, int]]:
    """Return code, line and column of every violation that `tcspec check` reports."""
    report = json.loads(tcspec("check", "--format", "json", *arguments, stdin=stdin).out)
    return [(v["code"], v["line"], v["column"]) for file in report["files"] for v in file["violations"]]


def put(name: str, content: bytes) -> str:
    """Write a file in the current folder, and return its name."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name
