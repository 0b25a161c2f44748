"""The streams of the command line: results on stdout, messages on stderr, colours and a status on terminals only."""

from __future__ import annotations

import io
import os
import re
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO
from unicodedata import category

from tcspec.reporters.printing import plain, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.errors import TcspecError
    from tcspec.reporters.printing import Colorize

_NAMES = {"stdout": "standard output", "stderr": "standard error"}
_ERASE = "\r\x1b[2K"
"""Goes to the start of the line, and erases it."""
_ESC = f"\x1b{os.urandom(8).hex()}"
"""The escape character of our own styles until a line is written: no text from outside can contain it."""
_COMMAND = r"^\s*+:(?=:)|(?<=[\u2028\u2029])[^\S\u2028\u2029]*+:(?=:)|#(?=#\w*\[)"
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
    erase_status()
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
    erase_status()
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
        from tcspec.files.lines import FileError, describe_os_error  # noqa: PLC0415 - most runs can write

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
    erase_status()
    _write_error(_escape(line.removesuffix("\n")) + "\n")


def _write_error(text: str) -> None:
    with writing("stderr"):
        sys.stderr.write(text)
        sys.stderr.flush()


def _escape(line: str, kept: str = "") -> str:
    """Return a line as a terminal or a log may have it: only our own styles are not printable, nothing is a command."""
    line = "\x1b".join(printable(part, kept) for part in line.split(_ESC))
    # A pattern that `re` compiles when it is first needed, and remembers.
    return re.sub(_COMMAND, lambda found: found[0][:-1] + f"\\x{ord(found[0][-1]):02x}", line)


def choose_colors(stream: TextIO) -> Colorize:
    """Return what colours text for a stream: colours on a terminal, unless NO_COLOR is set; else none."""
    if not stream.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return plain
    return _colorize


def _colorize(style: str, text: str) -> str:
    import click  # noqa: PLC0415 - only terminals have colours

    before, after = click.style("|", **_STYLES[style]).replace("\x1b", _ESC).split("|")  # type: ignore[arg-type]
    return f"{before}{text}{after}"


def show_status(line: str) -> None:
    """Show a line on the terminal of standard error, in the place of the one that was shown before.

    Whatever else is written there erases it first.
    """
    erase_status()
    _write_error(line)
    _shown.append(line)


def erase_status() -> None:
    """Erase the line that `show_status` has shown, if there is one."""
    if _shown:
        _shown.clear()
        _write_error(_ERASE)


_shown: list[str] = []
