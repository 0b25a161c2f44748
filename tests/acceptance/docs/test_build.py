"""The documentation as it is built: without warnings, without the network, and with links that lead somewhere."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

import tcspec
from acceptance.browser.chromium import Browser
from environment import IS_ACCEPTANCE
from locations import ROOT
from tcspec import models, strategies
from tcspec import pytest as kit
from tcspec.cli.event import describe_event
from tcspec.cli.program import COMMANDS
from tcspec.contract.contradictions import load_contradictions
from tcspec.contract.schemas import load_catalogue
from tcspec.rules.registry import EVERY_CODE
from tcspec.upgrades.changes import CHANGES

pytestmark = pytest.mark.skipif(not IS_ACCEPTANCE, reason="it takes a minute")

_LOADED = {"img": "src", "script": "src", "iframe": "src", "source": "src", "link": "href"}
"""The attribute of an element from which a browser loads something."""


class _Page(HTMLParser):
    """What a page loads, where its links lead, and the places in it that links can lead to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element loads and where it leads."""
        found = dict(attrs)
        self.anchors.add(found.get("id") or "")
        if tag == "a" and found.get("href"):
            self.links.append(found["href"])
        if found.get(_LOADED.get(tag, "")):
            self.loaded.append(found[_LOADED[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the documentation, with warnings as errors and without a network."""
    folder = tmp_path_factory.mktemp("docs")
    options = ["--fail-on-warning", "--keep-going", "--quiet", "--doctree-dir", str(folder / "doctrees")]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, str(ROOT / "docs"), str(folder / "html")],
        env={"PATH": "", "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"},
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


@pytest.fixture(scope="module")
def pages(site):
    """Return the pages by their paths."""
    return {path: _Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


def test_everything_has_its_page(site):
    """Every code, event and command has a page, every change of the upgrade and every contradiction a section."""
    for folder, names in {"codes": EVERY_CODE, "events": load_catalogue()["events"], "commands": COMMANDS}.items():
        assert [name for name in names if not (site / "reference" / folder / f"{name}.html").is_file()] == []
    for page, sections in {"upgrade": CHANGES, "contradictions": load_contradictions()}.items():
        text = (site / "reference" / f"{page}.html").read_text(encoding="utf-8")
        assert [name for name in sections if f">{name}<" not in text] == []


def test_every_option_is_listed(site):
    """The page of a command has every option of it."""
    for name in COMMANDS:
        text = (site / "reference/commands" / f"{name}.html").read_text(encoding="utf-8")
        options = {option for parameter in COMMANDS[name].params for option in parameter.opts if option[0] == "-"}
        assert sorted(option for option in options if not re.search(rf"\b{option}|{option}\b", text)) == []


def _read_rows(path):
    """Return the tables of a page as the texts of their cells, by the text of the first one."""
    text = path.read_text(encoding="utf-8")
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in re.findall(r"<tr.*?</tr>", text, re.DOTALL)]
    texts = [[html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in rows]
    return {row[0]: row[1:] for row in texts if row}


@pytest.mark.parametrize("name", load_catalogue()["events"])
def test_every_property_is_listed(site, name):
    """The page of an event has each of its properties with requirement, type and sample, and a sample of the event."""
    described = describe_event(name)
    path = site / "reference/events" / f"{name}.html"
    rows = _read_rows(path)
    for each in described["properties"]:
        requirement, kind, what = rows[each["name"]]
        assert (requirement, kind) == (each["requirement"], each["type"].replace("|", " or "))
        # Of events that are only listed the vendor says too little for a sample of each property.
        has_sample = "Sample: " in what or "object" in each or described["status"] == "listed_only"
        assert has_sample, each["name"]
    text = html.unescape(re.sub(r"<[^>]+>", "", path.read_text(encoding="utf-8")))
    assert json.dumps(described["sample"], indent=2) in text


def test_every_object_is_listed(site):
    """Each property of an object of the catalogue is in the reference."""
    rows = _read_rows(site / "reference/events/objects.html") | _read_rows(site / "reference/models.html")
    objects = load_catalogue()["objects"]
    assert [(name, each) for name in objects for each in objects[name]["properties"] if each not in rows] == []


def test_every_public_name_is_described(pages):
    """The reference of Python has every public name: functions, classes of payloads, and modules for special uses."""
    anchors = {anchor for page in pages.values() for anchor in page.anchors}
    names = {f"{module.__name__}.{name}" for module in (tcspec, models, kit, strategies) for name in module.__all__}
    names |= {f"tcspec.starlette.{name}" for name in ("body", "openapi", "refuse")}
    # What is explained in the text: the version, a type, the value of what is absent, and the fixture.
    names -= {
        "tcspec.__version__",
        "tcspec.models.Timestamp",
        "tcspec.models.MISSING",
        "tcspec.pytest.tcspec_collector",
    }
    assert sorted({*names, "tcspec.migration.spark.upgrade"} - anchors) == []


def test_nothing_is_loaded_from_elsewhere(site, pages):
    """No page and no style sheet loads anything from another address: no fonts, scripts or images."""
    assert [url for page in pages.values() for url in page.loaded if urlsplit(url).netloc] == []
    styles = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.css")}
    remote = re.compile(r"(?:@import\s+|url\()[\"']?(?:https?:)?//")
    assert [path for path, text in styles.items() if remote.search(text)] == []


def test_links_inside_lead_somewhere(site, pages):
    """Every link to another page or place of the documentation leads to one that is there."""
    files = {str(path) for path in site.rglob("*")}
    anchors = {str(path): page.anchors for path, page in pages.items()}
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = os.path.normpath(path.parent / unquote(parts.path)) if parts.path else str(path)
            if target not in files or (parts.fragment and parts.fragment not in anchors.get(target, {parts.fragment})):
                broken.append(f"{path.name}: {link}")
    assert broken == []


def test_pages_fit_the_window(pages):
    """No page is wider than a wide or a narrow window, logs an error, or requests anything from elsewhere."""
    # Pages of codes and of events are alike: some of each, with the longest name.
    alike = {path for path in pages if {"codes", "events"} & {*path.parts}}
    some = {path for path in alike if path.stem.endswith(("01", "index", "objects", "purchase", "quarter_reached"))}
    shown = sorted(pages.keys() - alike | some)
    browser = Browser()
    browser.open(shown[0])
    fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert [each for each in browser.visit(shown, (1280, 390), fits) if not each[2]] == []
    assert [url for url in browser.requests() if not url.startswith(("file:", "data:"))] == []
    assert browser.problems() == []
    browser.close()
