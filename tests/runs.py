"""Runs to be told: every thing that a run can meet, as a stream of results."""

from __future__ import annotations

from dataclasses import replace

from tcspec.errors import Basis, Fix, Severity, Violation
from tcspec.reporters.results import FileBegan, FileEnded, Found, Result, RunEnded, Source, Tally

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
    suggestion="write EUR",
    fix=FIX,
)
WARNING = replace(VIOLATION, code="TC210", severity=Severity.WARNING, fix=None, suggestion=None)
INFO = replace(WARNING, severity=Severity.INFO, pointer="", line=None, column=None)


def run(*found: Violation, path: str = "a.json", source: Source | None = SOURCE, **ended) -> list[Result]:
    """Give the results of a run that met one file."""
    tally = Tally(files=1, payloads=1, error=len(found))
    return [
        FileBegan(path),
        *(Found(path, violation, source=source) for violation in found),
        FileEnded(path, tally, **ended),
        RunEnded(tally),
    ]


EVERYTHING = [
    *run(VIOLATION, VIOLATION, WARNING, INFO)[:-1],
    FileBegan("b <&> \x1b\ud800.json"),
    Found("b <&> \x1b\ud800.json", replace(VIOLATION, message="50% <of> it\r\nis ]]> \x00 \ud800"), source=SOURCE),
    FileEnded("b <&> \x1b\ud800.json", Tally(files=1, error=1)),
    FileBegan("valid.json"),
    FileEnded("valid.json", Tally(files=1, payloads=1)),
    FileBegan("announced.json"),
    Found("announced.json", VIOLATION, expected=True, source=SOURCE),
    FileEnded("announced.json", Tally(files=1, expected=1, unmet=1), ("TC401",)),
    FileBegan("missing.json"),
    FileEnded("missing.json", Tally(files=1, unreadable=1), unreadable="No such file or directory"),
    FileBegan("-"),
    Found("-", replace(VIOLATION, column=None)),
    FileEnded("-", Tally(files=1, error=1)),
    RunEnded(Tally(files=6, payloads=5, error=4, warning=1, info=1, expected=1, unmet=1, unreadable=1)),
]
"""A run of files that are wrong in every way, or not at all."""


def asked_one_by_one(render) -> bool:
    """Tell whether a reporter writes what it was given before it asks for more."""
    asked = []

    def results():
        yield FileBegan("a.json")
        for number in range(5):
            asked.append(number)
            yield Found("a.json", VIOLATION, source=SOURCE)
        yield FileEnded("a.json", Tally())
        yield RunEnded(Tally())

    before = [len(asked) for piece in render(results()) if "TC403" in piece]
    return before[-5:] == [1, 2, 3, 4, 5]
