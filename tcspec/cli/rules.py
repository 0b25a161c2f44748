"""`tcspec rules`: every code that violations have, and the page of each."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from tcspec.cli import options
from tcspec.cli.exits import Exit
from tcspec.cli.terminal import painter, write
from tcspec.reporters.json import HEAD
from tcspec.reporters.text import format_detail
from tcspec.rules.pages.finding import page_for
from tcspec.rules.registry import EVERY_CODE, RULES, STREAM_RULES
from tcspec.rules.settings import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.codes import Code
    from tcspec.reporters.text import Paint
    from tcspec.rules.pages.page import CodePage

_FAMILIES = (
    "document and request",
    "envelope and names",
    "context and time",
    "user and consent",
    "e-commerce",
    "video",
    "campaign",
    "legacy",
    "data APIs",
)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of a code: where it belongs, the best fix that there may be, and its page."""

    code: Code
    tier: str
    fix: str | None
    page: CodePage

    @property
    def family(self) -> str:
        """Name the family that the first digit of the code stands for."""
        return _FAMILIES[int(self.code.id[2])]

    def as_dict(self) -> dict[str, Any]:
        """Give everything as JSON has it."""
        page = self.page
        told = {"summary": page.summary, "text": page.text, "bad": page.bad, "good": page.good}
        return {
            "code": self.code.id,
            "family": self.family,
            "severity": self.code.severity.value,
            "title": self.code.title,
            "tier": self.tier,
            "fix": self.fix,
            "basis": self.code.basis.value,
            "source": self.code.source,
            "page": told,
        }


@click.command(short_help="List every code, or explain one.")
@click.argument("code", required=False, metavar="[CODE]")
@options.format_of_output
def rules(code: str | None, style: str) -> int:
    """List every code that violations have, or explain one with a bad and a good example.

    With the beginning of codes, such as TC4, list those that begin so. A fix is safe when it says the same in the
    documented way; any other may guess, and is applied by `tcspec fix --unsafe` only. A rule that offers fixes has not
    one for everything that it finds.
    """
    prefix = (code or "").upper()
    found = [each for each in EVERY_CODE if each.startswith(prefix)]
    if not found:
        raise click.BadParameter(f"no code begins with {prefix}{did_you_mean(prefix, EVERY_CODE)}", param_hint="CODE")
    if style == "json":
        write(json.dumps(HEAD | {"rules": [_told(each).as_dict() for each in found]}, indent=2) + "\n")
    else:
        paint = painter(sys.stdout)
        if prefix in EVERY_CODE:
            write(_explained(_told(prefix), paint))
        else:
            write("".join(_listed([_told(each) for each in found], paint)))
    return Exit.FINE


def _told(identifier: str) -> _Told:
    rule = RULES.get(identifier)
    tier = "rule" if rule or identifier in STREAM_RULES else "contract"
    return _Told(EVERY_CODE[identifier], tier, rule.fix if rule else None, page_for(identifier))


def _listed(told: list[_Told], paint: Paint) -> Iterator[str]:
    widest = max(len(each.code.title) for each in told)
    family = None
    for each in told:
        if each.family != family:
            yield f"{'' if family is None else chr(10)}{paint('path', f'{each.code.id[:3]} {each.family}')}\n"
            family = each.family
        severity = each.code.severity.value
        padded = paint(severity, severity) + " " * (len("warning") - len(severity))
        title = each.code.title.ljust(widest) if each.fix else each.code.title
        yield f"  {each.code.id}  {padded}  {title}{f'  fix: {each.fix}' if each.fix else ''}\n"


def _explained(told: _Told, paint: Paint) -> str:
    code = told.code
    facts = {
        "severity": paint(code.severity.value, code.severity.value),
        "family": told.family,
        "tier": told.tier,
        "fix": told.fix or "none",
        "asked by": f"{code.source} ({code.basis.value})" if code.source else "the page that each violation names",
    }
    head = f"{paint('path', code.id)} {code.title}\n"
    return "".join(
        [head, *(format_detail(name, fact, paint) for name, fact in facts.items()), f"\n{told.page.printed}\n"]
    )
