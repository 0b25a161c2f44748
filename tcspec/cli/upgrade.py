"""`tcspec upgrade`: single events to the 2.0 format, on stdout, as a diff, or in place."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import click

from tcspec.cli import options
from tcspec.cli.diffs import iter_hunks, iter_names, write_diff
from tcspec.cli.reporting import exit_code, print_replaced, print_violation, process_files
from tcspec.cli.terminal import choose_colors, print_error, write_bytes
from tcspec.codes import LEGACY_FORMAT
from tcspec.contract.formats import find_other_format
from tcspec.detection import is_payload, kind_of
from tcspec.dialects import is_legacy
from tcspec.errors import UnreadablePayload
from tcspec.files.atomic import count_names, write_file
from tcspec.files.documents import Document, FileType, detect_file_type, iter_contents
from tcspec.files.identity import read_state
from tcspec.files.lines import STANDARD, FileError
from tcspec.files.parts import is_array_of_objects
from tcspec.jsontext.integers import parse_integer
from tcspec.jsontext.reader import read
from tcspec.jsontext.style import COMPACT, reformat
from tcspec.kinds import BATCH, EVENT
from tcspec.personal import mask_pointer
from tcspec.reporters.results import ViolationResult
from tcspec.reporters.text import format_count, format_detail, shorten
from tcspec.size import check_size
from tcspec.upgrades.changes import CHANGES
from tcspec.upgrades.representations import SLICES
from tcspec.upgrades.upgrading import upgrade_array, upgrade_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.cli.named_files import FileArguments
    from tcspec.cli.reporting import FileRun
    from tcspec.errors import Violation
    from tcspec.jsontext.reader import Limits
    from tcspec.reporters.printing import Colorize
    from tcspec.reporters.results import Result
    from tcspec.upgrades.event_editor import AppliedChange
    from tcspec.upgrades.upgrading import Upgrading

_WHITESPACE = b" \t\r\n"
_LINES = "it holds one event a line; `tcspec migrate SOURCE TARGET` upgrades them"


@dataclass(frozen=True, slots=True)
class _Upgraded:
    """A document and its upgrade."""

    path: str
    document: Document
    upgrading: Upgrading

    @property
    def changes(self) -> tuple[AppliedChange, ...]:
        """Return the changes that were applied."""
        return self.upgrading.changes

    def on_stdout(self, *, is_last: bool) -> bytes:
        """Return the event as it is printed, with a line feed when it had one or something follows."""
        raw = self.document.raw
        tail = raw[len(raw.rstrip(_WHITESPACE)) :] if self.changes else b""
        text = bytes(self.upgrading.build_payload()) + tail
        needs_end = not text.endswith(b"\n") and (not is_last or sys.stdout.isatty())
        return text + b"\n" * needs_end

    def diff(self) -> Iterator[str]:
        """Yield the lines of a unified diff from the file to what `--write` makes of it."""
        if self.changes:
            yield from iter_names(self.path)
            yield from iter_hunks(self.document.raw.decode(), self.upgrading.edit_text().decode())


@click.command(short_help="Upgrade single events to the 2.0 format.")
@options.files
@click.option(
    "--diff",
    "as_diff",
    is_flag=True,
    help="Print a unified diff of what would change; the exit code is 1 when something would.",
)
@click.option("--check", is_flag=True, help="Print nothing; the exit code is 1 when something would change.")
@click.option("--write", "in_place", is_flag=True, help="Replace each file; its style and permissions are kept.")
@click.option(
    "--payloads-only",
    is_flag=True,
    help="Skip what is no legacy event or batch of such, and files that the project expects to be legacy.",
)
@options.limits
@options.quiet
def upgrade(  # noqa: PLR0913 - the options of the command
    *,
    files: FileArguments,
    as_diff: bool,
    check: bool,
    in_place: bool,
    payloads_only: bool,
    limits: Limits,
    quiet: bool,
) -> int:
    """Upgrade events to the 2.0 format and print them; an event that is 2.0 already stays as it is.

    Each PATH holds one JSON document, or a JSON array of events, and may be compressed (.gz); - is standard input.
    Nothing is lost: what has no place in 2.0 is kept under `context.legacy`. Files of one event per line are for
    `tcspec migrate`.
    """
    _refuse_contradictions(files.paths, check=check, in_place=in_place)
    named = files.find(types=(FileType.JSON,))
    paths = _select_events(named, limits) if payloads_only else named
    remaining, changed = len(paths), 0

    def upgrade_file(run: FileRun) -> Iterator[Result]:
        nonlocal remaining, changed
        remaining -= 1
        # Before it is read: a file that others write meanwhile is not replaced.
        before = read_state(run.path) if in_place else None
        try:
            upgraded = _upgrade(run.path, limits)
        except UnreadablePayload as unreadable:
            run.counts["error"] += 1
            yield from (ViolationResult(run.path, violation) for violation in unreadable.violations)
            return
        changed += bool(upgraded.changes)
        if in_place and upgraded.changes:
            names = count_names(run.path)
            write_file(run.path, upgraded.upgrading.edit_text(), before=before)
            print_replaced(run.path, names)
        if as_diff:
            write_diff(upgraded.diff())
        elif not check and not in_place:
            write_bytes(upgraded.on_stdout(is_last=not remaining))
        if not quiet:
            _print_changes(upgraded, is_done=not (check or as_diff) or in_place)
        for violation in (*_find_new_oversize(upgraded), *_find_other_formats(upgraded)):
            print_violation(run.path, violation)

    tally = process_files(paths, upgrade_file)
    found = tally.error > 0 or (changed > 0 and (check or as_diff) and not in_place)
    # A run in which nothing is legacy is fine.
    return exit_code(tally, found=found, allow_empty=bool(named) or payloads_only)


def _refuse_contradictions(paths: tuple[str, ...], *, check: bool, in_place: bool) -> None:
    if check and in_place:
        raise click.UsageError("--check and --write exclude each other")
    if in_place and STANDARD in paths:
        raise click.UsageError("--write needs files; standard input cannot be replaced")


def _select_events(paths: tuple[str, ...], limits: Limits) -> tuple[str, ...]:
    """Return the paths of legacy events, without those that the project expects to be legacy."""
    from tcspec.rules.project import load_config  # noqa: PLC0415 - it knows every rule, which few upgrades need
    from tcspec.rules.settings import Settings  # noqa: PLC0415 - as above

    config = load_config()
    return tuple(
        path
        for path in paths
        if LEGACY_FORMAT.id not in config.settings_for(path, Settings()).expected and _may_be_legacy(path, limits)
    )


def _may_be_legacy(path: str, limits: Limits) -> bool:
    """Return whether a file holds a legacy event, alone, in a batch or in an array; what cannot be read may.

    Standard input may, too. An event that is 2.0 but not canonical, as with a timestamp of another unit, is for
    `tcspec fix`.
    """
    if path == STANDARD:
        return True
    try:
        value = read(_only_document(path, limits).check_length(limits), limits)
    # What is wrong with it is reported when it is upgraded.
    except (FileError, UnreadablePayload):
        return True
    members = value if isinstance(value, list) else [value]
    return any(map(_has_legacy, filter(is_payload, members)))


def _has_legacy(payload: dict[str, Any]) -> bool:
    """Return whether a payload is a legacy event, or a batch with one."""
    kind = kind_of(payload)
    return any(map(is_legacy, payload["batch"])) if kind is BATCH else kind is EVENT and is_legacy(payload)


def _upgrade(path: str, limits: Limits) -> _Upgraded:
    """Upgrade the one document of a file.

    Raises:
        UnreadablePayload: when it cannot be read; its violations have their places in the file.
    """
    document = _only_document(path, limits)
    try:
        upgrade_text = upgrade_array if is_array_of_objects(document, limits) else upgrade_bytes
        upgraded = upgrade_text(document.check_length(limits), limits)
    except UnreadablePayload as unreadable:
        raise UnreadablePayload(map(document.locate, unreadable.violations)) from None
    return _Upgraded(path, document, upgraded)


def _only_document(path: str, limits: Limits) -> Document:
    """Return the whole of a file with one document."""
    if detect_file_type(path) is FileType.CAPTURE:
        raise FileError(path, "it holds captured requests, which are as they were sent")
    if detect_file_type(path) is FileType.NDJSON:
        raise FileError(path, _LINES)
    found: Document | None = None
    before, after = bytearray(), bytearray()
    for content in iter_contents(path, limits):
        if isinstance(content, bytes):
            blank = after if found else before
            # Enough to be refused as too long: of blank lines there may be any number.
            blank += content[: limits.length + 1 - len(blank)]
        elif found is not None:
            raise FileError(path, _LINES)
        else:
            found = content
    if found is None or found.rest is not None:
        return found or Document(b"")
    return Document(bytes(before + found.raw + found.ending + after))


def _print_changes(upgraded: _Upgraded, *, is_done: bool) -> None:
    colorize = choose_colors(sys.stderr)
    name = colorize("path", upgraded.path)
    if not upgraded.changes:
        print_error(f"{name}: nothing to change")
        return
    done = "upgraded" if upgraded.upgrading.is_legacy else "2.0 already, made canonical"
    if not is_done:
        done = "would be upgraded" if upgraded.upgrading.is_legacy else "2.0 already, would be made canonical"
    print_error(f"{name}: {done}, {format_count(len(upgraded.changes), 'change')}")
    for line in _details(upgraded, colorize):
        print_error(line)


def _details(upgraded: _Upgraded, colorize: Colorize) -> Iterator[str]:
    for change, count in Counter(applied.change for applied in upgraded.changes).items():
        yield format_detail(f"{count} x", CHANGES[change].title, colorize)
    for applied in upgraded.changes:
        if applied.kept:
            source, target = (shorten(mask_pointer(pointer)) for pointer in (applied.source, applied.target))
            yield format_detail("kept", f"{source} as {target}", colorize)


def _find_other_formats(upgraded: _Upgraded) -> Iterator[Violation]:
    """Yield a warning for each event in the format of another vendor: the upgrade moves its names and reads none."""
    value = json.loads(upgraded.document.raw, parse_int=parse_integer) if upgraded.changes else {}
    for pointer, event in _iter_events(value):
        if violation := find_other_format(event):
            yield replace(violation, pointer=pointer)


def _iter_events(value: Any, pointer: str = "") -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 - any JSON value
    """Yield the events of a document with their pointers: itself, those of a batch, or those of an array."""
    if isinstance(value, list):
        for index, member in enumerate(value):
            yield from _iter_events(member, f"{pointer}/{index}")
    elif isinstance(value, dict) and kind_of(value) is BATCH:
        yield from _iter_events(value["batch"], f"{pointer}/batch")
    elif isinstance(value, dict):
        yield pointer, value


def _find_new_oversize(upgraded: _Upgraded) -> list[Violation]:
    """Return the violations of the size limits that a document has only since its upgrade."""
    if not upgraded.changes:
        return []
    raws = (upgraded.document.raw, bytes(upgraded.upgrading.build_payload()))
    return [
        violation
        for before, after in zip(*map(_check_sizes, raws), strict=True)
        for violation in after
        if violation.code not in {already.code for already in before}
    ]


def _check_sizes(raw: bytes) -> Iterator[list[Violation]]:
    """Yield what is wrong with the size of an event or a batch, or of each member of an array."""
    is_array = raw.lstrip(_WHITESPACE).startswith(b"[")
    members = SLICES.open_array(raw) or () if is_array else (raw,)
    for index, member in enumerate(map(bytes, members)):
        # By our own function: Python refuses integers of more digits than a program allows.
        value = json.loads(member, parse_int=parse_integer)
        kind = BATCH if isinstance(value, dict) and kind_of(value) is BATCH else EVENT
        # As it would be sent, with every number as it is written.
        found = check_size(reformat(member.decode(), COMPACT), kind.name) if isinstance(value, dict) else []
        yield [replace(each, pointer=f"/{index}{each.pointer}") for each in found] if is_array else found
