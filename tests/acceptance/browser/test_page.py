"""The page as its readers have it: in a real Chromium, on narrow and wide screens, by keyboard, in light and dark."""

from __future__ import annotations

import json
import re
from itertools import product

import pytest

from acceptance.browser.chromium import Browser
from reporters.test_html import HOSTILE, judged, page
from tcspec.errors import Severity, Violation
from tcspec.reporters.results import PayloadResult, RunFinished, Tally, ViolationResult

MOMENT = 1_718_006_400_000
HOUR = 3_600_000
ROWS = "[...document.querySelectorAll('#rows > li')].map((row) => row.querySelector('strong').textContent)"
STATUS = "document.getElementById('shown').textContent"
FOCUS = (
    "(document.activeElement.name || document.activeElement.id || document.activeElement.textContent.trim())"
    ".toLowerCase()"
)
WIDTHS, SCHEMES = (360, 1400), ("light", "dark")
FILTERS = ["severity", "code", "event", "dialect", "text"]
LONG = "an_event_whose_name_has_no_end_" * 3


def payloads():
    """Give payloads of several kinds, sizes and times, right and wrong."""
    for index in range(30):
        context = {"event_id": f"e-{index}", "event_timestamp": MOMENT + index * HOUR}
        yield {"event_name": "purchase", "user": {"id": "ada"}, "context": context, "note": "x" * 90 * index}
        yield {"event_name": ("login", "search", LONG)[index % 3], "user": {"id": "ada"}, "context": {}}
    yield {"event_name": "login", "user": {"email_sha256": "Ada Keller"}, "context": {"event_id": "e", "page": 7}}
    yield {"event": "login", "event_id": "e", "event_timestamp": MOMENT, "device": {"ip": "192.0.2.7"}}
    yield {"batch": [{"event_name": "login", "context": {"event_id": 7}, "user": {}}]}
    yield b"{"


def write(path, *results, **options):
    """Write a page."""
    path.write_text(page(*results, **options), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Write the pages that are read: one of a run with findings, one of a run without, one with hostile texts."""
    folder = tmp_path_factory.mktemp("pages")
    warning = Violation("TC210", Severity.WARNING, "/context", "the time is odd", line=3, column=1, hint="look")
    info = Violation("TC602", Severity.INFO, "", "`colour` is a custom property", source="K001")
    ended = RunFinished(Tally(files=1, payloads=64, error=149, warning=150, info=1, expected=2, unmet=1))
    softer = (
        ViolationResult("logs/b.ndjson", warning),
        ViolationResult("logs/b.ndjson", info),
        PayloadResult("b", 3, b'{"event_name": "x"}', ()),
    )
    hostile = [
        part
        for text in HOSTILE
        for part in (
            ViolationResult(text, Violation("TC999", Severity.ERROR, f"/{text}", f"`{text}`", hint=text, source=text)),
            PayloadResult(text, 1, json.dumps({"event_name": text.replace("\ud800", "")}).encode(), ()),
        )
    ]
    return {
        "found": write(folder / "found.html", *judged(*payloads(), path="logs/a.ndjson"), *softer, ended),
        "values": write(folder / "values.html", *judged(*payloads()), show_values=True),
        "many": write(
            folder / "many.html", *[ViolationResult("a", info)] * 250, PayloadResult("a", 1, b"{}", ()), ended
        ),
        "fine": write(
            folder / "fine.html", PayloadResult("a", 1, b'{"event_name": "x"}', ()), RunFinished(Tally(1, 1))
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
        *product(("found", "hostile"), WIDTHS, SCHEMES),
        *product(("values", "many", "fine", "nothing"), WIDTHS[:1], SCHEMES[:1]),
    ],
)
def test_every_page(browser, files, name, width, scheme):
    """A page fits the screen, is clean under axe, asks for nothing and complains of nothing, in light and dark."""
    browser.open(files[name], width, scheme)
    browser.ask("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert browser.ask("document.documentElement.scrollWidth") <= width
    assert browser.flaws() == []
    noticed = browser.noticed()
    assert noticed["problems"] == []
    assert [each for each in noticed["requests"] if not each.startswith("data:")] == [files[name].as_uri()]


def test_colours(browser, files):
    """The page is dark for those who like it dark."""
    shades = []
    for scheme in ("light", "dark"):
        browser.open(files["found"], scheme=scheme)
        colour = browser.ask("getComputedStyle(document.body).backgroundColor")
        shades.append(sum(map(int, re.findall(r"\d+", colour))))
    assert shades[0] > 600
    assert shades[1] < 150


def test_what_is_seen(browser, files):
    """The page shows totals, tables, plots and violations, and no value that describes a person."""
    browser.open(files["found"])
    text = browser.text()
    for part in ("tcspec report", "purchase", "v2_http", "(unreadable)", "TC201", "logs/a.ndjson:1:", "as expected"):
        assert part in text
    assert "Events by time in UTC, one bar for each hour" in text
    assert browser.ask("document.querySelectorAll('svg[role=img]').length") == 3
    assert browser.ask("document.querySelectorAll('svg .bar').length") > 30
    assert "Ada" not in text
    assert "192.0.2.7" not in browser.ask("document.documentElement.outerHTML")


def test_values_on_request(browser, files):
    """When values are asked for they are seen."""
    browser.open(files["values"])
    browser.ask("document.forms[0].elements.event.value = 'login'")
    browser.ask("document.forms[0].dispatchEvent(new Event('input'))")
    assert '"Ada Keller"' in browser.text()
    assert "this page may describe persons" in browser.text()


def test_tab_order(browser, files):
    """The tabulator goes from the skip link through the filters, and backwards."""
    browser.open(files["many"])
    browser.press("Tab")
    assert browser.ask(FOCUS) == "skip to what was found"
    assert browser.ask("document.activeElement.getBoundingClientRect().left") >= 0
    order = []
    for _ in range(7):
        browser.press("Tab")
        order.append(browser.ask(FOCUS))
    assert order == [*FILTERS, "clear", "more"]
    browser.press("Shift+Tab", "Shift+Tab")
    assert browser.ask(FOCUS) == "text"


def test_skip_link(browser, files):
    """The skip link leads past the totals, and the next stop is the first filter."""
    browser.open(files["found"])
    browser.press("Tab", "Enter")
    assert browser.ask(FOCUS) == "found"
    browser.press("Tab")
    assert browser.ask(FOCUS) == "severity"


def test_focus_is_seen(browser, files):
    """What has the focus has an outline."""
    browser.open(files["many"])
    for _ in range(8):
        browser.press("Tab")
        assert browser.ask("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def reach(browser, name):
    """Go to a control with the keyboard."""
    browser.press("Tab", "Enter")
    for _ in range(8):
        browser.press("Tab")
        if browser.ask(FOCUS) == name:
            return
    raise LookupError(name)


def test_filter_by_keyboard(browser, files):
    """A filter is set with the keys, says what is left, and is cleared with the keys."""
    browser.open(files["found"])
    everything = browser.ask(STATUS)
    reach(browser, "severity")
    browser.type("warning")
    assert browser.ask(ROWS) == ["TC210"]
    assert browser.ask(STATUS).startswith("1 of ")
    browser.press("Shift+Tab")
    reach(browser, "clear")
    browser.press("Enter")
    assert browser.ask("new Promise((done) => setTimeout(() => done(document.forms[0].elements.severity.value)))") == ""
    assert browser.ask(STATUS) == everything


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
    """Each filter leaves the rows that have its value, as many as its choice says."""
    browser.open(files["found"])
    listed = [row for row in browser.ask("rows") if row[name] == value]
    options = f"[...document.forms[0].elements.{name}]"
    label = browser.ask(f"{options}.find((each) => each.value === {json.dumps(value)}).text")
    assert label == f"{value} ({len(listed)})"
    browser.ask(f"document.forms[0].elements.{name}.value = {json.dumps(value)}")
    browser.ask("document.forms[0].dispatchEvent(new Event('input'))")
    assert browser.ask(ROWS) == [row["code"] for row in listed]
    assert listed
    assert codes is None or {row["code"] for row in listed} == codes


def test_filters_together(browser, files):
    """Filters add up, a text is looked for everywhere in any case, and what fits nothing is said."""
    browser.open(files["found"])
    reach(browser, "text")
    browser.type("COLOUR")
    assert browser.ask(ROWS) == ["TC602"]
    browser.ask("document.forms[0].elements.severity.value = 'warning'")
    browser.type(" ")
    assert browser.ask(ROWS) == []
    assert re.fullmatch(r"None of \d+ fits these filters\.", browser.ask(STATUS))


def test_more(browser, files):
    """A long list is shown part by part, and the focus goes to the first new row."""
    browser.open(files["many"])
    assert browser.ask(STATUS) == "100 of 250 shown."
    reach(browser, "more")
    browser.press("Enter")
    assert browser.ask("[...document.querySelectorAll('#rows > li')].indexOf(document.activeElement)") == 100
    assert browser.ask(STATUS) == "200 of 250 shown."
    browser.press("Tab")
    assert browser.ask(FOCUS) == "more"
    browser.press("Enter")
    assert browser.ask(STATUS) == "250 listed."
    assert browser.ask("document.getElementById('more').hidden") is True


def test_nothing_found(browser, files):
    """Where nothing was found there is nothing to filter."""
    browser.open(files["fine"])
    assert browser.ask(STATUS) == "Nothing was found."
    assert browser.ask("document.forms[0].hidden") is True


def test_without_scripts(browser, files):
    """Without JavaScript the totals are there, and the page says what is not."""
    browser.open(files["found"], scripts=False)
    text = browser.text()
    assert "purchase" in text
    assert "need JavaScript" in text
    assert "Clear" not in text


def test_hostile_texts(browser, files):
    """Texts from outside are shown as they are spelt, and do nothing."""
    browser.open(files["hostile"])
    assert browser.noticed()["problems"] == []
    assert len(browser.ask(ROWS)) == len(HOSTILE)
    assert browser.ask("document.querySelectorAll('img, b, main script, [onload], [onerror]').length") == 0
    assert "<img src=x onerror=alert(1)>" in browser.text()
    assert r"a\u202eb\u2066c\x00d\x1b[31m" in browser.text()


def test_policy(browser, files):
    """Even a script that came into the page would not run, and nothing could be sent."""
    browser.open(files["found"])
    browser.ask(
        "(() => { const made = document.createElement('script'); made.textContent = 'window.ran = true';"
        " document.body.append(made); })()"
    )
    assert browser.ask("typeof window.ran") == "undefined"
    assert browser.ask("fetch('https://shop.example/').then(() => 'sent', () => 'refused')") == "refused"
    # The policy refuses before anything is asked for.
    assert browser.noticed()["requests"] == [files["found"].as_uri()]
