"""What a text for people may look like: which characters are printed as they are, and in which style."""

from __future__ import annotations

from collections.abc import Callable

Colorize = Callable[[str, str], str]
"""Returns a text in a style: `error`, `warning`, `info`, `path`, `detail`, `added` or `removed`."""


def plain(_: str, text: str) -> str:
    """Return a text as it is, without colour."""
    return text


def printable(text: str, kept: str = "") -> str:
    """Return a text with every character escaped that is not printable, line ends too, except the `kept` ones."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() or each in kept else each.encode("unicode_escape").decode() for each in text
    )
