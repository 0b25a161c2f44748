from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest

import tcspec
from report_schemas import check_report
from runs import EVERYTHING, FIX, RAW, is_streaming, run
from runs import VIOLATION as WITH_FIX
from tcspec.contract.schemas import schema_folder
from tcspec.errors import Severity, Violation
from tcspec.reporters.json import render, render_lines
from tcspec.reporters.results import FileFinished, FileStarted, RunFinished, Tally, ViolationResult

VIOLATION = Violation("TC401", Severity.ERROR, "/items/0", "`id` is missing", data={"alternatives": ("a", "b")}, line=7)
FIELDS = {"code", "severity", "pointer", "line", "column", "message", "data", "hint", "fix", "basis", "source"}


def report(*results) -> dict:
    """Return the report of results, checked against the published schema."""
    return check_report("".join(render(results)))


def test_empty_run():
    """A report without files is complete, and names its tool, version and format."""
    assert report(RunFinished(Tally())) == {
        "tool": {"name": "tcspec", "version": tcspec.__version__},
        "format_version": 1,
        "files": [],
        "summary": dict.fromkeys(
            (
                "files",
                "payloads",
                "passed_over",
                "error",
                "warning",
                "info",
                "expected",
                "unmet",
                "unreadable",
                "known",
            ),
            0,
        ),
    }


@pytest.mark.parametrize("files", [1, 3])
@pytest.mark.parametrize("violations", [0, 1, 3])
def test_files(files, violations):
    """Any number of files with any number of violations makes one JSON object."""
    of_one = [
        FileStarted('"a"\n.json'),
        *[ViolationResult("a", VIOLATION)] * violations,
        FileFinished("a", Tally(payloads=2)),
    ]
    document = report(*of_one * files, RunFinished(Tally(files=files)))
    assert [len(file["violations"]) for file in document["files"]] == [violations] * files
    assert document["summary"]["files"] == files
    (file, *_) = document["files"]
    assert file | {"violations": []} == {
        "path": '"a"\n.json',
        "violations": [],
        "payloads": 2,
        "skipped": 0,
        "unmet": [],
        "unreadable": None,
    }


def test_violation():
    """A violation has every field, known or not, and whether it was expected."""
    document = report(
        FileStarted("a"),
        ViolationResult("a", VIOLATION, expected=True),
        FileFinished("a", Tally()),
        RunFinished(Tally()),
    )
    (violation,) = document["files"][0]["violations"]
    assert violation.keys() == FIELDS | {"is_expected"}
    assert violation["data"] == {"alternatives": ["a", "b"]}
    assert (violation["line"], violation["column"], violation["is_expected"]) == (7, None, True)


def test_rest_of_a_file():
    """A file ends with its unmet expectations, why it is unreadable, and what a command adds."""
    finished = FileFinished("a", Tally(passed_over=3), ("TC401",), "it is a directory", {"bytes": 5})
    (file,) = report(FileStarted("a"), finished, RunFinished(Tally()))["files"]
    assert file["unmet"] == ["TC401"]
    assert (file["skipped"], file["unreadable"], file["bytes"]) == (3, "it is a directory", 5)


def test_streaming():
    """Violations are written as they are found, one a line."""
    assert is_streaming(render)
    assert is_streaming(render_lines)


def test_ascii():
    """The report is ASCII, so that no encoding can damage it, whatever a property is called."""
    text = "".join(render([FileStarted("é\ud800"), FileFinished("é", Tally()), RunFinished(Tally())]))
    assert text.isascii()
    assert json.loads(text)["files"][0]["path"] == "é\ud800"


def test_everything():
    """Whatever a run meets, the report meets its published schema."""
    assert [file["path"] for file in report(*EVERYTHING)["files"]].count("expected.json") == 1


@pytest.mark.parametrize(
    ("path", "value", "is_shown"), [("/currency", "EUR", True), ("/user/email", "ada.keller@shop.example", False)]
)
def test_fix(path, value, is_shown):
    """A fix has its title and whether it is safe, and its patch unless that would show what is masked."""
    fix = replace(FIX, patch=({"op": "replace", "path": path, "value": value},), is_safe=False)
    (violation,) = report(*run(replace(WITH_FIX, fix=fix)))["files"][0]["violations"]
    patch = [{"op": "replace", "path": path, "value": value}]
    assert violation["fix"] == {"title": FIX.title, "is_safe": False, "patch": patch if is_shown else None}
    assert "keller" not in json.dumps(violation)


def test_unknown_text():
    """Where the text is not known, a fix that writes a value has no patch."""
    (violation,) = report(*run(WITH_FIX, source=None))["files"][0]["violations"]
    assert violation["fix"]["patch"] is None


@pytest.mark.parametrize("kept", [b"keller", RAW])
def test_the_text_stays_out(kept):
    """The text of a payload is in no report."""
    assert kept.decode() not in "".join(render(EVERYTHING))


@pytest.mark.parametrize("change", [{"format_version": 2}, {"files": [{}]}, {"tool": {"name": "other"}}])
def test_schema_refuses(change):
    """The published schema refuses anything else."""
    whole = report(*EVERYTHING)
    with pytest.raises(jsonschema.ValidationError):
        check_report(json.dumps(whole | change))


def test_schema_is_sound():
    """The published schema meets its metaschema, its examples meet it, and everything in it is described."""
    schema = json_schema_of_reports()
    jsonschema.Draft202012Validator.check_schema(schema)
    for example in schema["examples"]:
        check_report(json.dumps(example))
    described = [part for definition in schema["$defs"].values() for part in definition.get("properties", {}).values()]
    assert [part for part in described if not part.keys() & {"description", "$ref", "anyOf"}] == []


def json_schema_of_reports() -> dict:
    """Read the published schema of reports."""
    return json.loads((schema_folder() / "report/1.0.json").read_text("utf-8"))


class TestLines:
    """NDJSON: one violation a line."""

    def lines(self, results):
        """Return the parsed lines."""
        return [json.loads(line) for line in "".join(render_lines(results)).splitlines()]

    def test_line(self):
        """A violation is one line with its file and all that is known of it."""
        (line,) = self.lines(run(WITH_FIX))
        assert (line["path"], line["code"], line["line"], line["column"]) == ("a.json", "TC403", 2, 41)
        assert line["is_expected"] is False
        assert line["fix"] == {
            "title": "write the currency in capitals",
            "is_safe": True,
            "patch": [{"op": "replace", "path": "/currency", "value": "EUR"}],
        }

    def test_everything(self):
        """Expected violations and what is wrong with a file as a whole are lines too; all have the same fields."""
        lines = self.lines(EVERYTHING)
        assert len({tuple(line) for line in lines}) == 1
        assert [line["path"] for line in lines if line["is_expected"]] == ["expected.json"]
        assert [(line["path"], line["code"]) for line in lines if not line["code"].startswith("TC")] == [
            ("expected.json", "unmet"),
            ("missing.json", "unreadable"),
        ]
        assert self.lines(run()) == []
