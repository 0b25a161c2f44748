"""A run of `tcspec check` or `tcspec validate`, from files to an exit code, without the options and without click."""

from __future__ import annotations

import os
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tcspec.cli.checking import CheckOptions, check_files
from tcspec.cli.progress import show_progress
from tcspec.cli.reporting import FORMATS_OF_STATISTICS, FORMATS_WITH_FIXES, ReportOptions, exit_code, report
from tcspec.cli.terminal import print_error, write
from tcspec.errors import Severity
from tcspec.files.lines import STANDARD
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.kinds import KINDS, find_kind, version_of
from tcspec.reporters.text import no_details
from tcspec.rules.config import NEVER
from tcspec.rules.project import load_config
from tcspec.rules.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tcspec.cli.baseline import BaselineComparison, BaselineWriter
    from tcspec.cli.named_files import FileArguments
    from tcspec.cli.required_events import RequiredEvents
    from tcspec.cli.stats import Stats
    from tcspec.reporters.printing import Colorize
    from tcspec.reporters.results import FileFinished

LISTED = 10
"""How many violations of a code the text lists: the next ones are seen when these are fixed."""

HTML, JSON, SERVER, TEXT = "html", "json", "server", "text"

DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        **dict.fromkeys(("kind", "version", "output_file", "sender", "fail_on", "baseline", "write_baseline")),
        **dict.fromkeys(("quiet", "statistics", "show_all", "show_values", "allow_empty", "payloads_only"), False),
        **dict.fromkeys(("no_expect", "with_stats"), False),
        "pointer": "",
        "style": TEXT,
        "select": (),
        "ignore": (),
        "require_events": None,
        "limits": DEFAULT_LIMITS,
        "max_violations": DEFAULT_LIMITS.violations,
    }
)
"""The values of the options that a command line without options has."""


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
    write_baseline: str | None,
    with_stats: bool,
    require_events: str | None,
    **values: Any,  # noqa: ANN401 - what the options of a check are built from
) -> int:
    """Check files, report what was found, and return the exit code."""
    # A baseline has the place of each violation; statistics count the events of a batch that have no error.
    needs_all = any((baseline, write_baseline, with_stats, require_events))
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
    _refuse_contradictions(reporting, checking.kind, baseline, write_baseline)
    known, stats, required = _load_observers(checking, baseline, write_baseline, require_events, with_stats=with_stats)
    paths = files.find(checking.config, own=(baseline, write_baseline, require_events))
    if output_file and os.path.realpath(output_file) in map(os.path.realpath, paths):
        # It may be the report of the last run, or a payload: that is not for us to guess.
        reason = "which is to be checked; write it elsewhere, or leave it out with --exclude"
        raise _misuse(f"--output-file would replace {output_file}, {reason}")
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
    checking: CheckOptions,
    baseline: str | None,
    write_baseline: str | None,
    require_events: str | None,
    *,
    with_stats: bool,
) -> tuple[BaselineWriter | BaselineComparison | None, Stats | None, RequiredEvents | None]:
    """Return what the results of a run are compared with and counted by; most runs have none of it, and import none."""
    known: BaselineWriter | BaselineComparison | None = None
    stats_of_run: Stats | None = None
    required: RequiredEvents | None = None
    if write_baseline:
        from tcspec.cli.baseline import BaselineWriter  # noqa: PLC0415

        known = BaselineWriter(write_baseline)
    elif baseline:
        from tcspec.cli.baseline import load_baseline  # noqa: PLC0415

        known = load_baseline(baseline, checking.reports)
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
    reporting: ReportOptions, kind: str | None, baseline: str | None, write_baseline: str | None
) -> None:
    """Raise a usage error when options contradict each other."""
    style = reporting.output_format
    if style == SERVER and not (kind and find_kind(kind).is_bulk):
        bulk = " or ".join(each.name for each in KINDS.values() if each.is_bulk)
        raise _misuse(f"--format {SERVER} needs --kind {bulk}")
    if reporting.show_values and style != HTML:
        raise _misuse(f"--show-values needs --format {HTML}")
    if reporting.statistics and style not in FORMATS_OF_STATISTICS:
        raise _misuse(f"--statistics needs --format {' or '.join(FORMATS_OF_STATISTICS)}")
    if reporting.output_file == STANDARD:
        raise _misuse("--output-file needs a file; without it the report goes to standard output")
    if baseline and write_baseline:
        raise _misuse("--baseline and --write-baseline exclude each other")
    if write_baseline == STANDARD:
        raise _misuse("--write-baseline needs a file; the report is written to standard output")


def _build_options(values: dict[str, Any], *, is_free: bool, with_fixes: bool, needs_all: bool) -> CheckOptions:
    """Return the options of a check, from those of the command line and the configuration of the project."""
    version_of(values["kind"] or "event", values["version"])
    config = load_config()
    return CheckOptions(
        version=values["version"],
        engine=values.get("engine", "fast"),
        rules=values["rules"],
        with_fixes=with_fixes,
        limits=replace(values["limits"], violations=None if needs_all else values["max_violations"]),
        pointer=values["pointer"],
        payloads_only=values["payloads_only"],
        settings=Settings(**{name: values[name] for name in ("select", "ignore", "sender", "kind")}),
        config=config.without_expectations() if is_free else config,
    )


def _misuse(reason: str) -> Exception:
    """Return the usage error of click for options that make no sense together."""
    import click  # noqa: PLC0415 - few runs are misuse, and those without options need nothing else of click

    return click.UsageError(reason)
