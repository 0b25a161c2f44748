"""The exit codes; when several apply, the highest wins."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a run ended."""

    FINE = 0
    FOUND = 1
    """A payload is wrong, was rejected, or would change."""
    MISUSE = 2
    """The command makes no sense, or a file cannot be opened, decompressed or written."""
    INTERNAL = 3
    """An error of tcspec itself."""
    INTERRUPTED = 130
    """What a shell reports of a program that SIGINT ended."""
    CLOSED = 141
    """What a shell reports of a program that SIGPIPE ended."""
