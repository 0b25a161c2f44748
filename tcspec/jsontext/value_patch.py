"""Apply a JSON Patch to a JSON value, as `patch` does to a JSON text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tcspec.jsontext.pointer import split

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Path = tuple[str, ...]
    Operation = Mapping[str, Any]


def patch_value(document: Any, patch: Iterable[Operation]) -> Any:  # noqa: ANN401 - any JSON value
    """Apply a JSON Patch of replace, move, add and remove to a JSON value, and return a new one.

    The result is what the text of `patch.apply_patch` has, its keys in the same order; nothing is parsed again.

    Raises:
        LookupError: when an operation cannot be applied.
    """
    for operation in patch:
        path = split(operation["path"])
        match operation["op"]:
            case "remove":
                document, _ = _pop(document, path)
            case "replace" if not path:
                document = operation["value"]
            case "replace":
                document, parent = _copy_to_parent(document, path)
                parent[_key_in(parent, path[-1])] = operation["value"]
            case "add":
                document = _add_value(document, path, operation["value"])
            case "move":
                document = _move_value(document, split(operation["from"]), path)
    return document


def _move_value(document: Any, source: Path, target: Path) -> Any:  # noqa: ANN401 - any JSON value
    if source == target:
        return document
    # Copied on the way only: a patch of one value does not copy a document of megabytes.
    root, parent = _copy_to_parent(document, source)
    if source[:-1] != target[:-1] or not isinstance(parent, dict):
        root, value = _pop(document, source)
        return _add_value(root, target, value)
    # A member that is renamed keeps its place, as in the text.
    old, new = source[-1], target[-1]
    # A dict has no way to put a key in the place of another one: all members are set again.
    members = [(new if name == old else name, value) for name, value in parent.items() if name != new]
    parent.clear()
    parent.update(members)
    return root


def _add_value(document: Any, path: Path, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if not path:
        return value
    root, parent = _copy_to_parent(document, path)
    if isinstance(parent, list):
        parent.insert(len(parent) if path[-1] == "-" else int(path[-1]), value)
    else:
        parent[path[-1]] = value
    return root


def _pop(document: Any, path: Path) -> tuple[Any, Any]:  # noqa: ANN401 - any JSON value
    """Return a document without the value at a path, and that value."""
    root, parent = _copy_to_parent(document, path)
    return root, parent.pop(_key_in(parent, path[-1]))


def _copy_to_parent(document: Any, path: Path) -> tuple[Any, Any]:  # noqa: ANN401 - any JSON value
    """Return a document whose objects and arrays around a path are copies, and the innermost of these."""
    # A shallow copy: what is not on the way is shared, and not changed.
    root = parent = document.copy()
    for token in path[:-1]:
        key = _key_in(parent, token)
        parent[key] = parent[key].copy()
        parent = parent[key]
    return root, parent


def _key_in(parent: Any, token: str) -> str | int:  # noqa: ANN401 - an object or array
    return int(token) if isinstance(parent, list) else token
