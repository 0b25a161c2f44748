"""What users of similar tools ask for, one test an ask: "Seeing the error" and "CI" of the list that the project keeps.

Suppressions (14), coverage (15) and the hook (20) have theirs where these are tested.
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
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def errors(*arguments, stdin=b""):
    """Give the errors of a run."""
    report = check_report(tcspec("check", "--format", "json", *arguments, stdin=stdin).out)
    return [each for file in report["files"] for each in file["violations"] if each["severity"] == "error"]


def test_ask_01_line_numbers():
    """Every violation has line and column, deep in a large file too, and the line itself is shown."""
    products = [{"id": f"SKU-{number}", "product": {"id": "a", "price": 1}} for number in range(2000)]
    products[1500]["product"]["price"] = "12"
    event = json.loads(GOOD) | {"event_name": "add_to_cart", "value": 1, "currency": "EUR", "items": products}
    text = json.dumps(event, indent=2)
    number = 1 + text[: text.index('"12"')].count("\n")
    put("a.json", text.encode())
    (found,) = (each for each in errors("a.json") if each["pointer"] == "/items/1500/product/price")
    assert (found["line"], found["column"]) == (number, 1 + text.splitlines()[number - 1].index('"12"'))
    told = tcspec("check", "a.json").out
    assert f"a.json:{number}:{found['column']}: {found['code']} error" in told
    assert f'    {number} | "price": "12"\n' in told


def test_ask_02_names_as_data():
    """Which property is missing is data, not only prose."""
    (found,) = errors(put("a.json", BAD))
    assert (found["code"], found["pointer"], found["data"]["property"]) == ("TC201", "/context", "event_id")


def test_ask_03_near_miss_keys():
    """A key that is close to a known one is told with the one that was meant, although any key is legal."""
    event = json.loads(GOOD) | {"user": {"id": "c-1", "emial": "ada@shop.example"}}
    report = json.loads(tcspec("check", "--format", "json", put("a.json", json.dumps(event).encode())).out)
    (found,) = (each for file in report["files"] for each in file["violations"] if each["code"] == "TC112")
    assert (found["pointer"], found["severity"]) == ("/user/emial", "info")
    assert "`email`" in found["hint"]


def test_ask_04_all_errors_of_each_line():
    """All errors of every line are told."""
    put("a.ndjson", b"\n".join([LINE, GOOD, LINE]))
    told = [(each["line"], each["code"]) for each in errors("a.ndjson")]
    assert told == [(1, "TC302"), (1, "TC201"), (3, "TC302"), (3, "TC201")]


def test_ask_05_which_file_and_which_stream():
    """Every violation names its file; results are on one stream, prose on the other."""
    options = ("--format", "ndjson", "--select", "TC201")
    ran = tcspec("check", *options, put("a.json", BAD), put("b.json", BAD), put("c.json", GOOD))
    assert {json.loads(line)["path"] for line in ran.out.splitlines()} == {"a.json", "b.json"}
    assert "3 payloads in 3 files" in ran.err
    ran = tcspec("check", "--format", "json", "a.json")
    assert check_report(ran.out)
    assert ran.err == ""


def test_ask_06_the_failing_line_and_value():
    """The failing line is shown with its value, not a count; a value that describes a person is masked."""
    event = json.loads(GOOD) | {"event_name": "select_content", "content_type": 15}
    put("a.ndjson", GOOD + b"\n" + json.dumps(event).encode())
    told = tcspec("check", "a.ndjson").out
    assert '"content_type": 15' in told
    assert re.search(r'^    2 \| .*"content_type": 15', told, re.MULTILINE)
    assert "c-1" not in told


def test_ask_07_names_as_sent():
    """A place is named as the sender wrote it, in legacy events too."""
    event = {"event": "login", "event_id": "1", "event_timestamp": 1, "properties": {"user": {"email_md5": "x"}}}
    put("a.json", json.dumps(event).encode())
    told = {each["pointer"] for each in errors("--version", "1.0", "a.json")}
    assert "/properties/user/email_md5" in told


def test_ask_08_one_branch():
    """The name of the event decides what it is held against: one thing wrong is one violation that says what."""
    event = json.loads(GOOD) | {"event_name": "search"}
    (found,) = errors(put("a.json", json.dumps(event).encode()))
    assert found["message"].startswith("missing required property `search_term`")


def test_ask_09_github():
    """Violations are annotations of GitHub."""
    assert tcspec("check", "--select", "TC2", "--format", "github", put("a.json", BAD)).out.startswith(
        "::error file=a.json,line=4,col=14,title=tcspec TC201::missing required property `event_id`"
    )


def test_ask_10_sarif():
    """Violations are a SARIF log that meets the standard, with the final schema and a URI that tells of the tool."""
    log = check_sarif(tcspec("check", "--format", "sarif", put("a.json", BAD)).out)
    driver = log["runs"][0]["tool"]["driver"]
    assert log["$schema"].endswith("/sarif-schema-2.1.0.json")
    assert driver["informationUri"]
    assert "TC201" in {result["ruleId"] for result in log["runs"][0]["results"]}


def test_ask_11_gitlab():
    """Violations are a Code Quality report of GitLab."""
    issues = check_gitlab(tcspec("check", "--format", "gitlab", put("a.json", BAD)).out)
    assert ("TC201", {"path": "a.json", "lines": {"begin": 4}}) in [
        (issue["check_name"], issue["location"]) for issue in issues
    ]


def test_ask_12_versions_in_the_report():
    """The report says which version of the tool made it, in which version of its format, whose schema is published."""
    report = check_report(tcspec("check", "--format", "json", put("a.json", BAD)).out)
    assert report["tool"] == {"name": "tcspec", "version": package.__version__}
    assert report["format_version"] == 1
    assert json.loads(tcspec("schema", "report").out)["properties"]["format_version"] == {
        "description": "The version of this format",
        "const": 1,
    }


@pytest.mark.parametrize(("level", "code"), [("error", 0), ("warning", 1), ("never", 0)])
def test_ask_13_fail_on(level, code):
    """What makes a run fail is chosen, for the exit code and for the tests of a build server."""
    event = json.loads(GOOD) | {"text": "x" * 32_300}
    put("a.json", json.dumps(event).encode())
    assert tcspec("check", "--select", "TC021", "--fail-on", level, "a.json").code == code
    ran = tcspec("check", "--select", "TC021", "--fail-on", level, "--format", "junit", "a.json")
    assert len(check_junit(ran.out).findall("testsuite/testcase/failure")) == code


@pytest.mark.parametrize("style", ["text", "json", "ndjson", "github", "gitlab", "junit", "sarif"])
def test_ask_16_a_run_that_saw_nothing_fails(style):
    """A run that saw no payload fails in every format, and what it wrote is whole."""
    ran = tcspec("check", "--format", style, put("a.ndjson", b"\n"))
    assert (ran.code, "no payload found" in ran.err) == (1, True)
    check = {"json": check_report, "gitlab": check_gitlab, "junit": check_junit, "sarif": check_sarif}.get(style)
    assert check is None or check(ran.out) is not None


@pytest.mark.parametrize("style", ["text", "json", "ndjson", "github", "gitlab", "junit", "sarif"])
def test_ask_17_what_cannot_be_read_does_not_pass(style):
    """A file that is no JSON is told and fails in every format; one that cannot be opened fails worse."""
    ran = tcspec("check", "--format", style, put("a.json", b'{"event_name": '))
    assert (ran.code, "TC001" in ran.out) == (1, True)
    ran = tcspec("check", "--format", style, put("b.json", GOOD), "missing.json")
    assert (ran.code, "missing.json" in ran.err) == (2, True)
    assert style == "text" or "missing.json" in ran.out


def test_ask_18_whether_a_fix_is_safe():
    """Whether a fix is safe is data in every format that tells of fixes; --check tells by its exit code."""
    event = json.loads(GOOD)
    event["context"]["event_timestamp"] = 1718006400
    put("a.json", json.dumps(event).encode())
    options = ("--select", "TC210", "--format")
    (told,) = map(json.loads, tcspec("check", *options, "ndjson", "a.json").out.splitlines())
    assert told["fix"]["is_safe"] is True
    assert told["fix"]["patch"] == [{"op": "replace", "path": "/context/event_timestamp", "value": 1718006400000}]
    (result,) = check_sarif(tcspec("check", *options, "sarif", "a.json").out)["runs"][0]["results"]
    assert result["fixes"][0]["description"]["text"].endswith("(safe)")
    legacy = b'{"event":"login","event_id":"1","event_timestamp":1718006400000,"properties":{"user":{"id":"c"}}}'
    assert [tcspec("upgrade", "--check", put("b.json", text)).code for text in (legacy, GOOD)] == [1, 0]


def test_ask_19_start():
    """Many files are one process, which loads neither models nor what draws on terminals."""
    names = [put(f"{number}.json", GOOD) for number in range(500)]
    assert "500 payloads in 500 files" in tcspec("check", "--fail-on", "never", *names).err
    code = (
        "import sys\nfrom tcspec.cli import run\n"
        "assert run(['validate', '--ignore', 'TC', '0.json']) == 0\n"
        "print(sorted({'pydantic', 'jsonschema', 'tcspec.reporters.sarif'} & set(sys.modules)))"
    )
    assert python(code).out == "[]\n"


def test_ask_21_offline(monkeypatch):
    """Nothing is asked of the network, by any reporter or engine."""

    def refuse(*_, **__):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    put("a.json", BAD)
    for engine in ("fast", "reference"):
        assert tcspec("validate", "--engine", engine, "--format", "sarif", "a.json").code == 1


def test_same_place_everywhere():
    """Text, JSON, NDJSON, GitHub, GitLab and SARIF name the same codes at the same places."""
    put("a.json", BAD)
    out = {style: tcspec("check", "--format", style, "a.json").out for style in ("text", "json", "ndjson", "github")}
    report = check_report(out["json"])["files"][0]["violations"]
    told = [(each["code"], each["line"], each["column"]) for each in report]
    lines = [json.loads(line) for line in out["ndjson"].splitlines()]
    assert [(each["code"], each["line"], each["column"]) for each in lines] == told
    shown = re.findall(r"^a\.json:(\d+):(\d+): (TC\d+) ", out["text"], re.MULTILINE)
    assert [(code, int(line), int(column)) for line, column, code in shown] == told
    annotated = re.findall(r"line=(\d+),col=(\d+),title=tcspec (TC\d+)::", out["github"])
    assert [(code, int(line), int(column)) for line, column, code in annotated] == told
    log = check_sarif(tcspec("check", "--format", "sarif", "a.json").out)
    regions = [
        (each["ruleId"], each["locations"][0]["physicalLocation"]["region"]) for each in log["runs"][0]["results"]
    ]
    assert [(code, region["startLine"], region["startColumn"]) for code, region in regions] == told
    assert ("TC201", 4, 14) in told
