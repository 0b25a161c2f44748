"""Migrations that are killed and resumed end with the same bytes."""

from __future__ import annotations

import json

import pytest

from lab.kills import CHILD, kill_migration, main


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_killed_migration_ends_with_the_same_bytes(tmp_path, suffix):
    """A migration that is killed again and again, and resumed each time, ends with the same bytes in every file."""
    kills, is_same = kill_migration(tmp_path, 4_000, suffix, seed=1)
    assert kills > 1
    assert is_same


@pytest.mark.parametrize(
    "fault",
    [
        "open(sys.argv[2], 'ab').write(b' ')",
        "open(sys.argv[3], 'wb')",
        "open(sys.argv[3] + '.reasons.ndjson', 'ab').write(b' ')",
        "open(sys.argv[2] + '.part', 'wb')",
    ],
)
def test_every_difference_is_noticed(tmp_path, fault):
    """An extra byte, an emptied file and a leftover file are differences."""
    assert not kill_migration(tmp_path, 100, "", seed=1, child=CHILD + fault)[1]


def test_figures(tmp_path, capsys):
    """The command kills as often as requested, and writes its figures."""
    path = tmp_path / "created" / "kills.json"
    assert main(["--kills", "1", "--lines", "2000", "--figures", str(path)]) == 0
    figures = json.loads(path.read_text())
    assert figures == json.loads(capsys.readouterr().out)
    assert figures["kills"] >= 1
    assert figures["lines"] == 2_001 * figures["migrations"]
    assert figures["different"] == 0
