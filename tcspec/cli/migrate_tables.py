"""`tcspec migrate` of a table in a database: its options, what they need of each other, and the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from tcspec.cli.exits import Exit
from tcspec.cli.progress import show_progress
from tcspec.cli.terminal import print_error
from tcspec.migration.checkpoints import GOES_ON
from tcspec.migration.sql import databases

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tcspec.migration.sql.tables import TableJob
    from tcspec.migration.summary import Summary

F = TypeVar("F", bound="Callable[..., Any]")

_OPTIONS = (
    click.option("--table", metavar="NAME", help="Table of the events, when SOURCE is a database."),
    click.option("--key", metavar="NAME", help="Column of the table that is unique, such as its primary key."),
    click.option("--in-place", is_flag=True, help="Upgrade the column itself; the originals are kept until --finish."),
    click.option("--into-column", metavar="NAME", help="Write upgraded events to another column of the table."),
    click.option("--into-table", metavar="NAME", help="Write rows with upgraded events to a new table."),
    click.option(
        "--where", metavar="SQL", help="Take only rows that meet a condition; it is run as SQL, as you give it."
    ),
    click.option(
        "--undo",
        is_flag=True,
        help="Put the originals back, or remove the new column or table; of a file write SOURCE anew by its "
        "--journal, or remove TARGET when SOURCE is there.",
    ),
    click.option("--finish", is_flag=True, help="Drop the originals that were kept for --undo."),
)
_FILE_OPTIONS = ("rejects", "force", "where_event", "since", "until", "journal")
_NAMES = ("table", "key", "in_place", "into_column", "into_table", "where", "undo", "finish")
_NEEDED = ("table", "key", "column")


def table_options(command: F) -> F:
    """Add the options for tables to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def take_options(chosen: dict[str, Any]) -> dict[str, Any]:
    """Take the options for tables out of those of a command."""
    return {name: chosen.pop(name) for name in _NAMES}


def is_chosen(paths: Sequence[str], chosen: Mapping[str, Any]) -> bool:
    """Return whether the source is a database.

    Raises:
        UsageError: when it is not, and there are options for tables.
    """
    if databases.is_database(paths[0]):
        return True
    for name, value in chosen.items():
        # Files are undone too.
        if value and name != "undo":
            raise click.UsageError(f"--{_option(name)} is for databases; SOURCE is none that can be migrated.")
    return False


def run(paths: Sequence[str], chosen: Mapping[str, Any]) -> tuple[Summary, str, dict[str, Any]] | Exit:
    """Migrate a table and return its counts, its database and its job; undo or finish, and return the exit code.

    Args:
        paths: the database, and once more when there is a target.
        chosen: the options of the command.

    Raises:
        UsageError: when options are missing or contradict each other.
        FileError: when the database fails.
        MigrationError: when the table cannot be migrated so.
    """
    from tcspec.migration.sql import migrating, undoing  # noqa: PLC0415 - most migrations are of files
    from tcspec.migration.sql.recounting import describe_table  # noqa: PLC0415
    from tcspec.migration.sql.tables import build_job, mask_url  # noqa: PLC0415

    _check(paths, chosen)
    url = paths[0]
    databases.check_reports(url, chosen["report"])
    job = build_job(
        **{
            name: chosen[name]
            for name in (*_NEEDED, "into_column", "into_table", "where", "on_invalid", "limits", "validate")
        }
    )
    if chosen["undo"]:
        return _undo(url, job)
    if chosen["finish"]:
        rejects = undoing.finish_table(url, job)
        kept = f"; {rejects:,} rejects stay in their table" if rejects else ""
        print_error(f"{job.table}: finished, nothing can be undone any more{kept}")
        return Exit.FINE
    try:
        with show_progress("rows") as progress:

            def show(so_far: Summary, share: float | None) -> None:
                progress.update(so_far.lines, share)

            summary = migrating.migrate_table(
                url,
                job,
                resume=chosen["resume"],
                dry_run=chosen["dry_run"],
                details=chosen["details"],
                progress=show if progress.is_shown else None,
            )
    except KeyboardInterrupt:
        # A dry run has nothing to go on with.
        if not chosen["dry_run"]:
            print_error(f"tcspec: interrupted; {GOES_ON}")
        raise
    return summary, mask_url(url), describe_table(job)


def _undo(url: str, job: TableJob) -> Exit:
    from tcspec.migration.sql.undoing import undo_table  # noqa: PLC0415 - as above

    restored, left = undo_table(url, job)
    print_error(f"{job.table}: {restored:,} rows are as they were")
    if left:
        print_error(
            f"{left:,} rows were written again since, or deleted, and stay as they are; their originals are kept "
            "until --finish"
        )
    return Exit.FOUND if left else Exit.FINE


def _check(paths: Sequence[str], chosen: Mapping[str, Any]) -> None:
    if missing := [f"--{name}" for name in _NEEDED if not chosen[name]]:
        raise click.UsageError(f"A database needs --table, --key and --column; missing: {', '.join(missing)}.")
    if wrong := [f"--{name}" for name in _FILE_OPTIONS if chosen[name]]:
        raise click.UsageError(
            f"{wrong[0].replace('_', '-')} is for files: of a database rejects are kept in a table, --resume or --undo "
            "deal with a migration that was begun, and --where takes a part."
        )
    if chosen["workers"] > 1:
        raise click.UsageError("A database is migrated by one worker.")
    targets = [name for name in ("in_place", "into_column", "into_table") if chosen[name]]
    if len(targets) > 1:
        raise click.UsageError("Choose one of --in-place, --into-column and --into-table.")
    ends = [name for name in ("undo", "finish", "dry_run", "resume") if chosen[name]]
    if len(ends) > 1 and {"undo", "finish"} & set(ends):
        raise click.UsageError(f"--{_option(ends[0])} and --{_option(ends[1])} exclude each other.")
    if not targets and (not ends or ends == ["resume"]):
        raise click.UsageError("Choose --in-place, --into-column NAME or --into-table NAME.")
    _check_target(paths, is_in_place=chosen["in_place"])


def _check_target(paths: Sequence[str], *, is_in_place: bool) -> None:
    source, *others = paths
    if len(others) > 1 or (others and not databases.is_same(source, others[0])):
        raise click.UsageError("A table is migrated in its own database: TARGET is the URL of SOURCE, or is left out.")
    if others and is_in_place:
        raise click.UsageError("--in-place takes no TARGET.")


def _option(name: str) -> str:
    return name.replace("_", "-")
