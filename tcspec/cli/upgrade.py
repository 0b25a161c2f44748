"""`tcspec upgrade`: single events to the 2.0 format, on stdout, as a diff, or in place."""

from __future__ import annotations

import difflib
import json
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import click

from tcspec.cli import options
from tcspec.cli.diffs import write_diff
from tcspec.cli.reporting import exit_code, print_replaced, process_files
from tcspec.cli.terminal import choose_colors, print_error, write_bytes
from tcspec.codes import LEGACY_FORMAT
from tcspec.detection import is_payload, kind_of
from tcspec.errors import UnreadablePayload
from tcspec.files.atomic import count_names, write_file
from tcspec.files.documents import Document, FileType, detect_file_type, iter_documents
from tcspec.files.identity import read_state
from tcspec.files.lines import STANDARD, FileError
from tcspec.jsontext.integers import parse_integer
from tcspec.jsontext.reader import Limits, read
from tcspec.jsontext.style import COMPACT, PRETTY, detect_style, reformat
from tcspec.kinds import BATCH, EVENT
from tcspec.personal import mask_pointer
from tcspec.reporters.results import ViolationResult
from tcspec.reporters.text import format_count, format_detail, format_violation, shorten
from tcspec.size import check_size
from tcspec.upgrades.changes import CHANGES
from tcspec.upgrades.upgrading import upgrade_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.cli.options import FileArguments
    from tcspec.cli.reporting import FileRun
    from tcspec.reporters.results import Result
    from tcspec.reporters.text import Colorize
    from tcspec.upgrades.event_editor import AppliedChange

_WHITESPACE = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class _Upgraded:
    """A document before and after its upgrade, and the changes."""

    path: str
    document: Document
    event: bytes
    changes: tuple[AppliedChange, ...]

    @property
    def tail(self) -> bytes:
        """Return the white space at the end of the document."""
        raw = self.document.raw
        return raw[len(raw.rstrip(_WHITESPACE)) :] + self.document.ending

    def on_stdout(self, *, is_last: bool) -> bytes:
        """Return the event as it is printed, with a line feed when it had one or something follows."""
        tail = self.tail if self.changes else self.document.ending
        needs_end = not (self.event + tail).endswith(b"\n") and (not is_last or sys.stdout.isatty())
        return self.event + tail + b"\n" * needs_end

    def in_file(self) -> bytes:
        """Return the event in the style of the document."""
        style = detect_style(self.document.raw.decode())
        return reformat(self.event.decode(), style).encode() + self.tail

    def diff(self) -> Iterator[str]:
        """Return the lines of a unified diff of both texts, pretty-printed."""
        before, after = (reformat(raw.decode(), PRETTY).split("\n") for raw in (self.document.raw, self.event))
        return difflib.unified_diff(before, after, self.path, f"{self.path} (2.0)", lineterm="")


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
    help="Skip JSON that is no event or batch, and files that the project expects to be legacy.",
)
@options.limits
def upgrade(  # noqa: PLR0913 - the options of the command
    *,
    files: FileArguments,
    as_diff: bool,
    check: bool,
    in_place: bool,
    payloads_only: bool,
    max_depth: int,
    max_length: int,
) -> int:
    """Upgrade events to the 2.0 format and print them; an event that is 2.0 already stays as it is.

    Each PATH holds one JSON document, and may be compressed (.gz); - is standard input. Nothing is lost: what has no
    place in 2.0 is kept under `context.legacy`. Files of one event per line are for `tcspec migrate`.
    """
    _refuse_contradictions(files.paths, check=check, in_place=in_place)
    limits = Limits(max_depth, max_length)
    named = files.find(types=(FileType.JSON,))
    paths = _select_events(named, limits) if payloads_only else named
    remaining, changed = len(paths), 0

    def upgrade_file(run: FileRun) -> Iterator[Result]:
        nonlocal remaining, changed
        remaining -= 1
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
            write_file(run.path, upgraded.in_file(), before=before)
            print_replaced(run.path, names)
        if as_diff:
            write_diff(f"{line}\n" for line in upgraded.diff())
        elif not check and not in_place:
            write_bytes(upgraded.on_stdout(is_last=not remaining))
        _print_changes(upgraded, is_done=not (check or as_diff) or in_place)

    tally = process_files(paths, upgrade_file)
    found = tally.error > 0 or (changed > 0 and (check or as_diff) and not in_place)
    return exit_code(tally, found=found, allow_empty=bool(named) or payloads_only)


def _refuse_contradictions(paths: tuple[str, ...], *, check: bool, in_place: bool) -> None:
    if check and in_place:
        raise click.UsageError("--check and --write exclude each other")
    if in_place and STANDARD in paths:
        raise click.UsageError("--write needs files; standard input cannot be replaced")


def _select_events(paths: tuple[str, ...], limits: Limits) -> tuple[str, ...]:
    """Return the paths of events, without those that the project expects to be legacy."""
    from tcspec.rules.project import load_config  # noqa: PLC0415 - it knows every rule, which few upgrades need
    from tcspec.rules.settings import Settings  # noqa: PLC0415 - as above

    config = load_config()
    return tuple(
        path
        for path in paths
        if LEGACY_FORMAT.id not in config.settings_for(path, Settings()).expected and _may_be_event(path, limits)
    )


def _may_be_event(path: str, limits: Limits) -> bool:
    """Return whether a file holds an event or a batch; standard input and what cannot be read may."""
    if path == STANDARD:
        return True
    try:
        payload = read(_only_document(path, limits).check_length(limits), limits)
    except (FileError, UnreadablePayload):
        return True
    return is_payload(payload) and kind_of(payload) in (EVENT, BATCH)


def _upgrade(path: str, limits: Limits) -> _Upgraded:
    """Upgrade the one document of a file.

    Raises:
        UnreadablePayload: when it cannot be read; its violations have their places in the file.
    """
    document = _only_document(path, limits)
    try:
        upgraded = upgrade_bytes(document.check_length(limits), limits)
    except UnreadablePayload as unreadable:
        raise UnreadablePayload(map(document.locate, unreadable.violations)) from None
    return _Upgraded(path, document, upgraded.build_payload(), upgraded.changes)


def _only_document(path: str, limits: Limits) -> Document:
    is_ndjson = detect_file_type(path) is FileType.NDJSON
    found = [] if is_ndjson else list(islice(iter_documents(path, limits), 2))
    if is_ndjson or len(found) > 1:
        raise FileError(path, "it holds one event a line; `tcspec migrate SOURCE TARGET` upgrades them")
    return found[0] if found else Document(b"")


def _print_changes(upgraded: _Upgraded, *, is_done: bool) -> None:
    colorize = choose_colors(sys.stderr)
    name = colorize("path", upgraded.path)
    if not upgraded.changes:
        print_error(f"{name}: nothing to change")
        return
    done = "upgraded" if is_done else "would be upgraded"
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
    kind = BATCH.name if kind_of(json.loads(upgraded.event, parse_int=parse_integer)) is BATCH else EVENT.name
    texts = (reformat(raw.decode(), COMPACT) for raw in (upgraded.document.raw, upgraded.event))
    before, after = (check_size(text, kind) for text in texts)
    for violation in after:
        if violation.code not in {already.code for already in before}:
            yield from format_violation(upgraded.path, violation, colorize)
