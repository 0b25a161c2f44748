"""What a process takes before it does anything: imports, short commands, and the first use of the models."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.corpus import Corpus
from benchmarks.dialects import CLEAN
from benchmarks.measure import run_interleaved, run_program
from benchmarks.works import MEGABYTE, TCSPEC

if TYPE_CHECKING:
    from pathlib import Path

_PARSE = "import sys, tcspec; tcspec.parse(open(sys.argv[1], 'rb').read())"
_MODELS = "import tcspec.models.events"


def measure_starts(folder: Path, rounds: int) -> dict[str, Any]:
    """Measure short runs, also in starts of an interpreter that does nothing."""
    valid, broken = folder / "valid.json", folder / "broken.json"
    event = next(iter(Corpus("current", 1, dialects=CLEAN))).text
    valid.write_bytes(event)
    broken.write_bytes(event.replace(b'"event_id"', b'"event_ident"'))
    commands = {
        "python -c 0": (sys.executable, "-c", "0"),
        "import tcspec": (sys.executable, "-c", "import tcspec"),
        "tcspec --version": (TCSPEC, "--version"),
        "tcspec check, a valid file": (TCSPEC, "check", valid),
        "tcspec check, a broken file": (TCSPEC, "check", broken),
        "import orjson, pydantic": (sys.executable, "-c", "import orjson, pydantic"),
        "import jsonschema": (sys.executable, "-c", "import jsonschema"),
        "the models": (sys.executable, "-c", _MODELS),
        "the first tcspec.parse": (sys.executable, "-c", _PARSE, valid),
    }
    codes = {"tcspec check, a broken file": (1,)}
    tasks = {name: partial(run_program, words, folder, codes=codes.get(name, (0,))) for name, words in commands.items()}
    used = run_interleaved(tasks, rounds)
    bare = used["python -c 0"]
    return {
        name: {
            "cpu_ms": usage.cpu * 1e3,
            "wall_ms": usage.wall * 1e3,
            "peak_mb": usage.peak / MEGABYTE,
            "starts": usage.cpu / bare.cpu,
        }
        for name, usage in used.items()
    }
