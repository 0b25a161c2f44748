"""`tcspec fix`: apply the fixes of what is wrong with payloads, and leave every other byte of their files as it is."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tcspec.cli import options
from tcspec.cli.diffs import colorize_diff, iter_hunks
from tcspec.cli.project import load_config
from tcspec.cli.reporting import exit_code
from tcspec.cli.terminal import choose_colors, print_error, show_progress, write, write_bytes
from tcspec.detection import is_payload, is_pixel
from tcspec.errors import UnreadablePayload
from tcspec.files.atomic import rewrite_file
from tcspec.files.documents import FileType, detect_file_type, iter_contents
from tcspec.files.lines import STANDARD, UnreadableFile
from tcspec.jsontext import positions
from tcspec.jsontext.reader import Limits, read
from tcspec.kinds import VERSIONS
from tcspec.reporters.results import Tally
from tcspec.reporters.text import format_count, format_detail, format_violation, printable
from tcspec.rules.fixes.api import fix_json
from tcspec.rules.linting import SENT_BY
from tcspec.rules.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tcspec.files.documents import Document
    from tcspec.rules.fixes.api import Fixed

_CAPTURE = "it holds captured requests, which are as they were sent; fix the payloads where they are made"


@dataclass(frozen=True, slots=True)
class _Demand:
    """How payloads are fixed, what is done with them, and who counts them.

    `is_named` when the command line or the project says that what is in a file are payloads.
    """

    fixing: dict[str, Any]
    advance: Callable[[int], None]
    as_diff: bool = False
    check: bool = False
    is_named: bool = False

    @property
    def writes(self) -> bool:
        """Tell whether files are replaced."""
        return not (self.as_diff or self.check)


@dataclass(slots=True)
class _File:
    """What happened to a file so far: what was fixed, what was left why, and where first."""

    path: str
    payloads: int = 0
    passed_over: int = 0
    unreadable: int = 0
    applied: Counter[tuple[str, str]] = field(default_factory=Counter)
    left: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def is_changed(self) -> bool:
        """Tell whether anything was fixed."""
        return bool(self.applied)

    def note(self, fixed: Fixed, document: Document) -> None:
        """Count what was done to a payload, and what was not."""
        self.applied.update((each.code, each.fix.title) for each in fixed.applied if each.fix)
        for each in fixed.left:
            told = each.violation.code, each.reason
            self.left[told] += 1
            if told not in self.first:
                self.first[told] = _place(each.violation.pointer, fixed.text, document)


def _place(pointer: str, text: bytes, document: Document) -> str:
    """Tell where in a file something is, with the pointer that finds it in its document."""
    try:
        within, _ = positions.locate(text.decode(), pointer)
    except LookupError:  # it was at a place that a fix changed before this one was refused
        within = 1
    return f"on line {document.line + within - 1} at {printable(pointer) or 'the root'}"


@click.command(short_help="Fix what is wrong with payloads, in place.")
@options.paths
@click.option(
    "--diff", "as_diff", is_flag=True,
    help="Write nothing, print what would change as a unified diff; the exit code is 1 when something would.",
)  # fmt: skip
@click.option("--check", is_flag=True, help="Write and print nothing; the exit code is 1 when something would change.")
@click.option("--unsafe", is_flag=True, help="Apply fixes too that may change what a payload means, or that guess.")
@click.option("--select", multiple=True, callback=options.codes, metavar="CODES", help="Fix only codes that begin so.")
@click.option(
    "--ignore", multiple=True, callback=options.codes, metavar="CODES", help="Do not fix codes that begin so."
)
@click.option("--sender", type=click.Choice(SENT_BY), help="Who sends the payloads; by default what each shows.")
@click.option(
    "--kind", type=click.Choice(list(VERSIONS)),
    help="What the payloads are; by default as the project says, or detected.",
)  # fmt: skip
@options.limits
@options.allow_empty
def fix(  # noqa: PLR0913 - the options of the verb
    paths: tuple[str, ...],
    *,
    as_diff: bool,
    check: bool,
    max_depth: int,
    max_length: int,
    allow_empty: bool,
    **fixing: Any,  # noqa: ANN401 - the options of fix_json
) -> int:
    """Apply the safe fixes of what is wrong with payloads, in place; every other byte of a file stays as it is.

    PATHs are read as `tcspec validate` reads them, and may be compressed (.gz); - reads standard input and writes
    standard output. A fix is left when after it something else would be wrong, or a value be lost. Legacy events are
    for `tcspec upgrade`. The project is asked as by `tcspec validate`: what it ignores, turns off or expects stays.
    """
    tally, changed = Tally(), 0
    with show_progress("payloads", paths, is_shown=STANDARD not in paths) as progress:
        demand = _Demand({**fixing, "limits": Limits(max_depth, max_length)}, progress.advance, as_diff, check)
        for path, wanted in _demanded(paths, demand):
            file = _File(path)
            reason = _fix_file(file, wanted)
            if reason:
                print_error(f"tcspec: {printable(path)}: {reason}")
            else:
                _tell(file, wanted)
            changed += file.is_changed
            seen = {"payloads": file.payloads, "passed_over": file.passed_over, "error": file.unreadable}
            tally += Tally(files=1, unreadable=bool(reason), **seen)
    found = tally.error > 0 or (changed > 0 and not demand.writes)
    return exit_code(tally, found=found, allow_empty=allow_empty)


def _demanded(paths: tuple[str, ...], demand: _Demand) -> Iterator[tuple[str, _Demand]]:
    """Give each file with what its project says of it."""
    config = load_config(Path.cwd())
    asked = Settings(**{name: demand.fixing[name] for name in ("select", "ignore", "sender", "kind")})
    for path in paths:
        settings = config.settings_for(path, asked)
        fixing = {
            **demand.fixing,
            "select": settings.select,
            "ignore": (*settings.ignore, *settings.off, *sorted(settings.expected)),
            "sender": settings.sender,
            "kind": settings.kind,
        }
        yield path, replace(demand, fixing=fixing, is_named=bool(settings.kind or settings.expected))


def _fix_file(file: _File, demand: _Demand) -> str | None:
    """Fix the payloads of a file; say why when it cannot be read or written, and then it is as it was."""
    if detect_file_type(file.path) is FileType.CAPTURE:
        return _CAPTURE
    try:
        pieces = _pieces(file, demand)
        if not demand.writes:
            for _ in pieces:
                pass
        elif file.path == STANDARD:
            for piece in pieces:
                write_bytes(piece)
        else:
            rewrite_file(file.path, pieces, lambda: file.is_changed)
    except UnreadableFile as error:
        if error.path not in {file.path, "standard input"}:
            raise
        file.applied.clear()
        return error.reason
    return None


def _pieces(file: _File, demand: _Demand) -> Iterator[bytes]:
    """Give everything in a file as it is to be."""
    limits, as_lines = demand.fixing["limits"], demand.fixing["kind"] == "pixel"
    is_begun = False
    for content in iter_contents(file.path, limits, as_lines=as_lines):
        if isinstance(content, bytes):
            yield content
            continue
        fixed = _fixed(file, content, demand)
        if fixed and fixed.applied and demand.as_diff:
            before, after = ((raw + content.ending).decode() for raw in (content.raw, fixed.text))
            names = [] if is_begun else [f"{sign} {printable(file.path)}\n" for sign in ("---", "+++")]
            write("".join(colorize_diff([*names, *iter_hunks(before, after, content.line)])))
            is_begun = True
        yield (fixed.text if fixed else content.raw) + content.ending
        yield from content.rest or ()


def _fixed(file: _File, document: Document, demand: _Demand) -> Fixed | None:
    """Fix a payload; None of what shows no sign of being a payload, or cannot be read, which is told."""
    limits = demand.fixing["limits"]
    file.payloads += 1
    demand.advance(len(document.raw))
    try:
        raw = document.check_length(limits)
        if not (demand.is_named or is_pixel(raw) or is_payload(read(raw, limits))):
            file.payloads -= 1
            file.passed_over += 1
            return None
        fixed = fix_json(raw, **demand.fixing)
    except UnreadablePayload as unreadable:
        file.unreadable += 1
        colorize = choose_colors(sys.stderr)
        for violation in unreadable.violations:
            print_error("".join(format_violation(file.path, document.locate(violation), colorize)).removesuffix("\n"))
        return None
    file.note(fixed, document)
    return fixed


def _tell(file: _File, demand: _Demand) -> None:
    """Tell what was done to a file, and what was left and why."""
    colorize = choose_colors(sys.stderr)
    done = "fixed" if demand.writes else "would be fixed"
    left = file.left.total()
    told = (
        f"{format_count(file.applied.total(), 'violation')} {done}" if file.applied else "",
        f"{format_count(left, 'fix' if left == 1 else 'fixe')} left" if left else "",
        f"{format_count(file.passed_over, 'document')} passed over as no payload" if file.passed_over else "",
    )
    print_error(f"{colorize('path', printable(file.path))}: {', '.join(filter(None, told)) or 'nothing to fix'}")
    lines = [
        format_detail(f"{count} x", f"{code} {title}", colorize)
        for (code, title), count in sorted(file.applied.items())
    ]
    for (code, reason), count in sorted(file.left.items()):
        more = f" and {count - 1:,} more" if count > 1 else ""
        lines.append(format_detail("left", f"{code} {file.first[code, reason]}{more}: {printable(reason)}", colorize))
    if lines:
        print_error("".join(lines).removesuffix("\n"))
