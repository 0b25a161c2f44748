"""Migrate a million events of each store, kill the migration and resume it, verify and undo it, and compare everything.

    PYTHONPATH=tests python -m lab.million --events 1000000 --figures docs/figures/million.json

The stores are files and tables: an archive (`.ndjson.gz`), rows in the layout of BigQuery, a table as CSV, and tables
of SQLite and PostgreSQL. Each is migrated by the real command line, which is killed when so much of its work is done,
and so is its undo. What is migrated is compared with what one process that was not interrupted makes of the same
events, and what is undone with the source. Spark upgrades the events too, and has only to make the same of them. The
exit code is 1 when anything differs, does not add up, or took more memory than the limit.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from acceptance.postgres.server import Postgres, run_server
from command import PROGRAM
from databases import Sqlite
from lab.figures import write_figures
from lab.legacy_events import Reference
from lab.legacy_stores import ROW_FORMATS, FileStore, TableStore
from peak_memory import MeasuredProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lab.legacy_stores import Store

STORES = (*ROW_FORMATS, "sqlite", "postgresql", "spark")
LIMIT = 100_000_000
"""How many bytes of memory no process may need."""
OUTCOMES = ("upgraded", "unchanged", "rejected", "blank", "skipped")
_INTERVAL, _PART = 0.01, 0.01
"""The seconds between two looks at what is done: at least so many, and a part of the time since the start.

A look at a table takes as long as some rows.
"""
_SIGKILL = -9


@dataclass
class Proof:
    """What was seen of a store: its size in bytes, its counts, processes, kills, and peak memory in bytes."""

    events: int
    bytes: int = 0
    upgraded: int = 0
    unchanged: int = 0
    rejected: int = 0
    processes: int = 0
    kills: int = 0
    peak: int = 0
    different: list[str] = field(default_factory=list)

    def run(self, folder: Path, arguments: Sequence[object]) -> None:
        """Run `tcspec migrate` to its end."""
        self.run_killed(folder, arguments, lambda _: False, 0)

    def run_killed(
        self,
        folder: Path,
        arguments: Sequence[object],
        is_past: Callable[[float], bool],
        kills: int,
        is_complete: Callable[[], bool] = lambda: False,
    ) -> None:
        """Run `tcspec migrate`, kill it when a share of its work is done, and run it again, until it ends.

        Args:
            folder: where `out` and `err` have what it writes.
            arguments: those of the command.
            is_past: whether a share is done.
            kills: how often it is killed, at shares of the same distance.
            is_complete: whether it was killed when all was done, and would refuse to run again.
        """
        for share in (*((kill + 1) / (kills + 1) for kill in range(kills)), None):
            process = MeasuredProcess([PROGRAM, "migrate", *arguments], folder / "out", folder / "err")
            began = time.monotonic()
            while share is not None and process.is_running:
                if is_past(share):
                    process.kill()
                    break
                time.sleep(max(_INTERVAL, (time.monotonic() - began) * _PART))
            code, peak = process.wait()
            self.processes += 1
            self.kills += code == _SIGKILL
            self.peak = max(self.peak, peak)
            if code == 0 or is_complete():
                return
            if code != _SIGKILL:
                message = f"tcspec migrate {' '.join(map(str, arguments))}: {code}, {(folder / 'err').read_text()}"
                raise AssertionError(message)


def prove(store: Store, counts: dict[str, int], folder: Path, kills: int) -> Proof:
    """Migrate, kill, resume, verify and undo a store, and compare it; return what was seen.

    Args:
        store: the store.
        counts: how many events have which outcome.
        folder: a folder for the output of the processes.
        kills: how often the migration is killed; its undo is killed once.
    """
    store.write()
    proof = Proof(counts["lines"], store.size)
    proof.run_killed(folder, (*store.migrate, "--resume"), store.is_past, kills)
    found = store.read_counts(folder / "out")
    proof.upgraded, proof.unchanged, proof.rejected = (found[name] for name in ("upgraded", "unchanged", "rejected"))
    proof.different += _compare_counts(found, counts)
    if sum(found[name] for name in OUTCOMES) != found["lines"]:
        proof.different.append("the counts do not add up")
    proof.different += store.compare_migrated()
    if store.verify:
        proof.run(folder, store.verify)
    store.forget()
    proof.run_killed(folder, store.undo, store.is_undone_past, 1, store.is_undone)
    proof.different += store.compare_undone()
    store.remove()
    return proof


def prove_spark(reference: Reference, counts: dict[str, int], folder: Path) -> Proof:
    """Upgrade the events with Spark, which has no checkpoints, and compare them."""
    from lab.spark_rows import upgrade_rows  # noqa: PLC0415 - only where there is Spark

    found, differences = upgrade_rows(folder, reference)
    outcomes = {name: found.get(name, 0) for name in ("upgraded", "unchanged", "rejected")}
    proof = Proof(counts["lines"], reference.events.stat().st_size, **outcomes)
    proof.different += _compare_counts(outcomes, counts)
    proof.different += differences
    return proof


def _compare_counts(found: dict[str, int], expected: dict[str, int]) -> list[str]:
    return [
        f"{name}: {count:,} instead of {expected[name]:,}"
        for name, count in found.items()
        if name in expected and count != expected[name]
    ]


def migrate_reference(reference: Reference, count: int) -> dict[str, int]:
    """Write the events, migrate them in one process that is not interrupted, and return its counts."""
    reference.write(count)
    report = reference.folder / "report.json"
    arguments = (reference.events, reference.migrated, "--rejects", reference.rejects, "--report", report)
    Proof(count).run(reference.folder, (*arguments, "--fail-on", "never"))
    summary = json.loads(report.read_bytes())["summary"]
    return {name: summary[name] for name in ("lines", *OUTCOMES)}


def prove_stores(names: Sequence[str], events: int, kills: int, at_once: int) -> Iterator[tuple[str, Proof]]:
    """Yield what was seen of each store, some of them at the same time."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        reference = Reference(folder)
        counts = migrate_reference(reference, events)
        server = stack.enter_context(run_server()) if "postgresql" in names else ""
        pool = stack.enter_context(ProcessPoolExecutor(at_once, get_context("spawn")))
        running = {}
        for name in names:
            (folder / name).mkdir()
            running[pool.submit(_prove, name, folder / name, reference, server, counts, kills)] = name
        for done in as_completed(running):
            yield running[done], done.result()


def _prove(  # noqa: PLR0913, PLR0917 - what is the same for all stores, and what is not
    name: str, folder: Path, reference: Reference, server: str, counts: dict[str, int], kills: int
) -> Proof:
    if name == "spark":
        return prove_spark(reference, counts, folder)
    if name in ROW_FORMATS:
        return prove(FileStore(ROW_FORMATS[name], folder / "files", reference), counts, folder, kills)
    database = Sqlite(folder / "events.db") if name == "sqlite" else Postgres(server, "million")
    return prove(TableStore(database, reference), counts, folder, kills)


def main(arguments: list[str]) -> int:
    """Prove the stores, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m lab.million", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000, help="of each store")
    parser.add_argument("--kills", type=int, default=5, help="of the migration of each store; its undo has one more")
    parser.add_argument("--stores", choices=STORES, nargs="+", default=STORES, help="default: all")
    parser.add_argument("--at-once", type=int, default=os.cpu_count(), help="stores at the same time")
    parser.add_argument("--figures", type=Path, help="a JSON file, in which the figures of other stores are kept")
    options = parser.parse_args(arguments)
    is_proven = True
    for name, proof in prove_stores(options.stores, options.events, options.kills, options.at_once):
        figures = asdict(proof) | {"different": len(proof.different)}
        print(f"{name}: {json.dumps(figures)}", *proof.different, sep="\n", flush=True)
        is_proven &= not proof.different and proof.peak <= LIMIT and (proof.kills > 0 or name == "spark")
        write_figures({name: figures}, options.figures, keeps_others=True)
    return int(not is_proven)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
