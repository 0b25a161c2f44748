"""The page of a run: what it counts and lists, and what it never holds."""

from __future__ import annotations

import html
import json
import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from command import put, tcspec
from contract.test_privacy import SECRET, SPELLINGS, personal_events
from tcspec.errors import Fix, Severity, Violation
from tcspec.reporters.html import MOST_NAMES, render
from tcspec.reporters.page import LISTED
from tcspec.reporters.results import FileFinished, FileStarted, PayloadResult, RunFinished, Tally, ViolationResult
from tcspec.rules.linting import lint
from tcspec.validation import validate

LOGIN = {"event_name": "login", "user": {"id": "ada"}, "context": {"event_id": "e-1", "event_timestamp": 1718006400000}}
NO_ID = {"event_name": "login", "user": {"id": "ada"}, "context": {"event_timestamp": 1718006400000}}
VIOLATION = Violation("TC403", Severity.WARNING, "/value", "`value` is odd", line=2, column=7, hint="look")


def page(*results, **options):
    """Tell results as a page."""
    return "".join(render(results, **options))


def judged(*payloads, path="a.ndjson", found=validate):
    """Judge payloads as the command line does."""
    yield FileStarted(path)
    for line, payload in enumerate(payloads, 1):
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        violations = found(raw)
        yield from (ViolationResult(path, violation) for violation in violations)
        yield PayloadResult(path, line, raw, tuple(violations))
    yield FileFinished(path, Tally(files=1, payloads=len(payloads)))


def rows(text):
    """Read the violations that a page lists."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)[1])


def table(text, heading):
    """Read the names and counts below a heading."""
    section = re.search(rf">{heading}</h2>(.*?)</section>", text, re.DOTALL)[1]
    cells = re.findall(r'<tr><th scope="row">(.*?)</th>.*?<td class="count">([\d,]+)<', section)
    return {html.unescape(re.sub("<[^>]*>", "", name)): int(count.replace(",", "")) for name, count in cells}


def test_row():
    """A violation is listed with all that is known of it."""
    raw = json.dumps({"event_name": "purchase", "value": "12", "context": {}}).encode()
    fixed = Violation(**{name: getattr(VIOLATION, name) for name in ("code", "severity", "pointer", "message")})
    text = page(
        ViolationResult("a.json", VIOLATION),
        ViolationResult("a.json", Violation("TC403", Severity.INFO, "", "odd", source="K1", fix=Fix("mend", ()))),
        ViolationResult("a.json", fixed, expected=True),
        PayloadResult("a.json", 1, raw, ()),
        RunFinished(Tally()),
    )
    assert rows(text) == [
        {
            "code": "TC403",
            "severity": "warning",
            "place": "a.json:2:7",
            "pointer": "/value",
            "message": "`value` is odd",
            "hint": "look",
            "fix": "",
            "source": "tcspec",
            "basis": "documented",
            "event": "purchase",
            "dialect": "v2_http",
            "value": '"12"',
        },
        {
            "code": "TC403",
            "severity": "info",
            "place": "a.json",
            "pointer": "",
            "message": "odd",
            "hint": "",
            "fix": "mend",
            "source": "K1",
            "basis": "documented",
            "event": "purchase",
            "dialect": "v2_http",
            "value": "",
        },
    ]
    assert table(text, "By code") == {"TC403warning": 1, "TC403info": 1}


def test_counts():
    """Payloads are counted by event and by dialect, those in a batch one by one, and violations by code."""
    text = page(*judged(LOGIN, NO_ID, {"batch": [LOGIN, NO_ID]}, b"{", {"event": "login"}))
    assert table(text, "By event") == {"login": 5, "(batch)": 1, "(unreadable)": 1}
    assert table(text, "By dialect") == {"v2_http": 4, "v2_batch": 1, "v0_track": 1, "(unreadable)": 1}
    codes = table(text, "By code")
    assert codes["TC201error"] == 2
    assert sum(codes.values()) == len(rows(text))
    in_batch = next(row for row in rows(text) if row["pointer"].startswith("/batch/1"))
    assert in_batch["event"] == "login"


def test_files():
    """What is wrong with a file as a whole is listed like any violation."""
    ended = FileFinished("b.json", Tally(), ("TC401",), "Is a directory")
    text = page(
        FileStarted("b.json"), ViolationResult("b.json", VIOLATION), ended, RunFinished(Tally(unmet=1, unreadable=1))
    )
    assert [(row["code"], row["place"]) for row in rows(text)] == [
        ("TC403", "b.json:2:7"),
        ("unmet", "b.json"),
        ("unreadable", "b.json"),
    ]
    assert "1 file could not be read" in text


def test_empty_run():
    """A run that saw nothing is a whole page."""
    text = page(RunFinished(Tally()))
    assert text.startswith("<!doctype html>")
    assert text.endswith("</html>\n")
    assert rows(text) == []
    assert "no payload in no file" in text
    assert "{{" not in text


def test_many_violations():
    """So many violations are listed, all are counted, and the page says so."""
    found = [ViolationResult("a.ndjson", VIOLATION)] * 7
    each = [*found, PayloadResult("a.ndjson", 1, b"{}", ())]
    text = page(*each * 300, RunFinished(Tally()))
    assert len(rows(text)) == LISTED == 2_000
    assert table(text, "By code") == {"TC403warning": 2_100}
    assert "All 2,100 were counted, the first 2,000 are listed." in text


def test_many_names():
    """Beyond so many names of events further ones are counted together, so that no run grows the page."""
    events = (PayloadResult("a", 1, json.dumps({"event_name": f"own_{index}"}).encode(), ()) for index in range(1_200))
    names = table(page(*events, RunFinished(Tally())), "By event")
    assert len(names) == MOST_NAMES + 1
    assert names["(further names)"] == 200


def test_flat_memory():
    """A page takes no more memory of a run three times as long, whatever its events are called and of when they are."""

    def peak(count):
        def results():
            for index in range(count):
                event = {"event_name": f"{index:0300}", "context": {"event_timestamp": index * 3_600_000 + 10**12}}
                yield ViolationResult("a.ndjson", Violation("TC403", Severity.INFO, f"/{index}", f"{index:0200}"))
                yield PayloadResult("a.ndjson", index, json.dumps(event).encode(), ())
                yield FileFinished("a.ndjson", Tally())

        tracemalloc.start()
        "".join(render(results()))
        reached = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return reached

    assert peak(7_500) < peak(2_500) + 500_000


HOSTILE = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "\"'><b onload=alert(1)>",
    "{{data}}",
    "{{script}}",
    "a\u202eb\u2066c\u0000d\x1b[31m\ud800\u2028",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("show_values", [False, True])
def test_hostile_text(hostile, show_values):
    """No text from outside becomes part of the page, wherever it comes from."""
    raw = json.dumps({"event_name": hostile.replace("\ud800", ""), "context": {hostile[:5]: 1}}).encode()
    violation = Violation("TC999", Severity.ERROR, f"/{hostile}", hostile, hint=hostile, source=hostile)
    text = page(
        ViolationResult(hostile, violation),
        PayloadResult(hostile, 1, raw, ()),
        FileFinished(hostile, Tally(), (), hostile),
        RunFinished(Tally()),
        show_values=show_values,
    )
    tame = page(
        ViolationResult("a", Violation("TC999", Severity.ERROR, "/a", "a", hint="a", source="a")),
        PayloadResult("a", 1, json.dumps({"event_name": "a", "context": {"a": 1}}).encode(), ()),
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
    """Nothing that describes a person, a page or a device is in the page unless values are asked for."""
    payload = {"batch": [event]} if in_batch else event
    for found in (validate, lint):
        assert not any(spelling in page(*judged(payload, found=found)) for spelling in SPELLINGS)


@given(personal_events(), st.data())
def test_nothing_personal_of_broken_text(event, data):
    """Nor is it when the text is broken off."""
    raw = json.dumps(event).encode()
    broken = raw[: data.draw(st.integers(0, len(raw)))]
    assert not any(spelling in page(*judged(broken)) for spelling in SPELLINGS)


def test_nothing_personal_of_other_kinds():
    """Persons, addresses and what an address of a pixel holds are masked too."""
    payloads = (
        {"person": {"id": [SECRET], "email": 7, SECRET: SECRET}},
        {"id": 3, "conversion_items": [], "billing_address": SECRET, "user": [SECRET], "comment": {"a": SECRET}},
        f"https://collect.commander1.com/events?tc_s=1&token={SECRET}&user[id][0]={SECRET}&url[x]={SECRET}".encode(),
        f"tc_s=1&token[{SECRET}]={SECRET}".encode(),
    )
    text = page(*judged(*payloads))
    assert len(rows(text)) > 4
    assert f'"{SECRET}' not in re.sub(r'"pointer": "[^"]*"', "", text)
    assert SECRET not in re.sub(r'"(pointer|message|hint)": "[^"]*"', "", text)


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Work in a folder of its own."""
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
        """`--show-values` shows them, and the page says so."""
        put("a.json", json.dumps({**LOGIN, "user": {"email_sha256": "Ada Keller"}}).encode())
        run = tcspec("validate", "--format", "html", "--show-values", "a.json")
        assert {row["value"] for row in rows(run.out) if row["pointer"] == "/user/email_sha256"} == {'"Ada Keller"'}
        assert "Values are shown: this page may describe persons." in run.out

    def test_only_of_the_page(self):
        """Asking for values in another format is misuse."""
        put("a.json", json.dumps(LOGIN).encode())
        run = tcspec("validate", "--show-values", "a.json")
        assert (run.code, run.out) == (2, "")
        assert "--show-values needs --format html" in run.err

    def test_pointer_and_kind(self):
        """Payloads inside documents, and kinds that are told, are counted and shown as what they are."""
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
