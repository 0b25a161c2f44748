"""The page of a migration has what its report has, and nothing from outside as markup."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lxml import html

from command import tcspec
from html_pages import HOSTILE
from strategies.personal import SECRET
from tcspec.reporters.migration_page import render


@pytest.fixture
def report(tmp_path, monkeypatch):
    """Migrate something of everything, and return the report and its page."""
    monkeypatch.chdir(tmp_path)
    old = {
        "event": "login",
        "event_id": "1",
        "event_timestamp": 1,
        "properties": {"context": SECRET, "user": {"id": "c"}},
    }
    events = [old, old | {"event": HOSTILE[0]}, old | {"event_timestamp": "1262303999"}]
    Path("in.ndjson").write_text("".join(json.dumps(each) + "\n" for each in events) + "broken\n", "utf-8")
    tcspec("migrate", "in.ndjson", "out.ndjson", "--report", "report.json", "--report", "report.html")
    return json.loads(Path("report.json").read_text("utf-8")), Path("report.html").read_text("utf-8")


def test_sections(report):
    """Every count of the report has its section, and the files their digests."""
    data, text = report
    page = html.fromstring(text)
    headings = [each.text_content() for each in page.iter("h2")]
    assert headings == [
        "Changes", "Violations", "Rejected, by first reason", "By event", "By dialect", "Times and sizes",
        "Kept under context.legacy", "Written, but invalid: the first 2 of 2 events", "Files",
    ]  # fmt: skip
    assert data["files"][0]["source"]["sha256"] in text
    assert "in.ndjson: migrated to out.ndjson." in text
    assert re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text)[:2] == [("read", "4"), ("upgraded", "3")]
    assert SECRET not in text


def test_nothing_from_outside_is_markup(report):
    """Names of events and files are text, and no script can run."""
    data, _ = report
    hostile = dict.fromkeys(HOSTILE, 1)
    text = render(data | {"events": hostile, "dialects": hostile, "source": list(HOSTILE), "target": HOSTILE[0]})
    page = html.fromstring(text)
    assert not list(page.iter("script", "img", "b"))
    assert "script-src" not in text
    assert "default-src 'none'" in text


def test_a_dry_run(tmp_path, monkeypatch):
    """The page of a dry run says so and shows an event before and after, masked."""
    monkeypatch.chdir(tmp_path)
    event = {"event": "login", "event_id": "1", "properties": {"user": {"id": "c", "email": SECRET}}}
    Path("in.ndjson").write_text(json.dumps(event), "utf-8")
    tcspec("migrate", "in.ndjson", "--dry-run", "--report", "report.html")
    text = Path("report.html").read_text("utf-8")
    assert "a dry run, nothing was written" in text
    assert "Before and after" in text
    assert SECRET not in text
