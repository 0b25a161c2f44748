"""A rule as a value: its code, the kinds it is for, the function that looks, and the page that explains it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tcspec.codes import Code
from tcspec.errors import Basis, Severity, Violation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tcspec.errors import Fix
    from tcspec.rules.context import RuleContext

EVENTS = ("event", "pixel")
"""The kinds whose rules are those of events; the events of a batch are looked at one by one."""

SAFE, UNSAFE = "safe", "unsafe"
"""The best fix that a rule may offer, not for everything that it finds."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: where, what is wrong in words, and how it could be mended.

    The severity is that of the rule's code unless the finding has its own, as where rows depend on the sender.
    """

    pointer: str
    message: str
    data: Mapping[str, Any] = field(default_factory=dict)
    hint: str | None = None
    fix: Fix | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: what it is called, whom it is for, how it looks at a payload, and the best fix that it may offer."""

    code: Code
    kinds: tuple[str, ...]
    look: Callable[[RuleContext], Iterator[Finding]]
    fix: str | None = None

    def check(self, subject: RuleContext) -> Iterator[Violation]:
        """Look at a payload and tell what is found as violations."""
        for finding in self.look(subject):
            found = self.code.violation(finding.pointer, finding.message, finding.data)
            severity = finding.severity or found.severity
            yield replace(found, severity=severity, hint=finding.hint, fix=finding.fix)


def rule(  # noqa: PLR0913 - the fields of a code
    identifier: str,
    title: str,
    severity: Severity = Severity.WARNING,
    *,
    source: str,
    basis: Basis = Basis.DOCUMENTED,
    kinds: tuple[str, ...] = EVENTS,
    fix: str | None = None,
) -> Callable[[Callable[[RuleContext], Iterator[Finding]]], Rule]:
    """Make a rule of the function that looks; `source` is the page of the vendor, and the rows that decided."""
    return lambda look: Rule(Code(identifier, title, severity, basis, source), kinds, look, fix)
