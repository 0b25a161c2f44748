"""Kill migrations, resume them until they end, and compare them with an uninterrupted one.

    PYTHONPATH=tests python -m lab.kills --kills 500 --step 1 --figures docs/figures/kills.json

Long migrations are killed at random moments, and a short one before every line of `tcspec/migration` and
`tcspec/files/atomic.py` that it executes, or every STEPth. The exit code is 1 when a file of any migration differs in a
byte, is missing or is left over.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from lab.figures import write_figures
from migrating import LEGACY, reasons_of
from tcspec.files.compression import by_name, compress
from tcspec.migration import engine
from tcspec.migration.engine import migrate
from tcspec.migration.job import MigrationError
from tcspec.migration.merging import merge_rejects
from tcspec.migration.undoing import restore_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import FrameType
    from typing import Any

CHECKPOINT_EVERY = 250
"""The number of lines between checkpoints."""

CHILD = f"""
import sys
from tcspec.migration.engine import migrate
print(flush=True)
options = dict(resume=True, force=True, checkpoint_every={CHECKPOINT_EVERY}, workers=int(sys.argv[4]))
migrate(*sys.argv[1:3], rejects=sys.argv[3], **options)
"""
"""The process to kill: it prints a line when the migration begins, so that no kill falls into its start."""

SUFFIXES = ("", ".gz", ".zst")
WORKERS = (1, 2)
LONGER = 1.2
"""How many times longer each resumed migration may run before the next kill, so that it ends."""


@dataclass
class Kills:
    """How many migrations of how many lines were killed how often, and how many results are different."""

    migrations: int = 0
    lines: int = 0
    kills: int = 0
    kills_at_lines: int = 0
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
        with suppress(subprocess.TimeoutExpired):
            assert process.wait(delay * LONGER**kills) == 0
            process.stdout.close()
            return kills
        process.kill()
        process.wait()
        process.stdout.close()
    message = "the command never ended"
    raise AssertionError(message)


def kill_migration(  # noqa: PLR0913, PLR0917 - what a migration is like, and what kills it
    folder: Path, count: int, suffix: str, seed: int, child: str = CHILD, workers: int = 1
) -> tuple[int, bool]:
    """Kill one migration until it ends; return how often, and whether its files equal those of an uninterrupted one."""
    data = generate_lines(count)
    source = folder / f"source.ndjson{suffix}"
    source.write_bytes(b"".join(compress([data], by_name(source.name))))
    whole, killed = (
        (folder / f"{name}.ndjson{suffix}", folder / f"{name}.rejects.ndjson") for name in ("whole", "killed")
    )
    migrate(str(source), str(whole[0]), rejects=str(whole[1]), checkpoint_every=CHECKPOINT_EVERY)
    command = [sys.executable, "-c", child, *map(str, (source, *killed, workers))]
    rng = random.Random(seed)  # noqa: S311 - delays, not secrets
    kills = kill_until_it_ends(command, (rng.uniform(0, 0.05) for _ in range(200)))
    pairs = [*zip(whole, killed, strict=True), (reasons_of(whole[1]), reasons_of(killed[1]))]
    names = {path.name for path in (source, *chain.from_iterable(pairs))}
    has_no_leftovers = {path.name for path in folder.iterdir()} == names
    return kills, has_no_leftovers and all(one.read_bytes() == other.read_bytes() for one, other in pairs)


@dataclass(frozen=True)
class Case:
    """A short migration: whether its files are compressed, and whether rejected lines have a file in any case."""

    suffix: str
    lines: int
    has_rejects_option: bool

    def migrate(self, folder: Path) -> None:
        """Migrate, or go on."""
        rejects = str(folder / f"rejects{self.suffix}") if self.has_rejects_option else None
        source, target = (str(folder / f"{name}{self.suffix}") for name in ("source", "target"))
        migrate(source, target, rejects=rejects, resume=True, force=True, checkpoint_every=5)

    def prepare(self, folder: Path) -> None:
        """Write the source."""
        data = generate_lines(self.lines) if self.lines else b""
        (folder / f"source{self.suffix}").write_bytes(b"".join(compress([data], by_name(self.suffix))))


@dataclass(frozen=True)
class Merge(Case):
    """A short merge of rejects, every second of which is fixed."""

    def migrate(self, folder: Path) -> None:
        """Merge, or go on."""
        merge_rejects(str(folder / f"target{self.suffix}"), rejects=str(folder / "rejects"), resume=True)

    def prepare(self, folder: Path) -> None:
        """Migrate a source, and fix rejects."""
        super().prepare(folder)
        source, target, rejects = (
            folder / name for name in (f"source{self.suffix}", f"target{self.suffix}", "rejects")
        )
        migrate(str(source), str(target), rejects=str(rejects))
        lines = rejects.read_bytes().split(b"\n")
        rejects.write_bytes(b"\n".join(LEGACY % n if n % 2 else line for n, line in enumerate(lines)))


@dataclass(frozen=True)
class Undo(Case):
    """A short migration that is undone by its journal."""

    def migrate(self, folder: Path) -> None:
        """Undo, or go on."""
        source, target, journal = (folder / f"{name}{self.suffix}" for name in ("source", "target", "journal"))
        # A source that is there already is refused.
        with suppress(MigrationError):
            restore_source(str(source), str(target), str(journal))

    def prepare(self, folder: Path) -> None:
        """Migrate a source, and remove it."""
        super().prepare(folder)
        source, target, journal = (folder / f"{name}{self.suffix}" for name in ("source", "target", "journal"))
        migrate(str(source), str(target), journal=str(journal))
        source.unlink()


CASES = [Case(suffix, lines, has) for suffix in SUFFIXES for lines, has in ((0, False), (12, False), (12, True))]
CASES += [kind(suffix, 12, has_rejects_option=True) for kind in (Merge, Undo) for suffix in SUFFIXES]
TRACED = tuple(str(Path(engine.__file__).parent.parent / name) for name in ("migration", "files/atomic.py"))


def run_until_line(case: Case, folder: Path, stop_at: int) -> tuple[bool, int]:
    """Migrate in a process of its own that is killed before a line; return whether it was, and how many lines ran."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        executed = 0

        def trace(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
            nonlocal executed
            if not frame.f_code.co_filename.startswith(TRACED):
                return None
            if event == "line":
                executed += 1
                if executed == stop_at:
                    os.kill(os.getpid(), signal.SIGKILL)
            return trace

        sys.settrace(trace)
        case.migrate(folder)
        sys.settrace(None)
        os.write(writing, str(executed).encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123 - a descriptor
        executed = int(pipe.read() or stop_at)
    _, status = os.waitpid(child, 0)
    if status and not os.WIFSIGNALED(status):
        message = f"the migration failed with {status}"
        raise AssertionError(message)
    return status != 0, executed


def kill_before_every_line(case: Case, parent: Path, step: int) -> tuple[int, int]:
    """Kill a migration before every `step`th line; return how often, and how many did not end with the same files.

    What is resumed is killed once more, before another line, and then runs to its end.
    """
    folder = parent / "work"  # always the same one, because the reasons of rejects name the source

    def run(*stops: int) -> tuple[int, int, dict[str, bytes]]:
        """Migrate, and go on after each kill; return the kills, the lines of the last run, and every file."""
        folder.mkdir()
        case.prepare(folder)
        runs = [run_until_line(case, folder, stop_at) for stop_at in stops]
        found = {path.name: path.read_bytes() if path.is_file() else b"a folder" for path in folder.iterdir()}
        shutil.rmtree(folder)
        return sum(was_killed for was_killed, _ in runs), runs[-1][1], found

    _, total, expected = run(0)
    kills = different = 0
    for stop_at in range(1, total + 1, step):
        killed, _, found = run(stop_at, stop_at * 7 % total + 1, 0)
        if found != expected and not different:
            print(f"{case} differs after a kill before line {stop_at}: {sorted(found)}")
        kills += killed
        different += found != expected
    return kills, different


def main(arguments: list[str]) -> int:
    """Kill migrations until there were enough kills, and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m lab.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--lines", type=int, default=8_000)
    parser.add_argument("--step", type=int, default=1)
    parser.add_argument("--figures", type=Path)
    options = parser.parse_args(arguments)
    total = Kills()
    while total.kills < options.kills:
        with tempfile.TemporaryDirectory() as folder:
            suffix = SUFFIXES[total.migrations % len(SUFFIXES)]
            workers = WORKERS[total.migrations // len(SUFFIXES) % len(WORKERS)]
            seed = total.migrations
            kills, is_same = kill_migration(Path(folder), options.lines, suffix, seed, workers=workers)
        total.migrations += 1
        total.lines += options.lines + 1
        total.kills += kills
        total.different += not is_same
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            kills, different = kill_before_every_line(case, Path(folder), options.step)
        total.kills_at_lines += kills
        total.different += different
    print(json.dumps(asdict(total)))
    write_figures(asdict(total), options.figures)
    return int(total.different > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
