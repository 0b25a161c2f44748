"""What `tcspec migrate` does beside migrating: check a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tcspec.cli.exits import Exit
from tcspec.cli.progress import show_progress
from tcspec.cli.terminal import print_error, write

if TYPE_CHECKING:
    from collections.abc import Sequence


def verify(report: str, paths: Sequence[str]) -> int:
    """Check a report, and return the exit code."""
    from tcspec.migration.verification import verify_report  # noqa: PLC0415 - no other run needs it

    if paths:
        raise click.UsageError("--verify takes no SOURCE: the report names the files.")
    with show_progress("lines") as progress:
        wrong = list(verify_report(report, lambda so_far: progress.update(so_far.lines)))
    for each in wrong:
        write(f"{each}\n")
    if not wrong:
        print_error(f"{report}: the files are as it states, and the counts and outcomes are those of the files\n")
    return Exit.FOUND if wrong else Exit.FINE
