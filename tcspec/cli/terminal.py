"""The streams of the command line: results on stdout, messages on stderr, colours and progress on terminals only."""

from __future__ import annotations

import io
import os
import re
import secrets
import sys
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO
from unicodedata import category

import click

from tcspec.files.lines import FileError, describe_os_error, is_compressed
from tcspec.reporters.text import plain, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tcspec.errors import TcspecError
    from tcspec.reporters.text import Colorize

_NAMES = {"stdout": "standard output", "stderr": "standard error"}
_DELAY = 0.5
"""Seconds before a run shows its progress."""
_INTERVAL = 0.1
"""Seconds between two updates of it."""
_ERASE = "\r\x1b[2K"
"""Goes to the start of the line, and erases it."""
_ESC = f"\x1b{secrets.token_hex(8)}"
"""The escape character of our own styles until a line is written: no text from outside can contain it."""
_COMMAND = re.compile(r"^\s*+:(?=:)|(?<=[\u2028\u2029])[^\S\u2028\u2029]*+:(?=:)|#(?=#\w*\[)")
"""Where CI services read a command in a log: `::error`, `##[group]`, `##vso[task]`, `##teamcity[message]`."""
_KEPT_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Co", "Cn"})
_KEPT_IN_DIFFS = "\t\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""What is not printable but no terminal acts on, and a patch needs as it is: tabs, joiners, a byte order mark."""
_STYLES = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "info": {"fg": "blue", "bold": True},
    "path": {"bold": True},
    "detail": {"dim": True},
    "added": {"fg": "green"},
    "removed": {"fg": "red"},
}


def configure_streams() -> None:
    """Make the streams able to write any text, and to fail like any file when they were closed.

    What the encoding of a stream lacks is escaped.
    """
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            setattr(sys, name, _open_closed_stream(descriptor))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _open_closed_stream(descriptor: int) -> TextIO:
    """Return a stream in the place of one that was closed before the program started; whoever uses it fails.

    Without it the next file that is opened gets the descriptor, and what is meant for the stream is written to it. The
    device is opened for the opposite direction, so that using the stream is an error instead of a silent loss.
    """
    is_input = descriptor == 0
    opened = os.open(os.devnull, os.O_WRONLY if is_input else os.O_RDONLY)
    if opened != descriptor:
        os.dup2(opened, descriptor)
        os.close(opened)
    return open(descriptor, "r" if is_input else "w", encoding="utf-8", closefd=False)


def use_utf8() -> None:
    """Write what follows on standard output in UTF-8: what programs read does not depend on the locale."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")


def flush_output() -> None:
    """Write what is still buffered to standard output.

    Raises:
        FileError: when it cannot be written.
    """
    with writing():
        sys.stdout.flush()


def write(line: str, *, is_diff: bool = False) -> None:
    """Write a line of the result, and escape what is in it; in a diff less, so that `patch` can apply it.

    Raises:
        FileError: when standard output cannot be written.
    """
    write_data(escape_line(line, is_diff=is_diff))


def escape_line(line: str, *, is_diff: bool = False) -> str:
    """Return a line of the result with its line ending, and what is in it escaped; in a diff less."""
    text = line.rstrip("\r\n") if is_diff else line.removesuffix("\n")
    return _escape(text, _find_kept(text) if is_diff else "") + line[len(text) :]


def _find_kept(text: str) -> str:
    """Return the characters of a line of a diff that stay as they are, besides those that are printable."""
    if text.isprintable():
        return ""
    return "".join(each for each in text if each in _KEPT_IN_DIFFS or category(each) in _KEPT_CATEGORIES)


def write_data(text: str) -> None:
    """Write a part of the result as it is: our own words, or a format that escapes by its own rules.

    Raises:
        FileError: when standard output cannot be written.
    """
    _erase_progress()
    with writing():
        sys.stdout.write(escape_data(text))


def escape_data(text: str) -> str:
    """Return a part of the result in a format that escapes by its own rules, as it is written."""
    # JSON escapes every other control character.
    return text.replace("\x7f", "\\u007f")


def write_bytes(raw: bytes) -> None:
    """Write a part of the result, byte for byte.

    Raises:
        FileError: when standard output cannot be written.
    """
    _erase_progress()
    with writing():
        sys.stdout.flush()
        sys.stdout.buffer.write(raw)


@contextmanager
def writing(name: str = "stdout") -> Iterator[None]:
    """Raise what goes wrong with standard output, or with the stream of this name, as an error that names it.

    Raises:
        FileError: when the stream cannot be written.
    """
    try:
        yield
    except FileNotFoundError:
        raise  # about a path, and not about the stream
    except OSError as error:
        if error.filename is not None:  # it is about a file, which has nothing to do with the stream
            raise
        _discard(getattr(sys, name))
        raise FileError(_NAMES[name], describe_os_error(error)) from None


def is_closed_pipe(error: TcspecError) -> bool:
    """Return whether the reader of our output has closed it, which is no error."""
    return isinstance(error.__context__, BrokenPipeError)


def _discard(stream: TextIO) -> None:
    """Keep the interpreter from flushing a stream once more, and failing, when it exits."""
    # A stream without a descriptor is not the interpreter's.
    with suppress(io.UnsupportedOperation), open(os.devnull, "wb") as sink:  # noqa: PTH123 - a device
        os.dup2(sink.fileno(), stream.fileno())


def print_error(line: str) -> None:
    """Write a line to standard error, and escape what is in it.

    Raises:
        FileError: when standard error cannot be written: a run whose messages are lost must not look successful.
    """
    _erase_progress()
    _write_error(_escape(line.removesuffix("\n")) + "\n")


def _write_error(text: str) -> None:
    with writing("stderr"):
        click.echo(text, nl=False, err=True)


def _escape(line: str, kept: str = "") -> str:
    """Return a line as a terminal or a log may have it: only our own styles are not printable, nothing is a command."""
    line = "\x1b".join(printable(part, kept) for part in line.split(_ESC))
    return _COMMAND.sub(lambda found: found[0][:-1] + f"\\x{ord(found[0][-1]):02x}", line)


def choose_colors(stream: TextIO) -> Colorize:
    """Return what colours text for a stream: colours on a terminal, unless NO_COLOR is set; else none."""
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return plain
    return _colorize


def _colorize(style: str, text: str) -> str:
    before, after = click.style("|", **_STYLES[style]).replace("\x1b", _ESC).split("|")  # type: ignore[arg-type]
    return f"{before}{text}{after}"


@dataclass(slots=True)
class Progress:
    """How far a run is: a line on stderr, updated ten times a second at most, once the run takes long.

    `total` is how many bytes there are to read; 0 if that is not known, and then there is no percentage.
    """

    unit: str
    total: int = 0
    is_shown: bool = True
    count: int = 0
    done: int = 0
    started: float = field(default_factory=time.monotonic)
    due: float = 0.0

    def __post_init__(self) -> None:
        self.due = self.started + _DELAY

    def advance(self, size: int = 0) -> None:
        """Count one more, of this many bytes."""
        self.done += size
        self.update(self.count + 1)

    def update(self, count: int) -> None:
        """Set how many there are so far."""
        self.count = count
        now = time.monotonic()
        if self.is_shown and now >= self.due:
            self.due = now + _INTERVAL
            _erase_progress()
            _write_error(self.line(now - self.started))
            _visible.append(self)

    def line(self, seconds: float) -> str:
        """Return the count, the rate, and as far as the total is known the percentage and the time left."""
        line = f"{self.count:,} {self.unit}, {self.count / seconds:,.0f}/s"
        # Line endings are not counted, and a file may grow: both must not promise what is not so.
        share = min(self.done / self.total, 0.99) if self.total else 0
        if not share:
            return line
        minutes, rest = divmod(round(seconds / share - seconds), 60)
        return f"{line}, {share:.0%}, {minutes}:{rest:02} left"


_visible: list[Progress] = []
"""The progress while its line is on the terminal; whatever else is written there erases it first."""


@contextmanager
def show_progress(unit: str, paths: Sequence[str] = (), *, is_shown: bool = True) -> Iterator[Progress]:
    """Show on a terminal, and nowhere else, how far a run is; the line is gone when the run ends.

    It must not be shown where something else than `write` and `print_error` writes to the terminal.

    Args:
        unit: what is counted.
        paths: what is read, if its size shows how far the run is.
        is_shown: whether anything is shown.
    """
    is_shown = is_shown and sys.stderr.isatty()
    try:
        yield Progress(unit, _total_size(paths) if is_shown else 0, is_shown)
    finally:
        _erase_progress()


def _total_size(paths: Sequence[str]) -> int:
    """Return how many bytes the files have; 0 if that is not known before they are read."""
    try:
        return 0 if any(map(is_compressed, paths)) else sum(Path(path).stat().st_size for path in paths)
    except (OSError, ValueError):  # standard input, or a file that cannot be opened
        return 0


def _erase_progress() -> None:
    if _visible:
        _visible.clear()
        _write_error(_ERASE)
