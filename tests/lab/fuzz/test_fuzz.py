"""Bytes that nobody wrote by hand: a bounded run of the fuzzer, and all that it ever found."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

from environment import skip_or_fail
from lab.fuzz import reading, targets
from lab.fuzz.running import HERE, NAMES, ROOT, failure, run, seeds

READERS = (targets.upgrade, targets.judge, targets.pixels, targets.captures, reading.read)
HOSTILE = sorted((ROOT / "fixtures" / "hostile").glob("*.bytes"))


@pytest.fixture
def _atheris():
    if not find_spec("atheris"):
        skip_or_fail("FUZZ", "atheris is not installed")


@pytest.mark.usefixtures("_atheris")
@pytest.mark.parametrize("target", NAMES)
def test_nothing_fails_within_the_bounds(target, tmp_path):
    """A few thousand inputs that lead to ever new places keep every promise of a reader."""
    done = run(target, tmp_path, runs=2_500, seconds=20)
    assert not done.crashes, failure(done)
    assert done.runs > len(seeds(target))
    assert done.corpus > 10


@pytest.mark.usefixtures("_atheris")
def test_a_planted_fault_is_found(tmp_path):
    """A reader that is wrong about some of what it reads is found out, and the input that shows it is told."""
    tried = (run("planted", tmp_path / str(seed), runs=10_000, seconds=20, seed=seed) for seed in range(1, 6))
    done = next(each for each in tried if each.crashes)
    [crash] = done.crashes
    assert repr(crash) in failure(done)
    with pytest.raises(AssertionError):
        targets.broken(crash)


@pytest.mark.usefixtures("_atheris")
def test_figures_are_written(tmp_path):
    """A run on demand writes what it tried and met, and its exit code says that nothing failed."""
    figures = tmp_path / "made" / "figures.json"
    command = [
        sys.executable,
        "-m",
        "lab.fuzz",
        "read_pixel",
        "--runs",
        "900",
        "--seconds",
        "9",
        "--figures",
        str(figures),
    ]
    done = subprocess.run(command, cwd=HERE.parents[1], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    told = json.loads(figures.read_text())["targets"]["read_pixel"]
    assert told["runs"] >= 900
    assert told["crashes"] == 0


@pytest.mark.parametrize("path", HOSTILE, ids=[path.name for path in HOSTILE])
@pytest.mark.parametrize("reader", READERS, ids=[reader.__name__ for reader in READERS])
def test_what_was_found_stays_mended(reader, path):
    """Whatever the fuzzer found keeps every promise of every reader."""
    reader(path.read_bytes())


@pytest.mark.parametrize("reader", READERS, ids=[reader.__name__ for reader in READERS])
def test_seeds_are_read(reader):
    """What the runs begin with keeps the promises without a fuzzer too."""
    for raw in seeds("planted" if reader is targets.judge else "lines"):
        reader(raw)


def test_the_harness_knows_every_target():
    """Every target that is run by default is one that the harness finds."""
    text = (HERE / "harness.py").read_text()
    assert all(f'"{name}": (' in text for name in NAMES)
