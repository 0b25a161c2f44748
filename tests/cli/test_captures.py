"""Files of captured requests on the command line."""

from __future__ import annotations

import json

import pytest

from command import locate, put, tcspec
from tcspec.cli.captures import check_captures
from tcspec.jsontext.reader import DEFAULT_LIMITS

USER = {"id": "c-1", "consistent_anonymous_id": "a-1", "consent_categories": ["1"]}
EVENT = {"event_name": "login", "user": USER, "context": {"event_id": "1", "event_timestamp": 1718006400000}}
POST = b"POST https://collect.commander1.com/events?tc_s=3315&token=t0ken12345\nContent-Type: application/json\n\n"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_valid():
    """The predicted answer to a valid request is printed."""
    ran = tcspec("check", put("a.http", POST + json.dumps(EVENT).encode() + b"\n"))
    assert ran.code == 0
    assert ran.out.startswith("a.http:1: ")
    assert "answer 200" in ran.out
    assert ran.err == "1 payload in 1 file: no violations\n"


def test_body():
    """A violation in the body has its line and column in the file."""
    body = b'{"event_name": "login",\n "user": {"id": 7}}'
    codes = locate(put("a.http", POST + body))
    assert ("TC302", 5, 17) in codes
    assert ("TC101", 4, 1) in codes


def test_json_report():
    """The JSON report has the answer to each request."""
    path = put("a.http", POST + b"{\n\n###\n" + POST + json.dumps(EVENT).encode())
    (file,) = json.loads(tcspec("check", "--format", "json", path).out)["files"]
    assert [(answer["line"], answer["statuses"]) for answer in file["answers"]] == [(1, [400]), (7, [200])]


def test_unreadable_files():
    """A file that is not HAR is a violation with its position; a missing file is an error."""
    assert locate(put("a.har", b'{"log": {'))[0][0] in {"TC001", "TC042"}
    assert tcspec("check", "a.har").code == 1
    assert tcspec("check", "missing.http").code == 2


def test_bodies_are_decoded_once(monkeypatch):
    """The body of a request is decoded once for the contract, the rules and the reports."""
    path = put("a.http", POST + json.dumps(EVENT).encode())
    decode, decoded = json.JSONDecoder.decode, []
    monkeypatch.setattr(json.JSONDecoder, "decode", lambda *arguments: decoded.append(1) or decode(*arguments))
    (result,) = check_captures(path, DEFAULT_LIMITS)
    assert len(decoded) == 1
    assert result.payload.document == EVENT


def test_too_long():
    """A file beyond the maximum length is a violation."""
    path = put("a.http", POST + json.dumps(EVENT).encode())
    assert [code for code, _, _ in locate("--max-length", "20", path)] == ["TC007"]


def test_output_has_no_secrets():
    """The output contains neither the source key nor personal data."""
    ran = tcspec("check", put("a.http", POST + b'{"user": {"email": 739201846512}}'))
    assert ran.code == 1
    assert "t0ken12345" not in ran.out + ran.err
    assert "739201846512" not in ran.out + ran.err


def test_unreadable_requests():
    """A request that cannot be read is reported whatever is selected, and the next one is read."""
    path = put("a.http", b"GET {{host}}/x\n\n###\n" + POST + b'{"event_name": "login"')
    assert [code for code, _, _ in locate(path)] == ["TC042", "TC001"]
    assert [code for code, _, _ in locate("--select", "TC3", path)] == ["TC042", "TC001"]


def test_payloads_only():
    """With --payloads-only, requests that do not go to the vendor are ignored, readable or not."""
    path = put("a.http", b"GET https://shop.example/x\n\n###\nGET {{host}}/x\n")
    ran = tcspec("check", "--payloads-only", "--allow-empty", path)
    assert (ran.code, ran.out) == (0, "")
    assert tcspec("check", "--payloads-only", put("b.http", POST + b"{")).code == 1


def test_recorded_bodies():
    """A body that was not recorded is a violation; one in base64 is decoded."""
    request = {"method": "POST", "url": "https://collect.commander1.com/events?tc_s=1&token=t0ken12345"}
    request["headers"] = [{"name": "Content-Type", "value": "application/json"}]
    for more, code in (
        ({"bodySize": 812, "postData": {"mimeType": "application/json"}}, "TC042"),
        ({"postData": {"text": "!", "encoding": "base64"}}, "TC042"),
        ({"postData": {"text": "ew==", "encoding": "base64"}}, "TC001"),
    ):
        har = {"log": {"entries": [{"request": request | more}]}}
        assert [each for each, _, _ in locate(put("a.har", json.dumps(har).encode()))] == [code]
