"""Kill migrations of tables, resume them until they end, and compare the rows with those of an uninterrupted one."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.kills import kill_until_it_ends

if TYPE_CHECKING:
    from collections.abc import Sequence

CHILD = """
import sys
sys.path.insert(0, sys.argv[3])
from databases import job
from tcspec.migration.sql.migrating import migrate_table
print(flush=True)
migrate_table(sys.argv[1], job(**eval(sys.argv[2])), resume=True, rows=20)
"""
"""The process to kill: it prints a line when the migration begins, so that no kill falls into its start."""

TESTS = Path(__file__).parent.parent
TARGETS: Sequence[dict[str, str]] = ({}, {"into_column": "upgraded"}, {"into_table": "upgraded"})


def kill_table_migration(whole: Any, killed: Any, seed: int, child: str = CHILD) -> tuple[int, bool]:
    """Kill one migration until it ends, and undo it; return how often, and whether both had the same rows.

    Args:
        whole: a database, as `databases.Sqlite` is one, whose migration is not interrupted.
        killed: an equal one.
        seed: decides the target and the moments of the kills.
        child: the program to kill.
    """
    options = TARGETS[seed % len(TARGETS)]
    before = killed.rows()
    whole.migrate(options, rows=20)
    rng = random.Random(seed)  # noqa: S311 - delays, not secrets
    delays = (rng.uniform(0, 0.05) for _ in range(200))
    kills = kill_until_it_ends([sys.executable, "-c", child, killed.url, repr(options), str(TESTS)], delays)
    is_same = killed.content() == whole.content()
    killed.undo(**options)
    return kills, is_same and killed.rows() == before and len(killed.tables()) == 1
