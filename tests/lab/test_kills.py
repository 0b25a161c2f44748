"""Migrations that are killed and resumed end with the same bytes."""

from __future__ import annotations

import json
import os

import pytest

from lab.kills import CASES, CHILD, Case, kill_before_every_line, kill_migration, main


@pytest.mark.parametrize(("suffix", "workers"), [("", 1), (".gz", 1), (".zst", 1), ("", 2), (".gz", 2)])
def test_a_killed_migration_ends_with_the_same_bytes(tmp_path, suffix, workers):
    """A migration that is killed again and again, and resumed each time, ends with the same bytes in every file."""
    kills, is_same = kill_migration(tmp_path, 4_000, suffix, seed=1, workers=workers)
    assert kills > 1
    assert is_same


@pytest.mark.parametrize(
    "fault",
    [
        "open(sys.argv[2], 'ab').write(b' ')",
        "open(sys.argv[3], 'wb')",
        "open(sys.argv[3] + '.reasons.ndjson', 'ab').write(b' ')",
        "open(sys.argv[2] + '.left', 'wb')",
    ],
)
def test_every_difference_is_noticed(tmp_path, fault):
    """An extra byte, an emptied file and a leftover file are differences."""
    assert not kill_migration(tmp_path, 100, "", seed=1, child=CHILD + fault)[1]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_migration_that_is_killed_before_a_line(tmp_path, case):
    """A migration that is killed before any line that it executes, and once more when resumed, ends the same."""
    kills, different = kill_before_every_line(case, tmp_path, step=97)
    assert kills > 10
    assert different == 0


class _Careless(Case):
    """A migration that leaves another file behind."""

    def migrate(self, folder):
        """Migrate, and write what differs each time."""
        super().migrate(folder)
        (folder / "created").write_bytes(os.urandom(8))


def test_a_file_that_differs_is_noticed(tmp_path):
    """A migration with other bytes in one of its files differs."""
    assert kill_before_every_line(_Careless("", 0, has_rejects_option=False), tmp_path, step=400)[1] > 0


def test_figures(tmp_path, capsys):
    """The command kills as often as requested, and writes its figures."""
    path = tmp_path / "created" / "kills.json"
    assert main(["--kills", "1", "--lines", "2000", "--step", "900", "--figures", str(path)]) == 0
    figures = json.loads(path.read_text())
    assert figures == json.loads(capsys.readouterr().out)
    assert figures["kills"] >= 1
    assert figures["lines"] == 2_001 * figures["migrations"]
    assert figures["kills_at_lines"] >= len(CASES)
    assert figures["different"] == 0
