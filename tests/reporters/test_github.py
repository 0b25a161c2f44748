from __future__ import annotations

import re

from runs import EVERYTHING, INFO, VIOLATION, WARNING, asked_one_by_one, run
from tcspec.reporters.github import render


def lines(results):
    """Tell results as workflow commands, one a line."""
    return "".join(render(results)).split("\n")[:-1]


def test_place():
    """A violation is told with file, line, column, code, message, place in the payload and what to do."""
    (line,) = lines(run(VIOLATION))
    command, _, message = line.rpartition("::")
    assert command == "::error file=a.json,line=2,col=41,title=tcspec TC403"
    assert message == 'expected three letters, found "eur" (at /currency); write EUR'


def test_severities():
    """Errors, warnings and infos are errors, warnings and notices; what has no place is told without."""
    assert [line.partition(" ")[0] for line in lines(run(VIOLATION, WARNING, INFO))] == [
        "::error",
        "::warning",
        "::notice",
    ]
    assert lines(run(INFO))[0].startswith("::notice file=a.json,title=tcspec TC210::")


def test_every_line_is_one_command():
    """Whatever a path or message holds, it ends no line and begins no other property or command."""
    told = lines([*EVERYTHING, *run(VIOLATION, path="a,b:c%\n::error::d.json")])
    assert all(re.fullmatch(r"::(error|warning|notice) [^:\n\r]*::[^\n\r]*", line) for line in told)
    assert "file=a%2Cb%3Ac%25\\n%3A%3Aerror%3A%3Ad.json," in told[-1]
    assert any("50%25 <of> it" in line for line in told)


def test_files():
    """What is wrong with a file as a whole is told; standard input is no file."""
    told = lines(EVERYTHING)
    assert "::error file=announced.json,title=tcspec unmet::TC401 was announced and did not occur" in told
    assert any(line.startswith("::error file=missing.json,title=tcspec unreadable::") for line in told)
    assert told[-1].startswith("::error line=2,title=")


def test_nothing_wrong():
    """A run without violations says nothing."""
    assert lines(run()) == []


def test_streaming():
    """Violations are told as they are found."""
    assert asked_one_by_one(render)
