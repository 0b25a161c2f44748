"""Python values that are to be JSON: what they are called, how they are encoded, and what has no JSON form."""

from __future__ import annotations

import json
import math
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from tcspec import codes
from tcspec.errors import UnreadablePayload
from tcspec.jsontext.pointer import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tcspec.errors import Violation

    Path = tuple[str | int, ...]


DEFAULT_DEPTH = 200
"""How many levels of nesting are read by default."""


def type_name(value: object) -> str:
    """Name the JSON type of a value as messages do."""
    if value is None:
        return "null"
    named = next((name for kind, name in _NAMES if isinstance(value, kind)), None)
    return named or f"a Python {type(value).__name__}"


_NAMES = (
    (bool, "a boolean"),
    (int, "an integer"),
    (float, "a number"),
    (str, "text"),
    ((list, tuple), "an array"),
    (dict, "an object"),
)

_HOLDERS = (dict, list, tuple)

MAX_WEIGHT = 32 * 1024 * 1024
"""How many characters and members a Python value may have at most, those that it shares counted where they are."""
_DEEPEST = 400
"""How many levels are walked through without asking, more than what is read by any limits."""
MAX_REPORTED = 1_000
"""How many places that have no JSON form are told of one value."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def encode(value: object, depth: int = DEFAULT_DEPTH) -> bytes:
    """Encode a value as compact UTF-8 JSON, strictly: nothing that is no JSON is made into some.

    Raises:
        UnreadablePayload: when something in the value has no JSON form, it is nested deeper than `depth`, or there is
            more in it than 32 MiB.
    """
    try:
        survey = _survey(value, depth)
        if survey.is_named and not survey.flaw(depth, MAX_WEIGHT):
            return _ENCODER.encode(value).encode()
    except (TypeError, ValueError, RecursionError):
        pass
    found = list(find_non_json_values(value, depth))
    raise UnreadablePayload(found or [codes.NOT_JSON_VALUE.violation("", "the value has no JSON form")])


def find_non_json_values(value: object, depth: int, heaviest: float = MAX_WEIGHT) -> Iterator[Violation]:
    """Find what has no JSON form: NaN, sets, bytes, keys that are no text, half surrogates; the first 1,000 places.

    Of a value that has too many levels, or is too large once all that it shares is written out, nothing else is told.
    """
    flaw = _survey(value, depth).flaw(depth, heaviest)
    return iter([flaw]) if flaw else islice(_foreign((), value, set()), MAX_REPORTED)


def is_bounded(value: object) -> bool:
    """Tell whether a value can be walked through: it neither holds itself nor is huge once it is written out."""
    return _survey(value, _DEEPEST).flaw(_DEEPEST, MAX_WEIGHT) is None


class _Survey(NamedTuple):
    """What is known of a value as a whole: how much is in it, and whether all is named by text and within levels."""

    weight: int
    is_named: bool
    is_deep: bool

    def flaw(self, depth: int, heaviest: float) -> Violation | None:
        """Say that there are too many levels, or too much."""
        if self.is_deep:
            return codes.TOO_DEEP.violation("", f"more than {depth} levels of nesting")
        if self.weight > heaviest:
            return codes.TOO_LONG.violation("", f"the value is longer than {heaviest:,} bytes once it is written out")
        return None


def _survey(value: object, depth: int) -> _Survey:
    """Go through a value level by level.

    What stands in a level several times is looked at once and counted as often, so that a value that holds itself, or
    another one twice which holds a third one twice, costs no more than what it is made of.
    """
    weight, is_named = 0, True
    level: dict[int, tuple[Any, int]] = {0: (value, 1)} if isinstance(value, _HOLDERS) else {}
    for _ in range(depth):
        inner: dict[int, tuple[Any, int]] = {}
        for holder, times in level.values():
            heft = len(holder)
            if isinstance(holder, dict):
                is_named = is_named and all(isinstance(name, str) for name in holder)
                heft += sum(map(len, holder)) if is_named else 0
            for member in holder.values() if isinstance(holder, dict) else holder:
                if isinstance(member, str):
                    heft += len(member)
                elif isinstance(member, int):
                    heft += member.bit_length() // 4
                elif isinstance(member, _HOLDERS):
                    there = inner.get(id(member))
                    inner[id(member)] = (member, times + (there[1] if there else 0))
            weight += times * heft
        level = inner
        if not level:
            break
    return _Survey(weight, is_named, bool(level))


def _foreign(path: Path, value: object, clean: set[int]) -> Iterator[Violation]:
    """Walk through a value; what is `clean`, by its identity, is not looked into again."""
    match value:
        case None | bool() | int():
            pass
        case str():
            if not _is_encodable(value):
                yield codes.LONE_SURROGATE.violation(join(path), "the text holds half of a surrogate pair")
        case float():
            if not math.isfinite(value):
                yield codes.NOT_A_NUMBER.violation(join(path), "NaN and infinities are no JSON")
        case dict() | list() | tuple():
            if id(value) in clean:
                return
            told = 0
            for told, found in enumerate(_foreign_members(path, value, clean), 1):  # noqa: B007 - used below
                yield found
            if not told:
                clean.add(id(value))
        case _:
            kind = type(value).__name__
            yield codes.NOT_JSON_VALUE.violation(join(path), f"a Python {kind} has no JSON form", {"actual": kind})


def _foreign_members(path: Path, value: Mapping[Any, Any] | Sequence[Any], clean: set[int]) -> Iterator[Violation]:
    if not isinstance(value, dict):
        for index, item in enumerate(value):
            yield from _foreign((*path, index), item, clean)
        return
    for key, member in value.items():
        if not isinstance(key, str):
            yield codes.NOT_JSON_VALUE.violation(join(path), f"a key is {type_name(key)}, keys are text")
        elif not _is_encodable(key):
            yield codes.LONE_SURROGATE.violation(join(path), "a key holds half of a surrogate pair")
        else:
            yield from _foreign((*path, key), member, clean)


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
