from __future__ import annotations

import re
from dataclasses import replace

import pytest

from runs import EVERYTHING, INFO, SOURCE, VIOLATION, run
from tcspec.codes import CODES
from tcspec.errors import Severity
from tcspec.reporters.results import (
    FILE_CODES,
    FileFinished,
    Tally,
    format_sentence,
    iter_fingerprints,
    iter_problems,
    path_in_checkout,
)


def test_sum():
    """Tallies of files add up to the tally of a run."""
    one, two = Tally(files=1, payloads=2, error=3, unmet=1), Tally(files=1, passed_over=4, error=1, expected=2)
    assert one + two == Tally(files=2, payloads=2, passed_over=4, error=4, expected=2, unmet=1)


@pytest.mark.parametrize(("severity", "count"), [(Severity.ERROR, 11), (Severity.WARNING, 111), (Severity.INFO, 1111)])
def test_at_least(severity, count):
    """`at_least` counts violations of a severity or worse, and an unmet expectation as an error."""
    assert Tally(error=1, warning=100, info=1000, unmet=10, expected=5).at_least(severity) == count


def test_violations_of_a_file():
    """Unmet expectations and an unreadable file are violations of the file as a whole."""
    unmet, unreadable = FileFinished("a.json", Tally(), ("TC401",), "Is a directory").violations()
    assert unmet.message == "expected TC401, which did not occur"
    assert "[tool.tcspec.expect]" in unmet.hint
    assert unreadable.message == "the file could not be read: Is a directory"
    assert list(FileFinished("a.json", Tally()).violations()) == []


def test_file_codes():
    """The codes of whole files are words, so that no code of a payload is ever one of them."""
    assert all(re.fullmatch("[a-z]+", code.id) for code in FILE_CODES)
    assert not {code.id for code in FILE_CODES} & set(CODES)


def test_problems():
    """Every violation that is not expected is a problem, and so is what is wrong with a file as a whole."""
    problems = [(problem.path, problem.violation.code) for problem in iter_problems(EVERYTHING)]
    assert problems.count(("expected.json", "unmet")) == 1
    assert problems.count(("missing.json", "unreadable")) == 1
    assert ("expected.json", "TC403") not in problems
    assert [path for path, _ in problems].count("a.json") == 4


def test_source_of_a_problem():
    """A problem keeps the text in which it was found."""
    (problem,) = iter_problems(run(VIOLATION))
    assert problem.source is SOURCE


def test_fingerprints():
    """A fingerprint depends on file, code, pointer, property and how often these occurred before in the file."""
    ((_, first), (_, again)) = iter_fingerprints(iter_problems(run(VIOLATION, VIOLATION)))
    assert first != again
    ((_, moved),) = iter_fingerprints(iter_problems(run(replace(VIOLATION, line=99, message="x"))))
    assert moved == first
    assert re.fullmatch("[0-9a-f]{64}", first)


def test_relative_path(tmp_path, monkeypatch):
    """A path below the current folder is relative to it."""
    monkeypatch.chdir(tmp_path)
    assert path_in_checkout(str(tmp_path / "a" / "b.json")) == "a/b.json"
    assert [path_in_checkout(path) for path in ("./a.json", "../a.json", "/a.json", "-")] == [
        "a.json",
        "../a.json",
        "/a.json",
        "-",
    ]


def test_sentence():
    """A violation is one sentence of message, pointer and hint; what is not known is left out."""
    assert format_sentence(VIOLATION) == 'expected three letters, got "eur" (at /currency); write EUR'
    assert format_sentence(INFO) == 'expected three letters, got "eur"'
