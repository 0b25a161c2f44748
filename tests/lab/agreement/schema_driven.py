"""Payloads that an independent generator draws from the published schemas, in an environment of its own."""

from __future__ import annotations

import os
import subprocess
from functools import cache

from environment import skip_or_fail
from lab.agreement.sources import Source, read_objects
from locations import ROOT, TESTS
from validators import SCHEMAS

PYTHON = ROOT / ".venv-generator" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@cache
def draw_from_schema(contract: str, count: int, seed: int) -> Source:
    """Draw payloads from the schema of a contract; skip the test where the generator is not installed."""
    if not PYTHON.exists():
        skip_or_fail("GENERATOR", "the generator is not installed: make .venv-generator/installed")
    command = [PYTHON, "-m", "lab.generator.draw", SCHEMAS / f"{contract}.json", str(count), str(seed)]
    done = subprocess.run(command, cwd=TESTS, capture_output=True, check=True, timeout=3600)
    return Source("schema-driven", 1.0, [value for line in done.stdout.splitlines() for value in read_objects(line)])
