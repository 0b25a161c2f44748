"""Where the payloads of the hunt come from: strategies by hand, an independent generator, examples and fixtures."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import payloads as examples
from judges import schema
from lab.agreement.damages import Payload, Stock, paths
from lab.agreement.panel import CONTRACTS
from locations import FIXTURES
from strategies import batches, data_apis
from strategies.drawing import drawn
from strategies.events import damaged_events, nearly_valid_events, valid_events
from strategies.legacy import legacy_events, mixed_events
from strategies.objects import RESERVED, biased_objects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hypothesis.strategies import SearchStrategy

_DEEP = 90
"""Fixtures of the limit of depth are left out: a graft makes them deeper than any payload may be."""


@dataclass(frozen=True)
class Source:
    """Payloads of one origin, and how large their share in a hunt is."""

    name: str
    share: float
    payloads: Sequence[Payload]


_broken_events = damaged_events().map(lambda damaged: damaged[0])
_of_events = {
    "valid": valid_events,
    "nearly valid": nearly_valid_events(),
    "broken": _broken_events,
    "legacy": legacy_events(),
    "mixed": mixed_events,
    "hostile": biased_objects,
}
_of_batches = {"valid": batches.valid_batches, "any": batches.batches, "hostile": batches.no_batches}


def _of_data(kind: str) -> dict[str, SearchStrategy[Any]]:
    return {
        "valid": data_apis.VALID[kind],
        "nearly valid": data_apis.NEARLY_VALID[kind],
        "broken": data_apis.DAMAGED[kind].map(lambda damaged: damaged[0]),
        "hostile": data_apis.biased,
    }


STRATEGIES: Mapping[str, Mapping[str, SearchStrategy[Any]]] = {
    "event/1.0": _of_events,
    "event/2.0": _of_events,
    "pixel/2.0": _of_events,
    "batch/2.0": _of_batches,
    **{f"{kind}/{version}": _of_data(kind) for kind, version in data_apis.KINDS.items()},
}
"""The hand-written strategies of each contract, by the name of what they draw."""


@cache
def example_payloads(contract: str) -> list[Payload]:
    """Give a payload of each event or kind that has every known property; the more it has, the more often."""
    return [each for each in _fullest(contract) for _ in range(1 + len(paths(each)) // 10)]


def _fullest(contract: str) -> list[Payload]:
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
    """Give the objects in the fixtures of a contract, the faults that were once found included."""
    kind, _, version = contract.partition("/")
    files = [*(FIXTURES / kind / version).rglob("*.json"), *(FIXTURES / kind / version).rglob("*.ndjson")]
    texts = [
        text
        for file in sorted(files)
        for text in (file.read_bytes().splitlines() if file.suffix == ".ndjson" else [file.read_bytes()])
    ]
    found = [value for text in texts for value in readable(text) if len(max(paths(value), key=len, default=())) < _DEEP]
    return [*found, *(fault.payload for fault in known_faults() if fault.contract == contract)]


def readable(text: bytes) -> Iterator[Payload]:
    """Read a JSON text, if it is that of an object that has a UTF-8 form."""
    try:
        value = json.loads(text)
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return
    if isinstance(value, dict):
        yield value


@dataclass(frozen=True)
class Fault:
    """A payload on which judges once disagreed, or may easily, and whether it is valid."""

    name: str
    title: str
    contract: str
    payload: Payload
    is_valid: bool


@cache
def known_faults() -> tuple[Fault, ...]:
    """Load `fixtures/agreement`."""
    loaded = ((path.stem, json.loads(path.read_bytes())) for path in sorted((FIXTURES / "agreement").glob("*.json")))
    return tuple(Fault(name, each["title"], each["contract"], each["payload"], each["valid"]) for name, each in loaded)


def by_hand(contract: str, count: int, seed: int) -> list[Source]:
    """Gather payloads of a contract that people have thought of: drawn, about so many, and there already.

    Args:
        contract: a kind and version, as in `event/2.0`.
        count: how many are drawn of the strategies.
        seed: draws the same payloads again.
    """
    strategies = STRATEGIES[contract]
    each, share = max(1, count // len(strategies)), 0.6 / len(strategies)
    found = [Source(name, share, drawn(strategy, each, seed)) for name, strategy in strategies.items()]
    found.append(Source("example", 0.3, example_payloads(contract)))
    found.append(Source("fixture", 0.1, fixture_payloads(contract)))
    return [source for source in found if source.payloads]


def stock(found: Sequence[Source]) -> Stock:
    """Say what damages may put into payloads that come from some sources: what schemas name, and parts of payloads."""
    return replace(vocabulary(), payloads=[payload for source in found for payload in source.payloads])


@cache
def vocabulary() -> Stock:
    """List what the published schemas name: properties, events, listed texts, and the limits of texts and numbers."""
    names, texts, lengths, numbers = set(RESERVED), set[str](), {1}, {0}
    for contract in CONTRACTS:
        kind, _, version = contract.partition("/")
        for node in _nodes(schema(version, kind)):
            names.update(node["properties"] if isinstance(node.get("properties"), dict) else ())
            texts.update(each for each in (node.get("const"), *_listed(node)) if isinstance(each, str))
            lengths.update(node[key] for key in ("minLength", "maxLength") if isinstance(node.get(key), int))
            numbers.update(node[key] for key in _BOUNDS if isinstance(node.get(key), int))
    events = (*sorted(examples.NAMES), "x_custom", "Purchase", "purchase ", "")
    return Stock(tuple(sorted(names)), events, tuple(sorted(texts)), tuple(sorted(lengths)), tuple(sorted(numbers)), ())


_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def _listed(node: Mapping[str, Any]) -> Sequence[Any]:
    listed = node.get("enum")
    return listed if isinstance(listed, list) else ()


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _nodes(child)
