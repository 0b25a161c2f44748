"""`tcspec rules`: list every code, or explain one."""

from __future__ import annotations

import json
import sys
import textwrap
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from tcspec.cli import options
from tcspec.cli.exits import Exit
from tcspec.cli.terminal import choose_colors, use_utf8, write, write_data
from tcspec.contract.contradictions import load_contradictions
from tcspec.reporters.json import HEAD
from tcspec.reporters.text import format_detail, shorten
from tcspec.rules.registry import EVERY_CODE, RULES, STREAM_RULES, explain_code
from tcspec.rules.settings import format_suggestion
from tcspec.sources import expand_source, find_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.codes import Code, Explanation
    from tcspec.contract.contradictions import Contradiction
    from tcspec.reporters.printing import Colorize

_WIDTH = 110
_MARKDOWN_HEAD = """\
# Rules

Every code that tcspec reports, by family: what it means, why it matters, a bad and a good example. The tier `contract`
is what payloads and requests have to meet, the tier `rule` is everything softer. The severity of a violation may depend
on the sender or on the value. A rule with fixes does not have one for every violation.

`tcspec rules TC210` prints the same for one code, `--select` and `--ignore` choose codes, `tcspec fix` applies the safe
fixes, and `tcspec fix --unsafe` the others too.

This page is written by `make docs-rules`: edit the rules, or `tcspec/codes.toml`, instead.
"""


@dataclass(frozen=True, slots=True)
class CodeDescription:
    """A code as it is listed and explained: `tier` is `contract` or `rule`, `fix` the best fix that it offers."""

    code: Code
    tier: str
    fix: str | None
    explanation: Explanation

    @property
    def source(self) -> str:
        """Return where the requirement comes from."""
        code = self.code
        source = expand_source(code.source)
        return f"{source} ({code.basis.value})" if source else "the page that each violation names"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON has it."""
        code, explanation = self.code, self.explanation
        return {
            "code": code.id,
            "family": code.family,
            "title": code.title,
            "severity": code.severity.value,
            "tier": self.tier,
            "fix": self.fix,
            "basis": code.basis.value,
            "source": expand_source(code.source),
            "summary": explanation.summary,
            "explanation": explanation.text,
            "bad": explanation.bad,
            "good": explanation.good,
        }


@click.command(short_help="List every code, or explain one.")
@click.argument("code", required=False, metavar="[CODE]", shell_complete=options.complete_names(lambda: EVERY_CODE))
@click.option(
    "--format", "style", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True,
    help="Output format.",
)  # fmt: skip
def rules(code: str | None, style: str) -> int:
    """List every code, or explain one with a bad and a good example.

    A prefix, such as TC4, lists the codes that start with it. A row that a violation cites, such as K006, is printed:
    where pages of the vendor disagree, and how tcspec decides; K lists all rows. A safe fix does not change what the
    payload means; any other fix may, and is only applied by `tcspec fix --unsafe`. A rule with fixes does not have one
    for every violation.
    """
    prefix = (code or "").upper()
    # No code begins so: it is a row of contradictions.
    if prefix.startswith("K"):
        _print_rows(prefix, style)
        return Exit.FINE
    entries = [describe_code(each) for each in EVERY_CODE if each.startswith(prefix)]
    if not entries:
        raise click.BadParameter(
            f"no code starts with {prefix}{format_suggestion(prefix, EVERY_CODE)}", param_hint="CODE"
        )
    colorize = choose_colors(sys.stdout)
    if style == "json":
        write_data(json.dumps(HEAD | {"rules": [entry.to_dict() for entry in entries]}, indent=2) + "\n")
    elif style == "markdown":
        use_utf8()
        write_data("".join(_format_markdown(entries)))
    elif prefix in EVERY_CODE:
        _write_lines(_format_code(entries[0], colorize))
    else:
        _write_lines("".join(_format_list(entries, colorize)))
    return Exit.FINE


def _print_rows(prefix: str, style: str) -> None:
    """Print the rows of contradictions whose ids begin with a prefix: one as a whole, several a line each."""
    rows = [row for identifier, row in load_contradictions().items() if identifier.startswith(prefix)]
    if not rows:
        suggestion = format_suggestion(prefix, load_contradictions())
        raise click.BadParameter(f"no row starts with {prefix}{suggestion}", param_hint="CODE")
    if style == "json":
        entries = [asdict(row) | {"pages": dict(row.pages), "codes": find_citing_codes(row.id)} for row in rows]
        write_data(json.dumps(HEAD | {"contradictions": entries}, indent=2) + "\n")
    elif style == "markdown":
        raise click.UsageError("--format markdown is for codes; the rows are in docs/contradictions.md")
    elif len(rows) == 1:
        _write_lines(_format_row(rows[0], choose_colors(sys.stdout)))
    else:
        for row in rows:
            write(f"{row.id}  {shorten(row.disagreement, _WIDTH)}\n")


def _format_row(row: Contradiction, colorize: Colorize) -> str:
    details = {
        "where": row.where,
        "reading": row.reading,
        "decided": row.decided,
        "severity": row.severity,
        "codes": ", ".join(find_citing_codes(row.id)),
        **dict(row.pages),
    }
    lines = (format_detail(name, text, colorize) for name, text in details.items() if text)
    return f"{colorize('path', row.id)} {row.disagreement}\n{''.join(lines)}"


def find_citing_codes(row: str) -> list[str]:
    """Return the codes that cite a row."""
    return [code.id for code in EVERY_CODE.values() if row in find_rows(code.source)]


def _write_lines(text: str) -> None:
    # Line by line: within a line `write` escapes line ends.
    for line in text.split("\n")[:-1]:
        write(f"{line}\n")


def describe_code(identifier: str) -> CodeDescription:
    """Return everything about a code."""
    rule = RULES.get(identifier)
    tier = "rule" if rule or identifier in STREAM_RULES else "contract"
    code = EVERY_CODE[identifier]
    return CodeDescription(code, tier, rule.fix if rule else code.fix, explain_code(identifier))


def _families(entries: list[CodeDescription]) -> Iterator[tuple[str, list[CodeDescription]]]:
    """Yield the entries of each family below its heading."""
    for heading, members in groupby(entries, key=lambda entry: f"{entry.code.id[:3]} {entry.code.family}"):
        yield heading, list(members)


def _format_list(entries: list[CodeDescription], colorize: Colorize) -> Iterator[str]:
    width = max(len(entry.code.title) for entry in entries)
    for number, (heading, members) in enumerate(_families(entries)):
        yield f"{chr(10) if number else ''}{colorize('path', heading)}\n"
        for entry in members:
            severity = entry.code.severity.value
            padded = colorize(severity, severity) + " " * (len("warning") - len(severity))
            end = f"{entry.code.title:<{width}}  fix: {entry.fix}" if entry.fix else entry.code.title
            yield f"  {entry.code.id}  {padded}  {end}\n"


def _format_code(entry: CodeDescription, colorize: Colorize) -> str:
    code, explanation = entry.code, entry.explanation
    details = {
        "severity": colorize(code.severity.value, code.severity.value),
        "family": code.family,
        "tier": entry.tier,
        "fix": entry.fix or "none",
        "source": entry.source,
    }
    head = f"{colorize('path', code.id)} {code.title}\n"
    details_text = "".join(format_detail(name, text, colorize) for name, text in details.items())
    paragraphs = [textwrap.fill(" ".join(part.split()), _WIDTH) for part in explanation.text.split("\n\n")]
    examples = [f"{name}:\n\n{textwrap.indent(example, '    ')}" for name, example in explanation.examples]
    return f"{head}{details_text}\n" + "\n\n".join([explanation.summary, *paragraphs, *examples]) + "\n"


def _format_markdown(entries: list[CodeDescription]) -> Iterator[str]:
    # The head is that of docs/rules.md, which has all codes.
    if len(entries) == len(EVERY_CODE):
        yield _MARKDOWN_HEAD
    for heading, members in _families(entries):
        yield f"\n## {heading}\n\n| code | severity | tier | fix | title |\n|---|---|---|---|---|\n"
        for entry in members:
            cells = (f"[{entry.code.id}](#{entry.code.id.lower()})", entry.code.severity.value, entry.tier)
            yield f"| {' | '.join(cells)} | {entry.fix or ''} | {entry.code.title} |\n"
        for entry in members:
            explanation = entry.explanation
            yield f"\n### {entry.code.id}\n\n{explanation.summary}\n\n{explanation.text.strip()}\n\n"
            yield f"Source: {entry.source}.\n"
            for name, example in explanation.examples:
                yield f"\n{name}:\n\n```{explanation.language}\n{example}\n```\n"
