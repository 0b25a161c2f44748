"""The documentation as it is built: without warnings, without the network, and with links that lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

import tcspec
from environment import IS_ACCEPTANCE
from locations import ROOT
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


def test_every_public_name_is_described(site):
    """The reference of Python has every public name."""
    text = (site / "python.html").read_text(encoding="utf-8")
    assert [name for name in tcspec.__all__ if name != "__version__" and f'id="tcspec.{name}"' not in text] == []


def test_nothing_is_loaded_from_elsewhere(site, pages):
    """No page and no style sheet loads anything from another address: no fonts, scripts or images."""
    assert [url for page in pages.values() for url in page.loaded if urlsplit(url).netloc] == []
    styles = {path: path.read_text(encoding="utf-8") for path in site.rglob("*.css")}
    remote = re.compile(r"(?:@import\s+|url\()[\"']?(?:https?:)?//")
    assert [path for path, text in styles.items() if remote.search(text)] == []


def test_links_inside_lead_somewhere(pages):
    """Every link to another page or place of the documentation leads to one that is there."""
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchors = pages[target].anchors if target in pages else None
            if not target.is_file() or (parts.fragment and anchors is not None and parts.fragment not in anchors):
                broken.append(f"{path.name}: {link}")
    assert broken == []
