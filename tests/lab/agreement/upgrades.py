"""The upgrade held against the text of its contract: values, types, order, bytes, patches and their inverse."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, Any

import jsonpatch

import tcspec
from lab.agreement.hunt import ENOUGH, suspects
from lab.agreement.sources import FIXTURES, Source
from reference.upgrade import reference_upgrade
from strategies.batches import stored_batches
from strategies.documents import serialize
from strategies.drawing import drawn
from strategies.events import valid_events
from strategies.legacy import legacy_events, mixed_events
from strategies.objects import RESERVED, biased_objects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from hypothesis import strategies as st

    from lab.agreement.damages import Payload
    from lab.agreement.hunt import Suspect


@dataclass
class Kept:
    """What was seen of upgrades: how many objects, by what became of them, and which laws were broken by what."""

    upgraded: Counter[str] = field(default_factory=Counter)
    broken: list[tuple[str, str]] = field(default_factory=list)
    """The name of the law, or what was raised, and the JSON text of the object."""

    def add(self, other: Kept) -> None:
        """Take in what others have seen."""
        self.upgraded.update(other.upgraded)
        self.broken += other.broken


_STORED: Mapping[str, tuple[float, st.SearchStrategy[Any]]] = {
    "hostile": (0.4, biased_objects),
    "legacy": (0.15, legacy_events()),
    "mixed": (0.1, mixed_events),
    "valid": (0.1, valid_events),
    "batch": (0.15, stored_batches),
}
"""What may be stored, and the share of each; the rest are the fixtures of upgrades."""


def objects(count: int, drawn_of: int, seed: int) -> Iterator[Suspect]:
    """Make so many objects to upgrade, biased to names that upgrades look at, to collisions and to odd types.

    Args:
        count: how many are made.
        drawn_of: how many are drawn of strategies; the others are these, damaged.
        seed: makes the same ones again.
    """
    found = [Source(name, share, drawn(each, round(share * drawn_of), seed)) for name, (share, each) in _STORED.items()]
    found.append(Source("fixture", 0.1, _before()))
    return suspects("event/1.0", found, count, seed, names=RESERVED)


def _before() -> list[Payload]:
    """Load what the fixtures of upgrades begin with."""
    loaded = (json.loads(path.read_bytes())["before"] for path in sorted((FIXTURES / "upgrades").glob("*.json")))
    return [before for before in loaded if isinstance(before, dict)]


class Case:
    """An object, its JSON text in some spelling, what the text of the contract makes of it, and what tcspec does."""

    def __init__(self, value: dict[str, Any], rng: Random) -> None:
        self.value = json.loads(json.dumps(value))  # no two parts are one object, which patches could not tell apart
        self.text = (
            serialize(self.value, rng)
            if rng.random() < _ODDLY
            else json.dumps(self.value, indent=rng.choice((None, 2)))
        )
        self.expected = reference_upgrade(self.value)

    @cached_property
    def trace(self) -> tcspec.Upgrade:
        """Upgrade the value."""
        return tcspec.trace_upgrade(self.value)

    @cached_property
    def trace_of_text(self) -> tcspec.Upgrade:
        """Upgrade the text."""
        return tcspec.trace_upgrade(self.text.encode())


_ODDLY = 0.3
"""How many texts are in an odd spelling; the others are as programs write them."""


def same(left: Any, right: Any) -> bool:
    """Compare JSON values with their types: `1` is neither `true` nor `1.0`; the order of keys does not count."""
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


def _as_the_text_says(case: Case) -> bool:
    upgraded = tcspec.upgrade(case.value)
    return same(upgraded, case.expected) and list(upgraded) == list(case.expected)


def _bytes_as_values(case: Case) -> bool:
    raw = tcspec.upgrade_json(case.text.encode())
    return raw == case.trace_of_text.event and json.dumps(json.loads(raw)) == json.dumps(case.trace.event)


def _ends_in_a_fixed_point(case: Case) -> bool:
    once, raw = case.trace.event, case.trace_of_text.event
    return json.dumps(tcspec.upgrade(once)) == json.dumps(once) and tcspec.upgrade_json(raw) == raw


def _leaves_its_input(case: Case) -> bool:
    before = json.dumps(case.value)
    tcspec.upgrade(case.value)
    return before == json.dumps(case.value)


def _is_undone(case: Case) -> bool:
    there, back = (json.loads(json.dumps(each)) for each in (case.value, case.trace.event))
    there = jsonpatch.apply_patch(there, case.trace.patch, in_place=True)
    back = jsonpatch.apply_patch(back, case.trace.inverse, in_place=True)
    return same(there, case.expected) and same(back, case.value)


def _is_undone_on_bytes(case: Case) -> bool:
    """Tell whether patch and inverse are those of the value, so that they need not be applied again."""
    found, expected = ((trace.patch, trace.inverse) for trace in (case.trace_of_text, case.trace))
    return same(found, expected)


def _keeps_spellings(case: Case) -> bool:
    """Tell whether no more numbers were spelt anew than the text of the contract converts."""
    before, after = (_numbers(json.loads(text, **_AS_SPELT)) for text in (case.text, case.trace_of_text.event))
    converted = _numbers(case.value) - _numbers(case.expected)
    return (before - after).total() <= converted.total()


class _Spelt(str):
    """A number as it is spelt."""

    __slots__ = ()


_AS_SPELT: Mapping[str, Any] = {"parse_int": _Spelt, "parse_float": _Spelt}


def _numbers(value: Any) -> Counter[str]:
    """Count the numbers in a value, by type and value or by their spelling."""
    found: Counter[str] = Counter()
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
        elif type(each) in (int, float, _Spelt):
            found[str(each)] += 1
    return found


LAWS: Mapping[str, Callable[[Case], bool]] = {
    "is what the text of the contract says": _as_the_text_says,
    "makes of bytes what it makes of values": _bytes_as_values,
    "ends in a fixed point": _ends_in_a_fixed_point,
    "leaves its input as it was": _leaves_its_input,
    "is undone by its inverse": _is_undone,
    "has the same patch and inverse on bytes": _is_undone_on_bytes,
    "keeps the spelling of numbers": _keeps_spellings,
}
"""What every upgrade does, as a sentence that begins with it."""


def broken_laws(case: Case) -> list[str]:
    """Name the laws that the upgrade of an object breaks, or what is raised instead."""
    return [said for law, holds in LAWS.items() for said in _said(law, holds, case)]


def _said(law: str, holds: Callable[[Case], bool], case: Case) -> list[str]:
    try:
        return [] if holds(case) else [law]
    except Exception as error:  # noqa: BLE001 - whatever is raised is a finding
        return [f"{law}: raised {type(error).__name__}: {error}"[:200]]


def hold(suspects: Iterable[Suspect], seed: int) -> Kept:
    """Hold the upgrade of each payload against every law, and give what was seen; it ends after ten that break one."""
    kept, rng = Kept(), Random(seed)  # noqa: S311 - spelling, not secrets
    for suspect in suspects:
        case = Case(suspect.payload, rng)
        kept.upgraded["unchanged" if case.expected == case.value else "upgraded"] += 1
        kept.broken += [(law, case.text) for law in broken_laws(case)]
        if len(kept.broken) >= ENOUGH:
            break
    return kept
