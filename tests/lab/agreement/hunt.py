"""The hunt: payloads from every source, damaged in every way, judged by all; whatever is not said with one voice."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

from lab.agreement.damages import DAMAGES, Path, Payload, damaged, paths, replaced, without
from lab.agreement.reducing import reduced
from lab.agreement.sources import example_payloads, stock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lab.agreement.panel import Panel, Verdict
    from lab.agreement.sources import Source

MIX = {
    "event/2.0": 0.26,
    "event/1.0": 0.16,
    "pixel/2.0": 0.14,
    "conversion/2.0": 0.14,
    "batch/2.0": 0.1,
    "product/2.0": 0.1,
    "user/1.0": 0.1,
}
"""Which part of all payloads is of which contract."""

VARIANTS = 12
"""How many payloads of a hunt come from one that was drawn."""

ENOUGH = 10
"""After how many disagreements a hunt ends: whoever has found so many has something to mend first."""

_AT_ONCE = 200
_SEVERAL = 0.15
_UNDAMAGED = 0.1


@dataclass(frozen=True)
class Suspect:
    """A payload to be judged, and how it came about."""

    contract: str
    source: str
    damage: str
    payload: Payload


@dataclass(frozen=True)
class Disagreement:
    """A payload of which judges do not say the same, made small, and what each says."""

    contract: str
    payload: Payload
    verdicts: dict[str, Verdict]


@dataclass
class Findings:
    """What a hunt has seen: how many payloads, by contract, source, damage and verdict, and on which judges differ."""

    judged: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    by_ajv: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)

    def total(self) -> int:
        """Count the payloads."""
        return self.judged.total()

    def add(self, other: Findings) -> None:
        """Take in what another hunt has seen."""
        self.judged.update(other.judged)
        self.by_ajv += other.by_ajv
        self.disagreements += other.disagreements


def suspects(
    contract: str, found: Sequence[Source], count: int, seed: int, names: Sequence[str] = ()
) -> Iterator[Suspect]:
    """Make so many payloads of a contract: of every source by its share, most of them damaged, some more than once.

    Damages put the names of all schemas into payloads, or only those that are given.
    """
    rng = Random(f"{contract} {seed}")  # noqa: S311 - payloads, not secrets
    put = stock(found) if not names else replace(stock(found), names=names)
    shares = [source.share for source in found]
    ways = [way for way in DAMAGES if way != "none"]
    for source in rng.choices(found, shares, k=count):
        payload = rng.choice(source.payloads)
        if rng.random() < _UNDAMAGED:
            yield Suspect(contract, source.name, "none", payload)
            continue
        way = rng.choice(ways)
        payload = damaged(payload, way, put, rng)
        if rng.random() < _SEVERAL:
            way = "several"
            for _ in range(rng.randint(1, 3)):
                payload = damaged(payload, rng.choice(ways), put, rng)
        yield Suspect(contract, source.name, way, payload)


def hunt(panel: Panel, contract: str, found: Sequence[Source], count: int, seed: int) -> Findings:
    """Judge so many payloads of a contract, and give what was seen; the same for the same seed."""
    return judged(panel, contract, suspects(contract, found, count, seed))


def swept(contract: str) -> Iterator[Suspect]:
    """Put a value of every type, and a time long ago, into every place of every example, and leave every place out.

    What is inside `user`, `context` and their like is the same in all examples, and is swept in one.
    """
    done: set[Path] = set()
    for payload in {id(each): each for each in example_payloads(contract)}.values():
        for path in paths(payload):
            if path in done:
                continue
            if len(path) > 1 and (path[0] in _SHARED or path[:2] == ("properties", "user")):
                done.add(path)
            yield Suspect(contract, "example", "missing", without(payload, path))
            for value in _OF_EVERY_TYPE:
                yield Suspect(contract, "example", "another value", replaced(payload, path, value))


_SHARED = frozenset({"user", "context", "page", "device", "app"})
_OF_EVERY_TYPE = (None, True, -1, 1.5, "x", "1960-01-01T00:00:00Z", ["x"], [1], {"x": 1})


def judged(panel: Panel, contract: str, waiting: Iterator[Suspect]) -> Findings:
    """Judge payloads of a contract, and give what was seen."""
    findings = Findings()
    while len(findings.disagreements) < ENOUGH and (lot := list(islice(waiting, _AT_ONCE))):
        for suspect, verdicts in zip(lot, panel.verdicts(contract, [each.payload for each in lot]), strict=True):
            findings.by_ajv += "ajv" in verdicts
            verdict = _common(verdicts)
            findings.judged[contract, suspect.source, suspect.damage, verdict] += 1
            if verdict == "disputed" and len(findings.disagreements) < ENOUGH:
                findings.disagreements.append(small(panel, contract, suspect.payload))
    return findings


def small(panel: Panel, contract: str, payload: Payload) -> Disagreement:
    """Leave out of a payload all that is not needed for judges to differ as they do."""
    sides = _sides(panel.verdicts(contract, [payload])[0])

    def is_disputed(each: Payload) -> bool:
        now = _sides(panel.verdicts(contract, [each])[0])
        return all(now.get(name) == side for name, side in sides.items())

    least = reduced(payload, is_disputed)
    return Disagreement(contract, least, panel.verdicts(contract, [least])[0])


def _common(verdicts: dict[str, Verdict]) -> str:
    said = set(map(str, verdicts.values()))
    if len(said) > 1 or not said <= {"True", "False"}:
        return "disputed"
    return "valid" if said == {"True"} else "invalid"


def _sides(verdicts: dict[str, Verdict]) -> dict[str, Any]:
    """Say on which side each judge is; the words of an error may change."""
    return {name: said if isinstance(said, bool) else said.partition(":")[0] for name, said in verdicts.items()}
