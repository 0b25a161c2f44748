from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tcspec.files.lines import FileError
from tcspec.personal import mask_pointer
from tcspec.rules.baselines import Baseline, format_baseline, read_baseline

names = st.text(st.characters(codec=None), min_size=1)
"""The names of files that are not UTF-8 have surrogates."""
counts = st.dictionaries(st.tuples(names, st.sampled_from(("TC101", "TC210")), names), st.integers(1, 9))


@given(counts)
@example({("\udcff.json", "TC101", ""): 1})
def test_round_trip(known):
    """A baseline is read as it was written, with the keys masked in its pointers that may be personal."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "base.json")
        path.write_text(format_baseline(known), encoding="utf-8")
        baseline = read_baseline(str(path))
    read = {(path, *key): count for path, keys in baseline.known.items() for key, count in keys.items()}
    masked: Counter[tuple[str, str, str]] = Counter()
    for (name, code, pointer), count in known.items():
        masked[name, code, mask_pointer(pointer)] += count
    assert read == masked


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


def test_counts_add_up(tmp_path):
    """Repeated entries add up; paths are relative to the folder of the baseline."""
    entry = '{"path": "a.json", "code": "TC101", "pointer": "/b", "count": 2}'
    path = tmp_path / "base.json"
    path.write_text(baseline_of(entry, entry), encoding="utf-8")
    assert read_baseline(str(path)) == Baseline(tmp_path, {"a.json": Counter({("TC101", "/b"): 4})})


def test_missing_files(tmp_path):
    """Files that no longer exist are found; standard input always exists."""
    (tmp_path / "a.json").touch()
    known = {name: Counter({("TC101", ""): 1}) for name in ("a.json", "b.json", "-")}
    assert [path for path, _ in Baseline(tmp_path, known).iter_missing_files()] == ["b.json"]


ENTRY = '{"path": "a.json", "code": "TC101", "pointer": "", "count": 1}'


def baseline_of(*entries) -> str:
    """Return the text of a baseline."""
    return f'{{"baseline_version": 1,\n"violations": [{", ".join(entries)}]}}'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is not JSON: the document is empty (line 1, column 1)"),
        ("{", "it is not JSON: "),
        ("[]", "invalid entry at the root (line 1, column 1): expected an object, got an array"),
        ("{}", "the root (line 1, column 1): expected the key `baseline_version`, got none"),
        ('{"baseline_version": 1}', "the root (line 1, column 1): expected the key `violations`, got none"),
        ('{"baseline_version": 2, "violations": []}', "version 1 of the format of baselines, got the integer 2"),
        ('{"baseline_version": true, "violations": []}', "version 1 of the format of baselines, got a boolean"),
        ('{"baseline_version": 1.0, "violations": []}', "version 1 of the format of baselines, got a number"),
        (
            '{"baseline_version": 1, "violations": {}}',
            "/violations (line 1, column 39): expected an array, got an object",
        ),
        ('{"baseline_version": 1, "violations": ""}', "/violations (line 1, column 39): expected an array, got ''"),
        (baseline_of(ENTRY, "3"), "/violations/1 (line 2, column 80): expected an object, got the integer 3"),
        (baseline_of(ENTRY.replace(', "count": 1', "")), "/violations/0 (line 2, column 16): expected the key `count`"),
        (
            baseline_of(ENTRY.replace('"a.json"', "null")),
            "/violations/0/path (line 2, column 25): expected a string, got null",
        ),
        (
            baseline_of(ENTRY.replace('"TC101"', "[]")),
            "/violations/0/code (line 2, column 43): expected a string, got an array",
        ),
        (
            baseline_of(ENTRY.replace('""', "{}")),
            "/violations/0/pointer (line 2, column 63): expected a string, got an object",
        ),
        *(
            (
                baseline_of(ENTRY.replace("1}", f"{count}}}")),
                f"/violations/0/count (line 2, column 76): expected an integer from 1 to 1,000,000,000,000, got {name}",
            )
            for count, name in (
                ("true", "a boolean"),
                ("0", "the integer 0"),
                ("-1", "the integer -1"),
                ("1.0", "a number"),
                ('"1"', "'1'"),
                ("null", "null"),
                ("9" * 13, "an integer"),
                ("9" * 5_000, "an integer"),
            )
        ),
        (
            baseline_of(ENTRY.replace('"code"', '"path"')),
            'it is not JSON: duplicate key "path" in an object (line 2, column 35)',
        ),
        ("[" * 100_000, "it is not JSON: nesting exceeds the maximum depth of 200 levels (line 1, column 201)"),
        ("\udcff", "it is not JSON: invalid UTF-8"),
    ],
    ids=range(26),
)
def test_invalid_baselines(tmp_path, text, reason):
    """An invalid baseline is refused with the place, what is expected there, and the option that writes one."""
    path = tmp_path / "base.json"
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(FileError) as wrong:
        read_baseline(str(path))
    assert str(wrong.value).startswith(f"{path}: not a baseline (--write-baseline writes one): ")
    assert reason in str(wrong.value)


def test_byte_order_mark(tmp_path):
    """A byte order mark, which editors write, is no error."""
    path = tmp_path / "base.json"
    path.write_bytes(b"\xef\xbb\xbf" + baseline_of(ENTRY).encode())
    assert read_baseline(str(path)).known == {"a.json": Counter({("TC101", ""): 1})}


def test_length(tmp_path):
    """A baseline that is longer than the limit is refused, however short it is when it is compressed."""
    path = tmp_path / "base.json.gz"
    path.write_bytes(gzip.compress(b" " * (1 << 20)) * 33)
    with pytest.raises(FileError, match="longer than 33,554,432 bytes"):
        read_baseline(str(path))
