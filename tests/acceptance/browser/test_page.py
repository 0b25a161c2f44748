"""The page as its readers have it: in a real Chromium, on narrow and wide screens, by keyboard, in light and dark."""

from __future__ import annotations

import json
import re
from itertools import product

import pytest

from acceptance.browser.chromium import Browser
from command import tcspec
from html_pages import HOSTILE, check, page, rows
from migrating import STREAMS
from reporting import payload_result
from tcspec.errors import Severity, Violation
from tcspec.reporters.results import RunFinished, Tally, ViolationResult

TIME = 1_718_006_400_000
HOUR = 3_600_000
ROWS = "[...document.querySelectorAll('#rows > li')].map((row) => row.querySelector('strong').textContent)"
STATUS = "document.getElementById('status').textContent"
FOCUS = (
    "(document.activeElement.name || document.activeElement.id || document.activeElement.textContent.trim())"
    ".toLowerCase()"
)
TABLES = "[...document.querySelectorAll('section:not(.plain) table')]"
RIGHT = "getBoundingClientRect().right"
TABLES_FIT = f"{TABLES}.every((table) => table.{RIGHT} <= table.closest('section').{RIGHT})"
WIDTHS, SCHEMES = (360, 1400), ("light", "dark")
FILTERS = ["severity", "code", "event", "dialect", "search"]
LONG = "an_event_whose_name_has_no_end_" * 3


def payloads():
    """Yield payloads of several kinds, sizes and times, valid and invalid."""
    for index in range(30):
        context = {"event_id": f"e-{index}", "event_timestamp": TIME + index * HOUR}
        yield {"event_name": "purchase", "user": {"id": "ada"}, "context": context, "note": "x" * 90 * index}
        yield {"event_name": ("login", "search", LONG)[index % 3], "user": {"id": "ada"}, "context": {}}
    yield {"event_name": "login", "user": {"email_sha256": "Ada Keller"}, "context": {"event_id": "e", "page": 7}}
    yield {"event": "login", "event_id": "e", "event_timestamp": TIME, "device": {"ip": "192.0.2.7"}}
    yield {"batch": [{"event_name": "login", "context": {"event_id": 7}, "user": {}}]}
    yield b"{"


def very_many(count):
    """Yield the results of one payload that has many violations."""
    for index in range(count):
        yield ViolationResult("a", Violation("TC403", Severity.ERROR, f"/items/{index}", f"value {index} is wrong"))
    yield payload_result("a", 1, b"{}", ())
    yield RunFinished(Tally(files=1, payloads=1, error=count))


def write(path, *results, **options):
    """Write a page to a file."""
    path.write_text(page(*results, **options), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Write the pages: of a run with findings, of one without, with very many findings, with hostile texts."""
    folder = tmp_path_factory.mktemp("pages")
    warning = Violation("TC210", Severity.WARNING, "/context", "the time is odd", line=3, column=1, hint="look")
    info = Violation("TC602", Severity.INFO, "", "`colour` is a custom property", source="K001")
    finished = RunFinished(Tally(files=1, payloads=64, error=149, warning=150, info=1, expected=2, unmet=1))
    softer = (
        ViolationResult("logs/b.ndjson", warning),
        ViolationResult("logs/b.ndjson", info),
        payload_result("b", 3, b'{"event_name": "x"}', ()),
    )
    hostile = [
        part
        for text in HOSTILE
        for part in (
            ViolationResult(text, Violation("TC999", Severity.ERROR, f"/{text}", f"`{text}`", hint=text, source=text)),
            payload_result(text, 1, json.dumps({"event_name": text.replace("\ud800", "")}).encode(), ()),
        )
    ]
    migrated = folder / "migrated.html"
    tcspec("migrate", str(STREAMS / "mixed.ndjson"), str(folder / "mixed.ndjson"), "--report", str(migrated))
    return {
        "migrated": migrated,
        "found": write(folder / "found.html", *check(*payloads(), path="logs/a.ndjson"), *softer, finished),
        "values": write(folder / "values.html", *check(*payloads()), show_values=True),
        "many": write(
            folder / "many.html", *[ViolationResult("a", info)] * 250, payload_result("a", 1, b"{}", ()), finished
        ),
        "very_many": write(folder / "very_many.html", *very_many(100_000)),
        "fine": write(
            folder / "fine.html", payload_result("a", 1, b'{"event_name": "x"}', ()), RunFinished(Tally(1, 1))
        ),
        "nothing": write(folder / "nothing.html", RunFinished(Tally())),
        "hostile": write(folder / "hostile.html", *hostile, RunFinished(Tally())),
    }


@pytest.fixture(scope="module")
def browser():
    """Start a browser once."""
    started = Browser()
    yield started
    started.close()


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        *product(("found", "hostile", "migrated"), WIDTHS, SCHEMES),
        *product(("values", "many", "fine", "nothing"), WIDTHS[:1], SCHEMES[:1]),
    ],
)
def test_every_page(browser, files, name, width, scheme):
    """A page fits the screen, has no problem that axe finds, requests nothing and logs nothing, in light and dark."""
    browser.open(files[name], width, scheme)
    browser.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert browser.evaluate(TABLES_FIT)
    assert browser.accessibility_problems() == []
    assert browser.problems() == []
    assert [each for each in browser.requests() if not each.startswith("data:")] == [files[name].as_uri()]


def test_colours(browser, files):
    """The page is dark for those who prefer it dark."""
    shades = []
    for scheme in ("light", "dark"):
        browser.open(files["found"], scheme=scheme)
        colour = browser.evaluate("getComputedStyle(document.body).backgroundColor")
        shades.append(sum(map(int, re.findall(r"\d+", colour))))
    assert shades[0] > 600
    assert shades[1] < 150


def test_what_is_seen(browser, files):
    """The page shows totals, tables and findings, and no value that describes a person."""
    browser.open(files["found"])
    text = browser.text()
    for part in (
        "tcspec report",
        "purchase",
        "v2_http",
        "(unreadable)",
        "TC201",
        "logs/a.ndjson:1:",
        "expected, missing",
    ):
        assert part in text
    assert "Events by time in UTC" in text
    assert "One row for each 2 hours" in text
    assert browser.evaluate("document.querySelectorAll('table').length") == 6
    assert browser.evaluate("document.querySelectorAll('td rect').length") > 30
    assert "Ada" not in text
    assert "192.0.2.7" not in browser.evaluate("document.documentElement.outerHTML")


def test_values_on_request(browser, files):
    """Requested values are visible."""
    browser.open(files["values"])
    choose(browser, "event", "login")
    assert '"Ada Keller"' in browser.text()
    assert "this page may describe persons" in browser.text()


def test_tab_order(browser, files):
    """Tab goes from the skip link through the filters to the pages, and backwards."""
    browser.open(files["many"])
    browser.press("Tab")
    assert browser.evaluate(FOCUS) == "skip to the findings"
    assert browser.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    order = []
    for _ in range(8):
        browser.press("Tab")
        order.append(browser.evaluate(FOCUS))
    # The first page has no previous one.
    assert order == [*FILTERS, "clear", "page", "next"]
    browser.press("Shift+Tab", "Shift+Tab", "Shift+Tab")
    assert browser.evaluate(FOCUS) == "search"


def test_skip_link(browser, files):
    """The skip link leads past the totals, and the next stop is the first filter."""
    browser.open(files["found"])
    browser.press("Tab", "Enter")
    assert browser.evaluate(FOCUS) == "findings"
    browser.press("Tab")
    assert browser.evaluate(FOCUS) == "severity"


def test_focus_is_seen(browser, files):
    """Whatever has the focus has an outline."""
    browser.open(files["many"])
    for _ in range(8):
        browser.press("Tab")
        assert browser.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def choose(browser, name, value):
    """Choose the option of a filter that has a label."""
    option = f"[...form.elements.{name}.options].find((each) => each.text.startsWith({json.dumps(value + ' (')}))"
    browser.evaluate(f"form.elements.{name}.value = {option}.value")
    browser.evaluate("form.dispatchEvent(new Event('input'))")


def reach(browser, name):
    """Move the focus to a control with the keyboard."""
    browser.press("Tab", "Enter")
    for _ in range(8):
        browser.press("Tab")
        if browser.evaluate(FOCUS) == name:
            return
    raise LookupError(name)


def test_filter_by_keyboard(browser, files):
    """A filter is set with the keys, states what matches, and is cleared with the keys."""
    browser.open(files["found"])
    everything = browser.evaluate(STATUS)
    reach(browser, "severity")
    browser.type("warning")
    assert browser.evaluate(ROWS) == ["TC210"]
    assert browser.evaluate(STATUS).startswith("1 to 1 of 1 findings that match, of ")
    browser.press("Shift+Tab")
    reach(browser, "clear")
    browser.press("Enter")
    assert (
        browser.evaluate("new Promise((done) => setTimeout(() => done(document.forms[0].elements.severity.value)))")
        == ""
    )
    assert browser.evaluate(STATUS) == everything


@pytest.mark.parametrize(
    ("name", "value", "codes"),
    [
        ("severity", "info", {"TC602"}),
        ("code", "TC001", {"TC001"}),
        ("dialect", "v0_snake", None),
        ("event", LONG[:79] + "…", None),
    ],
)
def test_each_filter(browser, files, name, value, codes):
    """Each filter lists the findings that have its value, as many as its option states."""
    browser.open(files["found"])
    listed = [row for row in rows(files["found"].read_text("utf-8")) if row[name] == value]
    options = f"[...document.forms[0].elements.{name}]"
    assert f"{value} ({len(listed)})" in browser.evaluate(f"{options}.map((each) => each.text)")
    choose(browser, name, value)
    assert browser.evaluate(ROWS) == [row["code"] for row in listed]
    assert listed
    assert codes is None or {row["code"] for row in listed} == codes


def test_filters_together(browser, files):
    """Filters add up, the search is in every column and in any case, and no match is stated."""
    browser.open(files["found"])
    reach(browser, "search")
    browser.type("COLOUR")
    assert browser.evaluate(ROWS) == ["TC602"]
    choose(browser, "severity", "warning")
    assert browser.evaluate(ROWS) == []
    assert re.fullmatch(r"None of \d+ findings matches\.", browser.evaluate(STATUS))


def test_pages(browser, files):
    """Every finding is on a page; the focus goes to the first finding of the page."""
    browser.open(files["many"])
    assert browser.evaluate(STATUS) == "1 to 100 of 250 findings."
    reach(browser, "next")
    browser.press("Enter")
    assert browser.evaluate("document.activeElement === document.querySelector('#rows > li')") is True
    assert browser.evaluate(STATUS) == "101 to 200 of 250 findings."
    browser.press("Tab", "Tab", "Tab", "Enter")
    assert browser.evaluate(STATUS) == "201 to 250 of 250 findings."
    assert browser.evaluate("[previous.disabled, next.disabled]") == [False, True]
    browser.press("Tab", "Enter")
    assert browser.evaluate(STATUS) == "101 to 200 of 250 findings."


@pytest.mark.parametrize(("page", "status"), [("3", "201 to 250"), ("9", "201 to 250"), ("-1", "1 to 100")])
def test_page_by_number(browser, files, page, status):
    """A page is found by its number; the nearest one if there is no such page."""
    browser.open(files["many"])
    reach(browser, "page")
    browser.press("Control+A")
    browser.type(page)
    browser.press("Enter")
    assert browser.evaluate(STATUS) == f"{status} of 250 findings."


def test_errors_first(browser, files):
    """Errors come before warnings, and warnings before infos."""
    browser.open(files["found"])
    severities = browser.evaluate("rows.map((row) => texts[cell(row, 'severity')])")
    assert severities == sorted(severities, key=["error", "warning", "info"].index)
    assert set(severities) == {"error", "warning", "info"}


def test_very_many_findings(browser, files):
    """A page of 100,000 findings opens; its last page and a search find what is there."""
    browser.open(files["very_many"])
    assert browser.evaluate(STATUS) == "1 to 100 of 100,000 findings."
    reach(browser, "search")
    browser.type("value 99999")
    assert browser.evaluate(STATUS) == "1 to 1 of 1 findings that match, of 100,000."
    browser.evaluate("form.reset()")
    browser.evaluate("new Promise((done) => setTimeout(done))")
    browser.evaluate("turn(1000)")
    assert browser.evaluate(STATUS) == "99,901 to 100,000 of 100,000 findings."


def test_nothing_found(browser, files):
    """Without findings there is nothing to filter."""
    browser.open(files["fine"])
    assert browser.evaluate(STATUS) == "Nothing was found."
    assert browser.evaluate("document.forms[0].hidden") is True


def test_without_scripts(browser, files):
    """Without JavaScript the totals are there, and the page states what is not."""
    browser.open(files["found"], scripts=False)
    text = browser.text()
    assert "purchase" in text
    assert "need JavaScript" in text
    assert "Clear" not in text


def test_hostile_texts(browser, files):
    """Texts from outside are shown as they are, and do nothing."""
    browser.open(files["hostile"])
    assert browser.problems() == []
    assert len(browser.evaluate(ROWS)) == len(HOSTILE)
    assert browser.evaluate("document.querySelectorAll('img, b, main script, [onload], [onerror]').length") == 0
    assert "<img src=x onerror=alert(1)>" in browser.text()
    assert r"a\u202eb\u2066c\x00d\x1b[31m" in browser.text()


def test_policy(browser, files):
    """Even a script that came into the page would not run, and nothing could be sent."""
    browser.open(files["found"])
    browser.evaluate(
        "(() => { const made = document.createElement('script'); made.textContent = 'window.ran = true';"
        " document.body.append(made); })()"
    )
    assert browser.evaluate("typeof window.ran") == "undefined"
    assert browser.evaluate("fetch('https://shop.example/').then(() => 'sent', () => 'refused')") == "refused"
    # The policy refuses before anything is requested.
    assert browser.requests() == [files["found"].as_uri()]
