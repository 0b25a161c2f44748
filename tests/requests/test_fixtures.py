"""The fixtures of requests: the folder of a file states its code, `answers.json` the predicted answers."""

from __future__ import annotations

import json

import pytest

from locations import FIXTURES
from strategies.requests import BY_ID
from tcspec.codes import CODES
from tcspec.errors import Severity, UnreadablePayload
from tcspec.jsontext.pointer import follow
from tcspec.requests.captures import iter_captured_requests
from tcspec.requests.examination import examine_request

REQUESTS = FIXTURES / "requests"
ANSWERS = json.loads((REQUESTS / "answers.json").read_text(encoding="utf-8"))
WARNINGS = json.loads((REQUESTS / "warnings.json").read_text(encoding="utf-8"))
FILES = sorted(path for path in REQUESTS.rglob("*") if path.suffix in {".http", ".har"})

every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(REQUESTS).as_posix())


def name_of(path):
    """Return the name of a file in the tables."""
    return path.relative_to(REQUESTS).as_posix()


def examine(path):
    """Return the examination of the only request of a file, None when it cannot be read, and the violations."""
    [captured] = iter_captured_requests(path.read_bytes())
    if isinstance(captured, UnreadablePayload):
        return None, captured.violations
    found = examine_request(captured.method, captured.url, captured.headers, captured.body)
    return found, [captured.place(violation) for violation in found.violations]


@every_file
def test_codes(path):
    """A file of `invalid` has errors of the code of its folder and no others, one of `valid` has none."""
    _, violations = examine(path)
    expected = {path.parent.name} if path.parent.parent.name == "invalid" else set()
    assert {each.code for each in violations if each.severity is Severity.ERROR} == expected


@every_file
def test_milder_codes(path):
    """The warnings and infos of a file are those that `warnings.json` lists."""
    _, violations = examine(path)
    milder = {each.code for each in violations if each.severity is not Severity.ERROR}
    assert sorted(milder) == WARNINGS.get(name_of(path), [])


@every_file
def test_answers(path):
    """The possible statuses of the answer to a file are those that `answers.json` lists."""
    found, _ = examine(path)
    assert ANSWERS[name_of(path)] == (list(found.answer.statuses) if found else [])


@every_file
def test_positions(path):
    """Every violation has a pointer in the request and a position in the file."""
    found, violations = examine(path)
    lines = path.read_bytes().decode().split("\n")
    for violation in violations:
        assert 1 <= violation.line <= len(lines)
        assert 1 <= violation.column <= len(lines[violation.line - 1]) + 1
        if found:
            follow(found.document, violation.pointer)


@every_file
def test_endpoints(path):
    """The name of a file starts with the endpoint that accepts the request, if any."""
    found, _ = examine(path)
    named = path.stem.partition("--")[0]
    if found and found.endpoint:
        assert found.endpoint == named
    elif found:
        assert path.parent.name in {"TC030", "TC031", "TC032"}


def test_tables_name_files():
    """The tables list every file, and no other."""
    assert list(ANSWERS) == sorted(map(name_of, FILES))
    assert WARNINGS.keys() <= ANSWERS.keys()


def test_every_endpoint_has_fixtures():
    """Every endpoint has a valid and an invalid request, but the legacy one, which has no valid request."""
    valid = {path.stem.partition("--")[0] for path in FILES if path.parent.name == "valid"}
    invalid = {path.stem.partition("--")[0] for path in FILES if path.parent.name != "valid"}
    assert BY_ID.keys() - valid == {"events_legacy"}
    assert BY_ID.keys() <= invalid


def test_every_code_has_a_fixture():
    """Every code of requests has a file."""
    expected = {code for code in CODES if code.startswith(("TC03", "TC04", "TC81"))}
    found = {path.parent.name for path in FILES} | {code for listed in WARNINGS.values() for code in listed}
    assert expected <= found


def test_formats():
    """There are files of editors, a raw request with CRLF, and files of browsers."""
    assert {path.suffix for path in FILES} == {".http", ".har"}
    assert any(b"\r\n" in path.read_bytes() for path in FILES)
