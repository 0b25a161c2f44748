"""Run the comparisons of `lab.agreement` on a million payloads: `make deep`.

The figures are written to a file, from which `lab.figures` fills `docs/testing.md`. A payload on which validators
disagree is written to `fixtures/agreement`, where it fails a test until somebody decides which verdict is right.
"""

from __future__ import annotations

import argparse
import atexit
import hashlib
import json
import os
import sys
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.agreement.constraints import find_unnoticed, is_redundant, iter_constraints
from lab.agreement.schema_driven import draw_from_schema
from lab.agreement.search import (
    SHARES,
    Disagreement,
    SearchResult,
    candidates,
    candidates_of_every_type,
    search,
    validate_candidates,
)
from lab.agreement.sizes import Server, compare_batches, compare_bulk_requests, compare_sizes
from lab.agreement.sources import hand_written_sources
from lab.agreement.timestamps import compare_readings
from lab.agreement.upgrades import PROPERTIES, UpgradeResult, check_upgrades, objects_to_upgrade
from lab.agreement.validator_set import VALIDATORS, ValidatorSet
from lab.figures import write_figures
from locations import FIXTURES
from validators import rust_validator, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

PAYLOADS_PER_TASK = 6_000
"""Each task has its own seed and draws its own payloads."""

DRAWS = 120
"""How many payloads a task draws from the strategies and then damages: a draw takes 10 milliseconds."""

SCHEMA_DRIVEN_TASKS = 8
"""One task in so many uses the schema-driven generator."""

SCHEMA_DRIVEN_DRAWS = 80
"""How many payloads a schema-driven task draws and then damages: a draw takes 100 milliseconds."""


PARTS = {
    "constraints": ("constraints",),
    "validators": ("validators", "validated"),
    "upgrades": ("upgraded",),
    "measures": ("timestamps", "sizes", "differences"),
}
"""The parts of a run, and the figures of each."""


@dataclass
class DeepResult:
    """The results of all tasks."""

    validated: SearchResult = field(default_factory=SearchResult)
    upgraded: UpgradeResult = field(default_factory=UpgradeResult)
    sizes: Counter[str] = field(default_factory=Counter)
    timestamps: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    constraints: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, other: DeepResult) -> None:
        """Add the result of another task."""
        self.validated.add(other.validated)
        self.upgraded.add(other.upgraded)
        self.sizes.update(other.sizes)
        self.timestamps.update(other.timestamps)
        self.differences += other.differences
        self.constraints |= other.constraints


@cache
def validators() -> ValidatorSet:
    """Return the validators of this process."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(ValidatorSet(with_ajv=True))


def search_contract(contract: str, count: int, seed: int) -> DeepResult:
    """Search among payloads of a contract, schema-driven ones for some of the seeds."""
    if seed % SCHEMA_DRIVEN_TASKS:
        sources = hand_written_sources(contract, DRAWS, seed)
    else:
        sources = [draw_from_schema(contract, SCHEMA_DRIVEN_DRAWS, seed)]
    return DeepResult(validated=search(validators(), contract, sources, count, seed))


def upgrade_objects(count: int, seed: int) -> DeepResult:
    """Check the properties of upgrades."""
    return DeepResult(upgraded=check_upgrades(objects_to_upgrade(count, DRAWS, seed), seed))


def read_timestamps(count: int, seed: int) -> DeepResult:
    """Compare the timestamp reader with exact decimal arithmetic."""
    read, differences = compare_readings(count, seed)
    return DeepResult(timestamps=read, differences=differences)


def send_bodies(count: int, seed: int) -> DeepResult:
    """Compare sizes and split requests with what a server receives."""
    payloads = (each.payload for each in objects_to_upgrade(count, DRAWS, seed))
    with Server() as server:
        bodies, differences = compare_sizes(server, payloads)
        batches, of_batches = compare_batches(server, count // 50, seed)
    bulk_requests, of_bulk_requests = compare_bulk_requests(count // 50, seed)
    sizes = Counter(bodies=bodies, batches=batches, bulk_requests=bulk_requests)
    return DeepResult(sizes=sizes, differences=[*differences, *of_batches, *of_bulk_requests])


def remove_constraints(contract: str, count: int, seed: int) -> DeepResult:
    """Remove every constraint of a schema in turn, and check that a search of this size would notice.

    The search begins with a value of every type at every path, which is validated by all.
    """
    kind, _, version = contract.partition("/")
    published, validator = schema(version, kind), rust_validator(version, kind)
    of_every_type = list(candidates_of_every_type(contract))
    validated = validate_candidates(validators(), contract, iter(of_every_type))
    sources = hand_written_sources(contract, DRAWS, seed)
    payloads = (each.payload for each in chain(of_every_type, candidates(contract, sources, count, seed)))
    invalid = [payload for payload in payloads if not validator.is_valid(payload)]
    constraints = set(iter_constraints(published)) - (set(iter_constraints(schema())) if kind == "batch" else set())
    needed = [each for each in sorted(constraints, key=str) if not is_redundant(each)]
    figures = {
        "removed": len(needed),
        "unnoticed": list(map(str, find_unnoticed(published, needed, invalid))),
        "redundant": len(constraints) - len(needed),
        "payloads": len(of_every_type),
    }
    return DeepResult(validated=validated, constraints={contract: figures})


def iter_tasks(payloads: int, parts: Collection[str] = tuple(PARTS)) -> Iterator[partial[DeepResult]]:
    """Yield the tasks that validate about so many payloads and upgrade half as many."""
    if "constraints" in parts:
        yield from (partial(remove_constraints, contract, payloads // 10, 1) for contract in SHARES)
    if "validators" in parts:
        for contract, share in SHARES.items():
            tasks = -int(-payloads * share // PAYLOADS_PER_TASK)
            yield from (partial(search_contract, contract, PAYLOADS_PER_TASK, 1 + task) for task in range(tasks))
    if "upgrades" in parts:
        tasks = -(-payloads // (2 * PAYLOADS_PER_TASK))
        yield from (partial(upgrade_objects, PAYLOADS_PER_TASK, 1 + task) for task in range(tasks))
    if "measures" in parts:
        yield from (partial(read_timestamps, 50_000, seed) for seed in range(-(-payloads // 50_000)))
        yield from (partial(send_bodies, 1_000, seed) for seed in range(-(-payloads // 40_000)))


def build_figures(result: DeepResult) -> dict[str, Any]:
    """Return the figures of a result."""
    counts = result.validated.validated
    return {
        "validators": list(VALIDATORS),
        "validated": {
            "payloads": result.validated.total(),
            "by ajv": result.validated.by_ajv,
            "disagreements": len(result.validated.disagreements),
            **{
                f"by {what}": _sum_by(counts, index)
                for index, what in enumerate(("contract", "source", "damage", "verdict"))
            },
        },
        "upgraded": {
            "objects": result.upgraded.upgraded.total(),
            "outcomes": dict(result.upgraded.upgraded),
            "properties": list(PROPERTIES),
            "failures": len(result.upgraded.failures),
        },
        "timestamps": {"read": dict(sorted(result.timestamps.items()))},
        "sizes": dict(result.sizes),
        "differences": len(result.differences),
        "constraints": result.constraints,
    }


def _sum_by(counts: Counter[tuple[str, str, str, str]], index: int) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for key, count in counts.items():
        sums[key[index]] += count
    return dict(sorted(sums.items()))


def write_fixture(found: Disagreement) -> Path:
    """Write a disagreement as a fixture whose verdict a person must decide."""
    verdicts = ", ".join(f"{name}: {verdict}" for name, verdict in found.verdicts.items())
    title = f"to be decided: {verdicts}"
    fixture = {"title": title, "contract": found.contract, "payload": found.payload, "valid": None}
    text = json.dumps(fixture, indent=2, ensure_ascii=False) + "\n"
    path = FIXTURES / "agreement" / f"found-{hashlib.sha256(text.encode()).hexdigest()[:8]}.json"
    path.write_text(text, encoding="utf-8")
    return path


def iter_failures(result: DeepResult) -> Iterator[str]:
    """Yield a line for every failure."""
    yield from (f"validators disagree: {write_fixture(found)}" for found in result.validated.disagreements)
    yield from (f"an upgrade fails: {failure}: {text}" for failure, text in result.upgraded.failures)
    yield from result.differences
    for contract, figures in result.constraints.items():
        yield from (f"unnoticed: {contract} without {constraint}" for constraint in figures["unnoticed"])


def write_parts(path: Path, figures: Mapping[str, Any], parts: Collection[str]) -> None:
    """Write the figures of some parts, and keep those of the others."""
    write_figures({name: figures[name] for part in parts for name in PARTS[part]}, path, keeps_others=True)


def run_tasks(tasks: Collection[Callable[[], DeepResult]]) -> DeepResult:
    """Run tasks in as many processes as there are processors, and report progress on stderr."""
    result = DeepResult()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        running = [pool.submit(task) for task in tasks]
        for number, done in enumerate(as_completed(running), 1):
            result.add(done.result())
            progress = f"\r{number} of {len(tasks)} tasks, {result.validated.total():,} payloads validated"
            print(progress, end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return result


def main() -> int:
    """Run all tasks; return 1 when there is a failure."""
    parser = argparse.ArgumentParser(prog="python -m lab.deep", description=__doc__)
    parser.add_argument("--payloads", type=int, default=1_000_000, help="payloads to validate; half as many upgrades")
    parser.add_argument("--figures", type=Path, help="the file to write figures to")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=tuple(PARTS), help="parts to run; default: all")
    options = parser.parse_args()
    result = run_tasks(list(iter_tasks(options.payloads, options.only)))
    if options.figures:
        write_parts(options.figures, build_figures(result), options.only)
    failures = list(iter_failures(result))
    print("\n".join(failures) if failures else f"{result.validated.total():,} payloads, no failures")
    return 1 if failures else 0


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main())
