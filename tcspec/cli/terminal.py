"""The streams of the command line: results on stdout, prose on stderr, colours and progress on terminals only."""

from __future__ import annotations

import io
import math
import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

import click

from tcspec.files.lines import UnreadableFile
from tcspec.reporters.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.live import Live

    from tcspec.errors import TcspecError
    from tcspec.reporters.text import Paint

_OUTPUT = "standard output"
_PATIENCE = 0.5
"""Seconds before progress is worth showing."""
_PAUSE = 0.1
"""Seconds between two changes of it."""
_STYLES = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "info": {"fg": "blue", "bold": True},
    "path": {"bold": True},
    "detail": {"dim": True},
    "added": {"fg": "green"},
    "removed": {"fg": "red"},
}


def start() -> None:
    """Make the streams able to say anything: what the encoding lacks is escaped."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def finish() -> None:
    """Send what is still held back to standard output.

    Raises:
        UnreadableFile: when it cannot be written.
    """
    with _writing():
        sys.stdout.flush()


def write(text: str) -> None:
    """Write a part of the result.

    Raises:
        UnreadableFile: when standard output cannot be written.
    """
    with _writing():
        sys.stdout.write(text)


def write_bytes(raw: bytes) -> None:
    """Write a part of the result as it is.

    Raises:
        UnreadableFile: when standard output cannot be written.
    """
    with _writing():
        sys.stdout.flush()
        sys.stdout.buffer.write(raw)


@contextmanager
def _writing() -> Iterator[None]:
    _hide()
    try:
        yield
    except OSError as error:
        _silence()
        raise UnreadableFile(_OUTPUT, error.strerror or str(error)) from None


def is_closed_pipe(error: TcspecError) -> bool:
    """Tell whether who reads our output has seen enough; nothing is wrong then."""
    return isinstance(error.__context__, BrokenPipeError)


def _silence() -> None:
    """Keep the interpreter from trying once more, and complaining, when it ends."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a device
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def print_error(text: str) -> None:
    """Say something to the person at the terminal."""
    _hide()
    click.echo(text, err=True)


def painter(stream: TextIO) -> Paint:
    """Give what paints text for a stream: colours on a terminal, unless NO_COLOR is set; else nothing."""
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return plain
    return lambda style, text: click.style(text, **_STYLES[style])  # type: ignore[arg-type]


@dataclass(slots=True)
class Meter:
    """A line on stderr that counts, ten times a second at most, once the run takes long."""

    unit: str
    due: float
    count: int = 0

    def tick(self) -> None:
        """Count one more."""
        self.show(self.count + 1)

    def show(self, count: int) -> None:
        """Show how many there were so far."""
        self.count = count
        now = time.monotonic()
        if now >= self.due:
            self.due = now + _PAUSE
            _show(f"{count:,} {self.unit}")


@contextmanager
def progress(unit: str, *, is_shown: bool = True) -> Iterator[Meter]:
    """Give a meter that shows on a terminal and nowhere else, and is gone when the run ends.

    It must not be shown where something else than `write` and `print_error` writes to the terminal.
    """
    try:
        yield Meter(unit, time.monotonic() + _PATIENCE if is_shown and sys.stderr.isatty() else math.inf)
    finally:
        _hide()


_shown: list[Live] = []
"""The line of a meter while it is on the terminal; whatever else is written there takes it away first."""


def _show(text: str) -> None:
    from rich.console import Console  # noqa: PLC0415 - rich costs more than judging a file, and few runs need it
    from rich.live import Live  # noqa: PLC0415 - as above
    from rich.spinner import Spinner  # noqa: PLC0415 - as above

    spinner = Spinner("dots", text)
    if _shown:
        _shown[0].update(spinner)
        return
    # Rich must not take over stdout: what goes there may go to a file.
    live = Live(spinner, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False)
    live.start()
    _shown.append(live)


def _hide() -> None:
    while _shown:
        _shown.pop().stop()
