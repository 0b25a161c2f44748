"""Compare the upgrade with its second implementation: values, types, order, bytes, patch and inverse."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any

import jsonpatch

import tcspec
from assertions import is_same_json
from lab.agreement.search import MAX_DISAGREEMENTS, candidates
from lab.agreement.sources import FIXTURES, Source
from reference.upgrade import reference_upgrade
from strategies.batches import stored_batches
from strategies.documents import serialize
from strategies.drawing import draw_values
from strategies.events import valid_events
from strategies.legacy import mixed_events
from strategies.objects import RESERVED, biased_objects
from tcspec.strategies import legacy_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from hypothesis import strategies as st

    from lab.agreement.damage import Payload
    from lab.agreement.search import Candidate


@dataclass
class UpgradeResult:
    """How many objects were upgraded or unchanged, and the properties that do not hold."""

    upgraded: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str]] = field(default_factory=list)
    """The name of the property, with what was raised, and the JSON text of the object."""

    def add(self, other: UpgradeResult) -> None:
        """Add another result."""
        self.upgraded.update(other.upgraded)
        self.failures += other.failures


_STORED: Mapping[str, tuple[float, st.SearchStrategy[Any]]] = {
    "hostile": (0.4, biased_objects),
    "legacy": (0.15, legacy_events()),
    "mixed": (0.1, mixed_events),
    "valid": (0.1, valid_events),
    "batch": (0.15, stored_batches),
}
"""What is stored, and the share of each; the rest are the fixtures of upgrades."""


def objects_to_upgrade(count: int, draws: int, seed: int) -> Iterator[Candidate]:
    """Yield objects that are likely to have names that the upgrade moves, collisions and unusual types.

    Args:
        count: how many objects.
        draws: how many are drawn from strategies; the others are damaged copies of these.
        seed: the same seed yields the same objects.
    """
    sources = [
        Source(name, share, draw_values(each, round(share * draws), seed)) for name, (share, each) in _STORED.items()
    ]
    sources.append(Source("fixture", 0.1, _fixtures()))
    return candidates("event/1.0", sources, count, seed, names=RESERVED)


def _fixtures() -> list[Payload]:
    """Load the events before the upgrade of the fixtures."""
    loaded = (json.loads(path.read_bytes())["before"] for path in sorted((FIXTURES / "upgrades").glob("*.json")))
    return [before for before in loaded if isinstance(before, dict)]


class Case:
    """An object, a JSON text of it, the expected upgrade, and the upgrade by tcspec."""

    def __init__(self, value: dict[str, Any], rng: Random) -> None:
        self.value = json.loads(
            json.dumps(value)
        )  # no two values are the same object: patching one would change the other
        is_unusual = rng.random() < _UNUSUAL_SHARE
        self.text = serialize(self.value, rng) if is_unusual else json.dumps(self.value, indent=rng.choice((None, 2)))
        self.expected = reference_upgrade(self.value)

    @cached_property
    def trace(self) -> tcspec.Upgrade:
        """Upgrade the value."""
        return tcspec.trace_upgrade(self.value)

    @cached_property
    def trace_of_text(self) -> tcspec.Upgrade:
        """Upgrade the text."""
        return tcspec.trace_upgrade(self.text.encode())


_UNUSUAL_SHARE = 0.3
"""The share of texts in an unusual style; the others are as programs usually write them."""


def _equals_reference(case: Case) -> bool:
    upgraded = tcspec.upgrade(case.value)
    return is_same_json(upgraded, case.expected) and list(upgraded) == list(case.expected)


def _agrees_on_bytes(case: Case) -> bool:
    raw = tcspec.upgrade_json(case.text.encode())
    return raw == case.trace_of_text.event and json.dumps(json.loads(raw)) == json.dumps(case.trace.event)


def _is_idempotent(case: Case) -> bool:
    once, raw = case.trace.event, case.trace_of_text.event
    return json.dumps(tcspec.upgrade(once)) == json.dumps(once) and tcspec.upgrade_json(raw) == raw


def _is_pure(case: Case) -> bool:
    before = json.dumps(case.value)
    tcspec.upgrade(case.value)
    return before == json.dumps(case.value)


def _is_inverted(case: Case) -> bool:
    before, after = (json.loads(json.dumps(each)) for each in (case.value, case.trace.event))
    patched = jsonpatch.apply_patch(before, case.trace.patch, in_place=True)
    restored = jsonpatch.apply_patch(after, case.trace.inverse, in_place=True)
    return is_same_json(patched, case.expected) and is_same_json(restored, case.value)


def _has_same_patches_on_bytes(case: Case) -> bool:
    """Return whether patch and inverse are those of the value, so that they need not be applied again."""
    found, expected = ((trace.patch, trace.inverse) for trace in (case.trace_of_text, case.trace))
    return is_same_json(found, expected)


def _keeps_number_texts(case: Case) -> bool:
    """Return whether every number has its text, except those that the upgrade converts."""
    before, after = (_numbers(json.loads(text, **_AS_TEXT)) for text in (case.text, case.trace_of_text.event))
    converted = _numbers(case.value) - _numbers(case.expected)
    return (before - after).total() <= converted.total()


class _NumberText(str):
    """The text of a number."""

    __slots__ = ()


_AS_TEXT: Mapping[str, Any] = {"parse_int": _NumberText, "parse_float": _NumberText}


def _numbers(value: Any) -> Counter[str]:
    """Count the numbers in a value by their text."""
    found: Counter[str] = Counter()
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
        elif type(each) in (int, float, _NumberText):
            found[str(each)] += 1
    return found


PROPERTIES: Mapping[str, Callable[[Case], bool]] = {
    "equals the second implementation": _equals_reference,
    "agrees on bytes and values": _agrees_on_bytes,
    "is idempotent": _is_idempotent,
    "does not change its input": _is_pure,
    "is undone by its inverse": _is_inverted,
    "has the same patch and inverse on bytes": _has_same_patches_on_bytes,
    "keeps the text of numbers": _keeps_number_texts,
}
"""The properties of every upgrade."""


def _check(name: str, holds: Callable[[Case], bool], case: Case) -> list[str]:
    try:
        return [] if holds(case) else [name]
    except Exception as error:  # noqa: BLE001 - whatever is raised is a finding
        return [f"{name}: raised {type(error).__name__}: {error}"[:200]]


def check_upgrades(objects: Iterable[Candidate], seed: int) -> UpgradeResult:
    """Check every property for each object, until there are ten failures."""
    result, rng = UpgradeResult(), Random(seed)  # noqa: S311 - JSON styles, not secrets
    for each in objects:
        case = Case(each.payload, rng)
        result.upgraded["unchanged" if case.expected == case.value else "upgraded"] += 1
        failed = [failure for name, holds in PROPERTIES.items() for failure in _check(name, holds, case)]
        result.failures += [(failure, case.text) for failure in failed]
        if len(result.failures) >= MAX_DISAGREEMENTS:
            break
    return result
