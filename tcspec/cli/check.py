"""`tcspec check`: what is wrong with the payloads of files, by their contract, their size and the rules?"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tcspec.cli import options
from tcspec.cli.checking import CheckOptions, check_files
from tcspec.cli.progress import show_progress
from tcspec.cli.reporting import (
    FORMATS,
    FORMATS_OF_STATISTICS,
    FORMATS_WITH_FIXES,
    ReportOptions,
    exit_code,
    report,
)
from tcspec.cli.terminal import print_error, write
from tcspec.errors import Severity
from tcspec.files.lines import STANDARD
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.kinds import KINDS, SENDERS, find_kind, version_of
from tcspec.reporters.text import no_details
from tcspec.rules.config import LEVELS, NEVER
from tcspec.rules.project import load_config
from tcspec.rules.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tcspec.cli.baseline import BaselineComparison, BaselineWriter
    from tcspec.cli.options import FileArguments
    from tcspec.cli.required_events import RequiredEvents
    from tcspec.cli.stats import Stats
    from tcspec.reporters.printing import Colorize
    from tcspec.reporters.results import FileFinished

    Command = TypeVar("Command", bound=Callable[..., Any])

LISTED = 10
"""How many violations of a code the text lists: the next ones are seen when these are fixed."""

HTML, JSON, SERVER, TEXT = "html", "json", "server", "text"


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
        default=TEXT,
        show_default=True,
        metavar="FORMAT",
        help=f"Output format: {', '.join(FORMATS)}. `server` answers as the bulk endpoint would.",
    ),
    click.option(
        "--output-file",
        "-o",
        callback=options.file_name,
        metavar="FILE",
        shell_complete=options.complete_files,
        help="Write the report to this file, complete or not at all, instead of standard output.",
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
        default=DEFAULT_LIMITS.violations,
        show_default=True,
        metavar="COUNT",
        help="How many violations of one code are listed of a payload; all are counted.",
    ),
    options.allow_empty,
    click.option("--payloads-only", is_flag=True, help="Skip JSON that shows no sign of being a payload."),
    click.option("--no-expect", is_flag=True, help="Treat no file as one that is expected to fail."),
    click.option(
        "--baseline",
        callback=options.file_name,
        metavar="FILE",
        shell_complete=options.complete_files,
        help="Skip the known violations of this file, and report which no longer occur.",
    ),
    click.option(
        "--write-baseline",
        "recorded",
        callback=options.file_name,
        metavar="FILE",
        shell_complete=options.complete_files,
        help="Write all violations to this file as known.",
    ),
    click.option(
        "--stats", "with_stats", is_flag=True, help="Print what was checked, how much of it is valid, and its dates."
    ),
    click.option(
        "--require-events",
        callback=options.file_name,
        metavar="FILE",
        shell_complete=options.complete_files,
        help="Fail unless the events that this file lists occur without an error.",
    ),
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


def run_check(  # noqa: PLR0913 - the options of the command
    files: FileArguments,
    *,
    style: str,
    output_file: str | None,
    quiet: bool,
    statistics: bool,
    show_all: bool,
    show_values: bool,
    fail_on: str | None,
    allow_empty: bool,
    no_expect: bool,
    baseline: str | None,
    recorded: str | None,
    with_stats: bool,
    require_events: str | None,
    **values: Any,  # noqa: ANN401 - what the options of a check are built from
) -> int:
    """Check files, report what was found, and return the exit code."""
    # A baseline has the place of each violation; statistics count the events of a batch that have no error.
    needs_all = any((baseline, recorded, with_stats, require_events))
    checking = _build_options(values, is_free=no_expect, with_fixes=style in FORMATS_WITH_FIXES, needs_all=needs_all)
    fail_on = fail_on or checking.config.fail_on or Severity.ERROR.value
    reporting = ReportOptions(
        style,
        output_file,
        quiet=quiet,
        statistics=statistics,
        longest=None if show_all else LISTED,
        failing=None if fail_on == NEVER else Severity(fail_on),
        show_values=show_values,
    )
    _refuse_contradictions(reporting, checking.kind, baseline, recorded)
    known, stats, required = _load_observers(checking, baseline, recorded, require_events, with_stats=with_stats)
    paths = files.find(checking.config, own=(baseline, recorded, require_events))
    if output_file and os.path.realpath(output_file) in map(os.path.realpath, paths):
        # It may be the report of the last run, or a payload: that is not for us to guess.
        reason = "which is to be checked; write it elsewhere, or leave it out with --exclude"
        raise click.UsageError(f"--output-file would replace {output_file}, {reason}")
    with show_progress("payloads", paths, is_shown=not quiet) as progress:
        results = check_files(paths, checking, progress.advance)
        for observer in (known, stats, required):
            if observer:
                results = observer.apply(results)
        tally = report(results, reporting, no_details if quiet else _format_details)
    if stats and style != JSON:
        for line in stats.format_table():
            (write if style == TEXT and not output_file else print_error)(line)
    if known:
        known.finish()
    found = reporting.failing is not None and tally.at_least(reporting.failing) > 0
    return exit_code(tally, found=found, allow_empty=allow_empty)


def _load_observers(
    checking: CheckOptions, baseline: str | None, recorded: str | None, require_events: str | None, *, with_stats: bool
) -> tuple[BaselineWriter | BaselineComparison | None, Stats | None, RequiredEvents | None]:
    """Return what the results of a run are compared with and counted by; most runs have none of it, and import none."""
    known: BaselineWriter | BaselineComparison | None = None
    stats_of_run: Stats | None = None
    required: RequiredEvents | None = None
    if baseline or recorded:
        from tcspec.cli import baseline as baselines  # noqa: PLC0415

        known = (
            baselines.BaselineWriter(recorded)
            if recorded
            else baselines.load_baseline(baseline or "", checking.reports)
        )
    if with_stats:
        from tcspec.cli import stats  # noqa: PLC0415

        stats_of_run = stats.Stats(checking.sender_of)
    if require_events:
        from tcspec.cli import required_events  # noqa: PLC0415

        required = required_events.read_required_events(require_events)
    return known, stats_of_run, required


def _format_details(finished: FileFinished, colorize: Colorize) -> Iterable[str]:
    """Return the lines about the requests of a file of captured ones."""
    if not finished.details:
        return ()
    from tcspec.cli.captures import format_answers  # noqa: PLC0415 - only captures have details

    return format_answers(finished, colorize)


def _refuse_contradictions(
    reporting: ReportOptions, kind: str | None, baseline: str | None, recorded: str | None
) -> None:
    """Raise a usage error when options contradict each other."""
    style = reporting.output_format
    if style == SERVER and not (kind and find_kind(kind).is_bulk):
        bulk = " or ".join(each.name for each in KINDS.values() if each.is_bulk)
        raise click.UsageError(f"--format {SERVER} needs --kind {bulk}")
    if reporting.show_values and style != HTML:
        raise click.UsageError(f"--show-values needs --format {HTML}")
    if reporting.statistics and style not in FORMATS_OF_STATISTICS:
        raise click.UsageError(f"--statistics needs --format {' or '.join(FORMATS_OF_STATISTICS)}")
    if reporting.output_file == STANDARD:
        raise click.UsageError("--output-file needs a file; without it the report goes to standard output")
    if baseline and recorded:
        raise click.UsageError("--baseline and --write-baseline exclude each other")
    if recorded == STANDARD:
        raise click.UsageError("--write-baseline needs a file; the report is written to standard output")


def _build_options(values: dict[str, Any], *, is_free: bool, with_fixes: bool, needs_all: bool) -> CheckOptions:
    """Return the options of a check, from those of the command line and the configuration of the project."""
    version_of(values["kind"] or "event", values["version"])
    config = load_config()
    return CheckOptions(
        version=values["version"],
        engine=values.get("engine", "fast"),
        rules=values["rules"],
        with_fixes=with_fixes,
        limits=Limits(values["max_depth"], values["max_length"], None if needs_all else values["max_violations"]),
        pointer=values["pointer"],
        payloads_only=values["payloads_only"],
        settings=Settings(**{name: values[name] for name in ("select", "ignore", "sender", "kind")}),
        config=config.without_expectations() if is_free else config,
    )
