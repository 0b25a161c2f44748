"""Fixes that rules may offer: tried on the payload first, and given only where they break no contract."""

from __future__ import annotations

from collections import Counter
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from tcspec.contract.engines import iter_fast_errors, meets_schema
from tcspec.contract.messages import build_violations
from tcspec.errors import Fix
from tcspec.jsontext.patch import patch_value
from tcspec.jsontext.pointer import join, split
from tcspec.kinds import dialect_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tcspec.rules.context import Path, RuleContext

Operation = dict[str, Any]
"""An operation of a JSON Patch (RFC 6902) on members of objects."""

_PLACES = frozenset({"path", "from"})


def offer(subject: RuleContext, title: str, *operations: Operation, is_safe: bool = False) -> Fix | None:
    """Make a fix of operations on objects of a payload.

    There is none when the contract would find more than it does now, or when the payload would no longer show that
    a client of the vendor sends it: of servers more is asked.
    """
    given, there = _alone(subject.value, operations)
    mended = patch_value(given, there)
    if not _is_no_worse(mended, given, subject) or (_is_of_server(mended) and not _is_of_server(given)):
        return None
    return Fix(title, operations, is_safe)


def move(source: Path, target: Path) -> Operation:
    """Give the operation that moves a value to a place which is free."""
    return {"op": "move", "from": join(source), "path": join(target)}


def replace(path: Path, value: object) -> Operation:
    """Give the operation that exchanges a value."""
    return {"op": "replace", "path": join(path), "value": value}


def add(path: Path, value: object) -> Operation:
    """Give the operation that writes a member which is not there."""
    return {"op": "add", "path": join(path), "value": value}


def _alone(payload: Mapping[str, Any], operations: tuple[Operation, ...]) -> tuple[dict[str, Any], list[Operation]]:
    """Leave out of lists the items that operations do not touch, when all touch one and the same.

    An item meets the contract, or does not, whatever the others are: `offer` asks of one what it would ask of all.
    """
    places = (split(operation[key]) for operation in operations for key in _PLACES & operation.keys())
    way = [parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, zip(*places, strict=False))]
    alone, there = _with_item_alone(payload, way)
    old, new = join(way), join(there)
    return alone, [
        {key: new + value.removeprefix(old) if key in _PLACES else value for key, value in operation.items()}
        for operation in operations
    ]


def _with_item_alone(value: Any, way: Sequence[str]) -> tuple[Any, tuple[str, ...]]:  # noqa: ANN401 - any JSON value
    """Leave out of lists along a path what is not on it; give the path that then leads to the same."""
    if not way:
        return value, ()
    part, *rest = way
    if isinstance(value, list):
        item, there = _with_item_alone(value[int(part)], rest)
        return [item], ("0", *there)
    if isinstance(value, dict) and part in value:
        member, there = _with_item_alone(value[part], rest)
        return {**value, part: member}, (part, *there)
    return value, tuple(way)


def _is_no_worse(mended: dict[str, Any], given: dict[str, Any], subject: RuleContext) -> bool:
    """Tell whether the contract finds nothing in a payload after a change that it did not find before."""
    version, name = subject.version, mended.get("event_name")
    if meets_schema(mended, version, name):
        return True
    if name == given.get("event_name"):
        return Counter(iter_fast_errors(mended, version, name)) <= Counter(iter_fast_errors(given, version, name))
    return _broken(mended, subject) <= _broken(given, subject)


def _broken(payload: dict[str, Any], subject: RuleContext) -> set[tuple[str, str, object]]:
    """Tell how a payload breaks its contract, in words that do not depend on its name."""
    found = build_violations(
        iter_fast_errors(payload, subject.version, payload.get("event_name")), payload, subject.version
    )
    return {(violation.code, violation.pointer, violation.data.get("property")) for violation in found}


def _is_of_server(payload: Mapping[str, Any]) -> bool:
    return dialect_of(payload).sender == "server"
