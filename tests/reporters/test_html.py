"""The page of a run: what it counts and lists, and what is never in it."""

from __future__ import annotations

import html
import json
import re
import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import put, tcspec
from html_pages import HOSTILE, check, page, rows
from reporting import payload_result, source_of
from strategies.personal import SECRET, SECRET_TEXTS, personal_events
from tcspec.errors import Fix, Severity, Violation
from tcspec.reporters import html as reporter
from tcspec.reporters.contents import Part, PayloadContent
from tcspec.reporters.html import MAX_NAMES, render
from tcspec.reporters.results import (
    FileFinished,
    FileStarted,
    RunFinished,
    Tally,
    ViolationResult,
)
from tcspec.rules.linting import lint
from tcspec.rules.registry import EVERY_CODE
from tcspec.validation import validate

LOGIN = {"event_name": "login", "user": {"id": "ada"}, "context": {"event_id": "e-1", "event_timestamp": 1718006400000}}
NO_ID = {"event_name": "login", "user": {"id": "ada"}, "context": {"event_timestamp": 1718006400000}}
TIME = 1_718_006_400_000
"""Monday 2024-06-10, 08:00 UTC."""
HOUR = 3_600_000
DAY = 24 * HOUR
VIOLATION = Violation("TC403", Severity.WARNING, "/value", "`value` is odd", line=2, column=7, hint="look")


def table(text, heading):
    """Return the names and counts below a heading."""
    section = re.search(rf">{heading}</h2>(.*?)</section>", text, re.DOTALL)[1]
    cells = re.findall(r'<th scope="row">(.*?)</th>.*?<td>([\d,]+)<', section)
    return {html.unescape(re.sub("<[^>]*>", "", name)): int(count.replace(",", "")) for name, count in cells}


def test_finding():
    """A finding has all that is known of a violation, and errors come first."""
    raw = json.dumps({"event_name": "purchase", "value": "12", "context": {}}).encode()
    expected = replace(VIOLATION, code="TC999")
    text = page(
        ViolationResult("a.json", VIOLATION),
        ViolationResult("a.json", Violation("TC403", Severity.ERROR, "", "odd", source="K1", fix=Fix("fix it", ()))),
        ViolationResult("a.json", expected, expected=True),
        payload_result("a.json", 1, raw, ()),
        RunFinished(Tally()),
    )
    assert rows(text) == [
        {
            "severity": "error",
            "code": "TC403",
            "event": "purchase",
            "dialect": "v2_http",
            "location": "a.json",
            "message": "odd",
            "pointer": "",
            "value": "",
            "help": "",
            "fix": "fix it",
            "source": "K1 (documented)",
        },
        {
            "severity": "warning",
            "code": "TC403",
            "event": "purchase",
            "dialect": "v2_http",
            "location": "a.json:2:7",
            "message": "`value` is odd",
            "pointer": "/value",
            "value": '"12"',
            "help": "look",
            "fix": "",
            "source": "tcspec (documented)",
        },
    ]
    assert table(text, "By code") == {"TC403 warning": 1, "TC403 error": 1}


def test_counts():
    """Payloads and the events of batches are counted by event and by dialect, and violations by code."""
    text = page(*check(LOGIN, NO_ID, {"batch": [LOGIN, NO_ID]}, b"{", {"event": "login"}))
    assert table(text, "By event") == {"login": 5, "(batch)": 1, "(unreadable)": 1}
    assert table(text, "By dialect") == {"v2_http": 4, "v2_batch": 1, "v0_track": 1, "(unreadable)": 1}
    codes = table(text, "By code")
    assert codes["TC201 error"] == 2
    assert sum(codes.values()) == len(rows(text))
    in_batch = next(row for row in rows(text) if row["pointer"].startswith("/batch/1"))
    assert in_batch["event"] == "login"


def test_files():
    """What is wrong with a file as a whole is listed like any violation."""
    finished = FileFinished("b.json", Tally(), ("TC401",), "Is a directory")
    tally = Tally(unmet=1, unreadable=1)
    text = page(FileStarted("b.json"), ViolationResult("b.json", VIOLATION), finished, RunFinished(tally))
    assert [(row["code"], row["location"], row["event"]) for row in rows(text)] == [
        ("unmet", "b.json", "(file)"),
        ("unreadable", "b.json", "(file)"),
        ("TC403", "b.json:2:7", "(file)"),
    ]
    assert "1 file could not be read" in text


def test_empty_run():
    """A run that read nothing is a complete page."""
    text = page(RunFinished(Tally()))
    assert text.startswith("<!doctype html>")
    assert text.endswith("</html>\n")
    assert rows(text) == []
    assert "no payload in no file" in text
    assert "{{" not in text


def test_many_findings():
    """Every finding of a long run is listed."""
    results = [*[ViolationResult("a.ndjson", VIOLATION)] * 7, payload_result("a.ndjson", 1, b"{}", ())]
    text = page(*results * 400, RunFinished(Tally()))
    assert len(rows(text)) == 2_800
    assert "are listed" not in text


def test_too_many_findings(monkeypatch):
    """A page that is full lists errors in place of milder findings, counts all, and states how many are left out."""
    monkeypatch.setattr(reporter, "MAX_FINDINGS", 4)
    severities = [Severity.INFO, Severity.WARNING, Severity.INFO, Severity.INFO, Severity.ERROR, Severity.ERROR]
    found = [Violation("TC403", each, "", str(index)) for index, each in enumerate([*severities, Severity.INFO])]
    text = page(*(ViolationResult("a", each) for each in found), payload_result("a", 1, b"{}", ()))
    assert [row["message"] for row in rows(text)] == ["4", "5", "1", "0"]
    assert table(text, "By code") == {"TC403 info": 4, "TC403 error": 2, "TC403 warning": 1}
    assert "All 7 findings are counted, 4 are listed" in text


def test_many_names():
    """Beyond so many names of events further ones are counted together, so that no run grows the page."""
    events = (payload_result("a", 1, json.dumps({"event_name": f"own_{index}"}).encode(), ()) for index in range(1_200))
    names = table(page(*events, RunFinished(Tally())), "By event")
    assert len(names) == MAX_NAMES + 1
    assert names["(further names)"] == 200


@pytest.mark.slow
def test_flat_memory(monkeypatch):
    """A full page takes no more memory of a longer run, whatever its events are called and of when they are."""
    monkeypatch.setattr(reporter, "MAX_FINDINGS", 1_000)

    def peak(count):
        def results():
            for index in range(count):
                event = {"event_name": f"{index:0300}", "context": {"event_timestamp": index * 3_600_000 + 10**12}}
                yield ViolationResult("a.ndjson", Violation("TC403", Severity.INFO, f"/{index}", f"{index:0200}"))
                yield payload_result("a.ndjson", index, json.dumps(event).encode(), ())
                yield FileFinished("a.ndjson", Tally())

        tracemalloc.start()
        for _ in render(results()):
            pass
        reached = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return reached

    assert peak(7_500) < peak(2_500) + 500_000


def test_meaning_of_codes():
    """The titles of codes are in the table, with code between backticks as code."""
    titles = {code.id: code.title for code in EVERY_CODE.values()}
    found = next(code for code, title in titles.items() if "`" in title)
    text = page(ViolationResult("a", replace(VIOLATION, code=found)), FileFinished("a", Tally()), RunFinished(Tally()))
    expected = re.sub("`(.*?)`", r"<code>\1</code>", html.escape(titles[found]))
    assert f"<td>{expected}</td>" in text


def test_sizes():
    """Sizes are counted by the limit that applies; what is above it is counted to the byte, and marked."""
    sizes = {
        "event": (100, 160, 161, 32_000, 32_001),
        "pixel": (161,),
        "batch": (500_000, 500_001),
        "user": (40_000,),
    }
    parts = [Part("x", "x", kind, size) for kind, each in sizes.items() for size in each]
    events, batches, others = histograms(*parts)
    assert events["title"] == "Events by bytes of the compact body"
    assert events["head"] == "1 above the limit of 32,000"
    assert events["rows"] == {
        "1 to 160": ("2", ""),
        "161 to 320": ("2", ""),
        "321 to 31,840": ("0", ""),
        "31,841 to 32,000": ("1", ""),
        "32,001 to 32,160": ("1", "error"),
    }
    assert (batches["title"], batches["head"]) == (
        "Batches by bytes of the compact body",
        "1 above the limit of 500,000",
    )
    assert list(batches["rows"].values()) == [("1", ""), ("1", "error")]
    assert others == {
        "title": "Other payloads by bytes of the compact body",
        "head": "Bytes",
        "rows": {"39,841 to 40,000": ("1", "")},
    }


def test_sizes_above_the_limit():
    """The limit is the end of a step, however wide the steps are."""
    sizes = [*range(100, 200_000, 997), 32_000, 32_001]
    (events,) = histograms(*(Part("x", "x", "event", size) for size in sizes))
    assert events["head"] == f"{sum(size > 32_000 for size in sizes):,} above the limit of 32,000"


@pytest.mark.parametrize(
    ("times", "unit", "label", "count"),
    [
        ([TIME, TIME], "hour", "2024-06-10 08:00", 2),
        (range(TIME, TIME + 16 * HOUR, HOUR), "hour", "2024-06-10 08:00", 1),
        (range(TIME, TIME + 17 * HOUR, HOUR), "2 hours", "2024-06-10 08:00", 2),
        (range(TIME, TIME + 8 * DAY, DAY), "hour", "2024-06-10 08:00", 1),
        (range(TIME, TIME + 9 * DAY, DAY), "day", "2024-06-10", 1),
        (range(TIME, TIME + 15 * DAY, HOUR), "day", "2024-06-10", 16),
        (range(TIME, TIME + 100 * DAY, HOUR), "week", "2024-06-10", 160),
        (range(TIME, TIME + 400 * DAY, DAY), "4 weeks", "2024-06-03", 21),
        ([10**11], "hour", "1973-03-03 09:00", 1),
        ([10**14 - 1], "hour", "5138-11-16 09:00", 1),
        (range(10**11, 10**14, 10**9), "100 years", "1969-12-29", 3045),
    ],
)
def test_times(times, unit, label, count):
    """Times are counted by hours, days, weeks from Monday on, or longer, as fine as fits."""
    (histogram,) = histograms(*(Part("x", "x", time=time) for time in times))
    assert (histogram["title"], histogram["head"]) == ("Events by time in UTC", f"One row for each {unit}")
    assert next(iter(histogram["rows"].items())) == (label, (f"{count:,}", ""))


def test_no_histograms():
    """What was not measured has no table."""
    assert histograms(Part("x", "x")) == []


def histograms(*parts):
    """Return the title and the head of each histogram, and its rows with their counts and marks."""
    counted = reporter._Page(show_values=False)  # noqa: SLF001 - the parts of a run are hard to make by payloads
    counted.add_payload(PayloadContent(parts, source_of(b"")))
    row = r'<tr class="(.*?)"><th scope="row">(.*?)</th><td>([\d,]+)<'
    return [
        {
            "title": re.search("<h2>(.*?)</h2>", table)[1],
            "head": re.search('<th scope="col">(.*?)</th>', table)[1],
            "rows": {name: (count, mark) for mark, name, count in re.findall(row, table)},
        }
        for table in counted.tables()
        if "By " not in table
    ]


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("show_values", [False, True])
def test_hostile_text(hostile, show_values):
    """No text from outside becomes part of the page, wherever it comes from."""
    raw = json.dumps({"event_name": hostile.replace("\ud800", ""), "context": {hostile[:5]: 1}}).encode()
    violation = Violation("TC999", Severity.ERROR, f"/{hostile}", hostile, hint=hostile, source=hostile)
    text = page(
        ViolationResult(hostile, violation),
        payload_result(hostile, 1, raw, ()),
        FileFinished(hostile, Tally(), (), hostile),
        RunFinished(Tally()),
        show_values=show_values,
    )
    tame = page(
        ViolationResult("a", Violation("TC999", Severity.ERROR, "/a", "a", hint="a", source="a")),
        payload_result("a", 1, json.dumps({"event_name": "a", "context": {"a": 1}}).encode(), ()),
        FileFinished("a", Tally(), (), "a"),
        RunFinished(Tally()),
        show_values=show_values,
    )
    tags = re.compile(r"<[/!a-z][a-z0-9]*", re.IGNORECASE)
    assert tags.findall(text) == tags.findall(tame)
    assert all(each.isprintable() or each == "\n" for each in text)
    assert len(rows(text)) == 2


@given(personal_events(), st.booleans())
def test_nothing_personal(event, in_batch):
    """Nothing that describes a person, a page or a device is in the page unless values are requested."""
    payload = {"batch": [event]} if in_batch else event
    for find in (validate, lint):
        assert not any(secret in page(*check(payload, find=find)) for secret in SECRET_TEXTS)


@given(personal_events(), st.data())
def test_nothing_personal_of_broken_text(event, data):
    """Nor is it if the text ends too early."""
    raw = json.dumps(event).encode()
    broken = raw[: data.draw(st.integers(0, len(raw)))]
    assert not any(secret in page(*check(broken)) for secret in SECRET_TEXTS)


def test_nothing_personal_of_other_kinds():
    """Persons, addresses and the values in the URL of a pixel are masked too."""
    payloads = (
        {"person": {"id": [SECRET], "email": 7, SECRET: SECRET}},
        {"id": 3, "conversion_items": [], "billing_address": SECRET, "user": [SECRET], "comment": {"a": SECRET}},
        f"https://collect.commander1.com/events?tc_s=1&token={SECRET}&user[id][0]={SECRET}&url[x]={SECRET}".encode(),
        f"tc_s=1&token[{SECRET}]={SECRET}".encode(),
    )
    found = rows(page(*check(*payloads)))
    assert len(found) > 4
    assert not any(SECRET in row[name] for row in found for name in row if name not in {"pointer", "message", "help"})
    assert not any(f'"{SECRET}' in row[name] for row in found for name in ("message", "help"))


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Run in a folder of its own."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("elsewhere")
class TestCommand:
    """`tcspec validate --format html` writes the page."""

    def test_masked(self):
        """Values are masked by default."""
        put("a.json", json.dumps({**LOGIN, "user": {"email_sha256": "Ada Keller"}}).encode())
        run = tcspec("validate", "--format", "html", "a.json")
        assert run.code == 1
        assert {row["value"] for row in rows(run.out) if row["pointer"] == "/user/email_sha256"} == {"(masked)"}
        assert "Ada" not in run.out
        assert "Values that may describe a person are masked." in run.out
        assert "1 payload in 1 file" in run.err

    def test_shown(self):
        """`--show-values` shows them, and the page states that."""
        put("a.json", json.dumps({**LOGIN, "user": {"email_sha256": "Ada Keller"}}).encode())
        run = tcspec("validate", "--format", "html", "--show-values", "a.json")
        assert {row["value"] for row in rows(run.out) if row["pointer"] == "/user/email_sha256"} == {'"Ada Keller"'}
        assert "Values are shown: this page may describe persons." in run.out

    def test_only_of_the_page(self):
        """To request values in another format is misuse."""
        put("a.json", json.dumps(LOGIN).encode())
        run = tcspec("validate", "--show-values", "a.json")
        assert (run.code, run.out) == (2, "")
        assert "--show-values needs --format html" in run.err

    def test_pointer_and_kind(self):
        """Payloads inside documents, and kinds that are set, are counted and shown as what they are."""
        put("a.ndjson", json.dumps({"body": {"id": 3, "currency": "eur"}}).encode())
        run = tcspec("validate", "--format", "html", "--kind", "product", "--pointer", "/body", "a.ndjson")
        assert table(run.out, "By event") == {"(product)": 1}
        assert {row["pointer"]: row["value"] for row in rows(run.out)}["/body/currency"] == '"eur"'

    def test_captured_request(self):
        """A captured request is counted by what its body is, or by its endpoint."""
        address = "https://collect.commander1.com/events?tc_s=1&token=x"
        request = f"POST {address}\nContent-Type: application/json\n\n{json.dumps(NO_ID)}\n"
        put("a.http", request.encode())
        run = tcspec("validate", "--format", "html", "a.http")
        assert table(run.out, "By event") == {"login": 1}
        assert any(row["pointer"].startswith("/body") for row in rows(run.out))
