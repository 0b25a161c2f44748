"""`tcspec validate`: what is wrong with the payloads of files, by their contract and by the rules?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tcspec.cli import options
from tcspec.cli.baseline import BaselineWriter, load_baseline
from tcspec.cli.captures import format_answers
from tcspec.cli.checking import CheckOptions, check_files
from tcspec.cli.project import load_config
from tcspec.cli.reporting import FORMATS, exit_code, report
from tcspec.cli.required_events import read_required_events
from tcspec.cli.stats import Stats
from tcspec.cli.terminal import print_error, show_progress, write
from tcspec.contract.engines import ENGINES
from tcspec.errors import Severity
from tcspec.jsontext.pointer import split
from tcspec.jsontext.reader import Limits
from tcspec.kinds import BULK_KINDS, VERSIONS, version_of
from tcspec.rules.config import LEVELS, NEVER
from tcspec.rules.linting import SENT_BY
from tcspec.rules.settings import Settings

JSON, SERVER, TEXT = "json", "server", "text"
HTML = "html"


def _pointer(_: click.Context, __: click.Parameter, given: str) -> str:
    """Take a JSON Pointer."""
    try:
        split(given)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return given


@click.command(short_help="Check payloads against their contract and the rules.")
@options.paths
@click.option(
    "--kind",
    type=click.Choice(list(VERSIONS)),
    help="What the payloads are; by default as [tool.tcspec.kinds] says, or detected.",
)
@click.option("--version", help='The version they must meet; detected by default. "1.0" says that legacy is wanted.')
@click.option("--pointer", default="", callback=_pointer, metavar="POINTER", help="Where in a document the payload is.")
@click.option(
    "--format",
    "style",
    type=click.Choice(FORMATS),
    default=TEXT,
    show_default=True,
    metavar="FORMAT",
    help=f"How the result is written: {', '.join(FORMATS)}; `server` answers as the bulk endpoint would.",
)
@click.option("--show-values", is_flag=True, help="Show in the page of --format html what may describe a person.")
@click.option(
    "--select",
    multiple=True,
    callback=options.codes,
    metavar="CODES",
    help="Tell only codes that begin so, and what is unreadable.",
)
@click.option(
    "--ignore", multiple=True, callback=options.codes, metavar="CODES", help="Do not tell codes that begin so."
)
@click.option("--sender", type=click.Choice(SENT_BY), help="Who sends the payloads; by default what each event shows.")
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    show_default="error, or as the project says",
    help="The mildest violation that makes the exit code 1.",
)
@click.option("--engine", type=click.Choice(list(ENGINES)), default="fast", show_default=True, help="Who judges.")
@options.limits
@options.allow_empty
@click.option("--payloads-only", is_flag=True, help="Pass over JSON that shows no sign of being a payload.")
@click.option("--no-expect", is_flag=True, help="Let no file be one that must fail, whatever the project says.")
@click.option("--baseline", metavar="FILE", help="Pass over the violations that are known, and say which are gone.")
@click.option("--write-baseline", "recorded", metavar="FILE", help="Write everything that is found down as known.")
@click.option(
    "--stats", "with_stats", is_flag=True, help="Tell in the end what was seen, how much of it is valid, and of when."
)
@click.option(
    "--require-events", metavar="FILE", help="Fail unless the events that the file names occur without an error."
)
def validate(  # noqa: PLR0913 - the options of the verb
    paths: tuple[str, ...],
    *,
    style: str,
    show_values: bool,
    fail_on: str | None,
    allow_empty: bool,
    no_expect: bool,
    baseline: str | None,
    recorded: str | None,
    with_stats: bool,
    require_events: str | None,
    **demanded: Any,  # noqa: ANN401 - what makes a demand
) -> int:
    """Check payloads against their contract and the rules: events, batches, pixels, and what the APIs take.

    Each PATH holds one JSON document, or with the ending .ndjson or .jsonl one a line; either may be compressed (.gz).
    What has another ending, or comes from standard input (-), is taken for NDJSON unless its first line goes on
    in the second, as pretty-printed JSON does. Pixels are addresses or queries, one a line; captured requests (.http,
    .har) are checked as a whole, with what the endpoint would answer. Legacy events are held against their contract
    only.

    The nearest pyproject.toml, or tcspec.toml without "tool.tcspec", may say what is asked; the command line wins:

    \b
        [tool.tcspec]
        ignore = ["TC113"]
        fail-on = "warning"
        sender = "web"
        [tool.tcspec.severity]
        TC110 = "error"
        TC421 = "off"
        [tool.tcspec.per-path."fixtures/invalid/no-id.json"]
        expect = ["TC401"]
        [tool.tcspec.per-path."fixtures/products/*.ndjson"]
        kind = "product"

    A file of which codes are expected is fine when it has them, and nothing else that fails. --require-events takes
    names one a line, a JSON list, or an object of names and how often each must occur.
    """  # noqa: D301 - click reads the backspace
    demand = _demand(demanded, is_free=no_expect)
    if style == SERVER and demand.kind not in BULK_KINDS:
        raise click.UsageError(f"--format {SERVER} needs --kind {' or '.join(BULK_KINDS)}")
    if show_values and style != HTML:
        raise click.UsageError(f"--show-values needs --format {HTML}")
    if baseline and recorded:
        raise click.UsageError("--baseline and --write-baseline exclude each other")
    known = BaselineWriter(recorded) if recorded else load_baseline(baseline, demand.wants) if baseline else None
    stats = Stats(demand.sender_of) if with_stats else None
    required = read_required_events(require_events) if require_events else None
    fail_on = fail_on or demand.config.fail_on or Severity.ERROR.value
    failing = None if fail_on == NEVER else Severity(fail_on)
    with show_progress("payloads", paths) as progress:
        results = check_files(paths, demand, progress.advance)
        for observer in (known, stats, required):
            if observer:
                results = observer.apply(results)
        tally = report(results, style, format_answers, failing=failing, show_values=show_values)
    if stats and style != JSON:
        (write if style == TEXT else print_error)("".join(stats.format_table()))
    if known:
        known.finish()
    found = failing is not None and tally.at_least(failing) > 0
    return exit_code(tally, found=found, allow_empty=allow_empty)


def _demand(given: dict[str, Any], *, is_free: bool) -> CheckOptions:
    """Make a demand of the options of the command line and of what the project asks."""
    version_of(given["kind"] or "event", given["version"])
    config = load_config(Path.cwd())
    return CheckOptions(
        version=given["version"],
        engine=given["engine"],
        limits=Limits(given["max_depth"], given["max_length"]),
        pointer=given["pointer"],
        payloads_only=given["payloads_only"],
        settings=Settings(**{name: given[name] for name in ("select", "ignore", "sender", "kind")}),
        config=config.without_expectations() if is_free else config,
    )
