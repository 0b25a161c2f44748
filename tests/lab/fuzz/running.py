"""A bounded run of a target: its first inputs, its end, and the figures of it."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
NAMES = ("upgrade_json", "validate", "read_pixel", "captures", "lines")
DICTIONARY = HERE / "names.dict"
LONGEST = 4_096
_PLACES = {
    "upgrade_json": ("fixtures/event", "fixtures/batch", "fixtures/hostile"),
    "validate": ("fixtures/event", "fixtures/batch", "fixtures/user", "fixtures/pixel", "fixtures/hostile"),
    "read_pixel": ("fixtures/pixel", "fixtures/hostile"),
    "captures": ("fixtures/requests", "fixtures/hostile"),
    "lines": ("fixtures/streams", "fixtures/bulk", "fixtures/product", "fixtures/hostile"),
    "planted": ("fixtures/event/2.0/valid",),
}
_PROGRESS = re.compile(r"^#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """How a run went: inputs that were tried, edges and features that were met, inputs that were kept, crashes."""

    target: str
    runs: int
    edges: int
    features: int
    corpus: int
    crashes: tuple[bytes, ...]
    report: str

    @property
    def figures(self):
        """Give the figures of the run."""
        return {
            "runs": self.runs,
            "edges": self.edges,
            "features": self.features,
            "corpus": self.corpus,
            "crashes": len(self.crashes),
        }


def seeds(target):
    """Give the first inputs of a target: the seeds that lie here, and what fits among the fixtures."""
    paths = [] if target == "planted" else sorted((HERE / "seeds").iterdir())
    for place in _PLACES[target]:
        paths += sorted(path for path in (ROOT / place).rglob("*") if path.is_file() and path.name != "README.md")
    return [raw for raw in map(Path.read_bytes, paths) if len(raw) <= LONGEST]


def run(target, folder, runs, seconds, seed=1):
    """Run a target in a process of its own, within both bounds; what fails is kept in the folder."""
    corpus, crashes = folder / "corpus", folder / "crashes"
    corpus.mkdir(parents=True)
    crashes.mkdir()
    for raw in seeds(target):
        (corpus / hashlib.sha256(raw).hexdigest()[:16]).write_bytes(raw)
    bounds = [f"-runs={runs}", f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-seed={seed}", "-timeout=30"]
    options = [
        *bounds,
        f"-dict={DICTIONARY}",
        f"-artifact_prefix={crashes}/",
        "-print_final_stats=0",
        "-rss_limit_mb=0",
    ]
    command = [sys.executable, "-m", "lab.fuzz.harness", target, *options, str(corpus)]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1]), "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, cwd=ROOT, check=False)
    report = (done.stdout + done.stderr).decode(errors="replace")
    found = tuple(path.read_bytes() for path in sorted(crashes.iterdir()))
    told = _PROGRESS.findall(report)
    if not found and (done.returncode or not told):
        raise AssertionError(f"the run of {target} did not begin or did not end well:\n{report[-3_000:]}")
    return Run(target, *(map(int, told[-1]) if told else (0, 0, 0, 0)), found, report)


def failure(run):
    """Tell how a run failed, with the input that shows it again."""
    trace = run.report[run.report.rfind(" === Uncaught Python exception: ===") :][:2_000]
    inputs = "\n".join(repr(crash) for crash in run.crashes)
    return f"{run.target} failed on\n{inputs}\nWrite it to fixtures/hostile/ before mending it.\n{trace}"
