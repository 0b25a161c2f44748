"""A limited run of a fuzz target: its first inputs, its result and its figures."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from locations import FIXTURES, ROOT, TESTS

HERE = Path(__file__).parent
DICTIONARY = HERE / "dictionary.txt"
MAX_LENGTH = 4_096
_FIXTURES = {
    "upgrade_json": ("event", "batch", "hostile"),
    "validate": ("event", "batch", "user", "pixel", "hostile"),
    "read_pixel": ("pixel", "hostile"),
    "captures": ("requests", "hostile"),
    "lines": ("streams", "bulk", "product", "hostile"),
    "faulty": ("event/2.0/valid",),
}
"""The folders of fixtures whose files are the first inputs of a target."""
_PROGRESS = re.compile(r"^#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)", re.MULTILINE)


@dataclass(frozen=True)
class FuzzResult:
    """The result of a run: inputs, edges and features covered, inputs kept, and inputs that failed."""

    target: str
    runs: int
    edges: int
    features: int
    corpus: int
    crashes: tuple[bytes, ...]
    report: str

    def to_figures(self):
        """Return the figures of the run."""
        return {
            "runs": self.runs,
            "edges": self.edges,
            "features": self.features,
            "corpus": self.corpus,
            "crashes": len(self.crashes),
        }


def load_seeds(target):
    """Return the first inputs of a target: the files in `seeds`, and those of its fixtures that are short enough."""
    paths = [] if target == "faulty" else sorted((HERE / "seeds").iterdir())
    for folder in _FIXTURES[target]:
        paths += sorted(path for path in (FIXTURES / folder).rglob("*") if path.is_file() and path.name != "README.md")
    return [raw for raw in map(Path.read_bytes, paths) if len(raw) <= MAX_LENGTH]


def fuzz(target, folder, runs, seconds, seed=1):
    """Run a target in a process of its own within both limits, and keep failing inputs in the folder."""
    corpus, crashes = folder / "corpus", folder / "crashes"
    corpus.mkdir(parents=True)
    crashes.mkdir()
    for raw in load_seeds(target):
        (corpus / hashlib.sha256(raw).hexdigest()[:16]).write_bytes(raw)
    limits = [f"-runs={runs}", f"-max_total_time={seconds}", f"-max_len={MAX_LENGTH}", f"-seed={seed}", "-timeout=30"]
    options = [
        *limits,
        f"-dict={DICTIONARY}",
        f"-artifact_prefix={crashes}/",
        "-print_final_stats=0",
        "-rss_limit_mb=0",
    ]
    command = [sys.executable, "-m", "lab.fuzz.harness", target, *options, str(corpus)]
    environment = {**os.environ, "PYTHONPATH": str(TESTS), "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, cwd=ROOT, check=False)
    report = (done.stdout + done.stderr).decode(errors="replace")
    failing = tuple(path.read_bytes() for path in sorted(crashes.iterdir()))
    progress = _PROGRESS.findall(report)
    if not failing and (done.returncode or not progress):
        raise AssertionError(f"the run of {target} did not start or did not end properly:\n{report[-3_000:]}")
    return FuzzResult(target, *(map(int, progress[-1]) if progress else (0, 0, 0, 0)), failing, report)


def format_failure(result):
    """Return how a run failed, with the inputs that reproduce it."""
    trace = result.report[result.report.rfind(" === Uncaught Python exception: ===") :][:2_000]
    inputs = "\n".join(repr(crash) for crash in result.crashes)
    return f"{result.target} failed on\n{inputs}\nAdd it to fixtures/hostile/ before you fix it.\n{trace}"
