"""Sources of payloads: hand-written strategies, the examples of the models, and the fixtures."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import payloads as examples
from lab.agreement.damage import Payload, Vocabulary, list_paths
from lab.agreement.validator_set import CONTRACTS
from locations import FIXTURES
from strategies import batches, data_apis
from strategies.drawing import draw_values
from strategies.events import broken_events, nearly_valid_events, valid_events
from strategies.legacy import mixed_events
from strategies.objects import RESERVED, biased_objects
from tcspec.strategies import legacy_events
from validators import schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hypothesis.strategies import SearchStrategy

_MAX_DEPTH = 90
"""Deeper fixtures are left out: grafting makes them deeper than the limit of any payload."""


@dataclass(frozen=True)
class Source:
    """Payloads of one origin, and their share in a search."""

    name: str
    share: float
    payloads: Sequence[Payload]


_event_strategies = {
    "valid": valid_events,
    "nearly valid": nearly_valid_events(),
    "broken": broken_events,
    "legacy": legacy_events(),
    "mixed": mixed_events,
    "hostile": biased_objects,
}
_batch_strategies = {"valid": batches.valid_batches, "any": batches.batches, "hostile": batches.not_batches}


def _data_strategies(kind: str) -> dict[str, SearchStrategy[Any]]:
    return {
        "valid": data_apis.VALID[kind],
        "nearly valid": data_apis.NEARLY_VALID[kind],
        "broken": data_apis.DAMAGED[kind].map(lambda damaged: damaged[0]),
        "hostile": data_apis.biased,
    }


STRATEGIES: Mapping[str, Mapping[str, SearchStrategy[Any]]] = {
    "event/1.0": _event_strategies,
    "event/2.0": _event_strategies,
    "pixel/2.0": _event_strategies,
    "batch/2.0": _batch_strategies,
    **{f"{kind}/{version}": _data_strategies(kind) for kind, version in data_apis.KINDS.items()},
}
"""The hand-written strategies of each contract, by the name of the source."""


@cache
def example_payloads(contract: str) -> list[Payload]:
    """Return a payload of each event or kind with every known property; larger ones occur more often."""
    return [each for each in _full_payloads(contract) for _ in range(1 + len(list_paths(each)) // 10)]


def _full_payloads(contract: str) -> list[Payload]:
    names = (*examples.NAMES, "x_custom")
    if contract == "event/1.0":
        return [examples.legacy_full(name) for name in names]
    if contract == "event/2.0":
        return [examples.full(name) for name in names]
    if contract == "pixel/2.0":
        return [examples.pixel_full(name) for name in names]
    return [examples.full_of(contract.partition("/")[0])]


@cache
def fixture_payloads(contract: str) -> list[Payload]:
    """Return the objects in the fixtures of a contract, those of `fixtures/agreement` included."""
    kind, _, version = contract.partition("/")
    files = [*(FIXTURES / kind / version).rglob("*.json"), *(FIXTURES / kind / version).rglob("*.ndjson")]
    texts = [
        text
        for file in sorted(files)
        for text in (file.read_bytes().splitlines() if file.suffix == ".ndjson" else [file.read_bytes()])
    ]
    objects = [value for text in texts for value in read_objects(text)]
    shallow = [each for each in objects if len(max(list_paths(each), key=len, default=())) < _MAX_DEPTH]
    return [*shallow, *(each.payload for each in load_agreement_fixtures() if each.contract == contract)]


def read_objects(text: bytes) -> Iterator[Payload]:
    """Yield the value of a JSON text if it is an object that can be encoded as UTF-8."""
    try:
        value = json.loads(text)
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict):
        yield value


@dataclass(frozen=True)
class AgreementFixture:
    """A payload on which validators disagreed once, or could easily, and whether it is valid."""

    name: str
    title: str
    contract: str
    payload: Payload
    is_valid: bool


@cache
def load_agreement_fixtures() -> tuple[AgreementFixture, ...]:
    """Load `fixtures/agreement`."""
    loaded = ((path.stem, json.loads(path.read_bytes())) for path in sorted((FIXTURES / "agreement").glob("*.json")))
    return tuple(
        AgreementFixture(name, each["title"], each["contract"], each["payload"], each["valid"]) for name, each in loaded
    )


def hand_written_sources(contract: str, count: int, seed: int) -> list[Source]:
    """Return the hand-written strategies, examples and fixtures of a contract as sources.

    Args:
        contract: a kind and version, as in `event/2.0`.
        count: how many payloads are drawn from the strategies.
        seed: the same seed draws the same payloads.
    """
    strategies = STRATEGIES[contract]
    each, share = max(1, count // len(strategies)), 0.6 / len(strategies)
    sources = [Source(name, share, draw_values(strategy, each, seed)) for name, strategy in strategies.items()]
    sources.append(Source("example", 0.3, example_payloads(contract)))
    sources.append(Source("fixture", 0.1, fixture_payloads(contract)))
    return [source for source in sources if source.payloads]


def vocabulary_of(sources: Sequence[Source]) -> Vocabulary:
    """Return what damage may put into payloads of some sources: names of the schemas, and parts of the payloads."""
    return replace(schema_vocabulary(), payloads=[payload for source in sources for payload in source.payloads])


@cache
def schema_vocabulary() -> Vocabulary:
    """Collect from the published schemas the properties, events, listed strings, and limits of lengths and numbers."""
    names, strings, lengths, numbers = set(RESERVED), set[str](), {1}, {0}
    for contract in CONTRACTS:
        kind, _, version = contract.partition("/")
        for node in _nodes(schema(version, kind)):
            names.update(node["properties"] if isinstance(node.get("properties"), dict) else ())
            strings.update(each for each in (node.get("const"), *_listed(node)) if isinstance(each, str))
            lengths.update(node[key] for key in ("minLength", "maxLength") if isinstance(node.get(key), int))
            numbers.update(node[key] for key in _BOUNDS if isinstance(node.get(key), int))
    events = (*sorted(examples.NAMES), "x_custom", "Purchase", "purchase ", "")
    return Vocabulary(
        tuple(sorted(names)), events, tuple(sorted(strings)), tuple(sorted(lengths)), tuple(sorted(numbers)), ()
    )


_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def _listed(node: Mapping[str, Any]) -> Sequence[Any]:
    listed = node.get("enum")
    return listed if isinstance(listed, list) else ()


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(child)
