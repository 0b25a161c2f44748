from __future__ import annotations

from dataclasses import replace

import pytest

from runs import VIOLATION as VIOLATION_WITH_FIX
from runs import WARNING, run
from tcspec.errors import Basis, Severity, Violation
from tcspec.reporters.results import FileFinished, FileStarted, RunFinished, Tally, ViolationResult
from tcspec.reporters.text import format_count, printable, render, summary
from tcspec.rules.registry import EVERY_CODE

VIOLATION = Violation(
    "TC403",
    Severity.ERROR,
    "/currency",
    'expected three letters, found "eur"',
    data={"expected": "three letters", "actual": "eur"},
    basis=Basis.OBSERVED,
    source="page.md; K112",
    line=3,
    column=15,
    hint="write EUR",
)


def text(*results) -> str:
    """Tell results in text."""
    return "".join(render(results))


def test_whole_violation():
    """A violation is told with its place, what is wrong, what to do and who asks, and nothing is said twice."""
    assert text(ViolationResult("a.json", VIOLATION)) == (
        'a.json:3:15: TC403 error expected three letters, found "eur"\n'
        "    at        /currency\n"
        "    try       write EUR\n"
        "    asked by  page.md; K112 (observed)\n"
    )


def test_least_violation():
    """What is not known of a violation is left out."""
    least = Violation("TC101", Severity.INFO, "", "something", data={"expected": "an object"})
    assert text(ViolationResult("a.json", least)) == (
        "a.json: TC101 info something\n"
        "    at        the root\n"
        "    expected  an object\n"
        "    asked by  tcspec (documented)\n"
    )


def test_numbers_are_no_words():
    """A bound is in the message, not in a line of its own."""
    violation = Violation("TC020", Severity.ERROR, "", "too much", data={"expected": 32_768})
    assert "expected" not in text(ViolationResult("a.json", violation))


def test_paint():
    """The place, the severity and the details can be painted."""
    painted = "".join(render([ViolationResult("a.json", VIOLATION)], lambda style, part: f"<{style} {part}>"))
    assert painted.startswith("<path a.json:3:15>: TC403 <error error> expected")
    assert "\n<detail     at        >/currency\n" in painted


def test_expectations():
    """What was expected is not told, what was expected and did not occur is."""
    told = text(
        FileStarted("a.json"),
        ViolationResult("a.json", VIOLATION, expected=True),
        FileFinished("a.json", Tally(unmet=1), ("TC401",)),
        RunFinished(Tally(unmet=1)),
    )
    assert told.splitlines() == [
        "a.json: expected TC401 did not occur",
        "    meaning   missing required e-commerce property",
        "    announced [tool.tcspec.expect] in pyproject.toml",
    ]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("é 日本", "é 日本"),
        ("a\nb\x1b[31m", r"a\nb\x1b[31m"),
        ("\u2028\ud800", r"\u2028\ud800"),
        ("x" * 300, "x" * 300),
        ("x" * 301, "x" * 299 + "…"),
    ],
)
def test_safe(given, told):
    """A text from outside is shown on one line, without control characters, and not at any length."""
    assert printable(given) == told


@pytest.mark.parametrize(
    ("tally", "told"),
    [
        (Tally(), "no payload in no file"),
        (Tally(files=1, payloads=1), "1 payload in 1 file: nothing wrong"),
        (
            Tally(files=2, payloads=1200, error=1, warning=2, info=3),
            "1,200 payloads in 2 files: 1 error, 2 warnings, 3 infos",
        ),
        (Tally(files=1, passed_over=1), "no payload in 1 file; 1 document passed over as no payload"),
        (Tally(files=1, payloads=1, expected=2), "1 payload in 1 file: nothing wrong; 2 violations as expected"),
        (Tally(files=1, payloads=1, unmet=1), "1 payload in 1 file: 1 expected but missing"),
        (Tally(files=1, unreadable=1), "no payload in 1 file; 1 file could not be read"),
    ],
)
def test_summary(tally, told):
    """A run is told in one sentence that leaves out what there was none of."""
    assert summary(tally) == told


def test_counted():
    """One thing is singular, several are plural, none is nothing."""
    assert [format_count(count, "line") for count in (0, 1, 2000)] == ["", "1 line", "2,000 lines"]


def test_line():
    """The line of a violation is shown with marks below what is wrong, and whether it can be mended."""
    assert text(*run(VIOLATION_WITH_FIX)).splitlines()[:7] == [
        'a.json:2:41: TC403 error expected three letters, found "eur"',
        '    2 | "event_name": "purchase", "currency": "eur",',
        "      |                                       ^^^^^",
        "    at        /currency",
        "    try       write EUR",
        "    fix       write the currency in capitals (safe)",
        "    asked by  page.md; K112 (observed)",
    ]


def test_line_of_a_person():
    """A value that describes a person is masked in its line."""
    told = text(*run(replace(VIOLATION_WITH_FIX, pointer="/user/email", line=3, column=21)))
    assert '    3 | "user": {"email": "***********************"}' in told
    assert "ada" not in told


def test_totals():
    """A file with several violations ends with their numbers, a run with how often each code was found."""
    told = text(*run(VIOLATION_WITH_FIX, VIOLATION_WITH_FIX, WARNING)[:-1], *run(VIOLATION, path="b.json"))
    assert "\na.json: 2 errors, 1 warning\nb.json:3:15: TC403 error" in told
    assert "\nb.json: " not in told.partition("b.json:3:15")[2]
    assert told.splitlines()[-3:] == [
        "by code:",
        "    TC403           3  e-commerce property has an invalid value",
        f"    TC210           1  {EVERY_CODE['TC210'].title}",
    ]


def test_no_totals():
    """One violation needs no totals."""
    assert "by code" not in text(*run(VIOLATION))


def test_beside():
    """What a verb tells of a file comes after its violations and before the next file."""
    pieces = list(render([*run(VIOLATION)[:-1], *run(path="b.json")], beside=lambda ended, _: [f"{ended.path} done\n"]))
    assert pieces[-2:] == ["a.json done\n", "b.json done\n"]
