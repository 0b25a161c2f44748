"""Runs to be reported: everything that a run can meet, as a stream of results."""

from __future__ import annotations

from dataclasses import replace

from reporting import source_of
from tcspec.errors import Basis, Fix, Severity, Violation
from tcspec.reporters.results import (
    FileFinished,
    FileStarted,
    Result,
    RunFinished,
    SourceText,
    Tally,
    ViolationResult,
)

RAW = b'{\n  "event_name": "purchase", "currency": "eur",\n  "user": {"email": "ada.keller@shop.example"}\n}\n'
SOURCE = source_of(RAW)
FIX = Fix("write the currency in capitals", ({"op": "replace", "path": "/currency", "value": "EUR"},), is_safe=True)
VIOLATION = Violation(
    "TC403",
    Severity.ERROR,
    "/currency",
    'expected three letters, got "eur"',
    data={"expected": "three letters", "actual": "eur"},
    basis=Basis.OBSERVED,
    source="tracking/page.md#L7; K112",
    line=2,
    column=41,
    hint="write EUR",
    fix=FIX,
)
WARNING = replace(VIOLATION, code="TC210", severity=Severity.WARNING, fix=None, hint=None)
INFO = replace(WARNING, severity=Severity.INFO, pointer="", line=None, column=None)


def run(*violations: Violation, path: str = "a.json", source: SourceText | None = SOURCE, **finished) -> list[Result]:
    """Return the results of a run of one file."""
    tally = Tally(files=1, payloads=1, error=len(violations))
    return [
        FileStarted(path),
        *(ViolationResult(path, violation, source=source) for violation in violations),
        FileFinished(path, tally, **finished),
        RunFinished(tally),
    ]


EVERYTHING = [
    *run(VIOLATION, VIOLATION, WARNING, INFO)[:-1],
    FileStarted("b <&> \x1b\ud800.json"),
    ViolationResult(
        "b <&> \x1b\ud800.json", replace(VIOLATION, message="50% <of> it\r\nis ]]> \x00 \ud800"), source=SOURCE
    ),
    FileFinished("b <&> \x1b\ud800.json", Tally(files=1, error=1)),
    FileStarted("valid.json"),
    FileFinished("valid.json", Tally(files=1, payloads=1)),
    FileStarted("expected.json"),
    ViolationResult("expected.json", VIOLATION, expected=True, source=SOURCE),
    FileFinished("expected.json", Tally(files=1, expected=1, unmet=1), ("TC401",)),
    FileStarted("missing.json"),
    FileFinished("missing.json", Tally(files=1, unreadable=1), unreadable="No such file or directory"),
    FileStarted("-"),
    ViolationResult("-", replace(VIOLATION, column=None)),
    FileFinished("-", Tally(files=1, error=1)),
    RunFinished(Tally(files=6, payloads=5, error=4, warning=1, info=1, expected=1, unmet=1, unreadable=1)),
]
"""A run of files that are wrong in every way, or not at all."""


def is_streaming(render) -> bool:
    """Return whether a reporter writes each violation before it reads the next one."""
    read = []

    def results():
        yield FileStarted("a.json")
        for number in range(5):
            read.append(number)
            yield ViolationResult("a.json", VIOLATION, source=SOURCE)
        yield FileFinished("a.json", Tally())
        yield RunFinished(Tally())

    before = [len(read) for piece in render(results()) if "TC403" in piece]
    # Some reports name all codes in the beginning, some count them in the end.
    return [1, 2, 3, 4, 5] in (before[:5], before[-5:])
