from __future__ import annotations

import io
import math
import re
import sys
from contextlib import redirect_stderr

import pytest

from tcspec.cli import terminal
from tcspec.cli.terminal import Meter, is_closed_pipe, painter, print_error, progress, write
from tcspec.files.lines import UnreadableFile


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


@pytest.fixture(autouse=True)
def _environment(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_meter_counts():
    """A meter that is due shows what it counted, and is gone in the end."""
    with redirect_stderr(Terminal()) as screen, progress("payloads") as meter:
        meter.tick()
        assert screen.getvalue() == ""
        meter.due = 0.0
        meter.tick()
        meter.tick()
        assert meter.count == 3
    assert re.search("[23] payloads", screen.getvalue())
    assert screen.getvalue().endswith("\x1b[2K")


def test_meter_nowhere():
    """Where nobody looks a meter is never due."""
    with progress("payloads") as meter:
        meter.show(10**9)
    assert meter.due == math.inf
    assert terminal._shown == []  # noqa: SLF001 - nothing else tells


def test_meter_is_gone_after_an_error():
    """An error leaves no meter behind."""

    def fail() -> None:
        with progress("lines") as meter:
            meter.due = 0.0
            meter.show(1)
            raise ZeroDivisionError

    with redirect_stderr(Terminal()) as screen, pytest.raises(ZeroDivisionError):
        fail()
    assert screen.getvalue().endswith("\x1b[2K")


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_paint(monkeypatch, variable, value):
    """Terminals get colours, unless the environment says otherwise; everything else gets none."""
    assert painter(Terminal())("error", "x") == "\x1b[31m\x1b[1mx\x1b[0m"
    assert painter(io.StringIO())("error", "x") == "x"
    monkeypatch.setenv(variable, value)
    assert painter(Terminal())("error", "x") == "x"


@pytest.mark.parametrize("style", ["error", "warning", "info", "path", "detail", "added", "removed"])
def test_styles(style):
    """Every style that reporters use can be painted."""
    assert "x" in painter(Terminal())(style, "x") != "x"


@pytest.mark.parametrize(("error", "is_quiet"), [(BrokenPipeError, True), (OSError(28, "full"), False)])
def test_writing(monkeypatch, error, is_quiet):
    """What cannot be written is told in the name of standard output; a reader who left is no reason to talk."""

    class Broken(io.StringIO):
        """A stream that takes nothing."""

        def write(self, _: str) -> int:
            """Take nothing."""
            raise error

    monkeypatch.setattr(sys, "stdout", Broken())
    monkeypatch.setattr(terminal, "_silence", lambda: None)
    with pytest.raises(UnreadableFile, match="standard output: ") as failed:
        write("x")
    assert is_closed_pipe(failed.value) is is_quiet


def test_meter_makes_way():
    """A meter changes no more often than people can see, and whatever else is said takes its line away first."""
    with redirect_stderr(Terminal()) as screen:
        meter = Meter("lines", 0.0)
        meter.show(1)
        due = meter.due
        meter.show(2)
        assert meter.due == due > 0.0
        meter.due = 0.0
        meter.show(3)
        print_error("done")
    assert "3 lines" in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[2Kdone\n")
