"""`tcspec fix`: apply the fixes of what is wrong with payloads, and leave every other byte of their files as it is."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import click

from tcspec.cli import options
from tcspec.cli.diffs import FileDiff
from tcspec.cli.progress import show_progress
from tcspec.cli.reporting import exit_code, print_replaced, print_violation, process_files
from tcspec.cli.terminal import choose_colors, print_error, write_bytes
from tcspec.codes import BYTE_ORDER_MARK
from tcspec.errors import UnreadablePayload
from tcspec.files.atomic import count_names, rewrite_file
from tcspec.files.documents import Document, FileType, detect_file_type, iter_contents
from tcspec.files.lines import STANDARD, FileError
from tcspec.files.parts import split_arrays
from tcspec.jsontext import positions
from tcspec.jsontext.reader import split_byte_order_mark
from tcspec.kinds import KINDS, PIXEL, SENDERS
from tcspec.payload import read_payload, recognise_payload
from tcspec.personal import mask_pointer
from tcspec.reporters.text import format_count, format_detail, shorten
from tcspec.rules.fixes.fixing import fix_json
from tcspec.rules.linting import ALL_CODES, CodeSelection
from tcspec.rules.project import load_config
from tcspec.rules.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tcspec.cli.named_files import FileArguments
    from tcspec.cli.reporting import FileRun
    from tcspec.errors import Violation
    from tcspec.jsontext.reader import Limits
    from tcspec.rules.config import Config
    from tcspec.rules.fixes.fixing import FixedJson

_CAPTURE = "it holds captured requests, which are as they were sent; fix the payloads where they are made"


@dataclass(frozen=True, slots=True)
class _FixOptions:
    """How payloads are fixed, and what is done with them; the settings are those of the command line, or of a file."""

    unsafe: bool
    limits: Limits
    settings: Settings
    advance: Callable[[int], None]
    as_diff: bool = False
    check: bool = False
    quiet: bool = False
    codes: CodeSelection = ALL_CODES

    def for_file(self, path: str, config: Config) -> _FixOptions:
        """Return the options for one file of a project."""
        settings = config.settings_for(path, self.settings)
        # A file that a project expects to be wrong is to stay so.
        ignore = (*settings.ignore, *settings.off_codes, *sorted(settings.expected))
        return replace(self, settings=settings, codes=CodeSelection(settings.select, ignore))

    @property
    def writes(self) -> bool:
        """Return whether files are replaced."""
        return not (self.as_diff or self.check)


@dataclass(slots=True)
class _File:
    """What happened to a file so far: what was fixed, what was skipped and why, what has no fix, and where first."""

    run: FileRun
    applied: Counter[tuple[str, str]] = field(default_factory=Counter)
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)
    unfixable: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: dict[tuple[str, str], str] = field(default_factory=dict)

    def count(self, fixed: FixedJson, document: Document, codes: CodeSelection) -> None:
        """Count what was done to a payload, and what was not."""
        self.applied.update((each.code, each.fix.title) for each in fixed.applied if each.fix)
        for each in fixed.skipped:
            self._count(self.skipped, each.violation, each.reason, fixed, document)
        for violation in fixed.remaining:
            if violation.fix is None and codes.has(violation.code):
                self._count(self.unfixable, violation, violation.message, fixed, document)

    def _count(
        self, counter: Counter[tuple[str, str]], violation: Violation, text: str, fixed: FixedJson, document: Document
    ) -> None:
        key = violation.code, text
        counter[key] += 1
        if key not in self.first:
            self.first[key] = _format_place(violation.pointer, fixed.text, document)


def _format_place(pointer: str, text: bytes, document: Document) -> str:
    """Return where in a file something is, with the pointer that finds it in its document."""
    try:
        within, _ = positions.locate(text.decode(), pointer)
    except LookupError:  # it was at a place that a fix changed before this one was refused
        within = 1
    return f"on line {document.line + within - 1} at {shorten(mask_pointer(document.pointer + pointer)) or 'the root'}"


@click.command(short_help="Apply safe fixes to payloads, in place.")
@options.files
@click.option(
    "--diff", "as_diff", is_flag=True,
    help="Write nothing, print a unified diff of what would change; the exit code is 1 when something would.",
)  # fmt: skip
@click.option("--check", is_flag=True, help="Write and print nothing; the exit code is 1 when something would change.")
@click.option("--unsafe", is_flag=True, help="Apply also fixes that guess, or that may change what a payload means.")
@click.option(
    "--select", multiple=True, callback=options.codes, metavar="CODES", help="Fix only codes with these prefixes."
)
@click.option(
    "--ignore", multiple=True, callback=options.codes, metavar="CODES", help="Do not fix codes with these prefixes."
)
@click.option("--sender", type=click.Choice(SENDERS), help="Who sends the payloads; by default what each shows.")
@click.option(
    "--kind", type=click.Choice(list(KINDS)),
    help="Kind of the payloads; by default as the project says, else detected.",
)  # fmt: skip
@options.limits
@options.allow_empty
@options.quiet
def fix(  # noqa: PLR0913 - the options of the command
    files: FileArguments,
    *,
    as_diff: bool,
    check: bool,
    unsafe: bool,
    limits: Limits,
    allow_empty: bool,
    quiet: bool,
    **requested: Any,  # noqa: ANN401 - select, ignore, sender and kind
) -> int:
    """Apply safe fixes to payloads, in place; every other byte of a file stays as it is.

    PATHs are read as `tcspec check` reads them, and may be compressed (.gz); - reads standard input and writes
    standard output. A fix is skipped when something else would be wrong after it, or a value be lost; what a rule only
    sees once an error is fixed is no reason. Legacy events are for `tcspec upgrade`. What the configuration of the
    project ignores, turns off or expects is not fixed.
    """
    changed = fixed = remaining = 0
    config = load_config()
    paths = files.find(config, types=(FileType.JSON, FileType.NDJSON))

    def fix_file(run: FileRun) -> tuple[()]:
        nonlocal changed, fixed, remaining
        file = _File(run)
        changed += _fix_file(file, shared.for_file(run.path, config))
        fixed += file.applied.total()
        remaining += file.skipped.total() + file.unfixable.total()
        return ()

    with show_progress("payloads", paths, is_shown=not quiet and STANDARD not in paths) as progress:
        shared = _FixOptions(unsafe, limits, Settings(**requested), progress.advance, as_diff, check, quiet)
        tally = process_files(paths, fix_file)
    if (fixed or remaining) and not quiet:
        done = "fixed" if shared.writes else "would be fixed"
        print_error(f"{format_count(fixed + remaining, 'violation')}: {fixed:,} {done}, {remaining:,} remaining")
    found = tally.error > 0 or (changed > 0 and not shared.writes)
    return exit_code(tally, found=found, allow_empty=allow_empty)


def _fix_file(file: _File, options: _FixOptions) -> bool:
    """Fix the payloads of a file; return whether any was fixed.

    Raises:
        FileError: when the file cannot be read or written, and then it is as it was.
    """
    path = file.run.path
    if detect_file_type(path) is FileType.CAPTURE:
        raise FileError(path, _CAPTURE)
    pieces = _fixed_pieces(file, options)
    if not options.writes:
        # Nothing is written, and all is counted, or printed as a diff.
        for _ in pieces:
            pass
    elif path == STANDARD:
        for piece in pieces:
            write_bytes(piece)
    else:
        # Before the file is replaced, which then has one name.
        names = count_names(path)
        rewrite_file(path, pieces, lambda: bool(file.applied))
        print_replaced(path, names if file.applied else 1)
    if not options.quiet:
        _print_summary(file, options)
    return bool(file.applied)


def _fixed_pieces(file: _File, options: _FixOptions) -> Iterator[bytes]:
    """Yield everything in a file as it is to be."""
    as_lines = options.settings.kind == PIXEL.name
    diff = FileDiff(file.run.path) if options.as_diff else None
    for content in split_arrays(iter_contents(file.run.path, options.limits, as_lines=as_lines), options.limits):
        if isinstance(content, bytes):
            before = after = content
        else:
            fixed = _fix_document(file, content, options)
            before, after = (raw + content.ending for raw in (content.raw, fixed.text if fixed else content.raw))
        if diff:
            diff.add(before, after)
        yield after
        if isinstance(content, Document) and content.rest is not None:
            yield from diff.skip(content.rest) if diff else content.rest
    if diff:
        diff.write()


def _fix_document(file: _File, document: Document, options: _FixOptions) -> FixedJson | None:
    """Fix a payload; None of what shows no sign of being a payload, or cannot be read, which is reported."""
    file.run.counts["payloads"] += 1
    options.advance(len(document.raw))
    settings = options.settings
    try:
        raw, mark = document.check_length(options.limits), None
        # A mark is no part of the JSON, so that no patch removes it.
        if options.codes.has(BYTE_ORDER_MARK.id):
            raw, mark = split_byte_order_mark(raw)
        # A file with a kind, or with expected violations, has payloads, whatever it looks like.
        read = read_payload if settings.kind or settings.expected else recognise_payload
        payload = read(raw, settings.kind, limits=options.limits)
        if payload is None:
            # It was counted before it was looked at.
            file.run.counts.update(payloads=-1, passed_over=1)
            return None
        fixed = fix_json(
            payload,
            settings.kind,
            unsafe=options.unsafe,
            select=options.codes.select,
            ignore=options.codes.ignore,
            sender=settings.sender,
            limits=options.limits,
        )
        if mark:
            fixed = replace(fixed, applied=(mark, *fixed.applied))
    except UnreadablePayload as unreadable:
        file.run.counts["error"] += 1
        for violation in unreadable.violations:
            print_violation(file.run.path, document.locate(violation))
        return None
    file.count(fixed, document, options.codes)
    return fixed


def _print_summary(file: _File, options: _FixOptions) -> None:
    """Print what was fixed in a file, what remains, and why."""
    colorize = choose_colors(sys.stderr)
    done = "fixed" if options.writes else "would be fixed"
    skipped, passed_over = file.skipped.total(), file.run.counts["passed_over"]
    counts = (
        f"{format_count(file.applied.total(), 'violation')} {done}" if file.applied else "",
        f"{format_count(skipped, 'fix' if skipped == 1 else 'fixe')} skipped" if skipped else "",
        f"{format_count(passed_over, 'document')} passed over as no payload" if passed_over else "",
    )
    print_error(f"{colorize('path', file.run.path)}: {', '.join(filter(None, counts)) or 'nothing to fix'}")
    lines = [
        format_detail(f"{count} x", f"{code} {title}", colorize)
        for (code, title), count in sorted(file.applied.items())
    ]
    for label, counter in (("skipped", file.skipped), ("no fix", file.unfixable)):
        for (code, reason), count in sorted(counter.items()):
            more = f" and {count - 1:,} more" if count > 1 else ""
            lines.append(format_detail(label, f"{code} {file.first[code, reason]}{more}: {shorten(reason)}", colorize))
    for line in lines:
        print_error(line)
