from __future__ import annotations

import json

import pytest

import tcspec
from tcspec.errors import Severity, Violation
from tcspec.reporters.json import render
from tcspec.reporters.results import FileBegan, FileEnded, Found, RunEnded, Tally

VIOLATION = Violation("TC401", Severity.ERROR, "/items/0", "`id` is missing", data={"alternatives": ("a", "b")}, line=7)
FIELDS = {"code", "severity", "pointer", "line", "column", "message", "data", "suggestion", "basis", "source"}


def report(*results) -> dict:
    """Tell results in JSON, and read it."""
    return json.loads("".join(render(results)))


def test_empty_run():
    """A report without files is whole, and says who made it in which format."""
    assert report(RunEnded(Tally())) == {
        "tool": {"name": "tcspec", "version": tcspec.__version__},
        "format_version": 1,
        "files": [],
        "summary": dict.fromkeys(
            ("files", "payloads", "passed_over", "error", "warning", "info", "expected", "unmet", "unreadable"), 0
        ),
    }


@pytest.mark.parametrize("files", [1, 3])
@pytest.mark.parametrize("violations", [0, 1, 3])
def test_files(files, violations):
    """Any number of files with any number of violations makes one JSON object."""
    of_one = [FileBegan('"a"\n.json'), *[Found("a", VIOLATION)] * violations, FileEnded("a", Tally(payloads=2))]
    told = report(*of_one * files, RunEnded(Tally(files=files)))
    assert [len(file["violations"]) for file in told["files"]] == [violations] * files
    assert told["summary"]["files"] == files
    (file, *_) = told["files"]
    assert file | {"violations": []} == {
        "path": '"a"\n.json',
        "violations": [],
        "payloads": 2,
        "skipped": 0,
        "unmet": [],
        "unreadable": None,
    }


def test_violation():
    """Every field of a violation is told, known or not, and whether it was expected."""
    told = report(FileBegan("a"), Found("a", VIOLATION, expected=True), FileEnded("a", Tally()), RunEnded(Tally()))
    (violation,) = told["files"][0]["violations"]
    assert violation.keys() == FIELDS | {"is_expected"}
    assert violation["data"] == {"alternatives": ["a", "b"]}
    assert (violation["line"], violation["column"], violation["is_expected"]) == (7, None, True)


def test_rest_of_a_file():
    """Unmet announcements, the reason why a file is unreadable, and what a verb adds are told at the file's end."""
    ended = FileEnded("a", Tally(passed_over=3), ("TC401",), "it is a directory", {"bytes": 5})
    (file,) = report(FileBegan("a"), ended, RunEnded(Tally()))["files"]
    assert file["unmet"] == ["TC401"]
    assert (file["skipped"], file["unreadable"], file["bytes"]) == (3, "it is a directory", 5)


def test_streaming():
    """What is known is written before the next result is asked for, one violation a line."""
    asked = []

    def results():
        yield FileBegan("a")
        for index in range(3):
            asked.append(index)
            yield Found("a", VIOLATION)

    pieces = render(results())
    next(pieces)
    next(pieces)
    for index in range(3):
        line = next(pieces).strip(" ,\n")
        assert json.loads(line)["code"] == "TC401"
        assert asked[-1] == index


def test_ascii():
    """The report is ASCII, so that no encoding can damage it, whatever a property is called."""
    text = "".join(render([FileBegan("é\ud800"), FileEnded("é", Tally()), RunEnded(Tally())]))
    assert text.isascii()
    assert json.loads(text)["files"][0]["path"] == "é\ud800"
