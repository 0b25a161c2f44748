"""The fixtures of requests: where a file stands says what is wrong with it, `answers.json` what is answered."""

from __future__ import annotations

import json

import pytest

from locations import FIXTURES
from tcspec.codes import CODES
from tcspec.errors import Severity, UnreadablePayload
from tcspec.jsontext.pointer import follow
from tcspec.requests.captures import captured_requests
from tcspec.requests.checking import examine_request
from tcspec.requests.endpoints import BY_ID

REQUESTS = FIXTURES / "requests"
ANSWERS = json.loads((REQUESTS / "answers.json").read_text(encoding="utf-8"))
WARNINGS = json.loads((REQUESTS / "warnings.json").read_text(encoding="utf-8"))
FILES = sorted(path for path in REQUESTS.rglob("*") if path.suffix in {".http", ".har"})

every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(REQUESTS).as_posix())


def name_of(path):
    """Give the name by which the tables know a file."""
    return path.relative_to(REQUESTS).as_posix()


def examined(path):
    """Examine the only request of a file; None when the file cannot be read, and why in any case."""
    try:
        [captured] = captured_requests(path.read_bytes())
    except UnreadablePayload as unreadable:
        return None, unreadable.violations
    found = examine_request(captured.method, captured.url, captured.headers, captured.body)
    return found, [captured.placed(violation) for violation in found.violations]


@every_file
def test_codes(path):
    """A file of `invalid` has errors of the code of its folder and no other, one of `valid` has none."""
    _, violations = examined(path)
    asked = {path.parent.name} if path.parent.parent.name == "invalid" else set()
    assert {each.code for each in violations if each.severity is Severity.ERROR} == asked


@every_file
def test_milder_codes(path):
    """The warnings and infos of a file are those that `warnings.json` lists."""
    _, violations = examined(path)
    milder = {each.code for each in violations if each.severity is not Severity.ERROR}
    assert sorted(milder) == WARNINGS.get(name_of(path), [])


@every_file
def test_answers(path):
    """What is answered to a file is what `answers.json` lists: the possible statuses."""
    found, _ = examined(path)
    assert ANSWERS[name_of(path)] == (list(found.answer.statuses) if found else [])


@every_file
def test_places(path):
    """Every violation stands somewhere in the request and in the file."""
    found, violations = examined(path)
    lines = path.read_bytes().decode().split("\n")
    for violation in violations:
        assert 1 <= violation.line <= len(lines)
        assert 1 <= violation.column <= len(lines[violation.line - 1]) + 1
        if found:
            follow(found.document, violation.pointer)


@every_file
def test_endpoints(path):
    """The name of a file begins with the endpoint that takes the request, when one takes it."""
    found, _ = examined(path)
    named = path.stem.partition("--")[0]
    if found and found.endpoint:
        assert found.endpoint == named
    elif found:
        assert path.parent.name in {"TC030", "TC031", "TC032"}


def test_tables_name_files():
    """The tables list every file, and no other."""
    assert list(ANSWERS) == sorted(map(name_of, FILES))
    assert WARNINGS.keys() <= ANSWERS.keys()


def test_every_endpoint_is_satisfied_and_violated():
    """Every endpoint has a request that is right, and one with an error; what is legacy is never right."""
    right = {path.stem.partition("--")[0] for path in FILES if path.parent.name == "valid"}
    wrong = {path.stem.partition("--")[0] for path in FILES if path.parent.name != "valid"}
    assert BY_ID.keys() - right == {"events_legacy"}
    assert BY_ID.keys() <= wrong


def test_every_code_of_requests_is_shown():
    """Every code that speaks of requests has a file."""
    asked = {code for code in CODES if code.startswith(("TC03", "TC04", "TC81"))}
    shown = {path.parent.name for path in FILES} | {code for listed in WARNINGS.values() for code in listed}
    assert asked <= shown


def test_captures_are_of_every_kind():
    """There are captures of editors, a raw request with CRLF, and recordings of browsers."""
    assert {path.suffix for path in FILES} == {".http", ".har"}
    assert any(b"\r\n" in path.read_bytes() for path in FILES)
