"""Fixes that rules propose: tried on the payload first, and offered only when they break nothing."""

from __future__ import annotations

from collections import Counter
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from tcspec.contract.checks import meets_schema
from tcspec.contract.engines import iter_fast_errors
from tcspec.dialects import dialect_of
from tcspec.errors import Fix
from tcspec.jsontext.pointer import join, split

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tcspec.rules.context import Path, RuleContext

Operation = dict[str, Any]
"""An operation of a JSON Patch (RFC 6902) on members of objects."""

_POINTER_KEYS = frozenset({"path", "from"})


def offer(context: RuleContext, title: str, *operations: Operation, is_safe: bool = False) -> Fix | None:
    """Return a fix made of operations on objects of a payload, None when it would do harm.

    A fix does harm when the contract would find more than before, or when the payload would no longer show that a
    client of the vendor sends it, because more is required of servers.
    """
    from tcspec.jsontext.value_patch import patch_value  # noqa: PLC0415 - most payloads need no fix

    before, moved = _keep_touched_items(context.value, operations)
    after = patch_value(before, moved)
    if not _is_no_worse(before, after, context) or (_is_from_server(after) and not _is_from_server(before)):
        return None
    return Fix(title, operations, is_safe)


def move(source: Path, target: Path) -> Operation:
    """Return the operation that moves a value to a place that is free."""
    return {"op": "move", "from": join(source), "path": join(target)}


def replace(path: Path, value: object) -> Operation:
    """Return the operation that replaces a value."""
    return {"op": "replace", "path": join(path), "value": value}


def add(path: Path, value: object) -> Operation:
    """Return the operation that adds a member."""
    return {"op": "add", "path": join(path), "value": value}


def remove(path: Path) -> Operation:
    """Return the operation that removes a member."""
    return {"op": "remove", "path": join(path)}


def _keep_touched_items(
    payload: Mapping[str, Any], operations: tuple[Operation, ...]
) -> tuple[dict[str, Any], list[Operation]]:
    """Return a payload without the array items that operations do not touch, and the operations on what is left.

    Whether an item meets the contract does not depend on the others, so a fix of one of many items needs no check of
    them all: without this, offering a fix for each of many items would take quadratic time.
    """
    paths = (split(operation[key]) for operation in operations for key in _POINTER_KEYS & operation.keys())
    common = [parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, zip(*paths, strict=False))]
    reduced, new_path = _keep_item(payload, common)
    old, new = join(common), join(new_path)
    return reduced, [
        {key: new + value.removeprefix(old) if key in _POINTER_KEYS else value for key, value in operation.items()}
        for operation in operations
    ]


def _keep_item(value: Any, path: Sequence[str]) -> tuple[Any, tuple[str, ...]]:  # noqa: ANN401 - any JSON value
    """Return a value whose arrays along a path hold only the items on it, and the path that leads to the same place."""
    if not path:
        return value, ()
    part, *rest = path
    if isinstance(value, list):
        item, inner = _keep_item(value[int(part)], rest)
        return [item], ("0", *inner)
    if isinstance(value, dict) and part in value:
        member, inner = _keep_item(value[part], rest)
        return {**value, part: member}, (part, *inner)
    return value, tuple(path)


def _is_no_worse(before: dict[str, Any], after: dict[str, Any], context: RuleContext) -> bool:
    """Return whether the contract finds nothing in a payload after a change that it did not find before."""
    version, name = context.version, after.get("event_name")
    if meets_schema(after, version, name):
        return True
    if name == before.get("event_name"):
        return Counter(iter_fast_errors(after, version, name)) <= Counter(iter_fast_errors(before, version, name))
    # Errors are compared by their place in the schema, which depends on the name of the event; violations are not.
    return _find_broken(after, context) <= _find_broken(before, context)


def _find_broken(payload: dict[str, Any], context: RuleContext) -> set[tuple[str, str, object]]:
    from tcspec.contract.messages import build_violations  # noqa: PLC0415 - as above

    errors = iter_fast_errors(payload, context.version, payload.get("event_name"))
    found = build_violations(errors, payload, context.version)
    return {(violation.code, violation.pointer, violation.data.get("property")) for violation in found}


def _is_from_server(event: Mapping[str, Any]) -> bool:
    return dialect_of(event).sender == "server"
