"""The measurements of benchmarks/: what the events are like, and that everything is measured and written."""

from __future__ import annotations

import json

import pytest

import tcspec
from benchmarks.corpus import Corpus, describe, write_lines
from benchmarks.dialects import CLEAN, KINDS
from benchmarks.notations import SHARES

COUNT = 300


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
