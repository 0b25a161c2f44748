"""A strict encoder: Python values to JSON, and a violation for everything that has no JSON form."""

from __future__ import annotations

import json
import math
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec import codes
from tcspec.errors import UnreadablePayload
from tcspec.json_types import type_name
from tcspec.jsontext.integers import format_integer, is_too_long
from tcspec.jsontext.pointer import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tcspec.errors import Violation

    Path = tuple[str | int, ...]


DEFAULT_DEPTH = 200
"""How many levels of nesting are read by default."""

_CONTAINERS = (dict, list, tuple)

MAX_WEIGHT = 32 * 1024 * 1024
"""How many characters and members a Python value may have, where those that it shares count each time."""
_MAX_WALK_DEPTH = 400
"""A depth that no limit allows, and that recursion still bears."""
MAX_REPORTED = 1_000
"""How many violations are reported of one value at most."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def encode(value: object, depth: int = DEFAULT_DEPTH) -> bytes:
    """Encode a value as compact UTF-8 JSON, strictly: nothing that is not JSON is converted.

    Raises:
        UnreadablePayload: when something in the value has no JSON form, it is nested deeper than `depth`, or it has
            more than 32 MiB.
    """
    survey = _survey(value, depth)
    # Measured first: json's encoder follows a value that contains itself until Python's recursion limit.
    if survey.is_encodable and not survey.find_violation(depth, MAX_WEIGHT):
        # The encoder does not know where it failed; the walk below finds the place, and everything else that is wrong.
        with suppress(TypeError, ValueError):
            return encode_compact(value)
    violations = list(find_non_json_values(value, depth))
    raise UnreadablePayload(violations or [codes.NOT_JSON_VALUE.violation("", "the value cannot be encoded as JSON")])


def encode_compact(document: object) -> bytes:
    """Encode a value that was read from JSON, and so is JSON, as compact UTF-8 JSON."""
    try:
        text = _ENCODER.encode(document)
    except ValueError:
        # Either something is not JSON, which is raised again, or integers have more digits than Python converts.
        text = _encode_long_integers(document)
    return text.encode()


def _encode_long_integers(value: Any) -> str:  # noqa: ANN401 - any JSON value
    match value:
        case int() if not isinstance(value, bool):
            return format_integer(value)
        case dict():
            members = (f"{_ENCODER.encode(key)}:{_encode_long_integers(member)}" for key, member in value.items())
            return f"{{{','.join(members)}}}"
        case list() | tuple():
            return f"[{','.join(map(_encode_long_integers, value))}]"
    return _ENCODER.encode(value)


def to_json_value(value: object) -> Any:  # noqa: ANN401 - any JSON value, or what is none
    """Return what a model of tcspec is on the wire, and any other value as it is."""
    # Found by its name, so that reading payloads does not import pydantic.
    to_payload = getattr(type(value), "to_payload", None)
    return to_payload(value) if callable(to_payload) else value


def find_non_json_values(value: object, depth: int, max_weight: float = MAX_WEIGHT) -> Iterator[Violation]:
    """Find what has no JSON form: NaN, sets, bytes, keys that are not strings, unpaired surrogates; the first 1,000.

    When the value is too deep, or too large once what it shares is written out, that is the only violation.
    """
    violation = _survey(value, depth).find_violation(depth, max_weight)
    return iter([violation]) if violation else islice(_walk((), value, set()), MAX_REPORTED)


def is_bounded(value: object) -> bool:
    """Return whether a value can be walked through: it does not contain itself and is not huge once written out."""
    return _survey(value, _MAX_WALK_DEPTH).find_violation(_MAX_WALK_DEPTH, MAX_WEIGHT) is None


def build_depth_violation(depth: int) -> Violation:
    """Build the violation of a document that is nested deeper than a limit."""
    return codes.TOO_DEEP.violation(
        "", f"nesting exceeds the maximum depth of {depth} levels (raise it with --max-depth)"
    )


def build_length_violation(length: int, actual: int | None = None) -> Violation:
    """Build the violation of a document that is longer than a limit, and how long it is if that is known."""
    subject = "the document" if actual is None else f"the document has {actual:,} bytes and"
    message = f"{subject} exceeds the maximum length of {length:,} bytes (raise it with --max-length)"
    return codes.TOO_LONG.violation("", message, {} if actual is None else {"actual": actual})


class _Survey(NamedTuple):
    """The size of a value: how much is in it, whether keys and integers can be encoded, and whether it is too deep."""

    weight: int
    is_encodable: bool
    is_too_deep: bool

    def find_violation(self, depth: int, max_weight: float) -> Violation | None:
        """Return the violation of a value that is too deep or too large."""
        if self.is_too_deep:
            return build_depth_violation(depth)
        if self.weight > max_weight:
            return codes.TOO_LONG.violation("", f"the value exceeds the maximum length of {max_weight:,} bytes")
        return None


def _survey(value: object, depth: int) -> _Survey:
    """Measure a value level by level.

    A container that occurs several times in a level is measured once and counted as often. Otherwise a value that
    contains itself, or another one twice which contains a third one twice, would take time without end.
    """
    weight, has_string_keys = 0, True
    has_long_integers = isinstance(value, int) and is_too_long(value)
    level: dict[int, tuple[Any, int]] = {0: (value, 1)} if isinstance(value, _CONTAINERS) else {}
    for _ in range(depth):
        inner: dict[int, tuple[Any, int]] = {}
        for container, times in level.values():
            own = len(container)
            if isinstance(container, dict):
                has_string_keys = has_string_keys and all(isinstance(key, str) for key in container)
                # A key that is no string has no length; the walk reports it, and the weight does not matter then.
                own += sum(map(len, container)) if has_string_keys else 0
            for member in container.values() if isinstance(container, dict) else container:
                if isinstance(member, str):
                    own += len(member)
                elif isinstance(member, int):
                    # Close to the number of digits; writing them takes quadratic time.
                    own += member.bit_length() // 4
                    has_long_integers = has_long_integers or is_too_long(member)
                elif isinstance(member, _CONTAINERS):
                    seen = inner.get(id(member))
                    inner[id(member)] = (member, times + (seen[1] if seen else 0))
            weight += times * own
        level = inner
        if not level:
            break
    return _Survey(weight, has_string_keys and not has_long_integers, bool(level))


def _walk(path: Path, value: object, clean: set[int]) -> Iterator[Violation]:
    """Yield the violations in a value; containers that are `clean`, by their identity, are not walked again."""
    match value:
        case None | bool() | int():
            pass
        case str():
            if not _is_encodable(value):
                yield codes.LONE_SURROGATE.violation(join(path), "unpaired surrogate in a string")
        case float():
            if not math.isfinite(value):
                yield codes.NOT_A_NUMBER.violation(join(path), "NaN and infinities are not JSON numbers")
        # Walked once though it is shared: 40 levels that each hold the next one twice hold the last 2^40 times.
        case dict() | list() | tuple():
            if id(value) in clean:
                return
            is_clean = True
            for violation in _walk_members(path, value, clean):
                is_clean = False
                yield violation
            if is_clean:
                clean.add(id(value))
        case _:
            actual = type(value).__name__
            message = f"a Python {actual} cannot be encoded as JSON"
            yield codes.NOT_JSON_VALUE.violation(join(path), message, {"actual": actual})


def _walk_members(path: Path, value: Mapping[Any, Any] | Sequence[Any], clean: set[int]) -> Iterator[Violation]:
    if not isinstance(value, dict):
        for index, item in enumerate(value):
            yield from _walk((*path, index), item, clean)
        return
    for key, member in value.items():
        if not isinstance(key, str):
            yield codes.NOT_JSON_VALUE.violation(join(path), f"expected a string as a key, got {type_name(key)}")
        elif not _is_encodable(key):
            yield codes.LONE_SURROGATE.violation(join(path), "unpaired surrogate in a key")
        else:
            yield from _walk((*path, key), member, clean)


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
