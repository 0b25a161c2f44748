"""`tcspec rejects`: group the rejected records of a migration by reason, with examples and what would help."""

from __future__ import annotations

import json
import re
import sys
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from tcspec.cli import options
from tcspec.cli.exits import Exit
from tcspec.cli.terminal import choose_colors, print_error, write, write_data
from tcspec.codes import CODES, explanations
from tcspec.migration.reject_groups import find_reject_files, group_rejects, iter_rejects
from tcspec.migration.sql.databases import is_database
from tcspec.migration.sql.table_rejects import iter_table_rejects
from tcspec.migration.sql.tables import mask_url
from tcspec.personal import MASK, looks_personal, mask_pointer, mask_text
from tcspec.reporters.json import HEAD
from tcspec.reporters.masking import masked
from tcspec.reporters.printing import printable
from tcspec.reporters.results import SourceText
from tcspec.reporters.text import format_count, format_detail, shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.migration.reject_groups import Reject, RejectGroup
    from tcspec.reporters.printing import Colorize

_LONGEST = 200
_MESSAGES = 5
"""How many messages of a code the text lists."""
_UNITS = ("line", "item", "row")
_LETTERS = re.compile(r"\w")


@click.command(short_help="Group the rejects of a migration by reason.")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--examples", type=click.IntRange(min=0), default=2, show_default=True, metavar="N",
    help="Number of examples of each reason; values in them are masked.",
)  # fmt: skip
@click.option("--table", metavar="NAME", help="Table that was migrated, when FILE is a database.")
@click.option("--key", metavar="NAME", help="Its column that is unique, as in the migration.")
@click.option("--column", metavar="NAME", help="Its column of events, as in the migration.")
@options.format_of_output
def rejects(  # noqa: PLR0913 - the options of the command
    *, paths: tuple[str, ...], examples: int, table: str | None, key: str | None, column: str | None, style: str
) -> int:
    """Group the rejected records in FILE, which `tcspec migrate` has written, by their first reason.

    FILE is the file of rejects; its reasons are beside it. Of a folder all rejects are taken. Each reason has its
    count, examples, and what would help. Fix the records in FILE, one a line, and put them back with
    `tcspec migrate TARGET --merge-rejects`. Of a table FILE is the database: fix its rows, and migrate with --resume.
    """
    files, found = _find_rejects(paths, table, key, column)
    groups = group_rejects(found, examples)
    count = sum(group.count for group in groups)
    if style == "json":
        report = {"files": files, "count": count, "groups": [_to_dict(group) for group in groups]}
        write_data(json.dumps(HEAD | report, indent=2) + "\n")
    else:
        colorize = choose_colors(sys.stdout)
        for group in groups:
            for line in _format_group(group, colorize):
                write(line)
        named = format_count(len(files), "table" if table else "file")
        print_error(f"{format_count(count, 'reject') or 'no reject'} in {named}")
    return Exit.FOUND if count else Exit.FINE


def _find_rejects(
    paths: tuple[str, ...], table: str | None, key: str | None, column: str | None
) -> tuple[list[str], Iterator[Reject]]:
    """Return the names of what was named, and the rejects in it."""
    if any(map(is_database, paths)):
        if len(paths) > 1 or table is None or key is None or column is None:
            raise click.UsageError("A database is named alone, with --table, --key and --column as in the migration.")
        return [mask_url(paths[0])], iter_table_rejects(paths[0], table, key, column)
    if table or key or column:
        raise click.UsageError("--table, --key and --column are for databases.")
    files = find_reject_files(paths)
    return files, chain.from_iterable(map(iter_rejects, files))


def _format_group(group: RejectGroup, colorize: Colorize) -> Iterator[str]:
    yield f"{colorize('path', group.code)} {_title(group.code)}: {group.count:,}\n"
    for message, count in _count_messages(group)[:_MESSAGES]:
        yield format_detail(f"{count:,}", shorten(message), colorize)
    if (more := len(group.messages) - _MESSAGES) > 0:
        yield format_detail("...", f"and {more:,} more messages; --format json lists all", colorize)
    for reject in group.examples:
        yield format_detail("example", f"{_place(reject)}: {_mask(reject)}", colorize)
    for name, text in _find_help(group).items():
        if text:
            yield format_detail(name, shorten(text), colorize)


def _to_dict(group: RejectGroup) -> dict[str, Any]:
    examples = [
        {
            "source": reject.reason.get("source"),
            "line": reject.reason.get("line"),
            **({"key": _mask_key(reject.reason["key"])} if "key" in reject.reason else {}),
            "pointer": mask_pointer(str(reject.violations[0].get("pointer", ""))),
            "record": _mask(reject),
        }
        for reject in group.examples
    ]
    messages = [{"message": message, "count": count} for message, count in _count_messages(group)]
    found = {"code": group.code, "title": _title(group.code), "count": group.count, "messages": messages}
    return found | {"examples": examples, **_find_help(group)}


def _count_messages(group: RejectGroup) -> list[tuple[str, int]]:
    return [(mask_text(message), count) for message, count in group.messages.most_common()]


def _title(code: str) -> str:
    return CODES[code].title if code in CODES else ""


def _find_help(group: RejectGroup) -> dict[str, str | None]:
    """Return what would help most of a group: the hint, or else what the code says, and the fix of `tcspec fix`."""
    explained = explanations().get(group.code)
    text = " ".join(explained.text.split()) if explained else None
    hint = next((hint for hint, _ in group.hints.most_common(1)), text)
    fix = next((fix for fix, _ in group.fixes.most_common(1)), None)
    return {"help": hint and mask_text(hint), "fix": fix and mask_text(fix)}


def _place(reject: Reject) -> str:
    reason = reject.reason
    if "key" in reason:
        return f"{reason.get('table', '')}, key {_mask_key(reason['key'])}"
    place = next((f"{unit} {reason[unit]:,}" for unit in _UNITS if isinstance(reason.get(unit), int)), "")
    return f"{reason.get('source', '')}, {place}".strip(", ")


def _mask_key(key: object) -> object:
    return MASK if looks_personal(str(key)) else key


def _mask(reject: Reject) -> str:
    """Return a record as it may be shown: of a payload that could not be read every value is masked, of a row all."""
    if "column" in reject.reason:
        text = _LETTERS.sub("*", reject.record.decode(errors="replace"))
    else:
        text = masked(SourceText(reject.record))
    return printable(shorten(text, _LONGEST))
