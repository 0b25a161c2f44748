from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.rules.baselines import Baseline, InvalidBaseline, format_baseline, read_baseline, relative_path

counts = st.dictionaries(
    st.tuples(st.text(min_size=1), st.sampled_from(("TC101", "TC210")), st.text()), st.integers(1, 9)
)


@given(counts)
def test_round_trip(known):
    """A baseline is read as it was written."""
    baseline = read_baseline(format_baseline(known).encode(), "base.json")
    read = {(path, *key): count for path, keys in baseline.known.items() for key, count in keys.items()}
    assert read == known


@given(counts)
def test_format(known):
    """It is sorted with one entry per line, so that its differences are small."""
    lines = format_baseline(known).splitlines()
    entries = [json.loads(line.removesuffix(",")) for line in lines[1:-1]]
    keys = [(entry["path"], entry["code"], entry["pointer"]) for entry in entries]
    assert keys == sorted(known)
    assert json.loads(format_baseline(known))["baseline_version"] == 1


def test_known_violations(tmp_path, monkeypatch):
    """The known violations of a file are found by any path to it; an unknown file has none."""
    baseline = Baseline(tmp_path, {"b/a.json": Counter({("TC101", ""): 2})})
    (tmp_path / "b").mkdir()
    monkeypatch.chdir(tmp_path / "b")
    assert baseline.known_in("a.json") == baseline.known_in(str(tmp_path / "b/a.json")) == {("TC101", ""): 2}
    assert baseline.known_in("../a.json") == {}
    baseline.known_in("a.json").clear()
    assert baseline.known_in("a.json") == {("TC101", ""): 2}


def test_counts_add_up():
    """Repeated entries add up; paths are relative to the folder of the baseline."""
    entry = '{"path": "a.json", "code": "TC101", "pointer": "/b", "count": 2}'
    baseline = read_baseline(f'{{"baseline_version": 1, "violations": [{entry}, {entry}]}}'.encode(), "b/base.json")
    assert baseline == Baseline(Path("b"), {"a.json": Counter({("TC101", "/b"): 4})})


def test_missing_files(tmp_path):
    """Files that no longer exist are found; standard input always exists."""
    (tmp_path / "a.json").touch()
    known = {name: Counter({("TC101", ""): 1}) for name in ("a.json", "b.json", "-")}
    assert [path for path, _ in Baseline(tmp_path, known).iter_missing_files()] == ["b.json"]


def test_relative_paths(tmp_path):
    """Paths are relative to the baseline, with slashes; standard input stays as it is."""
    assert relative_path(tmp_path, str(tmp_path / "b" / "a.json")) == "b/a.json"
    assert relative_path(tmp_path / "c", str(tmp_path / "a.json")) == "../a.json"
    assert relative_path(tmp_path, "-") == "-"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "3",
        "{}",
        '{"baseline_version": 2, "violations": []}',
        '{"baseline_version": 1}',
        '{"baseline_version": 1, "violations": [3]}',
        '{"baseline_version": 1, "violations": [{"path": "a", "code": "TC101", "pointer": ""}]}',
        '{"baseline_version": 1, "violations": [{"path": "a", "code": "TC101", "pointer": "", "count": true}]}',
        '{"baseline_version": 1, "violations": [{"path": "a", "code": "TC101", "pointer": "", "count": 0}]}',
        '{"baseline_version": 1, "violations": [{"path": 1, "code": "TC101", "pointer": "", "count": 1}]}',
        "[" * 100_000,
        "\udcff",
    ],
)
def test_invalid_baselines(text):
    """An invalid baseline is refused, with the option that writes one."""
    with pytest.raises(InvalidBaseline) as wrong:
        read_baseline(text.encode(errors="surrogateescape"), "base.json")
    reason = "expected version 1 of the format of baselines" if '_version": 2' in text else "not a baseline"
    assert str(wrong.value) == f"base.json: {reason} (--write-baseline writes one)"
