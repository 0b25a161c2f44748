"""Follow a page of the documentation, as a reader would: write its files, run its commands, compare what they print.

A block of `sh` is run. It has to succeed, or, when a block of `text` follows it, to print the lines of that block in
their order, beside others, whatever its exit code is. A block of `pycon` is an example that has to be as printed. Any
other block is written to a file when the paragraph before it ends with the name of the file in backquotes and a colon.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_BLOCK = re.compile(
    r"(?P<before>[^\n]*)\n(?:\n)?^```(?P<language>\w+)\n(?P<content>.*?)^```$", re.MULTILINE | re.DOTALL
)
_FILE = re.compile(r"`([\w./-]+)`:$")


class Block(NamedTuple):
    """A block of a page: its language, its content, and the name of the file that it is, empty if it is none."""

    language: str
    content: str
    file: str


def read_blocks(page: str) -> list[Block]:
    """Return the blocks of a page."""
    blocks = []
    for block in _BLOCK.finditer(page):
        named = _FILE.search(block["before"])
        blocks.append(Block(block["language"], block["content"], named[1] if named else ""))
    return blocks


def follow(page: str, folder: Path, environment: Mapping[str, str]) -> None:
    """Follow a page in a folder; what it installs into `.venv` is found first."""
    path = f"{folder / '.venv/bin'}{os.pathsep}{environment['PATH']}"
    blocks = read_blocks(page)
    for number, (block, following) in enumerate(zip(blocks, [*blocks[1:], None], strict=True)):
        expected = following.content if following and following.language == "text" else None
        if block.language == "sh":
            _run(["bash", "-e", "-c", block.content], folder, {**environment, "PATH": path}, expected)
        elif block.language == "pycon":
            example = folder / f".example-{number}.txt"
            example.write_text(block.content, encoding="utf-8")
            _run(["python", "-m", "doctest", example.name], folder, {**environment, "PATH": path}, None)
            example.unlink()
        elif block.file:
            file = folder / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.content, encoding="utf-8")


def _run(command: list[str], folder: Path, environment: dict[str, str], expected: str | None) -> None:
    program = shutil.which(command[0], path=environment["PATH"])
    done = subprocess.run(
        [program, *command[1:]],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        text=True,
    )
    shown = f"$ {command[-1]}\n{done.stdout}"
    assert expected is not None or done.returncode == 0, shown
    printed = iter(done.stdout.splitlines())
    # Each line is looked for behind the one before it.
    missing = [line for line in (expected or "").splitlines() if line and line not in printed]
    assert missing == [], shown
