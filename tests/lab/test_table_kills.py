"""Migrations of tables that are killed and resumed end with the same rows, and can be undone."""

from __future__ import annotations

import pytest

from databases import Sqlite
from lab.table_kills import CHILD, TARGETS, kill_table_migration


@pytest.mark.parametrize("seed", range(len(TARGETS)))
def test_a_killed_migration_ends_with_the_same_rows(tmp_path, seed):
    """A migration of a table that is killed again and again, and resumed each time, ends with the same rows."""
    databases = (Sqlite(tmp_path / f"{name}.db", rows=800) for name in ("whole", "killed"))
    kills, is_same = kill_table_migration(*databases, seed)
    assert kills > 3
    assert is_same


@pytest.mark.parametrize(
    "fault",
    [
        "UPDATE events SET payload = 'other' WHERE id = 1",
        "DELETE FROM events WHERE id = 390",
        "DELETE FROM tcspec_events_originals WHERE key = 5",
        "UPDATE tcspec_events_rejects SET reasons = '' WHERE key = 7",
    ],
)
def test_every_difference_is_noticed(tmp_path, fault):
    """Another value, a lost row and a lost original are differences."""
    databases = (Sqlite(tmp_path / f"{name}.db", rows=400) for name in ("whole", "killed"))
    child = f"{CHILD}\nimport sqlite3\nc = sqlite3.connect(sys.argv[1][10:])\nc.execute({fault!r})\nc.commit()\n"
    assert not kill_table_migration(*databases, 0, child)[1]
