"""Kill migrations at random moments, take them up again until they end, and hold them against one left alone.

    PYTHONPATH=tests python -m lab.kills --kills 500 --figures docs/figures/kills.json

The answer is 1 when a file of any migration differs in a byte.
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

from migrating import LEGACY, reasons_of
from tcspec.migration.engine import migrate

EVERY = 250
"""After how many lines a checkpoint is written."""

CHILD = f"""
import sys
from tcspec.migration.engine import migrate
print(flush=True)
migrate(*sys.argv[1:3], rejects=sys.argv[3], resume=True, checkpoint_every={EVERY})
"""
"""What is killed: it says when it begins, so that no moment is spent on its start."""

SUFFIXES = ("", ".gz")
LONGER = 1.2
"""How many times longer than before each migration may go on before the next kill, so that it comes to an end."""


@dataclass
class Kills:
    """How many migrations of how many lines were killed how often, and how many of them differ from one left alone."""

    migrations: int = 0
    lines: int = 0
    kills: int = 0
    differ: int = 0


def lines(count):
    """Make a stream of legacy events with broken lines among them, the last cut off."""
    return b"".join(LEGACY % n + b"\r\n" if n % 7 else b"broken %d\n" % n for n in range(count)) + b'{"a":'


def killed(command, moments):
    """Run a command again and again, and kill it after so many seconds as it is told; count how often it was killed."""
    for kills, moment in enumerate(moments):
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert process.stdout
        process.stdout.read(1)
        with contextlib.suppress(subprocess.TimeoutExpired):
            assert process.wait(moment * LONGER**kills) == 0
            process.stdout.close()
            return kills
        process.kill()
        process.wait()
        process.stdout.close()
    message = "never came to an end"
    raise AssertionError(message)


def tried(folder: Path, count, suffix, seed, child=CHILD):
    """Kill one migration at random moments until it ends; give how often, and whether it wrote what it should."""
    data = lines(count)
    source = folder / f"source.ndjson{suffix}"
    source.write_bytes(gzip.compress(data, 1) if suffix else data)
    whole, again = (
        (folder / f"{name}.ndjson{suffix}", folder / f"{name}.rejects.ndjson") for name in ("whole", "again")
    )
    migrate(str(source), str(whole[0]), rejects=str(whole[1]), checkpoint_every=EVERY)
    command = [sys.executable, "-c", child, *map(str, (source, *again))]
    drawn = random.Random(seed)  # noqa: S311 - moments, not secrets
    kills = killed(command, (drawn.uniform(0, 0.05) for _ in range(200)))
    pairs = [*zip(whole, again, strict=True), (reasons_of(whole[1]), reasons_of(again[1]))]
    left = [*folder.glob("*.part"), *folder.glob("*.checkpoint*")]
    return kills, not left and all(one.read_bytes() == other.read_bytes() for one, other in pairs)


def main(given: list[str]) -> int:
    """Kill until there were as many kills as asked for, and write down what was seen."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=500)
    asked.add_argument("--lines", type=int, default=8_000)
    asked.add_argument("--figures", type=Path)
    options = asked.parse_args(given)
    told = Kills()
    while told.kills < options.kills:
        with tempfile.TemporaryDirectory() as folder:
            suffix = SUFFIXES[told.migrations % len(SUFFIXES)]
            kills, is_same = tried(Path(folder), options.lines, suffix, seed=told.migrations)
        told.migrations += 1
        told.lines += options.lines + 1
        told.kills += kills
        told.differ += not is_same
    print(json.dumps(asdict(told)))
    if options.figures:
        options.figures.parent.mkdir(parents=True, exist_ok=True)
        options.figures.write_text(json.dumps(asdict(told), indent=2) + "\n", encoding="utf-8")
    return int(told.differ > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
