from __future__ import annotations

from pathlib import Path

import pytest

from tcspec.rules.path_table import PathTable, path_table


@pytest.mark.parametrize(
    ("glob", "path", "fits"),
    [
        ("*.json", "a.json", True),
        ("*.json", "b/a.json", False),
        ("b/*.json", "b/a.json", True),
        ("**/*.json", "a.json", True),
        ("**/*.json", "b/c/a.json", True),
        ("b/**", "b/c/a.json", True),
        ("b/**", "a.json", False),
        ("b/**/a.json", "b/a.json", True),
        ("b/**/a.json", "b/ca.json", False),
        ("b/**/a.json", "a.json", False),
        ("**/*.json", "b\nc/a.json", True),
        ("?.json", "a.json", True),
        ("?.json", "aa.json", False),
        ("[a-c].json", "b.json", True),
        ("[a-c].json", "X.json", False),
        ("b[a-c].json", "a.json", False),
        ("[!a-c].json", "b.json", False),
        ("a+.json", "aa.json", False),
        ("a.json", "a.json", True),
        ("a.json", "./a.json", True),
        ("a.json", "b/../a.json", True),
    ],
)
def test_globs(glob, path, fits):
    """`*` and `?` match within a folder, `**` across folders, everything else matches itself."""
    assert path_table(Path(), {glob: "said"}).of(path) == ("said" if fits else None)


def test_order():
    """The entry of the file's own path comes first, then globs in their order."""
    table = path_table(Path(), {"**/*.json": 1, "b.json": 2, "b*.json": 3})
    assert list(table.all_of("b.json")) == [2, 1, 3]
    assert table.of("b.json") == 2
    assert table.of("a.json") == 1


def test_relative_to_the_folder(tmp_path, monkeypatch):
    """Paths and globs are relative to the folder of the table, whatever the current folder is."""
    table = path_table(tmp_path / "fixtures", {"a.json": "said", "*.ndjson": "globbed"})
    monkeypatch.chdir(tmp_path)
    assert table.of("fixtures/a.json") == "said"
    assert table.of(str(tmp_path / "fixtures/b.ndjson")) == "globbed"
    assert table.of("a.json") is None


def test_empty_table():
    """An empty table has no entry for any file."""
    assert PathTable().of("a.json") is None
