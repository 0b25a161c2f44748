"""The measurements of benchmarks/: what the events are like, and that everything is measured and written."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import pytest

import tcspec
from benchmarks.__main__ import PARTS, measure
from benchmarks.corpus import Corpus, describe, write_lines
from benchmarks.dialects import CLEAN, KINDS
from benchmarks.measure import count_calls
from benchmarks.notations import SHARES
from benchmarks.pages import PAGES, PLOTS, RESULTS, draw_plots, fill_page
from benchmarks.stages import STAGES, count_stage_calls
from benchmarks.tables import WORKS, build_tables
from benchmarks.works import Sizes
from environment import IS_ACCEPTANCE

COUNT = 300
SAME = ("events", "as_json", "as_bytes")


def is_valid_event(line, kind):
    """Return whether a line is an event that meets the contract, of the 2.0 format once it is upgraded."""
    if kind == "current":
        return tcspec.is_valid(line.text)
    try:
        return tcspec.is_valid(tcspec.upgrade_json(line.text))
    except tcspec.TcspecError:
        return False


@pytest.mark.parametrize("kind", KINDS)
class TestCorpus:
    """Events that are written for measurements are what they claim to be."""

    def test_same_seed(self, kind):
        """The same seed gives the same bytes, another one others."""
        first, again, other = (write_lines(Corpus(kind, 20, seed)) for seed in (1, 1, 2))
        assert first == again
        assert first != other

    def test_valid(self, kind):
        """Without damage every event meets the contract, and is of the dialect that it claims."""
        lines = list(Corpus(kind, COUNT))
        assert [line for line in lines if not is_valid_event(line, kind)] == []
        assert [tcspec.detect(json.loads(line.text)).dialect for line in lines] == [line.dialect for line in lines]

    def test_broken(self, kind):
        """Every damaged event is unreadable or does not meet the contract, and no other; the share is as asked for."""
        lines = list(Corpus(kind, COUNT, broken=0.3))
        damaged = [line for line in lines if line.damage]
        assert [is_valid_event(line, kind) for line in lines] == [line.damage is None for line in lines]
        assert COUNT * 0.2 < len(damaged) < COUNT * 0.4

    def test_statistics(self, kind):
        """Events have every dialect and notation and realistic sizes, and statistics describe them."""
        lines = list(Corpus(kind, 2_000))
        found = describe(lines)
        assert found["events"] == 2_000
        assert found["bytes"] == len(write_lines(lines))
        assert 1_250 < found["size"]["mean"] < 1_550
        assert found["size"]["p1"] < 600
        assert found["size"]["p99"] > 3_000
        assert set(found["dialect"]) == set(KINDS[kind])
        assert set(found["notation"]) == set(SHARES)
        assert found["damage"] == {"none": 2_000}


def test_clean_events():
    """No rule has anything to say about the events of clean dialects."""
    lines = Corpus("current", COUNT, dialects=CLEAN)
    assert [found for line in lines for found in tcspec.check(line.text)] == []


def test_notation():
    """All events can have one notation."""
    lines = list(Corpus("current", 50, notations={"compact": 1}))
    assert [json.dumps(json.loads(line.text), ensure_ascii=False, separators=(",", ":")) for line in lines] == [
        line.text.decode() for line in lines
    ]


@pytest.fixture(scope="module")
def results():
    """What was measured with tiny sizes."""
    if not IS_ACCEPTANCE:
        pytest.skip("a minute; make acceptance runs it")
    return json.loads(json.dumps(measure(Sizes(events=40, long_events=100, files=4, rounds=1))))


def committed():
    """Return the results that the pages show."""
    return json.loads(RESULTS.read_text(encoding="utf-8"))


class TestMeasurements:
    """Everything is measured, compared and printed, whatever the sizes."""

    def test_everything_is_measured(self, results):
        """Every part has figures; a program is measured or says why not."""
        assert set(results) == {"machine", "rounds", *PARTS}
        for name in WORKS:
            for program in results[name]["programs"].values():
                assert program.get("skipped") or {"cpu_us", "wall_us", "peak_mb"} < set(program)
        assert results["machine"]["versions"]["tcspec"] == tcspec.__version__

    def test_same_results(self, results):
        """Tcspec and the scripts write equal events, and tcspec alone is right about every broken one."""
        programs = results["upgrade"]["programs"]
        for name in ("upgrade_json", "migrate_compiled", "upgrade_json_compiled"):
            assert programs[name].get("skipped") or programs[name]["same"] == dict.fromkeys(SAME, 40)
        assert programs["transform"]["same"]["as_json"] == 40
        assert results["verdict"]["programs"]["is_valid"]["wrong"] == {}
        assert results["check"]["programs"]["check"]["wrong"] == 0

    def test_everything_is_printed(self, results):
        """Every part has a table, every page is filled, and every plot is SVG."""
        titles = " ".join(table.title for table in build_tables(results))
        assert all(word in titles for word in ("Upgrade", "Verdicts", "Check", "Functions", "Short", "Memory", "Goals"))
        for page in PAGES:
            assert "µs" in fill_page(page.read_text(encoding="utf-8"), results) or page.name == "README.md"
        for plot in draw_plots(results).values():
            assert ET.fromstring(plot).tag.endswith("svg")  # noqa: S314 - our own


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_quote_the_results(page):
    """The figures of a page are those of results.json."""
    text = page.read_text(encoding="utf-8")
    assert fill_page(text, committed()) == text


def test_plots_show_the_results():
    """The plots are those of results.json."""
    plots = {name: (PLOTS / name).read_text(encoding="utf-8") for name in draw_plots(committed())}
    assert plots == draw_plots(committed())


STAGES_OF_TCSPEC = [
    (corpus, stage) for corpus, stages in STAGES.items() for stage in stages if stage.startswith(("tcspec", "a record"))
]


@pytest.mark.no_cover  # tracing would be counted
def test_calls_of_others():
    """What is collected meanwhile of what others have left is not counted."""

    class Left:
        """What only the garbage collector frees, and which then calls a function."""

        def __init__(self):
            self.itself = self

        def __del__(self):
            pass

    for _ in range(500):
        Left()
    assert count_calls(lambda: tuple(map(set, [()] * 10_000))) == 1


@pytest.mark.no_cover  # tracing would be counted
@pytest.mark.parametrize(("corpus", "stage"), STAGES_OF_TCSPEC)
def test_calls(tmp_path, monkeypatch, corpus, stage):
    """A function makes no more than a quarter more calls of Python functions for an event than when it was measured."""
    monkeypatch.chdir(tmp_path)
    assert count_stage_calls(corpus, stage) < 1.25 * committed()["stages"][corpus][stage]["calls"] + 2
