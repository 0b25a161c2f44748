"""What users of similar tools ask for, a test for each request about reading errors and about CI.

The tests of suppressions (14), required events (15) and the hook (20) are with those of these features.
"""

from __future__ import annotations

import json
import re
import socket

import pytest

import tcspec as package
from command import put, python, tcspec
from report_schemas import check_gitlab, check_junit, check_report, check_sarif

GOOD = b'{"event_name":"login","user":{"id":"c-1"},"context":{"event_id":"1","event_timestamp":1718006400000}}'
BAD = b'{\n  "event_name": "login",\n  "user": {"id": "c-1"},\n  "context": {"event_timestamp": 1718006400000}\n}\n'
LINE = b'{"event_name":"login","user":{"id":5},"context":{"event_timestamp":1718006400000}}'


@pytest.fixture(autouse=True)
def _temporary_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def errors(*arguments, stdin=b""):
    """Return the errors of a run."""
    report = check_report(tcspec("check", "--format", "json", *arguments, stdin=stdin).out)
    return [each for file in report["files"] for each in file["violations"] if each["severity"] == "error"]


def test_ask_01_line_numbers():
    """Every violation has line and column, deep in a large file too, and its line is printed."""
    products = [{"id": f"SKU-{number}", "product": {"id": "a", "price": 1}} for number in range(2000)]
    products[1500]["product"]["price"] = "12"
    event = json.loads(GOOD) | {"event_name": "add_to_cart", "value": 1, "currency": "EUR", "items": products}
    text = json.dumps(event, indent=2)
    number = 1 + text[: text.index('"12"')].count("\n")
    put("a.json", text.encode())
    (found,) = (each for each in errors("a.json") if each["pointer"] == "/items/1500/product/price")
    assert (found["line"], found["column"]) == (number, 1 + text.splitlines()[number - 1].index('"12"'))
    reported = tcspec("check", "a.json").out
    assert f"a.json:{number}:{found['column']}: {found['code']} error" in reported
    assert f'    {number} | "price": "12"\n' in reported


def test_ask_02_names_as_data():
    """The name of a missing property is data, not only part of a message."""
    (found,) = errors(put("a.json", BAD))
    assert (found["code"], found["pointer"], found["data"]["property"]) == ("TC201", "/context", "event_id")


def test_ask_03_near_miss_keys():
    """A key that is close to a known one is reported with the known one, although any key is legal."""
    event = json.loads(GOOD) | {"user": {"id": "c-1", "emial": "ada@shop.example"}}
    report = json.loads(tcspec("check", "--format", "json", put("a.json", json.dumps(event).encode())).out)
    (found,) = (each for file in report["files"] for each in file["violations"] if each["code"] == "TC112")
    assert (found["pointer"], found["severity"]) == ("/user/emial", "info")
    assert "`email`" in found["hint"]


def test_ask_04_all_errors_of_each_line():
    """All errors of every line are reported."""
    put("a.ndjson", b"\n".join([LINE, GOOD, LINE]))
    reported = [(each["line"], each["code"]) for each in errors("a.ndjson")]
    assert reported == [(1, "TC302"), (1, "TC201"), (3, "TC302"), (3, "TC201")]


def test_ask_05_which_file_and_which_stream():
    """Every violation has its file; results go to stdout, the summary to stderr."""
    options = ("--format", "ndjson", "--select", "TC201")
    ran = tcspec("check", *options, put("a.json", BAD), put("b.json", BAD), put("c.json", GOOD))
    assert {json.loads(line)["path"] for line in ran.out.splitlines()} == {"a.json", "b.json"}
    assert "3 payloads in 3 files" in ran.err
    ran = tcspec("check", "--format", "json", "a.json")
    assert check_report(ran.out)
    assert ran.err == ""


def test_ask_06_the_failing_line_and_value():
    """The failing line is printed with its value; a value that may be personal is masked."""
    event = json.loads(GOOD) | {"event_name": "select_content", "content_type": 15}
    put("a.ndjson", GOOD + b"\n" + json.dumps(event).encode())
    reported = tcspec("check", "a.ndjson").out
    assert '"content_type": 15' in reported
    assert re.search(r'^    2 \| .*"content_type": 15', reported, re.MULTILINE)
    assert "c-1" not in reported


def test_ask_07_names_as_sent():
    """A pointer has the names of the payload, in legacy events too."""
    event = {"event": "login", "event_id": "1", "event_timestamp": 1, "properties": {"user": {"email_md5": "x"}}}
    put("a.json", json.dumps(event).encode())
    reported = {each["pointer"] for each in errors("--version", "1.0", "a.json")}
    assert "/properties/user/email_md5" in reported


def test_ask_08_one_branch():
    """An event is validated by the schema of its name only: one error is one violation with a specific message."""
    event = json.loads(GOOD) | {"event_name": "search"}
    (found,) = errors(put("a.json", json.dumps(event).encode()))
    assert found["message"].startswith("missing required property `search_term`")


def test_ask_09_github():
    """Violations can be annotations of GitHub."""
    assert tcspec("check", "--select", "TC2", "--format", "github", put("a.json", BAD)).out.startswith(
        "::error file=a.json,line=4,col=14,title=tcspec TC201::missing required property `event_id`"
    )


def test_ask_10_sarif():
    """Violations can be a valid SARIF log, with the final schema and a URI of the tool."""
    log = check_sarif(tcspec("check", "--format", "sarif", put("a.json", BAD)).out)
    driver = log["runs"][0]["tool"]["driver"]
    assert log["$schema"].endswith("/sarif-schema-2.1.0.json")
    assert driver["informationUri"]
    assert "TC201" in {result["ruleId"] for result in log["runs"][0]["results"]}


def test_ask_11_gitlab():
    """Violations can be a Code Quality report of GitLab."""
    issues = check_gitlab(tcspec("check", "--format", "gitlab", put("a.json", BAD)).out)
    assert ("TC201", {"path": "a.json", "lines": {"begin": 4}}) in [
        (issue["check_name"], issue["location"]) for issue in issues
    ]


def test_ask_12_versions_in_the_report():
    """The report has the version of the tool and of its own format, whose schema is published."""
    report = check_report(tcspec("check", "--format", "json", put("a.json", BAD)).out)
    assert report["tool"] == {"name": "tcspec", "version": package.__version__}
    assert report["format_version"] == 1
    assert json.loads(tcspec("schema", "report").out)["properties"]["format_version"] == {
        "description": "The version of this format",
        "const": 1,
    }


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("never", 0)])
def test_ask_13_fail_on(level, code):
    """The severity that fails a run is an option, for the exit code and for JUnit."""
    event = json.loads(GOOD) | {"text": "x" * 32_300}
    put("a.json", json.dumps(event).encode())
    assert tcspec("check", "--select", "TC021", "--fail-on", level, "a.json").code == code
    ran = tcspec("check", "--select", "TC021", "--fail-on", level, "--format", "junit", "a.json")
    assert len(check_junit(ran.out).findall("testsuite/testcase/failure")) == code


@pytest.mark.parametrize("style", ["text", "json", "ndjson", "github", "gitlab", "junit", "sarif"])
def test_ask_16_a_run_without_payloads_fails(style):
    """A run without payloads fails in every format, and its output is complete."""
    ran = tcspec("check", "--format", style, put("a.ndjson", b"\n"))
    assert (ran.code, "no payload found" in ran.err) == (1, True)
    check = {"json": check_report, "gitlab": check_gitlab, "junit": check_junit, "sarif": check_sarif}.get(style)
    assert check is None or check(ran.out) is not None


@pytest.mark.parametrize("style", ["text", "json", "ndjson", "github", "gitlab", "junit", "sarif"])
def test_ask_17_unreadable_files_fail(style):
    """A file that is not JSON fails in every format; one that cannot be opened has a higher exit code."""
    ran = tcspec("check", "--format", style, put("a.json", b'{"event_name": '))
    assert (ran.code, "TC001" in ran.out) == (1, True)
    ran = tcspec("check", "--format", style, put("b.json", GOOD), "missing.json")
    assert (ran.code, "missing.json" in ran.err) == (2, True)
    assert style == "text" or "missing.json" in ran.out


def test_ask_18_whether_a_fix_is_safe():
    """Whether a fix is safe is data in every format with fixes; --check reports by its exit code."""
    event = json.loads(GOOD)
    event["context"]["event_timestamp"] = 1718006400
    put("a.json", json.dumps(event).encode())
    options = ("--select", "TC210", "--format")
    (reported,) = map(json.loads, tcspec("check", *options, "ndjson", "a.json").out.splitlines())
    assert reported["fix"]["is_safe"] is True
    assert reported["fix"]["patch"] == [{"op": "replace", "path": "/context/event_timestamp", "value": 1718006400000}]
    (result,) = check_sarif(tcspec("check", *options, "sarif", "a.json").out)["runs"][0]["results"]
    assert result["fixes"][0]["description"]["text"].endswith("(safe)")
    legacy = b'{"event":"login","event_id":"1","event_timestamp":1718006400000,"properties":{"user":{"id":"c"}}}'
    assert [tcspec("upgrade", "--check", put("b.json", text)).code for text in (legacy, GOOD)] == [1, 0]


def test_ask_19_start():
    """Many files are checked in one process, which imports no model."""
    names = [put(f"{number}.json", GOOD) for number in range(500)]
    assert "500 payloads in 500 files" in tcspec("check", "--fail-on", "never", *names).err
    code = (
        "import sys\nfrom tcspec.cli import run\n"
        "assert run(['validate', '--ignore', 'TC', '0.json']) == 0\n"
        "print(sorted({'pydantic', 'jsonschema', 'tcspec.reporters.sarif'} & set(sys.modules)))"
    )
    assert python(code).out == "[]\n"


def test_ask_21_offline(monkeypatch):
    """No reporter or engine accesses the network."""

    def refuse(*_, **__):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    put("a.json", BAD)
    for engine in ("fast", "reference"):
        assert tcspec("validate", "--engine", engine, "--format", "sarif", "a.json").code == 1


def test_formats_agree():
    """Text, JSON, NDJSON, GitHub and SARIF have the same codes at the same positions."""
    put("a.json", BAD)
    out = {style: tcspec("check", "--format", style, "a.json").out for style in ("text", "json", "ndjson", "github")}
    report = check_report(out["json"])["files"][0]["violations"]
    reported = [(each["code"], each["line"], each["column"]) for each in report]
    lines = [json.loads(line) for line in out["ndjson"].splitlines()]
    assert [(each["code"], each["line"], each["column"]) for each in lines] == reported
    printed = re.findall(r"^a\.json:(\d+):(\d+): (TC\d+) ", out["text"], re.MULTILINE)
    assert [(code, int(line), int(column)) for line, column, code in printed] == reported
    annotated = re.findall(r"line=(\d+),col=(\d+),title=tcspec (TC\d+)::", out["github"])
    assert [(code, int(line), int(column)) for line, column, code in annotated] == reported
    log = check_sarif(tcspec("check", "--format", "sarif", "a.json").out)
    regions = [
        (each["ruleId"], each["locations"][0]["physicalLocation"]["region"]) for each in log["runs"][0]["results"]
    ]
    assert [(code, region["startLine"], region["startColumn"]) for code, region in regions] == reported
    assert ("TC201", 4, 14) in reported
