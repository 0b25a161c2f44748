"""`tcspec validate`: do the payloads of files meet their contract?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from tcspec.cli import options
from tcspec.cli.capturing import answers
from tcspec.cli.judging import Demand, judge_files
from tcspec.cli.project import did_you_mean, load
from tcspec.cli.reporting import report, verdict
from tcspec.cli.terminal import progress
from tcspec.codes import CODES
from tcspec.documents import Limits
from tcspec.engines import ENGINES
from tcspec.errors import Severity
from tcspec.pointers import split
from tcspec.versions import BULK_KINDS, VERSIONS, version_of

NEVER = "never"
SERVER = "server"


def _codes(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Take codes or beginnings of codes, separated by commas or given one by one."""
    prefixes = tuple(prefix.strip().upper() for each in given for prefix in each.split(",") if prefix.strip())
    for prefix in prefixes:
        if not any(code.startswith(prefix) for code in CODES):
            raise click.BadParameter(f"no code begins with {prefix}{did_you_mean(prefix)}")
    return prefixes


def _pointer(_: click.Context, __: click.Parameter, given: str) -> str:
    """Take a JSON Pointer."""
    try:
        split(given)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return given


@click.command(short_help="Check payloads against their contract.")
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
    type=click.Choice(["text", "json", SERVER]),
    default="text",
    show_default=True,
    help="How the result is written; `server` answers as the bulk endpoint of products or conversions would.",
)
@click.option(
    "--select",
    multiple=True,
    callback=_codes,
    metavar="CODES",
    help="Tell only codes that begin so, and what is unreadable.",
)
@click.option("--ignore", multiple=True, callback=_codes, metavar="CODES", help="Do not tell codes that begin so.")
@click.option(
    "--fail-on",
    type=click.Choice([*(severity.value for severity in reversed(Severity)), NEVER]),
    default=Severity.ERROR.value,
    show_default=True,
    help="The mildest violation that makes the exit code 1.",
)
@click.option("--engine", type=click.Choice(list(ENGINES)), default="fast", show_default=True, help="Who judges.")
@options.limits
@options.allow_empty
@click.option("--payloads-only", is_flag=True, help="Pass over JSON that shows no sign of being a payload.")
@click.option("--no-expect", is_flag=True, help="Do not read [tool.tcspec.expect].")
def validate(  # noqa: PLR0913 - the options of the verb
    paths: tuple[str, ...],
    *,
    style: str,
    fail_on: str,
    max_depth: int,
    max_length: int,
    allow_empty: bool,
    no_expect: bool,
    **demanded: Any,  # noqa: ANN401 - the options that are fields of Demand
) -> int:
    r"""Check payloads against their contract and the size limit: events, batches, pixels, and what the APIs take.

    Each PATH holds one JSON document, or with the ending .ndjson or .jsonl one a line; either may be compressed (.gz).
    What has another ending, or comes from standard input (-), is taken for NDJSON unless its first line goes on
    in the second, as pretty-printed JSON does. Pixels are addresses or queries, one a line; captured requests (.http,
    .har) are checked as a whole, with what the endpoint would answer.

    The nearest pyproject.toml may say of which kind files are, and which must fail; such a file is fine when its
    errors have exactly these codes:

    \b
        [tool.tcspec.kinds]
        "fixtures/products/*.ndjson" = "product"
        [tool.tcspec.expect]
        "fixtures/invalid/no-id.json" = ["TC401"]
        "fixtures/legacy/**/*.json" = ["TC701"]
    """
    version_of(demanded["kind"] or "event", demanded["version"])
    if style == SERVER and demanded["kind"] not in BULK_KINDS:
        raise click.UsageError(f"--format {SERVER} needs --kind {' or '.join(BULK_KINDS)}")
    project = load(Path.cwd())
    if no_expect:
        project = project.without_expectations()
    demand = Demand(limits=Limits(max_depth, max_length), project=project, **demanded)
    with progress("payloads") as meter:
        tally = report(judge_files(paths, demand, meter.tick), style, answers)
    found = fail_on != NEVER and tally.at_least(Severity(fail_on)) > 0
    return verdict(tally, found=found, allow_empty=allow_empty)
