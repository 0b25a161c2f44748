"""What a run complains of."""

from __future__ import annotations

import re
from dataclasses import replace

from runs import EVERYTHING, INFO, SOURCE, VIOLATION, run
from tcspec.codes import CODES
from tcspec.reporters.problems import OF_FILES, fingerprints, problems, relative, sentence


def test_problems():
    """Every violation that was not announced is a problem, and so is what is wrong with a file as a whole."""
    told = [(problem.path, problem.violation.code) for problem in problems(EVERYTHING)]
    assert told.count(("announced.json", "unmet")) == 1
    assert told.count(("missing.json", "unreadable")) == 1
    assert ("announced.json", "TC403") not in told
    assert [path for path, _ in told].count("a.json") == 4


def test_source():
    """A problem keeps the text in which it was found."""
    (problem,) = problems(run(VIOLATION))
    assert problem.source is SOURCE


def test_words():
    """The codes of whole files are words, so that no code of a payload is ever one of them."""
    assert all(re.fullmatch("[a-z]+", code.id) for code in OF_FILES)
    assert not {code.id for code in OF_FILES} & set(CODES)


def test_fingerprints():
    """A fingerprint depends on file, code, place in the payload, property and how often that was there before."""
    ((_, first), (_, again)) = fingerprints(problems(run(VIOLATION, VIOLATION)))
    assert first != again
    ((_, moved),) = fingerprints(problems(run(replace(VIOLATION, line=99, message="x"))))
    assert moved == first
    assert re.fullmatch("[0-9a-f]{64}", first)


def test_relative(tmp_path, monkeypatch):
    """A path is told from the current folder when it is below it."""
    monkeypatch.chdir(tmp_path)
    assert relative(str(tmp_path / "a" / "b.json")) == "a/b.json"
    assert [relative(path) for path in ("./a.json", "../a.json", "/a.json", "-")] == [
        "a.json",
        "../a.json",
        "/a.json",
        "-",
    ]


def test_sentence():
    """A violation is one sentence: what is wrong, where, and what to do; what is not known is left out."""
    assert sentence(VIOLATION) == 'expected three letters, found "eur" (at /currency); write EUR'
    assert sentence(INFO) == 'expected three letters, found "eur"'
