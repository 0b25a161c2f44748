"""Runs to be told: every thing that a run can meet, as a stream of results."""

from __future__ import annotations

from dataclasses import replace

from tcspec.errors import Basis, Fix, Severity, Violation
from tcspec.reporters.results import FileFinished, FileStarted, Result, RunFinished, Source, Tally, ViolationResult

RAW = b'{\n  "event_name": "purchase", "currency": "eur",\n  "user": {"email": "ada.keller@shop.example"}\n}\n'
SOURCE = Source(RAW)
FIX = Fix("write the currency in capitals", ({"op": "replace", "path": "/currency", "value": "EUR"},), is_safe=True)
VIOLATION = Violation(
    "TC403",
    Severity.ERROR,
    "/currency",
    'expected three letters, found "eur"',
    data={"expected": "three letters", "actual": "eur"},
    basis=Basis.OBSERVED,
    source="page.md; K112",
    line=2,
    column=41,
    hint="write EUR",
    fix=FIX,
)
WARNING = replace(VIOLATION, code="TC210", severity=Severity.WARNING, fix=None, hint=None)
INFO = replace(WARNING, severity=Severity.INFO, pointer="", line=None, column=None)


def run(*found: Violation, path: str = "a.json", source: Source | None = SOURCE, **ended) -> list[Result]:
    """Give the results of a run that met one file."""
    tally = Tally(files=1, payloads=1, error=len(found))
    return [
        FileStarted(path),
        *(ViolationResult(path, violation, source=source) for violation in found),
        FileFinished(path, tally, **ended),
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
    FileStarted("announced.json"),
    ViolationResult("announced.json", VIOLATION, expected=True, source=SOURCE),
    FileFinished("announced.json", Tally(files=1, expected=1, unmet=1), ("TC401",)),
    FileStarted("missing.json"),
    FileFinished("missing.json", Tally(files=1, unreadable=1), unreadable="No such file or directory"),
    FileStarted("-"),
    ViolationResult("-", replace(VIOLATION, column=None)),
    FileFinished("-", Tally(files=1, error=1)),
    RunFinished(Tally(files=6, payloads=5, error=4, warning=1, info=1, expected=1, unmet=1, unreadable=1)),
]
"""A run of files that are wrong in every way, or not at all."""


def asked_one_by_one(render) -> bool:
    """Tell whether a reporter writes what it was given before it asks for more."""
    asked = []

    def results():
        yield FileStarted("a.json")
        for number in range(5):
            asked.append(number)
            yield ViolationResult("a.json", VIOLATION, source=SOURCE)
        yield FileFinished("a.json", Tally())
        yield RunFinished(Tally())

    before = [len(asked) for piece in render(results()) if "TC403" in piece]
    return before[-5:] == [1, 2, 3, 4, 5]
