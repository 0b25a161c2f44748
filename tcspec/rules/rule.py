"""A rule as a value: its code, the kinds it is for, the function that looks, and the page that explains it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from inspect import getdoc
from typing import TYPE_CHECKING, Any

from tcspec.codes import Code
from tcspec.errors import Basis, Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tcspec.errors import Fix
    from tcspec.rules.subjects import Subject

EVENTS = ("event", "pixel")
"""The kinds whose rules are those of events; the events of a batch are looked at one by one."""

_LONG_TEXT = re.compile(r"\[(\d+) characters\]")
"""What stands in an example of a page for a text too long to print."""
_SECTIONS = re.compile(r"^(Bad|Good):\n\n?((?:[ \t]+\S.*\n?|\n)*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: where, what is wrong in words, and how it could be mended.

    The severity is that of the rule's code unless the finding has its own, as where rows depend on the sender.
    """

    pointer: str
    message: str
    data: Mapping[str, Any] = field(default_factory=dict)
    suggestion: str | None = None
    fix: Fix | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What a rule says of itself: a sentence, why it matters, a bad and a good payload."""

    summary: str
    text: str
    bad: Any
    good: Any


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it is called, whom it is for, and how it looks at a payload."""

    code: Code
    kinds: tuple[str, ...]
    look: Callable[[Subject], Iterator[Finding]]

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Look at a payload and tell what is found as violations."""
        for finding in self.look(subject):
            found = self.code.found(finding.pointer, finding.message, finding.data)
            severity = finding.severity or found.severity
            yield replace(found, severity=severity, suggestion=finding.suggestion, fix=finding.fix)

    @property
    def page(self) -> Page:
        """Read the page in the docstring of the function."""
        return page_of(self.look)


def page_of(function: object) -> Page:
    """Read the page in the docstring of a function."""
    text = getdoc(function) or ""
    examples = {name: json.loads(_spelt_out(example)) for name, example in _SECTIONS.findall(text)}
    summary, _, rest = _SECTIONS.sub("", text).strip().partition("\n")
    return Page(summary, rest.strip(), examples["Bad"], examples["Good"])


def _spelt_out(example: str) -> str:
    return _LONG_TEXT.sub(lambda found: "x" * int(found[1]), example)


def rule(  # noqa: PLR0913 - the fields of a code
    identifier: str,
    title: str,
    severity: Severity = Severity.WARNING,
    *,
    source: str,
    basis: Basis = Basis.DOCUMENTED,
    kinds: tuple[str, ...] = EVENTS,
) -> Callable[[Callable[[Subject], Iterator[Finding]]], Rule]:
    """Make a rule of the function that looks; `source` is the page of the vendor, and the rows that decided."""
    return lambda look: Rule(Code(identifier, title, severity, basis, source), kinds, look)
