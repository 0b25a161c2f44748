"""Kill migrations at random moments, resume them until they end, and compare them with an uninterrupted one.

    PYTHONPATH=tests python -m lab.kills --kills 500 --figures docs/figures/kills.json

The exit code is 1 when a file of any migration differs in a byte.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import json
import random
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from migrating import LEGACY, reasons_of
from tcspec.migration.engine import migrate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CHECKPOINT_EVERY = 250
"""The number of lines between checkpoints."""

CHILD = f"""
import sys
from tcspec.migration.engine import migrate
print(flush=True)
migrate(*sys.argv[1:3], rejects=sys.argv[3], resume=True, checkpoint_every={CHECKPOINT_EVERY})
"""
"""The process to kill: it prints a line when the migration begins, so that no kill falls into its start."""

SUFFIXES = ("", ".gz")
LONGER = 1.2
"""How many times longer each resumed migration may run before the next kill, so that it ends."""


@dataclass
class Kills:
    """How many migrations of how many lines were killed how often, and how many results are different."""

    migrations: int = 0
    lines: int = 0
    kills: int = 0
    different: int = 0


def generate_lines(count: int) -> bytes:
    """Return legacy events with broken lines among them; the last line is cut off."""
    return b"".join(LEGACY % n + b"\r\n" if n % 7 else b"broken %d\n" % n for n in range(count)) + b'{"a":'


def kill_until_it_ends(command: Sequence[str], delays: Iterable[float]) -> int:
    """Run a command again and again, and kill it after each delay in seconds; return how often it was killed."""
    for kills, delay in enumerate(delays):
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout
        process.stdout.read(1)
        with contextlib.suppress(subprocess.TimeoutExpired):
            assert process.wait(delay * LONGER**kills) == 0
            process.stdout.close()
            return kills
        process.kill()
        process.wait()
        process.stdout.close()
    message = "the command never ended"
    raise AssertionError(message)


def kill_migration(folder: Path, count: int, suffix: str, seed: int, child: str = CHILD) -> tuple[int, bool]:
    """Kill one migration until it ends; return how often, and whether its files equal those of an uninterrupted one."""
    data = generate_lines(count)
    source = folder / f"source.ndjson{suffix}"
    source.write_bytes(gzip.compress(data, 1) if suffix else data)
    whole, killed = (
        (folder / f"{name}.ndjson{suffix}", folder / f"{name}.rejects.ndjson") for name in ("whole", "killed")
    )
    migrate(str(source), str(whole[0]), rejects=str(whole[1]), checkpoint_every=CHECKPOINT_EVERY)
    command = [sys.executable, "-c", child, *map(str, (source, *killed))]
    rng = random.Random(seed)  # noqa: S311 - delays, not secrets
    kills = kill_until_it_ends(command, (rng.uniform(0, 0.05) for _ in range(200)))
    pairs = [*zip(whole, killed, strict=True), (reasons_of(whole[1]), reasons_of(killed[1]))]
    leftovers = [*folder.glob("*.part"), *folder.glob("*.checkpoint*")]
    return kills, not leftovers and all(one.read_bytes() == other.read_bytes() for one, other in pairs)


def main(arguments: list[str]) -> int:
    """Kill migrations until there were enough kills, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m lab.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--lines", type=int, default=8_000)
    parser.add_argument("--figures", type=Path)
    options = parser.parse_args(arguments)
    total = Kills()
    while total.kills < options.kills:
        with tempfile.TemporaryDirectory() as folder:
            suffix = SUFFIXES[total.migrations % len(SUFFIXES)]
            kills, is_same = kill_migration(Path(folder), options.lines, suffix, seed=total.migrations)
        total.migrations += 1
        total.lines += options.lines + 1
        total.kills += kills
        total.different += not is_same
    print(json.dumps(asdict(total)))
    if options.figures:
        options.figures.parent.mkdir(parents=True, exist_ok=True)
        options.figures.write_text(json.dumps(asdict(total), indent=2) + "\n", encoding="utf-8")
    return int(total.different > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
