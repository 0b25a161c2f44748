"""A short run of the fuzzer for each target, and every input that it ever found."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

from environment import skip_or_fail
from lab.fuzz.runs import format_failure, fuzz, load_seeds
from lab.fuzz.targets import TARGETS, faulty
from locations import FIXTURES, TESTS

HOSTILE = sorted((FIXTURES / "hostile").glob("*.bytes"))
every_target = pytest.mark.parametrize("target", TARGETS)


@pytest.fixture
def _atheris():
    if not find_spec("atheris"):
        skip_or_fail("FUZZ", "atheris is not installed")


@pytest.mark.usefixtures("_atheris")
@every_target
def test_no_input_fails(target, tmp_path):
    """Some inputs that reach new code satisfy all assertions of a target."""
    result = fuzz(target, tmp_path, runs=1_500, seconds=20)
    assert not result.crashes, format_failure(result)
    assert result.runs > len(load_seeds(target))
    assert result.corpus > 10


@pytest.mark.usefixtures("_atheris")
def test_a_fault_is_found(tmp_path):
    """A target with a fault fails, and the failing input is reported."""
    for seed in load_seeds("faulty"):
        faulty(seed)
    result = fuzz("faulty", tmp_path, runs=100_000, seconds=60)
    [crash] = result.crashes
    assert repr(crash) in format_failure(result)
    with pytest.raises(AssertionError):
        faulty(crash)


@pytest.mark.usefixtures("_atheris")
def test_figures_are_written(tmp_path):
    """The command writes its figures, and its exit code is 0 when nothing failed."""
    path = tmp_path / "created" / "figures.json"
    limits = ["--runs", "900", "--seconds", "9"]
    command = [sys.executable, "-m", "lab.fuzz", "read_pixel", *limits, "--figures", str(path)]
    done = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    figures = json.loads(path.read_text())["targets"]["read_pixel"]
    assert figures["runs"] >= 900
    assert figures["crashes"] == 0


@pytest.mark.parametrize("path", HOSTILE, ids=[path.name for path in HOSTILE])
@every_target
def test_hostile_fixtures(target, path):
    """Every input that once failed satisfies all assertions of every target."""
    TARGETS[target](path.read_bytes())


@every_target
def test_seeds(target):
    """The first inputs of the runs satisfy the assertions without a fuzzer, too."""
    for raw in load_seeds("faulty" if target == "validate" else "lines"):
        TARGETS[target](raw)
