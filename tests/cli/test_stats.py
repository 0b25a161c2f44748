"""`--stats`: how many payloads there are of each kind, how many are valid, and when they were sent."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest

from command import put, tcspec
from tcspec.cli import stats
from tcspec.contract.schemas import schema_folder

MORNING = "2024-06-10T08:00:00.000Z"
USER = {"id": "c-1", "consistent_anonymous_id": "a-1", "consent_categories": ["1"]}


pytestmark = pytest.mark.usefixtures("elsewhere")


def event(name, moment=1718006400000, **more):
    """Return an event, valid if its name requires no properties."""
    return {"event_name": name, "user": USER, "context": {"event_id": "1", "event_timestamp": moment}} | more


def ndjson(*payloads) -> bytes:
    """Return payloads as NDJSON."""
    return b"".join(json.dumps(payload).encode() + b"\n" for payload in payloads)


def statistics(*arguments):
    """Return the statistics in the report of a run."""
    report = json.loads(tcspec("check", "--stats", "--format", "json", *arguments).out)
    jsonschema.validate(report, json.loads((schema_folder() / "report/1.0.json").read_bytes()))
    return report["stats"]


def test_table():
    """After the violations there is a table of names, kinds, versions, dialects, senders, shares and times."""
    path = put("a.ndjson", ndjson(event("login"), event("login", 1718092800000), event("logout", user=3)))
    ran = tcspec("check", "--stats", "--ignore", "TC235", path)
    table = ran.out[ran.out.index("name ") :].splitlines()
    assert [re.split(r"  +", line) for line in table] == [
        ["name", "kind", "version", "dialect", "sender", "count", "valid", "first seen", "last seen"],
        ["login", "event", "2.0", "v2_openapi", "server", "2", "100.0 %", MORNING, "2024-06-11T08:00:00.000Z"],
        ["logout", "event", "2.0", "v2_http", "server", "1", "0.0 %", MORNING, MORNING],
        ["all payloads", "3", "66.7 %", MORNING, "2024-06-11T08:00:00.000Z"],
    ]


def test_report():
    """The JSON report has the same under `stats`, and only if requested."""
    path = put("a.json", ndjson(event("login")))
    assert statistics(path) == {
        "payloads": {
            "count": 1,
            "valid": 1,
            "share_valid": 1.0,
            "first_seen": MORNING,
            "last_seen": MORNING,
        },
        "events": [
            {
                "name": "login",
                "kind": "event",
                "version": "2.0",
                "dialect": "v2_openapi",
                "sender": "server",
                "count": 1,
                "valid": 1,
                "share_valid": 1.0,
                "first_seen": MORNING,
                "last_seen": MORNING,
            }
        ],
    }
    assert "stats" not in json.loads(tcspec("check", "--format", "json", path).out)


def test_batches():
    """The events of a batch are counted one by one, each valid or not by itself, and the batch as a whole."""
    document = statistics(put("a.json", ndjson({"batch": [event("login"), event("login", user=3), 7]})))
    counts = {(row["name"], row["dialect"]): (row["count"], row["valid"]) for row in document["events"]}
    assert counts == {
        ("(batch)", "v2_batch"): (1, 0),
        ("login", "v2_openapi"): (1, 1),
        ("login", "v2_http"): (1, 0),
        ("(unreadable)", "(unreadable)"): (1, 0),
    }
    assert (document["payloads"]["count"], document["payloads"]["valid"]) == (1, 0)


def test_every_kind_and_version():
    """Legacy events, pixels, data and what cannot be read have rows too."""
    legacy = {"event": "login", "event_id": "1", "event_timestamp": 1718006400000, "properties": {"user": {}}}
    put(
        "a.ndjson",
        ndjson(legacy, {"id": "P1", "brand": "Northwind", "gtin": "4006381333931"}, {"person": {}}) + b"{\n",
    )
    put("b.txt", b"https://collect.commander1.com/events?tc_s=3315&token=t0ken&event_name=login")
    rows = {
        tuple(row[name] for name in ("name", "kind", "version", "sender"))
        for row in statistics("a.ndjson", "b.txt")["events"]
    }
    assert rows == {
        ("login", "event", "1.0", "server"),
        ("login", "pixel", "2.0", "web"),
        ("(product)", "product", "2.0", "server"),
        ("(user)", "user", "1.0", "server"),
        ("(unreadable)", "", "", ""),
    }


def test_requests():
    """The payload in a captured request is counted."""
    post = b"POST https://collect.commander1.com/events?tc_s=1&token=t0ken12345\nContent-Type: application/json\n\n"
    (row,) = statistics(put("a.http", post + ndjson(event("login"))))["events"]
    assert (row["name"], row["valid"]) == ("login", 1)


def test_sender():
    """The sender is the detected one, unless it is set."""
    put("a.json", ndjson(event("login")))
    assert statistics("--sender", "mobile", "a.json")["events"][0]["sender"] == "mobile"
    put("tcspec.toml", b'[per-path."a.json"]\nsender = "web"\n')
    assert statistics("a.json")["events"][0]["sender"] == "web"


def test_expected_and_known_errors_are_errors():
    """A payload with expected errors is not valid."""
    put("a.json", ndjson(event("login", user=3)))
    put("tcspec.toml", b'[expect]\n"a.json" = ["TC102"]\n')
    assert tcspec("check", "a.json").code == 0
    assert statistics("a.json")["payloads"]["valid"] == 0


def test_other_formats():
    """With formats for programs the table is on stderr."""
    ran = tcspec("check", "--stats", "--format", "gitlab", put("a.json", ndjson(event("login"))))
    assert json.loads(ran.out) == []
    assert "v2_openapi" in ran.err


def test_nothing_personal():
    """An e-mail address in place of a name is masked, and control characters are escaped."""
    out = tcspec("check", "--stats", put("a.json", ndjson(event("ada.keller@shop.example\x1b[31m")))).out
    table = out[out.index("name ") :]
    assert "ada.keller" not in table
    assert "\x1b" not in table


def test_many_names(monkeypatch):
    """There are no more rows than the maximum, and everything is counted."""
    monkeypatch.setattr(stats, "MAX_GROUPS", 3)
    rows = statistics(put("a.ndjson", ndjson(*(event(f"custom_{number}") for number in range(9)))))["events"]
    assert [(row["name"], row["count"]) for row in rows][:1] == [("(further ones)", 6)]
    assert sum(row["count"] for row in rows) == 9


def test_no_payload():
    """A run without payloads has a table without shares."""
    assert statistics("--allow-empty", put("a.ndjson", b""))["payloads"]["share_valid"] is None
    assert tcspec("check", "--stats", "--allow-empty", "a.ndjson").code == 0
