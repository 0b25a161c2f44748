"""Kill migrations of tables, resume them until they end, and compare the rows with those of an uninterrupted one.

    PYTHONPATH=tests python -m lab.table_kills --kills 200 --figures docs/figures/table_kills.json

Tables of SQLite and PostgreSQL take turns. The exit code is 1 when a migration, or what is undone after it, differs.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from acceptance.postgres.server import Postgres, run_server
from databases import Sqlite
from lab.figures import write_figures
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


@dataclass
class TableKills:
    """How many migrations of how many rows were killed how often, by database, and how many results are different."""

    migrations: int = 0
    rows: int = 0
    sqlite_kills: int = 0
    postgresql_kills: int = 0
    different: int = 0


def kill_tables(kills: int, rows: int, server: str) -> TableKills:
    """Kill migrations of tables of both databases until there were enough kills.

    Args:
        kills: how many are enough.
        rows: how many rows a table has.
        server: the start of the URLs of a PostgreSQL server.
    """
    total = TableKills()
    for seed in count():
        if total.sqlite_kills + total.postgresql_kills >= kills:
            break
        with tempfile.TemporaryDirectory() as folder:
            names = [f"killed_{seed}_{side}" for side in ("whole", "killed")]
            is_postgres = seed % 2 == 1
            databases = (
                Postgres(server, name, rows=rows) if is_postgres else Sqlite(Path(folder) / name, rows=rows)
                for name in names
            )
            killed, is_same = kill_table_migration(*databases, seed // 2)
        total.migrations += 1
        total.rows += rows
        total.postgresql_kills += killed * is_postgres
        total.sqlite_kills += killed * (not is_postgres)
        total.different += not is_same
    return total


def main(arguments: list[str]) -> int:
    """Kill migrations until there were enough kills, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m lab.table_kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rows", type=int, default=800)
    parser.add_argument("--figures", type=Path)
    options = parser.parse_args(arguments)
    with run_server() as server:
        total = kill_tables(options.kills, options.rows, server)
    print(json.dumps(asdict(total)))
    write_figures(asdict(total), options.figures)
    return int(total.different > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
