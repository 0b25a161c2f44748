"""`tcspec validate --stats` and `--require-events`: what was seen, and whether it is all that must be."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from command import put, tcspec
from tcspec.cli import stats
from tcspec.contract.schemas import schema_folder

MORNING = "2024-06-10T08:00:00.000Z"
USER = {"id": "c-1", "consistent_anonymous_id": "a-1", "consent_categories": ["1"]}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def event(name, moment=1718006400000, **more):
    """Make an event that is valid when its name asks for nothing."""
    return {"event_name": name, "user": USER, "context": {"event_id": "1", "event_timestamp": moment}} | more


def text(*payloads) -> bytes:
    """Write payloads one a line."""
    return b"".join(json.dumps(payload).encode() + b"\n" for payload in payloads)


def seen(*arguments):
    """Give the stats of a run, which its report has."""
    report = json.loads(tcspec("validate", "--stats", "--format", "json", *arguments).out)
    jsonschema.validate(report, json.loads((schema_folder() / "report/1.0.json").read_bytes()))
    return report["stats"]


class TestStats:
    """What was seen."""

    def test_table(self):
        """After the violations there is a table: names, kinds, versions, dialects, senders, shares and times."""
        path = put("a.ndjson", text(event("login"), event("login", 1718092800000), event("logout", user=3)))
        ran = tcspec("validate", "--stats", "--ignore", "TC235", path)
        table = ran.out[ran.out.index("name ") :].splitlines()
        assert [re.split(r"  +", line) for line in table] == [
            ["name", "kind", "version", "dialect", "sender", "count", "valid", "first seen", "last seen"],
            ["login", "event", "2.0", "v2_openapi", "server", "2", "100.0 %", MORNING, "2024-06-11T08:00:00.000Z"],
            ["logout", "event", "2.0", "v2_http", "server", "1", "0.0 %", MORNING, MORNING],
            ["all payloads", "3", "66.7 %", MORNING, "2024-06-11T08:00:00.000Z"],
        ]

    def test_report(self):
        """The JSON report has the same under `stats`, and no report has it unasked."""
        path = put("a.json", text(event("login")))
        assert seen(path) == {
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
        assert "stats" not in json.loads(tcspec("validate", "--format", "json", path).out)

    def test_batches(self):
        """The events of a batch are counted one by one, each valid by itself, and the batch as a whole."""
        found = seen(put("a.json", text({"batch": [event("login"), event("login", user=3), 7]})))
        counts = {(row["name"], row["dialect"]): (row["count"], row["valid"]) for row in found["events"]}
        assert counts == {
            ("(batch)", "v2_batch"): (1, 0),
            ("login", "v2_openapi"): (1, 1),
            ("login", "v2_http"): (1, 0),
            ("(unreadable)", "(unreadable)"): (1, 0),
        }
        assert (found["payloads"]["count"], found["payloads"]["valid"]) == (1, 0)

    def test_every_kind_and_version(self):
        """Legacy events, pixels, data and what cannot be read have rows too."""
        legacy = {"event": "login", "event_id": "1", "event_timestamp": 1718006400000, "properties": {"user": {}}}
        put(
            "a.ndjson",
            text(legacy, {"id": "P1", "brand": "Northwind", "gtin": "4006381333931"}, {"person": {}}) + b"{\n",
        )
        put("b.txt", b"https://collect.commander1.com/events?tc_s=3315&token=t0ken&event_name=login")
        rows = {
            tuple(row[name] for name in ("name", "kind", "version", "sender"))
            for row in seen("a.ndjson", "b.txt")["events"]
        }
        assert rows == {
            ("login", "event", "1.0", "server"),
            ("login", "pixel", "2.0", "web"),
            ("(product)", "product", "2.0", "server"),
            ("(user)", "user", "1.0", "server"),
            ("(unreadable)", "", "", ""),
        }

    def test_requests(self):
        """The payload in a captured request is counted."""
        post = b"POST https://collect.commander1.com/events?tc_s=1&token=t0ken12345\nContent-Type: application/json\n\n"
        (row,) = seen(put("a.http", post + text(event("login"))))["events"]
        assert (row["name"], row["valid"]) == ("login", 1)

    def test_sender(self):
        """Who sends is what the event shows, unless it is said."""
        put("a.json", text(event("login")))
        assert seen("--sender", "mobile", "a.json")["events"][0]["sender"] == "mobile"
        put("tcspec.toml", b'[per-path."a.json"]\nsender = "web"\n')
        assert seen("a.json")["events"][0]["sender"] == "web"

    def test_expected_and_known_errors_are_errors(self):
        """What must fail, or is known, is not valid for all that."""
        put("a.json", text(event("login", user=3)))
        put("tcspec.toml", b'[expect]\n"a.json" = ["TC102"]\n')
        assert tcspec("validate", "a.json").code == 0
        assert seen("a.json")["payloads"]["valid"] == 0

    def test_other_formats(self):
        """Beside formats for programs the table is on stderr."""
        ran = tcspec("validate", "--stats", "--format", "gitlab", put("a.json", text(event("login"))))
        assert json.loads(ran.out) == []
        assert "v2_openapi" in ran.err

    def test_nothing_personal(self):
        """An e-mail address in place of a name is not told, nor are control characters."""
        out = tcspec("validate", "--stats", put("a.json", text(event("ada.keller@shop.example\x1b[31m")))).out
        table = out[out.index("name ") :]
        assert "ada.keller" not in table
        assert "\x1b" not in table

    def test_many_names(self, monkeypatch):
        """There are no more rows than fit, and nothing is left uncounted."""
        monkeypatch.setattr(stats, "MOST", 3)
        rows = seen(put("a.ndjson", text(*(event(f"custom_{number}") for number in range(9)))))["events"]
        assert [(row["name"], row["count"]) for row in rows][:1] == [("(further ones)", 6)]
        assert sum(row["count"] for row in rows) == 9

    def test_nothing_seen(self):
        """A run that saw nothing has a table without shares."""
        assert seen("--allow-empty", put("a.ndjson", b""))["payloads"]["share_valid"] is None
        assert tcspec("validate", "--stats", "--allow-empty", "a.ndjson").code == 0


class TestRequiredEvents:
    """`--require-events`: which events must occur."""

    @pytest.mark.parametrize(
        "wanted", [b"login\n\n# a comment\nlogout\n", b'["login", "logout"]', b'{"login": 1, "logout": 2}']
    )
    def test_there(self, wanted):
        """When all occur the run is fine, whichever way they are named."""
        put("a.ndjson", text(event("login"), {"batch": [event("logout"), event("logout")]}))
        assert tcspec("validate", "--require-events", put("wanted", wanted), "a.ndjson").code == 0

    @pytest.mark.parametrize(
        ("wanted", "places"),
        [
            (b"login\n\n  logout\nsign_up", [(3, 3), (4, 1)]),
            (b'["login",\n "logout", "sign_up"]', [(2, 2), (2, 12)]),
            (b'{"login": 2, "logout": 1,\n "login": 1}', None),
            (b'{"login": 1,\n "logout": 1, "sign_up": 3}', [(2, 12), (2, 26)]),
        ],
    )
    def test_ask_15_missing(self, wanted, places):
        """What is missing is an error at the place that asks for it."""
        put("a.json", text(event("login")))
        ran = tcspec("validate", "--format", "json", "--require-events", put("wanted", wanted), "a.json")
        if places is None:
            assert ran.code == 2
            return
        report = json.loads(ran.out)
        (file,) = (file for file in report["files"] if file["path"] == "wanted")
        assert ran.code == 1
        assert [(each["line"], each["column"]) for each in file["violations"]] == places
        assert {each["code"] for each in file["violations"]} == {"TC060"}
        assert (report["summary"]["error"], report["summary"]["files"]) == (2, 1)

    def test_text(self):
        """For people it is one line each, and says how many are missing and what came instead."""
        put("a.ndjson", text(event("login"), event("logn"), event("sign_up", user=3)))
        path = put("wanted.json", b'{"login": 2, "sign_up": 1, "logon": 1}')
        ran = tcspec("validate", "--select", "TC4", "--require-events", path, "a.ndjson")
        told = [line for line in ran.out.splitlines() if "TC060 error" in line]
        assert [line.partition(" error ")[2] for line in told] == [
            "`login` is required and occurred 1 of 2 times",
            "`sign_up` is required and did not occur; 1 with errors do not count",
            "`logon` is required and did not occur",
        ]
        assert "`logn` occurred; was it meant?" in ran.out

    def test_with_every_format(self):
        """Every format tells what is missing."""
        put("a.json", text(event("login")))
        for style in ("github", "gitlab", "junit", "sarif", "ndjson", "html"):
            ran = tcspec("validate", "--format", style, "--require-events", put("wanted", b"logout"), "a.json")
            assert ran.code == 1
            assert "TC060" in ran.out

    def test_with_stats_and_baseline(self):
        """What is required is no part of a baseline."""
        put("a.json", text(event("login")))
        wanted = ("--require-events", put("wanted", b"logout"))
        assert tcspec("validate", "--write-baseline", "base.json", "--stats", *wanted, "a.json").code == 1
        assert json.loads(Path("base.json").read_bytes())["violations"] == []

    @pytest.mark.parametrize(
        ("wanted", "reason"),
        [
            (b"", "it names no event"),
            (b"# none", "it names no event"),
            (b"[]", "it names no event"),
            (b"[", "unexpected end of the JSON text"),
            (b"\xff", "it is not UTF-8"),
            (b"[3]", "what it says at /0 has no meaning"),
            (b'[""]', "what it says at /0 has no meaning"),
            (b'{"login": 0}', "what it says at /login has no meaning"),
            (b'{"login": true}', "what it says at /login has no meaning"),
            (b'{"login": "2"}', "what it says at /login has no meaning"),
        ],
    )
    def test_misuse(self, wanted, reason):
        """A file that names no events is misuse, and the forms that it may have are named."""
        ran = tcspec("validate", "--require-events", put("wanted", wanted), put("a.json", text(event("login"))))
        assert ran.code == 2
        assert reason in ran.err
        assert "give a name a line" in ran.err

    def test_no_file(self):
        """So is a file that is not there."""
        assert tcspec("validate", "--require-events", "missing", put("a.json", text(event("login")))).code == 2
