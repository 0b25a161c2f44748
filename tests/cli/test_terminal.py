from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from tcspec.cli.progress import Progress, show_progress
from tcspec.cli.terminal import choose_colors, is_closed_pipe, print_error, write
from tcspec.files.lines import FileError

ERASE = "\r\x1b[2K"


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_progress():
    """Progress that is due shows the count and the rate, and its line is gone in the end."""
    with redirect_stderr(Terminal()) as screen, show_progress("payloads") as progress:
        progress.advance()
        assert screen.getvalue() == ""
        progress.due = 0.0
        progress.advance()
        progress.advance()
        assert progress.count == 3
    assert screen.getvalue().startswith("2 payloads, ")
    assert screen.getvalue().endswith(f"/s{ERASE}")


def test_no_terminal():
    """Progress is not shown if stderr is no terminal."""
    with redirect_stderr(io.StringIO()) as screen, show_progress("payloads") as progress:
        progress.due = 0.0
        progress.update(10**9)
    assert screen.getvalue() == ""


def test_not_shown():
    """Progress is not shown if the command writes to the terminal itself."""
    with redirect_stderr(Terminal()) as screen, show_progress("payloads", is_shown=False) as progress:
        progress.due = 0.0
        progress.update(10**9)
    assert screen.getvalue() == ""


def test_progress_is_gone_after_an_error():
    """An error leaves no progress behind."""

    def fail() -> None:
        with show_progress("lines") as progress:
            progress.due = 0.0
            progress.update(1)
            raise ZeroDivisionError

    with redirect_stderr(Terminal()) as screen, pytest.raises(ZeroDivisionError):
        fail()
    assert screen.getvalue().endswith(ERASE)


def test_progress_makes_way():
    """Progress changes no more often than people can see, and is erased before anything else is written."""
    with redirect_stderr(Terminal()) as screen:
        progress = Progress("lines")
        progress.due = 0.0
        progress.update(1)
        due = progress.due
        progress.update(2)
        assert progress.due == due > 0.0
        progress.due = 0.0
        progress.update(3)
        print_error("done")
    assert "3 lines" in screen.getvalue()
    assert screen.getvalue().endswith(f"{ERASE}done\n")


@pytest.mark.parametrize(
    ("total", "done", "line"),
    [
        (0, 500, "1,000 payloads, 100/s"),
        (1_000, 0, "1,000 payloads, 100/s"),
        (1_000, 500, "1,000 payloads, 100/s, 50%, 0:10 left"),
        (100_000, 1_000, "1,000 payloads, 100/s, 1%, 16:30 left"),
        (1_000, 2_000, "1,000 payloads, 100/s, 99%, 0:00 left"),
    ],
)
def test_line(total, done, line):
    """Where the size of the files is known, progress has a percentage and the time left."""
    assert Progress("payloads", total, count=1_000, done=done).line(10.0) == line


@pytest.mark.parametrize(
    ("paths", "total"),
    [(["a.json", "b.json"], 30), ([], 0), (["a.json", "-"], 0), (["a.json", "c.json.gz"], 0), (["a" * 300, "\0"], 0)],
)
def test_total(tmp_path, monkeypatch, paths, total):
    """The size is that of all files; it is unknown if one is compressed, missing or standard input."""
    monkeypatch.chdir(tmp_path)
    for name, size in {"a.json": 10, "b.json": 20, "c.json.gz": 5}.items():
        Path(name).write_bytes(b" " * size)
    with redirect_stderr(Terminal()), show_progress("payloads", paths) as progress:
        assert progress.total == total


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colors(monkeypatch, variable, value):
    """Terminals get colours, unless the environment disables them; everything else gets none."""
    with redirect_stdout(Terminal()) as screen:
        write(choose_colors(screen)("error", "\x1b[31mx") + "\n")
    assert screen.getvalue() == "\x1b[31m\x1b[1m\\x1b[31mx\x1b[0m\n"
    assert choose_colors(io.StringIO())("error", "x") == "x"
    monkeypatch.setenv(variable, value)
    assert choose_colors(Terminal())("error", "x") == "x"


@pytest.mark.parametrize("style", ["error", "warning", "info", "path", "detail", "added", "removed"])
def test_styles(style):
    """Every style that reporters use is defined."""
    assert "x" in choose_colors(Terminal())(style, "x") != "x"


@pytest.mark.parametrize(("error", "is_quiet"), [(BrokenPipeError, True), (OSError(28, "full"), False)])
def test_writing(monkeypatch, error, is_quiet):
    """An error of standard output names it; a reader that closed it is no error."""

    class Broken(io.StringIO):
        """A stream that cannot be written."""

        def write(self, _: str) -> int:
            """Raise the error."""
            raise error

    monkeypatch.setattr(sys, "stdout", Broken())
    with pytest.raises(FileError, match="standard output: ") as failed:
        write("x")
    assert is_closed_pipe(failed.value) is is_quiet


def test_progress_of_shares():
    """Where a share is known instead of a size, it is shown, and a run that goes on counts what it has done itself."""
    with redirect_stderr(Terminal()):
        progress = Progress("lines")
        progress.update(1_000, None)
        assert progress.line(1) == "1,000 lines, 1,000/s"
        progress = Progress("lines")
        progress.update(5_000, 0.5)
        assert progress.line(1) == "5,000 lines, 0/s"
        progress.update(6_000, 0.6)
        assert progress.line(1) == "6,000 lines, 1,000/s, 60%, 0:04 left"
