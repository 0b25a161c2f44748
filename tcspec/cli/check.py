"""`tcspec check`: what is wrong with the payloads of files, by their contract, their size and the rules?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from tcspec.cli import options
from tcspec.cli.check_runs import DEFAULTS, LISTED, run_check
from tcspec.cli.reporting import FORMATS
from tcspec.kinds import KINDS, SENDERS
from tcspec.rules.config import LEVELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tcspec.cli.named_files import FileArguments

    Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    options.files,
    click.option(
        "--kind",
        type=click.Choice(list(KINDS)),
        help="Kind of the payloads; by default as [tool.tcspec.kinds] says, else detected.",
    ),
    click.option(
        "--version", help='Version that they must meet; by default detected. "1.0" means that legacy is wanted.'
    ),
    options.pointer,
    click.option(
        "--format",
        "style",
        type=click.Choice(FORMATS),
        default=DEFAULTS["style"],
        show_default=True,
        metavar="FORMAT",
        help=f"Output format: {', '.join(FORMATS)}. `server` answers as the bulk endpoint would.",
    ),
    options.file_option(
        "--output-file", "-o", help="Write the report to this file, complete or not at all, instead of standard output."
    ),
    options.quiet,
    click.option(
        "--statistics", is_flag=True, help="Print how often each code occurs instead of each violation; text or JSON."
    ),
    click.option(
        "--show-all", is_flag=True, help=f"List every violation in text, not only the first {LISTED} of each code."
    ),
    click.option("--show-values", is_flag=True, help="Show values that may be personal in the page of --format html."),
    click.option(
        "--select",
        multiple=True,
        callback=options.codes,
        metavar="CODES",
        help="Report only codes with these prefixes; unreadable documents are always reported.",
    ),
    click.option(
        "--ignore",
        multiple=True,
        callback=options.codes,
        metavar="CODES",
        help="Do not report codes with these prefixes.",
    ),
    click.option(
        "--sender", type=click.Choice(SENDERS), help="Who sends the payloads; by default what each event shows."
    ),
    click.option(
        "--fail-on",
        type=click.Choice(LEVELS),
        show_default="error, or as the project says",
        help="Lowest severity that makes the exit code 1.",
    ),
    options.limits,
    click.option(
        "--max-violations",
        type=click.IntRange(1),
        default=DEFAULTS["max_violations"],
        show_default=True,
        metavar="COUNT",
        help="How many violations of one code are listed of a payload; all are counted.",
    ),
    options.allow_empty,
    click.option("--payloads-only", is_flag=True, help="Skip JSON that shows no sign of being a payload."),
    click.option("--no-expect", is_flag=True, help="Treat no file as one that is expected to fail."),
    options.file_option("--baseline", help="Skip the known violations of this file, and report which no longer occur."),
    options.file_option("--write-baseline", help="Write all violations to this file as known."),
    click.option(
        "--stats", "with_stats", is_flag=True, help="Print what was checked, how much of it is valid, and its dates."
    ),
    options.file_option("--require-events", help="Fail unless the events that this file lists occur without an error."),
)


def check_options(command: Command) -> Command:
    """Give a command the options that `check` and `validate` share."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command(short_help="Check payloads: contract, size and rules.")
@check_options
def check(files: FileArguments, **values: Any) -> int:  # noqa: ANN401 - the options of the command
    """Check payloads against their contract, the size limits and the rules: events, batches, pixels and API objects.

    A file holds one JSON document, or one a line when its name ends with .ndjson or .jsonl; it may be compressed
    (.gz). Of any other name, and of standard input (-), the first two lines decide. Pixels are URLs or queries, one a
    line. Of a JSON array of events each member is a payload. Captured requests (.http, .har) are checked as a whole,
    with the predicted answer. The rules are about the 2.0 format: of legacy events only the contract is checked.

    A folder stands for the files of these types in it, a glob in quotes ('events/**/*.json') for those that match;
    hidden files and what a .gitignore or the configuration excludes are left out. A file that is named is checked.

    The nearest pyproject.toml, or tcspec.toml without "tool.tcspec", may configure the check; options win:

    \b
        [tool.tcspec]
        ignore = ["TC113"]
        fail-on = "warning"
        sender = "web"
        exclude = ["archive/"]
        [tool.tcspec.severity]
        TC110 = "error"
        TC421 = "off"
        [tool.tcspec.per-path."fixtures/invalid/no-id.json"]
        expect = ["TC401"]
        [tool.tcspec.per-path."fixtures/products/*.ndjson"]
        kind = "product"

    A file with expected codes passes when it has them, and nothing else that fails. --require-events takes names one a
    line, a JSON array, or an object of names and how often each must occur.
    """  # noqa: D301 - click reads the backspace
    return run_check(files, rules=True, **values)
