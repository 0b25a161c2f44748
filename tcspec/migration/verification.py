"""Check a report of a migration from the files that it names: its seal, its sums, their digests, and the outcomes.

For the outcomes the sources are migrated once more, to nothing, and what would be written is compared with what was.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tcspec.contract.engines import find_mismatch
from tcspec.errors import TcspecError
from tcspec.files.lines import FileError, wrap_os_errors
from tcspec.jsontext.reader import Limits
from tcspec.migration.details import Details, MigratedFile
from tcspec.migration.engine import migrate
from tcspec.migration.job import REJECTS, ROLES, TARGET, MigrationError
from tcspec.migration.measured import MeasuredOutput, measure_file
from tcspec.migration.output_files import Content
from tcspec.migration.report import SEAL, describe_other_version, find_differences, find_mistakes, is_sealed
from tcspec.migration.running import hash_file
from tcspec.migration.shares import FileShares, add_row_share
from tcspec.migration.sql.recounting import verify_table
from tcspec.migration.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tcspec.migration.shares import OnProgress


_SCHEMA = "migration-report/1.0.json"


@dataclass(eq=False)
class NotVerifiable(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """A report that names nothing that could be checked."""

    reason: str

    def __str__(self) -> str:
        return self.reason


def verify_report(path: str, progress: OnProgress | None = None, database: str | None = None) -> Iterator[str]:
    """Yield what is wrong with a report, or with the files or tables that it names; nothing when all is as it states.

    Args:
        path: the report, as `tcspec migrate --report` writes it in JSON.
        progress: called with the counts of the second migration, and the share that was read, now and then.
        database: the URL of the database of a table, with what a report does not have.

    Raises:
        FileError: when the report cannot be read.
        MigrationError: when it is of a table of which nothing is kept that could be checked, or of another database.
        NotVerifiable: when it is of a dry run, or of streams only.
    """
    with wrap_os_errors(path):
        text = Path(path).read_bytes()
    try:
        report = json.loads(text)
    except (ValueError, RecursionError):
        report = None
    if not isinstance(report, dict) or not is_sealed(text, str(report.get(SEAL))):
        yield f"{path} is not as it was written: its {SEAL} is not that of its content"
        return
    if mismatch := find_mismatch(report, _SCHEMA):
        yield f"{path} is no report of a migration: {mismatch}"
        return
    yield from find_mistakes(report)
    if "table" in report and not report["options"]["dry_run"]:
        total = report["records"]["read"]
        try:
            yield from verify_table(report, database, add_row_share(progress, lambda: total))
        except FileError as error:
            if database is None and not report["source"].startswith("sqlite:"):
                with_them = f"name the database with them: tcspec migrate URL --verify {path}"
                error.add_note(f"a report has no user and no password, {with_them}")
            raise
        return
    if database is not None:
        raise MigrationError("the report names its files; only that of a table takes its database as SOURCE")
    files = [msgspec.convert(each, MigratedFile) for each in report.get("files", ())]
    if report["options"]["dry_run"] or not any(file.source.path or file.outputs for file in files):
        raise NotVerifiable(f"{path} names no file that can be checked: it is of a dry run, or of streams")
    folder = os.path.dirname(path)  # noqa: PTH120 - any text is a path
    found = [wrong for file in files for wrong in _check_digests(file, folder)]
    yield from found
    # A source that is another one, or a stream, cannot be migrated to the same result.
    if not found and all(file.source.path for file in files):
        yield from _check_outcomes(report, files, folder, progress)


def _check_digests(file: MigratedFile, folder: str) -> Iterator[str]:
    for named in (file.source, *file.outputs.values()):
        if named.path is None:
            continue
        place = _find(named.path, folder)
        try:
            content = hash_file(place)
        except FileError as error:
            yield str(error)
            continue
        if content != Content(named.size, named.sha256):
            yield f"{named.path} was changed: it has {content.size:,} bytes and the SHA-256 {content.sha256}"


def _check_outcomes(
    report: Mapping[str, Any], files: list[MigratedFile], folder: str, progress: OnProgress | None
) -> Iterator[str]:
    options, total = report["options"], Summary(details=Details())
    places = [_find(str(file.source.path), folder) for file in files]
    shares = FileShares.of(progress, places)
    has_names = isinstance(report["source"], list) or len(files) > 1 or Path(_find(report["source"], folder)).is_dir()
    for file, place in zip(files, places, strict=True):
        name = str(file.source.path)
        outputs = {role: MeasuredOutput() for role in ROLES}
        summary = migrate(
            place,
            os.devnull,
            # Rejects that were named are a file even where there are none.
            rejects=os.devnull if REJECTS in file.outputs else None,
            on_invalid=options["on_invalid"],
            column=options["column"],
            validate=options["validate"],
            where_event=options["where_event"],
            since=options["since"],
            until=options["until"],
            limits=Limits(options["max_depth"], options["max_length"]),
            details=True,
            dry_run=True,
            measured=outputs,
            progress=shares.within(place),
        )
        shares.finish(place, summary.lines)
        for role in (TARGET, REJECTS):
            # Rejects that are empty have no file in a folder; the reasons name places of the first machine.
            named = file.outputs.get(role)
            if named and measure_file(_find(str(named.path), folder)) != outputs[role].content:
                yield f"{named.path} is not what {name} is migrated to{describe_other_version(report)}"
        total.merge(summary, name if has_names else None)
    yield from find_differences(report, total, "the files")


def _find(path: str, folder: str) -> str:
    """Return where a file is now: as it was named, or else beside the report."""
    beside = os.path.join(folder, path)  # noqa: PTH118 - any text is a path
    return beside if not Path(path).exists() and Path(beside).exists() else path
