"""The laws that compare tcspec with something else, tried on a million payloads: `make deep`.

What was seen is written as figures into a folder, from which `tests/lab/figures.py` fills `docs/testing.md`. A payload
on which judges differ is written into `fixtures/agreement`, and stays a failing test there until it is decided.
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

import judges
from lab.agreement.bodies import Server, wrong_batches, wrong_bulks, wrong_sizes
from lab.agreement.driven import by_schema
from lab.agreement.hunt import MIX, Disagreement, Findings, hunt, judged, suspects, swept
from lab.agreement.moments import differences
from lab.agreement.panel import JUDGES, Panel
from lab.agreement.planted import constraints, redundant, unnoticed
from lab.agreement.sources import FIXTURES, by_hand
from lab.agreement.upgrades import LAWS, Kept, hold, objects

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

LOT = 6_000
"""How many payloads one task judges: it has its own seed, and draws anew."""

DRAWN = 120
"""How many payloads one task draws of the strategies and then damages: a draw takes a hundredth of a second."""

DRIVEN = 8
"""One lot of so many is schema-driven."""

DRAWN_BY_SCHEMA = 80
"""How many payloads a schema-driven lot draws and then damages: a draw takes a tenth of a second."""


PARTS = {
    "planted": ("planted",),
    "judged": ("judges", "judged"),
    "upgraded": ("upgraded",),
    "measured": ("times", "sizes", "wrong"),
}
"""What there is to do, and the figures that each part gives."""


@dataclass
class Seen:
    """What all tasks have seen."""

    judged: Findings = field(default_factory=Findings)
    kept: Kept = field(default_factory=Kept)
    counts: Counter[str] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    planted: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, other: Seen) -> None:
        """Take in what another task has seen."""
        self.judged.add(other.judged)
        self.kept.add(other.kept)
        self.counts.update(other.counts)
        self.read.update(other.read)
        self.wrong += other.wrong
        self.planted |= other.planted


@cache
def panel() -> Panel:
    """Seat the judges of this process."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(Panel())


def judge(contract: str, count: int, seed: int) -> Seen:
    """Hunt among payloads of which about one lot in eight is schema-driven."""
    found = by_hand(contract, DRAWN, seed) if seed % DRIVEN else [by_schema(contract, DRAWN_BY_SCHEMA, seed)]
    return Seen(judged=hunt(panel(), contract, found, count, seed))


def upgrade(count: int, seed: int) -> Seen:
    """Hold upgrades against the text of their contract."""
    return Seen(kept=hold(objects(count, DRAWN, seed), seed))


def read(count: int, seed: int) -> Seen:
    """Hold the reading of times against exact decimal arithmetic."""
    counted, differing = differences(count, seed)
    return Seen(read=counted, wrong=differing)


def send(count: int, seed: int) -> Seen:
    """Hold sizes and parts against what a server receives."""
    payloads = (each.payload for each in objects(count, DRAWN, seed))
    with Server() as server:
        sent, wrong_sized = wrong_sizes(server, payloads)
        batches, wrong_batched = wrong_batches(server, count // 50, seed)
    bulks, wrong_bulked = wrong_bulks(count // 50, seed)
    counts = Counter(bodies=sent, batches=batches, bulks=bulks)
    return Seen(counts=counts, wrong=[*wrong_sized, *wrong_batched, *wrong_bulked])


def plant(contract: str, count: int, seed: int) -> Seen:
    """Take every constraint of a schema away in turn, and see whether a hunt of this size would notice.

    The hunt begins with a value of every type in every place, which all judges are asked about.
    """
    kind, _, version = contract.partition("/")
    schema, validator = judges.schema(version, kind), judges.rust(version, kind)
    everywhere = list(swept(contract))
    seen = judged(panel(), contract, iter(everywhere))
    made = chain(everywhere, suspects(contract, by_hand(contract, DRAWN, seed), count, seed))
    invalid = [suspect.payload for suspect in made if not validator.is_valid(suspect.payload)]
    own = set(constraints(schema)) - (set(constraints(judges.schema())) if kind == "batch" else set())
    needed = [fault for fault in sorted(own, key=str) if not redundant(fault)]
    left = [str(fault) for fault in unnoticed(schema, needed, invalid)]
    counts = {"faults": len(needed), "unnoticed": left, "redundant": len(own) - len(needed)}
    return Seen(judged=seen, planted={contract: counts | {"payloads": len(everywhere)}})


def tasks(payloads: int, parts: Collection[str] = tuple(PARTS)) -> Iterator[Callable[[], Seen]]:
    """Say what there is to do for about so many judged payloads, and half as many upgraded ones."""
    if "planted" in parts:
        yield from (partial(plant, contract, payloads // 10, 1) for contract in MIX)
    if "judged" in parts:
        for contract, share in MIX.items():
            yield from (partial(judge, contract, LOT, 1 + lot) for lot in range(-int(-payloads * share // LOT)))
    if "upgraded" in parts:
        yield from (partial(upgrade, LOT, 1 + lot) for lot in range(-(-payloads // (2 * LOT))))
    if "measured" in parts:
        yield from (partial(read, 50_000, seed) for seed in range(-(-payloads // 50_000)))
        yield from (partial(send, 1_000, seed) for seed in range(-(-payloads // 40_000)))


def figures(seen: Seen) -> dict[str, Any]:
    """Sum up what was seen."""
    counted = seen.judged.judged
    return {
        "judges": list(JUDGES),
        "judged": {
            "payloads": seen.judged.total(),
            "by ajv too": seen.judged.by_ajv,
            "disagreements": len(seen.judged.disagreements),
            **{
                f"by {what}": _shares(counted, index)
                for index, what in enumerate(("contract", "source", "damage", "verdict"))
            },
        },
        "upgraded": {
            "objects": seen.kept.upgraded.total(),
            "outcomes": dict(seen.kept.upgraded),
            "laws": list(LAWS),
            "broken": len(seen.kept.broken),
        },
        "times": {"read": dict(sorted(seen.read.items()))},
        "sizes": dict(seen.counts),
        "wrong": len(seen.wrong),
        "planted": seen.planted,
    }


def _shares(counted: Counter[tuple[str, str, str, str]], index: int) -> dict[str, int]:
    shares: Counter[str] = Counter()
    for seen, count in counted.items():
        shares[seen[index]] += count
    return dict(sorted(shares.items()))


def remember(found: Disagreement) -> Path:
    """Write a disagreement where the tests find it, to be decided by a person."""
    verdicts = ", ".join(f"{judge}: {said}" for judge, said in found.verdicts.items())
    fault = {"title": f"to be decided: {verdicts}", "contract": found.contract, "payload": found.payload, "valid": None}
    text = json.dumps(fault, indent=2, ensure_ascii=False) + "\n"
    path = FIXTURES / "agreement" / f"found-{hashlib.sha256(text.encode()).hexdigest()[:8]}.json"
    path.write_text(text, encoding="utf-8")
    return path


def failures(seen: Seen) -> Iterator[str]:
    """Tell what was found, one line each; nothing when all laws held."""
    yield from (f"judges disagree: {remember(found)}" for found in seen.judged.disagreements)
    yield from (f"an upgrade breaks a law: {law}: {text}" for law, text in seen.kept.broken)
    yield from seen.wrong
    for contract, planted in seen.planted.items():
        yield from (f"nobody would notice: {contract} without {fault}" for fault in planted["unnoticed"])


def write(path: Path, found: Mapping[str, Any], parts: Collection[str]) -> None:
    """Write the figures of some parts, and keep those of the others as they were."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    new = {name: found[name] for part in parts for name in PARTS[part]}
    path.write_text(json.dumps(kept | new, indent=2) + "\n", encoding="utf-8")


def main() -> int:
    """Do all tasks, as many at once as there are processors; 1 when anything was found."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--payloads", type=int, default=1_000_000, help="how many are judged; half as many are upgraded")
    asked.add_argument("--figures", type=Path, help="the file that the figures are written to")
    asked.add_argument(
        "--only", choices=PARTS, nargs="+", default=tuple(PARTS), help="do some parts anew; by default all"
    )
    options = asked.parse_args()
    seen, todo = Seen(), list(tasks(options.payloads, options.only))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        running = [pool.submit(task) for task in todo]
        for number, done in enumerate(as_completed(running), 1):
            seen.add(done.result())
            print(
                f"\r{number} of {len(todo)} lots, {seen.judged.total():,} judged", end="", file=sys.stderr, flush=True
            )
    print(file=sys.stderr)
    if options.figures:
        write(options.figures, figures(seen), options.only)
    found = list(failures(seen))
    print("\n".join(found) if found else f"{seen.judged.total():,} payloads: nothing was found")
    return 1 if found else 0


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main())
