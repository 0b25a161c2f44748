"""`tcspec validate` with the rules: what they find is told like what breaks the contract."""

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


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def text(*payloads) -> bytes:
    """Write payloads one a line."""
    return b"".join(json.dumps(payload).encode() + b"\n" for payload in payloads)


def codes(*arguments) -> list[str]:
    """Give the codes of a run in their order."""
    return [code for code, _, _ in locate(*arguments)]


class TestRules:
    """What the rules find."""

    def test_is_told_with_its_place(self):
        """A rule's violation has file, line, column and the page that asks; a warning does not fail."""
        ran = tcspec("check", put("a.json", json.dumps(SECONDS, indent=2).encode()))
        assert ran.code == 0
        assert ran.out.startswith("a.json:12:24: TC210 warning: timestamp is in seconds")
        assert "/features/sources/sources-catalog/http-tracking-api.md\n" in ran.out

    def test_stands_among_the_contract(self):
        """Violations of the contract and of the rules are told in the order of the file."""
        event = {
            "user": USER | {"email_sha256": "x"},
            "context": {"event_timestamp": 1718006400},
            "event_name": "login",
        }
        assert codes(put("a.json", text(event))) == ["TC303", "TC201", "TC210"]

    def test_of_batches(self):
        """The events of a batch are looked at one by one, at their pointers."""
        path = put("a.json", text({"batch": [EVENT, SECONDS]}))
        report = tcspec("check", "--format", "json", "--ignore", "TC230", path).out
        (violation,) = json.loads(report)["files"][0]["violations"]
        assert (violation["code"], violation["pointer"]) == ("TC210", "/batch/1/context/event_timestamp")

    def test_of_every_kind(self):
        """Pixels, users, products and conversions have rules of their own."""
        call = b"https://collect.commander1.com/events?tc_s=3315&token=t0ken&event_name=login&user[id]=C-1&test_code=T"
        assert {"TC054", "TC330"} <= set(codes(put("a.txt", call)))
        assert "TC822" in codes("--kind", "product", put("b.ndjson", text({"id": "P1", "name": ""})))
        assert "TC051" in codes(put("c.json", text({"person": {"id": "C-1"}, "sourceKey": "k-1"})))

    def test_of_many_payloads(self):
        """What only shows when the lines of a file are held against each other is told of the later one."""
        path = put("a.ndjson", text(EVENT, TEST | {"context": EVENT["context"]}, SECONDS))
        assert [(code, line) for code, line, _ in locate("--ignore", "TC054", path)] == [
            ("TC235", 2),
            ("TC210", 3),
            ("TC230", 3),
        ]
        assert codes(put("b.ndjson", text(EVENT)), put("c.ndjson", text(EVENT))) == []

    def test_of_requests(self):
        """The payload in the body of a captured request is held against the rules, at its place in the file."""
        assert locate(put("a.http", POST + text(SECONDS))) == [
            ("TC210", 4, json.dumps(SECONDS).index("1718006400") + 1)
        ]
        bulk = POST.replace(b"/events?tc_s=3315&token=t0ken12345", b"/v2/3315/products/bulk?token=t0ken12345")
        path = put("b.http", bulk + text({"id": "P1"}, {"id": "P2", "name": ""}, {"id": "P1"}))
        assert [place for place in locate(path) if place[0] in {"TC822", "TC850"}] == [
            ("TC822", 5, 22),
            ("TC850", 6, 8),
        ]

    def test_credentials_in_requests_are_told_once(self):
        """What a request's own check says of secrets is not said again."""
        assert codes(put("a.http", POST + text(EVENT | {"sourceKey": "k-1"}))) == ["TC040"]

    def test_legacy(self):
        """A legacy event is held against its contract only."""
        legacy = {"event": "login", "event_id": "1", "event_timestamp": 1718006400, "properties": {"user": {}}}
        assert codes(put("a.json", text(legacy))) == ["TC701"]
        assert codes("--version", "1.0", "a.json") == []

    def test_as_deep_as_can_be_asked_for(self):
        """What is deeper than is usual harms no rule."""
        deep = text(EVENT).rstrip().removesuffix(b"}") + b',"deep":' + b"[" * 299 + b"]" * 299 + b"}"
        assert codes("--max-depth", "300", put("a.json", deep)) == []


class TestSender:
    """Who sends."""

    ANONYMOUS = EVENT | {"user": {"consent_categories": ["1"]}}

    def test_is_shown_or_said(self):
        """Who sends is what the event shows, what the project says, or what the command line says, which wins."""
        put("a.json", text(self.ANONYMOUS))
        assert "TC320" in codes("a.json")
        assert "TC320" not in codes("--sender", "web", "a.json")
        put("pyproject.toml", b'[tool.tcspec]\nsender = "web"\n')
        assert "TC320" not in codes("a.json")
        assert "TC320" in codes("--sender", "server", "a.json")

    def test_unknown(self):
        """Nobody else sends."""
        assert tcspec("check", "--sender", "robot", put("a.json", text(EVENT))).code == 2


class TestProject:
    """What a project asks."""

    def project(self, tables: str) -> None:
        """Write the tables of a project."""
        Path("tcspec.toml").write_text(tables, encoding="utf-8")

    def test_ignore_and_select(self):
        """Codes are chosen by the project, unless the command line chooses."""
        put("a.json", text(TEST | {"context": {"event_id": "1", "event_timestamp": 1718006400}}))
        assert sorted(codes("a.json")) == ["TC054", "TC210"]
        self.project('ignore = ["TC054"]')
        assert codes("a.json") == ["TC210"]
        assert codes("--ignore", "TC210", "a.json") == ["TC054"]
        self.project('select = ["TC0"]')
        assert codes("a.json") == ["TC054"]
        assert codes("--select", "TC2", "a.json") == ["TC210"]

    def test_ask_14_only_some_files(self):
        """A code can be ignored, or be told alone, in some files only."""
        self.project('[per-path."old/*"]\nignore = ["TC210"]\n[per-path."new/*"]\nselect = ["TC4"]\n')
        for folder in ("old", "new", "now"):
            put(f"{folder}/a.json", text(SECONDS))
        assert [codes(f"{folder}/a.json") for folder in ("old", "new", "now")] == [[], [], ["TC210"]]
        assert codes("--select", "TC210", "old/a.json") == []

    def test_ask_14_severities(self):
        """A severity can be raised, lowered or switched off, everywhere or in some files, and counts as such."""
        put("a.json", text(SECONDS))
        put("old/a.json", text(SECONDS))
        self.project('[severity]\nTC21 = "error"\n[per-path."old/*".severity]\nTC210 = "off"\n')
        ran = tcspec("check", "a.json", "old/a.json")
        assert (ran.code, ran.err) == (1, "2 payloads in 2 files: 1 error\n")
        self.project('[severity]\nTC = "info"\n')
        assert tcspec("check", put("b.json", b"{")).code == 0

    def test_fail_on(self):
        """The project says what fails, unless the command line does."""
        put("a.json", text(SECONDS))
        self.project('fail-on = "warning"')
        assert tcspec("check", "a.json").code == 1
        assert tcspec("check", "--fail-on", "error", "a.json").code == 0
        self.project('fail-on = "never"')
        assert tcspec("check", put("b.json", b"{")).code == 0

    def test_of_fixes(self):
        """What is ignored, off or expected is not fixed either."""
        for table in ('ignore = ["TC210"]', '[severity]\nTC210 = "off"', '[expect]\n"a.json" = ["TC210"]'):
            self.project(table)
            put("a.json", text(SECONDS))
            assert tcspec("fix", "--check", "a.json").code == 0
        self.project("")
        assert tcspec("fix", "--check", "a.json").code == 1
