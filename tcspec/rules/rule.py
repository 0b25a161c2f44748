"""Rules as values: a code, the kinds of payloads it is for, and the function that finds what is wrong."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec.codes import Code
from tcspec.errors import Basis, Severity, Violation
from tcspec.jsontext.pointer import join
from tcspec.kinds import EVENT_KINDS
from tcspec.rules.fixes.offers import offer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tcspec.errors import Fix
    from tcspec.rules.context import Path, RuleContext

    StreamCheck = Callable[[int, RuleContext], Iterator["Finding"]]
    """Finds what is wrong with the next payload of a file, which starts on the line of this number."""

SAFE, UNSAFE = "safe", "unsafe"
"""The best fix that a rule offers, though not for every finding."""


class Finding(NamedTuple):
    """One thing that a rule found: its path, what is wrong, what to do about it, and a fix.

    The severity is that of the rule unless the finding has its own, for example because it depends on the sender. The
    fix may still turn out to break something else: only `Rule.check` knows.
    """

    path: Path
    message: str
    data: Mapping[str, Any] = MappingProxyType({})
    hint: str | None = None
    fix: Fix | None = None
    severity: Severity | None = None


class Rule(NamedTuple):
    """A rule on one payload; `fix` is the best fix that it offers.

    The fixes of most rules are checked on the payload before they are offered. Those of a `harmless` rule cannot break
    the contract, and are too large or too many to be checked.

    `events` and `needs` say in which payloads the rule can find anything. Of what the catalogue has about an event the
    first tells whether the rule is for it, and of a payload the second whether it has what the rule is about. They only
    save time: the rule itself finds nothing in any other payload.
    """

    code: Code
    kinds: tuple[str, ...]
    find: Callable[[RuleContext], Iterator[Finding]]
    fix: str | None = None
    harmless: bool = False
    events: Callable[[Mapping[str, Any]], bool] | None = None
    needs: Callable[[RuleContext], bool] | None = None

    def severity_of(self, finding: Finding) -> Severity:
        """Return the severity of a finding: its own, or that of the rule."""
        return finding.severity or self.code.severity

    def to_violation(self, finding: Finding, payload: RuleContext, *, with_fixes: bool = True) -> Violation:
        """Return a finding as a violation of a payload.

        Without fixes it is much faster, because each fix is checked by validating the fixed payload.
        """
        fix = finding.fix if with_fixes else None
        if fix is not None and not self.harmless:
            fix = offer(payload, fix.title, *map(dict, fix.patch), is_safe=fix.is_safe)
        return _to_violation(self.code, finding, fix)


class StreamRule(NamedTuple):
    """A rule on all payloads of a file; `start` returns a function that remembers what it needs of each payload."""

    code: Code
    kinds: tuple[str, ...]
    start: Callable[[], StreamCheck]

    def to_violation(self, finding: Finding) -> Violation:
        """Return a finding as a violation; rules on files offer no fixes."""
        return _to_violation(self.code, finding, None)


def rule(  # noqa: PLR0913 - the fields of a code
    identifier: str,
    title: str,
    severity: Severity = Severity.WARNING,
    *,
    source: str,
    basis: Basis = Basis.DOCUMENTED,
    kinds: tuple[str, ...] = EVENT_KINDS,
    fix: str | None = None,
    harmless: bool = False,
    events: Callable[[Mapping[str, Any]], bool] | None = None,
    needs: Callable[[RuleContext], bool] | None = None,
) -> Callable[[Callable[[RuleContext], Iterator[Finding]]], Rule]:
    """Return a decorator that makes a rule of a function; `source` is a page of the vendor and the decided rows."""
    code = Code(identifier, title, severity, basis, source)
    return lambda find: Rule(code, kinds, find, fix, harmless, events, needs)


def stream_rule(  # noqa: PLR0913 - the fields of a code
    identifier: str,
    title: str,
    severity: Severity = Severity.WARNING,
    *,
    source: str,
    basis: Basis = Basis.INFERRED,
    kinds: tuple[str, ...] = EVENT_KINDS,
) -> Callable[[Callable[[], StreamCheck]], StreamRule]:
    """Return a decorator that makes a rule on files of a function; the arguments are those of `rule`."""
    return lambda start: StreamRule(Code(identifier, title, severity, basis, source), kinds, start)


def _to_violation(code: Code, finding: Finding, fix: Fix | None) -> Violation:
    return Violation(
        code.id,
        finding.severity or code.severity,
        join(finding.path),
        finding.message,
        # A dict: the empty mapping of a finding cannot be copied, as `asdict` does.
        finding.data or {},
        code.basis,
        code.source,
        hint=finding.hint,
        fix=fix,
    )
