"""What `tcspec migrate` does beside migrating: check a report, put rejects back, undo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tcspec.cli.exits import Exit
from tcspec.cli.progress import show_progress
from tcspec.cli.terminal import print_error, write
from tcspec.files.globs import is_glob
from tcspec.migration.folder_names import are_several
from tcspec.migration.sql.databases import is_database

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tcspec.migration.summary import Summary

_UNDONE = ("rejects", "column", "on_invalid", "validate", "where_event", "since", "until", "limits")
_MERGED = ("rejects", "column", "on_invalid", "validate", "limits", "resume", "force")
"""The options that are those of the migration, or of an interruption."""


def verify(report: str, paths: Sequence[str]) -> int:
    """Check a report, and return the exit code."""
    from tcspec.migration.verification import verify_report  # noqa: PLC0415 - no other run needs it

    if len(paths) > 1 or not all(map(is_database, paths)):
        raise click.UsageError("--verify takes no SOURCE: the report names the files. Only a database may be named.")
    with show_progress("lines") as progress:
        wrong = list(verify_report(report, lambda so_far, share: progress.update(so_far.lines, share), *paths))
    for each in wrong:
        write(f"{each}\n")
    if not wrong:
        print_error(f"{report}: everything is as it states, and the counts and outcomes are those of what it names")
    return Exit.FOUND if wrong else Exit.FINE


def merge_rejects(paths: Sequence[str], chosen: Mapping[str, Any]) -> Summary:
    """Put fixed rejects back into a target, and return their counts."""
    from tcspec.migration import merging  # noqa: PLC0415 - as above

    if len(paths) != 1:
        raise click.UsageError("--merge-rejects takes TARGET alone.")
    others = ("report", "dry_run", "where_event", "since", "until", "journal")
    if wrong := [f"--{name.replace('_', '-')}" for name in others if chosen[name]]:
        raise click.UsageError(f"--merge-rejects and {wrong[0]} exclude each other.")
    merge = merging.merge_folder if Path(paths[0]).is_dir() else merging.merge_rejects
    return merge(paths[0], **{name: chosen[name] for name in _MERGED})


def undo(paths: Sequence[str], chosen: Mapping[str, Any]) -> Exit:
    """Write the source of a migration anew by a journal, or remove what was made of it."""
    from tcspec.migration import undoing  # noqa: PLC0415 - as above

    if len(paths) < 2:  # noqa: PLR2004 - a source and a target
        raise click.UsageError("--undo takes SOURCE and TARGET, as the migration did.")
    if wrong := [f"--{name.replace('_', '-')}" for name in ("report", "dry_run", "resume") if chosen[name]]:
        raise click.UsageError(f"--undo and {wrong[0]} exclude each other.")
    *sources, target = paths
    if (journal := chosen["journal"]) is not None:
        # The name of a file that is to be written may have wildcards in it.
        if len(sources) > 1 or (is_glob(sources[0]) and not Path(journal).is_file()):
            raise click.UsageError("--undo --journal takes one SOURCE: the file, or the folder, to write anew.")
        restore = undoing.restore_folder if Path(journal).is_dir() else undoing.restore_source
        summary = restore(sources[0], target, journal, force=chosen["force"])
        print_error(f"{sources[0]}: written as it was, {summary.lines:,} {summary.unit}s")
        return Exit.FINE
    options = {name: chosen[name] for name in _UNDONE}
    if are_several(sources):
        summary = undoing.remove_folder(sources, target, **options)
    else:
        summary = undoing.remove_outputs(sources[0], target, **options)
    is_as = "is as it was" if len(sources) == 1 else "are as they were"
    print_error(f"{target}: removed; {', '.join(sources)} {is_as}, {summary.lines:,} {summary.unit}s")
    return Exit.FINE
