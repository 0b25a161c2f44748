"""`tcspec validate --require-events`: which events must occur in a run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import put, tcspec

USER = {"id": "c-1", "consistent_anonymous_id": "a-1", "consent_categories": ["1"]}


pytestmark = pytest.mark.usefixtures("elsewhere")


def event(name, **more):
    """Return an event, valid if its name requires no properties."""
    context = {"event_id": "1", "event_timestamp": 1718006400000}
    return {"event_name": name, "user": USER, "context": context} | more


def text(*payloads) -> bytes:
    """Return payloads as NDJSON."""
    return b"".join(json.dumps(payload).encode() + b"\n" for payload in payloads)


@pytest.mark.parametrize(
    "required", [b"login\n\n# a comment\nlogout\n", b'["login", "logout"]', b'{"login": 1, "logout": 2}']
)
def test_all_occur(required):
    """A run passes if all required events occur, whatever the form of the list."""
    put("a.ndjson", text(event("login"), {"batch": [event("logout"), event("logout")]}))
    assert tcspec("check", "--require-events", put("required", required), "a.ndjson").code == 0


@pytest.mark.parametrize(
    ("required", "places"),
    [
        (b"login\n\n  logout\nsign_up", [(3, 3), (4, 1)]),
        (b'["login",\n "logout", "sign_up"]', [(2, 2), (2, 12)]),
        (b'{"login": 2, "logout": 1,\n "login": 1}', None),
        (b'{"login": 1,\n "logout": 1, "sign_up": 3}', [(2, 12), (2, 26)]),
    ],
)
def test_ask_15_missing(required, places):
    """A missing event is an error where the file requires it."""
    put("a.json", text(event("login")))
    ran = tcspec("check", "--format", "json", "--require-events", put("required", required), "a.json")
    if places is None:
        assert ran.code == 2
        return
    report = json.loads(ran.out)
    (file,) = (file for file in report["files"] if file["path"] == "required")
    assert ran.code == 1
    assert [(each["line"], each["column"]) for each in file["violations"]] == places
    assert {each["code"] for each in file["violations"]} == {"TC060"}
    assert (report["summary"]["error"], report["summary"]["files"]) == (2, 1)


def test_text():
    """The message states how often an event occurred, and the hint a close name that did."""
    put("a.ndjson", text(event("login"), event("logn"), event("sign_up", user=3)))
    path = put("required.json", b'{"login": 2, "sign_up": 1, "logon": 1}')
    ran = tcspec("check", "--select", "TC4", "--require-events", path, "a.ndjson")
    lines = [line for line in ran.out.splitlines() if "TC060 error" in line]
    assert [line.partition(" error: ")[2] for line in lines] == [
        "required event `login` occurred 1 of 2 times",
        "required event `sign_up` did not occur; 1 with errors not counted",
        "required event `logon` did not occur",
    ]
    assert "help: did you mean `logn`, which occurred?" in ran.out


def test_with_every_format():
    """Every format reports the missing events."""
    put("a.json", text(event("login")))
    for style in ("github", "gitlab", "junit", "sarif", "ndjson", "html"):
        ran = tcspec("check", "--format", style, "--require-events", put("required", b"logout"), "a.json")
        assert ran.code == 1
        assert "TC060" in ran.out


def test_with_stats_and_baseline():
    """Missing events are not part of a baseline."""
    put("a.json", text(event("login")))
    required = ("--require-events", put("required", b"logout"))
    assert tcspec("check", "--write-baseline", "base.json", "--stats", *required, "a.json").code == 1
    assert json.loads(Path("base.json").read_bytes())["violations"] == []


@pytest.mark.parametrize(
    ("required", "reason"),
    [
        (b"", "no event name found"),
        (b"# none", "no event name found"),
        (b"[]", "no event name found"),
        (b"[", "unexpected end of the JSON text"),
        (b"\xff", "the file is not UTF-8"),
        (b"[3]", "invalid entry at /0"),
        (b'[""]', "invalid entry at /0"),
        (b'{"login": 0}', "invalid entry at /login"),
        (b'{"login": true}', "invalid entry at /login"),
        (b'{"login": "2"}', "invalid entry at /login"),
    ],
)
def test_misuse(required, reason):
    """A file without event names is a usage error, and the message describes the accepted forms."""
    ran = tcspec("check", "--require-events", put("required", required), put("a.json", text(event("login"))))
    assert ran.code == 2
    assert reason in ran.err
    assert "expected one event name a line" in ran.err


def test_no_file():
    """A file that does not exist is a usage error."""
    assert tcspec("check", "--require-events", "missing", put("a.json", text(event("login")))).code == 2
