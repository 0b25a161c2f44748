"""Search for disagreements: validate payloads of every source, damaged in every way, with all validators."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from dataclasses import replace as replace_fields
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any

from lab.agreement.damage import KINDS, Path, Payload, damage, list_paths, remove, replace
from lab.agreement.shrink import shrink
from lab.agreement.sources import example_payloads, vocabulary_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lab.agreement.sources import Source
    from lab.agreement.validator_set import ValidatorSet, Verdict

SHARES = {
    "event/2.0": 0.26,
    "event/1.0": 0.16,
    "pixel/2.0": 0.14,
    "conversion/2.0": 0.14,
    "batch/2.0": 0.1,
    "product/2.0": 0.1,
    "user/1.0": 0.1,
}
"""The share of each contract in all payloads."""

VARIANTS = 12
"""How many payloads are made from one that was drawn."""

MAX_DISAGREEMENTS = 10
"""A search ends after so many: there is enough to fix first."""

_CHUNK = 200
_SEVERAL = 0.15
_UNDAMAGED = 0.1


@dataclass(frozen=True)
class Candidate:
    """A payload to be validated, and where it comes from."""

    contract: str
    source: str
    damage: str
    payload: Payload


@dataclass(frozen=True)
class Disagreement:
    """A payload with different verdicts, shrunk, and the verdict of each validator."""

    contract: str
    payload: Payload
    verdicts: dict[str, Verdict]


@dataclass
class SearchResult:
    """How many payloads were validated, by contract, source, damage and verdict, and the disagreements."""

    validated: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    by_ajv: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)

    def total(self) -> int:
        """Return the number of payloads."""
        return self.validated.total()

    def add(self, other: SearchResult) -> None:
        """Add the result of another search."""
        self.validated.update(other.validated)
        self.by_ajv += other.by_ajv
        self.disagreements += other.disagreements


def candidates(
    contract: str, sources: Sequence[Source], count: int, seed: int, names: Sequence[str] = ()
) -> Iterator[Candidate]:
    """Yield payloads of a contract from sources by their shares, most of them damaged, some more than once.

    The names that damage adds are those of all schemas, or `names`.
    """
    rng = Random(f"{contract} {seed}")  # noqa: S311 - payloads, not secrets
    vocabulary = vocabulary_of(sources) if not names else replace_fields(vocabulary_of(sources), names=names)
    shares = [source.share for source in sources]
    kinds = [kind for kind in KINDS if kind != "none"]
    for source in rng.choices(sources, shares, k=count):
        payload = rng.choice(source.payloads)
        if rng.random() < _UNDAMAGED:
            yield Candidate(contract, source.name, "none", payload)
            continue
        kind = rng.choice(kinds)
        payload = damage(payload, kind, vocabulary, rng)
        if rng.random() < _SEVERAL:
            kind = "several"
            for _ in range(rng.randint(1, 3)):
                payload = damage(payload, rng.choice(kinds), vocabulary, rng)
        yield Candidate(contract, source.name, kind, payload)


def search(validators: ValidatorSet, contract: str, sources: Sequence[Source], count: int, seed: int) -> SearchResult:
    """Validate so many payloads of a contract; the result is the same for the same seed."""
    return validate_candidates(validators, contract, candidates(contract, sources, count, seed))


def candidates_of_every_type(contract: str) -> Iterator[Candidate]:
    """Yield every example with a value of every type and an old time at every path, and with every path removed.

    Objects that all examples share, such as `user` and `context`, are varied in one example only.
    """
    done: set[Path] = set()
    for payload in {id(each): each for each in example_payloads(contract)}.values():
        for path in list_paths(payload):
            if path in done:
                continue
            if len(path) > 1 and (path[0] in _SHARED or path[:2] == ("properties", "user")):
                done.add(path)
            yield Candidate(contract, "example", "missing", remove(payload, path))
            for value in _VALUE_OF_EVERY_TYPE:
                yield Candidate(contract, "example", "another value", replace(payload, path, value))


_SHARED = frozenset({"user", "context", "page", "device", "app"})
_VALUE_OF_EVERY_TYPE = (None, True, -1, 1.5, "x", "1960-01-01T00:00:00Z", ["x"], [1], {"x": 1})


def validate_candidates(validators: ValidatorSet, contract: str, waiting: Iterator[Candidate]) -> SearchResult:
    """Validate payloads of a contract with all validators."""
    result = SearchResult()
    while len(result.disagreements) < MAX_DISAGREEMENTS and (chunk := list(islice(waiting, _CHUNK))):
        verdicts_of_chunk = validators.verdicts(contract, [each.payload for each in chunk])
        for candidate, verdicts in zip(chunk, verdicts_of_chunk, strict=True):
            result.by_ajv += "ajv" in verdicts
            verdict = _common_verdict(verdicts)
            result.validated[contract, candidate.source, candidate.damage, verdict] += 1
            if verdict == "disputed" and len(result.disagreements) < MAX_DISAGREEMENTS:
                result.disagreements.append(shrink_disagreement(validators, contract, candidate.payload))
    return result


def shrink_disagreement(validators: ValidatorSet, contract: str, payload: Payload) -> Disagreement:
    """Remove from a payload what is not needed for the validators to disagree in the same way."""
    verdicts = _without_messages(validators.verdicts(contract, [payload])[0])

    def is_disputed(smaller: Payload) -> bool:
        found = _without_messages(validators.verdicts(contract, [smaller])[0])
        return all(found.get(name) == verdict for name, verdict in verdicts.items())

    smallest = shrink(payload, is_disputed)
    return Disagreement(contract, smallest, validators.verdicts(contract, [smallest])[0])


def _common_verdict(verdicts: dict[str, Verdict]) -> str:
    distinct = set(map(str, verdicts.values()))
    if len(distinct) > 1 or not distinct <= {"True", "False"}:
        return "disputed"
    return "valid" if distinct == {"True"} else "invalid"


def _without_messages(verdicts: dict[str, Verdict]) -> dict[str, Any]:
    """Keep only the type of an exception: its message may change while the payload is shrunk."""
    return {name: each if isinstance(each, bool) else each.partition(":")[0] for name, each in verdicts.items()}
