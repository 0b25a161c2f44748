"""Unified diffs that `patch` can apply, hunk by hunk, so that a long file is never in memory as a whole."""

from __future__ import annotations

import difflib
import re
import sys
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from tcspec.cli.terminal import choose_colors, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HUNK_START = re.compile(r"(?<=[-+])[0-9]++")
# Lines as `patch` has them: `splitlines` ends them at other characters too.
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_STYLES = {"---": "path", "+++": "path", "@": "detail", "+": "added", "-": "removed"}


def iter_hunks(before: str, after: str, line: int = 1) -> Iterator[str]:
    """Yield the lines of a diff of two texts that start on a line of a file, without the names of files."""
    # Without the names of the files, which `iter_names` writes.
    for text in islice(difflib.unified_diff(_LINE.findall(before), _LINE.findall(after)), 2, None):
        if text.startswith("@@"):
            yield _HUNK_START.sub(lambda found: f"{int(found[0]) + line - 1}", text)
        elif text.endswith("\n"):
            yield text
        else:
            yield from (f"{text}\n", "\\ No newline at end of file\n")


def iter_names(path: str) -> Iterator[str]:
    """Yield the lines of a diff that name the file, written as `git diff` does so that `patch` can read them."""
    name = path
    if not path.isprintable() or '"' in path or "\\" in path:
        name = "".join(_quote(each) for each in path)
        name = f'"{name}"'
    elif " " in path:
        name = f"{path}\t"  # without a tab `patch` takes what follows a space for a date
    yield from (f"{sign} {name}\n" for sign in ("---", "+++"))


def _quote(character: str) -> str:
    """Return a character as it is in a quoted file name: octal bytes for what is not printable."""
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode(errors="surrogateescape"))


def write_diff(diff: Iterable[str]) -> None:
    """Write the lines of a diff, coloured, to standard output.

    Raises:
        FileError: when it cannot be written.
    """
    colorize = choose_colors(sys.stdout)
    for line in diff:
        style = next((style for start, style in _STYLES.items() if line.startswith(start)), None)
        text = line.rstrip("\r\n")
        write((colorize(style, text) if style else text) + line[len(text) :], is_diff=True)


@dataclass(slots=True)
class FileDiff:
    """The diff of a file, which is printed as soon as it has whole lines: the members of an array begin within one."""

    path: str
    line: int = 1
    before: bytearray = field(default_factory=bytearray)
    after: bytearray = field(default_factory=bytearray)
    is_begun: bool = False

    def add(self, before: bytes, after: bytes) -> None:
        """Add the next piece of the file, as it is and as it is to be."""
        self.before += before
        self.after += after
        if before.endswith(b"\n"):
            self.write()

    def skip(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """Yield more of the file, which stays as it is and may be of any length."""
        self.write()
        for chunk in chunks:
            self.line += chunk.count(b"\n")
            yield chunk

    def write(self) -> None:
        """Print what differs in the lines so far."""
        if self.before != self.after:
            names = [] if self.is_begun else iter_names(self.path)
            write_diff([*names, *iter_hunks(self.before.decode(), self.after.decode(), self.line)])
            self.is_begun = True
        self.line += self.before.count(b"\n")
        self.before.clear()
        self.after.clear()
