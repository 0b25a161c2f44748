"""The search for a payload that one schema takes and another refuses; every answer was tried on both."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from tcspec.evolution.candidates import candidates
from tcspec.evolution.facts import facts, item_of, names, property_of, values_of
from tcspec.evolution.keywords import text
from tcspec.evolution.objects import NAME
from tcspec.evolution.parts import Part
from tcspec.evolution.places import changed, dropped, places, spoken_of
from tcspec.evolution.reducing import reduced
from tcspec.evolution.samples import Samples
from tcspec.evolution.unfolding import Judges

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tcspec.evolution.covering import Step, Stop
    from tcspec.evolution.reading import Document

_TRIED = 8_000
"""How many payloads are tried."""
_BASES = 80
_NEAR_ENOUGH = 4
_FIRST = 4
"""How many values, and payloads around each, are tried at first at a place where a proof stopped."""
_LONGEST = 200
_MANY = 300
"""How many payloads are tried there later."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A payload that one schema takes and the other refuses."""

    payload: Any


@dataclass(slots=True)
class Search:
    """A search under way: in which document payloads are to be taken, in which refused, and how many were tried."""

    taking: Document
    refusing: Document
    judges: Judges = field(default_factory=Judges)
    left: int = _TRIED
    seen: set[str] = field(default_factory=set)
    samples: Samples = field(init=False)

    def __post_init__(self) -> None:
        self.samples = Samples(self.judges)

    def witness(self, stops: list[Stop], *, is_thorough: bool) -> Witness | None:
        """Look where a proof stopped, then, to be thorough, around samples of both schemas."""
        ordered = sorted(stops, key=lambda stop: not stop.values)
        proposed = self._quick(ordered)
        for payload in chain(proposed, self._thorough(ordered)) if is_thorough else proposed:
            if self.left <= 0:
                return None
            spelt = text(payload)
            if spelt not in self.seen:
                self.seen.add(spelt)
                if self.tells_apart(payload):
                    return Witness(reduced(payload, self.tells_apart))
        return None

    def tells_apart(self, payload: Any) -> bool:  # noqa: ANN401 - any JSON value
        """Tell whether one schema takes a payload and the other refuses it."""
        self.left -= 1
        return not self.refusing.accepts(payload) and self.taking.accepts(payload)

    def _quick(self, stops: list[Stop]) -> Iterator[Any]:
        for stop in stops:
            for value in islice(self._at(stop), _FIRST):
                yield from islice(_around(stop.above, value, self.samples), _FIRST)

    def _thorough(self, stops: list[Stop]) -> Iterator[Any]:
        bases = list(self._bases())
        yield from bases
        for stop in stops:
            found = (payload for value in self._at(stop) for payload in _around(stop.above, value, self.samples))
            yield from islice(found, _MANY)
        for base in bases:
            yield from self._varied(base)

    def _at(self, stop: Stop) -> Iterator[Any]:
        """Give values for the place where a proof stopped, that are taken and refused there as far as can be seen."""
        taken = self.judges.judge(stop.held)
        refused = self.judges.judge([stop.wide])
        for value in (*stop.values, *_near(stop, self.samples), *candidates([stop.wide, *stop.held])):
            if (taken is None or taken(value)) and (refused is None or not refused(value)):
                yield value

    def _bases(self) -> Iterator[Any]:
        """Give payloads to start from: the examples of both schemas, and samples for each condition."""
        documents = (self.taking, self.refusing)
        for document in documents:
            if isinstance(document.root, dict):
                yield from document.root.get("examples", ())
        for document in documents:
            root = Part(document, document.root)
            held = facts([root])
            yield from self.samples.of(held)
            for part in held[:_BASES]:
                if isinstance(part.schema, dict) and "if" in part.schema and "then" in part.schema:
                    asked = facts([*held, part.inner(part.schema["if"]), part.inner(part.schema["then"])])
                    yield from self.samples.of(asked)[:2]

    def _varied(self, base: Any) -> Iterator[Any]:  # noqa: ANN401 - any JSON value
        """Change a payload at each place, in every way that a schema may mind."""
        roots = [Part(document, document.root) for document in (self.taking, self.refusing)]
        for path in places(base):
            for value in candidates(spoken_of(roots, path)):
                yield changed(base, path, value)
            yield from dropped(base, path)


def _near(stop: Stop, samples: Samples) -> Iterator[Any]:
    """Give samples of what is known at a place, as they are, with less, and with more."""
    values = samples.of(stop.held)
    yield from values
    asked = stop.held + tuple(part for part in facts([stop.wide]) if part.schema is not False)
    for value in values[:_NEAR_ENOUGH]:
        if isinstance(value, dict):
            yield from ({key: inner for key, inner in value.items() if key != gone} for gone in value)
            yield value | {"other": None}
            for name in names(asked):
                held = facts(property_of(stop.held, name))
                yield from (value | {name: inner} for inner in samples.of(held)[:2])
        elif isinstance(value, list) and value:
            counts = {int(each) for keyword in ("minItems", "maxItems") for each in values_of(asked, keyword)}
            for count in sorted(
                {near for each in counts for near in (each - 1, each, each + 1) if 0 <= near <= _LONGEST}
            ):
                yield (value * (count or 1))[:count]
            yield [*value, *value]


def _around(above: tuple[Step, ...], value: Any, samples: Samples) -> Iterator[Any]:  # noqa: ANN401 - any JSON value
    """Build payloads around a value."""
    if not above:
        yield value
        return
    step = above[-1]
    for built in _inside(step, value, samples):
        yield from _around(above[:-1], built, samples)


def _inside(step: Step, value: Any, samples: Samples) -> Iterator[Any]:  # noqa: ANN401 - any JSON value
    if step.name == NAME:
        if isinstance(value, str):
            yield from samples.objects(step.held, dict.fromkeys([value], 1))
    elif isinstance(step.name, str):
        yield from samples.objects(step.held, {step.name: value})
    else:
        before = [samples.one(facts(item_of(step.held, index)), 3) for index in range(step.name)]
        if all(before):
            fewest = max([0, *values_of(step.held, "minItems")])
            made = [*(each[0] for each in before), value]
            yield made + [value] * (int(fewest) - len(made))
