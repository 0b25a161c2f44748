"""`tcspec check`, the command: violations of rules, the sender, and the settings of a project."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import locate, put, tcspec

USER = {"id": "c-1", "consistent_anonymous_id": "a-1", "consent_categories": ["1"]}
EVENT = {"event_name": "login", "user": USER, "context": {"event_id": "1", "event_timestamp": 1718006400000}}
SECONDS = EVENT | {"context": {"event_id": "2", "event_timestamp": 1718006400}}
TEST = EVENT | {"test_code": "T-1"}
POST = b"POST https://collect.commander1.com/events?tc_s=3315&token=t0ken12345\nContent-Type: application/json\n\n"


pytestmark = pytest.mark.usefixtures("elsewhere")


def ndjson(*payloads) -> bytes:
    """Return payloads as NDJSON."""
    return b"".join(json.dumps(payload).encode() + b"\n" for payload in payloads)


def codes(*arguments) -> list[str]:
    """Return the codes of a run in their order."""
    return [code for code, _, _ in locate(*arguments)]


class TestRules:
    """Violations that rules find."""

    def test_has_position_and_source(self):
        """A violation has file, line, column and source; an error fails, a warning does not."""
        ran = tcspec("check", put("a.json", json.dumps(SECONDS, indent=2).encode()))
        assert ran.code == 1
        assert ran.out.startswith("a.json:12:24: TC210 error: timestamp is in seconds")
        text = EVENT | {"context": {"event_id": "2", "event_timestamp": "2024-06-10T08:00:00Z"}}
        ran = tcspec("check", put("a.json", json.dumps(text, indent=2).encode()))
        assert ran.code == 0
        assert ran.out.startswith("a.json:12:24: TC213 warning: timestamp is a date string")
        assert "/features/sources/sources-catalog/http-tracking-api.md\n" in ran.out

    def test_order(self):
        """Violations of the contract and of rules are sorted by their position in the file."""
        event = {
            "user": USER | {"email_sha256": "x"},
            "context": {"event_timestamp": 1718006400},
            "event_name": "login",
        }
        assert codes(put("a.json", ndjson(event))) == ["TC303", "TC201", "TC210"]

    def test_batches(self):
        """The events of a batch are checked one by one, at their pointers."""
        path = put("a.json", ndjson({"batch": [EVENT, SECONDS]}))
        report = tcspec("check", "--format", "json", "--ignore", "TC230", path).out
        (violation,) = json.loads(report)["files"][0]["violations"]
        assert (violation["code"], violation["pointer"]) == ("TC210", "/batch/1/context/event_timestamp")

    def test_kinds(self):
        """Pixels, users, products and conversions have rules of their own."""
        call = b"https://collect.commander1.com/events?tc_s=3315&token=t0ken&event_name=login&user[id]=C-1&test_code=T"
        assert {"TC054", "TC330"} <= set(codes(put("a.txt", call)))
        assert "TC822" in codes("--kind", "product", put("b.ndjson", ndjson({"id": "P1", "name": ""})))
        assert "TC051" in codes(put("c.json", ndjson({"person": {"id": "C-1"}, "sourceKey": "k-1"})))

    def test_streams(self):
        """A violation that needs several lines of a file is reported at the later line."""
        path = put("a.ndjson", ndjson(EVENT, TEST | {"context": EVENT["context"]}, SECONDS))
        assert [(code, line) for code, line, _ in locate("--ignore", "TC054", path)] == [
            ("TC235", 2),
            ("TC210", 3),
            ("TC230", 3),
        ]
        assert codes(put("b.ndjson", ndjson(EVENT)), put("c.ndjson", ndjson(EVENT))) == []

    def test_requests(self):
        """The payload in the body of a captured request is checked by the rules, at its position in the file."""
        assert locate(put("a.http", POST + ndjson(SECONDS))) == [
            ("TC210", 4, json.dumps(SECONDS).index("1718006400") + 1)
        ]
        bulk = POST.replace(b"/events?tc_s=3315&token=t0ken12345", b"/v2/3315/products/bulk?token=t0ken12345")
        path = put("b.http", bulk + ndjson({"id": "P1"}, {"id": "P2", "name": ""}, {"id": "P1"}))
        assert [place for place in locate(path) if place[0] in {"TC822", "TC850"}] == [
            ("TC822", 5, 22),
            ("TC850", 6, 8),
        ]

    def test_credentials_in_requests_are_reported_once(self):
        """A credential that the check of a request reports is not reported again."""
        assert codes(put("a.http", POST + ndjson(EVENT | {"sourceKey": "k-1"}))) == ["TC040"]

    def test_legacy(self):
        """A legacy event is checked by its contract only."""
        legacy = {"event": "login", "event_id": "1", "event_timestamp": 1718006400, "properties": {"user": {}}}
        assert codes(put("a.json", ndjson(legacy))) == ["TC701"]
        assert codes("--version", "1.0", "a.json") == []

    def test_maximum_depth(self):
        """The rules accept a payload as deep as --max-depth allows."""
        deep = ndjson(EVENT).rstrip().removesuffix(b"}") + b',"deep":' + b"[" * 299 + b"]" * 299 + b"}"
        assert codes("--max-depth", "300", put("a.json", deep)) == []


class TestSender:
    """The sender of an event."""

    ANONYMOUS = EVENT | {"user": {"consent_categories": ["1"]}}

    def test_detected_or_set(self):
        """The sender is set by the command line, else by the project, else detected."""
        put("a.json", ndjson(self.ANONYMOUS))
        assert "TC320" in codes("a.json")
        assert "TC320" not in codes("--sender", "web", "a.json")
        put("pyproject.toml", b'[tool.tcspec]\nsender = "web"\n')
        assert "TC320" not in codes("a.json")
        assert "TC320" in codes("--sender", "server", "a.json")

    def test_unknown(self):
        """An unknown sender is a usage error."""
        assert tcspec("check", "--sender", "robot", put("a.json", ndjson(EVENT))).code == 2


class TestProject:
    """Settings of a project."""

    def project(self, tables: str) -> None:
        """Write the configuration of a project."""
        Path("tcspec.toml").write_text(tables, encoding="utf-8")

    def test_ignore_and_select(self):
        """Codes are selected and ignored by the project, unless the command line selects."""
        put("a.json", ndjson(TEST | {"context": {"event_id": "1", "event_timestamp": 1718006400}}))
        assert sorted(codes("a.json")) == ["TC054", "TC210"]
        self.project('ignore = ["TC054"]')
        assert codes("a.json") == ["TC210"]
        assert codes("--ignore", "TC210", "a.json") == ["TC054"]
        self.project('select = ["TC0"]')
        assert codes("a.json") == ["TC054"]
        assert codes("--select", "TC2", "a.json") == ["TC210"]

    def test_ask_14_only_some_files(self):
        """A code can be ignored, or selected alone, in some files only."""
        self.project('[per-path."old/*"]\nignore = ["TC210"]\n[per-path."new/*"]\nselect = ["TC4"]\n')
        for folder in ("old", "new", "now"):
            put(f"{folder}/a.json", ndjson(SECONDS))
        assert [codes(f"{folder}/a.json") for folder in ("old", "new", "now")] == [[], [], ["TC210"]]
        assert codes("--select", "TC210", "old/a.json") == []

    def test_ask_14_severities(self):
        """A severity can be raised, lowered or turned off, everywhere or in some files, and decides the exit code."""
        put("a.json", ndjson(SECONDS))
        put("old/a.json", ndjson(SECONDS))
        self.project('[severity]\nTC21 = "error"\n[per-path."old/*".severity]\nTC210 = "off"\n')
        ran = tcspec("check", "a.json", "old/a.json")
        assert (ran.code, ran.err) == (1, "2 payloads in 2 files: 1 error\n")
        self.project('[severity]\nTC = "info"\n')
        assert tcspec("check", put("b.json", b"{")).code == 0

    def test_fail_on(self):
        """The project sets which severity fails, unless the command line does."""
        put("a.json", ndjson(EVENT | {"context": {"event_id": "2", "event_timestamp": "2024-06-10T08:00:00Z"}}))
        self.project('fail-on = "warning"')
        assert tcspec("check", "a.json").code == 1
        assert tcspec("check", "--fail-on", "error", "a.json").code == 0
        self.project('fail-on = "never"')
        assert tcspec("check", put("b.json", b"{")).code == 0

    def test_fixes(self):
        """A violation that is ignored, turned off or expected is not fixed."""
        for table in ('ignore = ["TC210"]', '[severity]\nTC210 = "off"', '[expect]\n"a.json" = ["TC210"]'):
            self.project(table)
            put("a.json", ndjson(SECONDS))
            assert tcspec("fix", "--check", "a.json").code == 0
        self.project("")
        assert tcspec("fix", "--check", "a.json").code == 1
