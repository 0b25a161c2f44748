"""A rule on one payload: its violations, with fixes and without."""

from __future__ import annotations

import pytest

from tcspec.errors import Basis, Fix, Severity, Violation
from tcspec.kinds import EVENT_2_0, EVENT_KINDS
from tcspec.rules.context import RuleContext
from tcspec.rules.fixes.offers import replace
from tcspec.rules.rule import SAFE, Finding, rule, stream_rule

EVENT = {
    "event_name": "login",
    "user": {"id": "C-1", "a/b": ["x"]},
    "context": {"event_id": "e-1", "event_timestamp": 1718006400000},
}
GOOD = Fix("change the id", (replace(("user", "id"), "C-2"),), is_safe=True)
BAD = Fix("break the event", (replace(("user",), "C-2"),), is_safe=True)


def context(**properties):
    """Return an event as rules check it."""
    return RuleContext(EVENT | properties, EVENT_2_0, "server", 0)


def build(*findings, **options):
    """Return a rule that always has the same findings."""
    return rule("TC199", "example", source="a page", **options)(lambda _: iter(findings))


def violations(one, **options):
    """Return what a rule finds in an event."""
    return [one.to_violation(finding, context(), **options) for finding in one.find(context())]


def test_violation():
    """A finding becomes a violation with the pointer of its path and the code, basis and source of its rule."""
    found = Finding(("user", "a/b", 0), "because", {"property": "x"}, "do this")
    [violation] = violations(build(found, basis=Basis.INFERRED))
    assert violation == Violation(
        "TC199",
        Severity.WARNING,
        "/user/a~1b/0",
        "because",
        {"property": "x"},
        Basis.INFERRED,
        "a page",
        hint="do this",
    )


def test_severity():
    """The severity of a finding wins over that of its rule."""
    findings = (Finding((), "a"), Finding((), "b", severity=Severity.WARNING))
    assert [each.severity.value for each in violations(build(*findings, severity=Severity.INFO))] == [
        "info",
        "warning",
    ]


@pytest.mark.parametrize(
    ("fix", "harmless", "offered"), [(GOOD, False, GOOD), (BAD, False, None), (BAD, True, BAD), (None, False, None)]
)
def test_fix(fix, harmless, offered):
    """A fix that breaks the contract is not offered, unless the rule is declared as harmless."""
    [violation] = violations(build(Finding((), "because", fix=fix), fix=SAFE, harmless=harmless))
    assert violation.fix == offered


def test_without_fixes():
    """Without fixes none is offered, and everything else is the same."""
    one = build(Finding((), "because", fix=GOOD), fix=SAFE)
    [plain] = violations(one, with_fixes=False)
    [fixed] = violations(one)
    assert (plain.fix, fixed.fix) == (None, GOOD)
    assert (plain.message, plain.code) == (fixed.message, fixed.code)


def test_stream_rule():
    """A rule on files has the code of its declaration, is inferred by default, and offers no fixes."""

    def start():
        """A file is wrong."""
        return lambda line, _: iter([Finding((), f"line {line}", severity=Severity.INFO)])

    one = stream_rule("TC299", "example", source="a page")(start)
    [finding] = one.start()(7, context())
    assert one.to_violation(finding) == Violation("TC299", Severity.INFO, "", "line 7", {}, Basis.INFERRED, "a page")
    assert one.kinds == EVENT_KINDS


def test_severity_of_a_finding():
    """A finding counts with its own severity, or with that of its rule."""
    one = build(severity=Severity.WARNING)
    assert one.severity_of(Finding((), "a")) is Severity.WARNING
    assert one.severity_of(Finding((), "a", severity=Severity.INFO)) is Severity.INFO
