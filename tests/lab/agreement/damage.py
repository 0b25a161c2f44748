"""Ways to damage a payload: one change, at one path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

Path = tuple[str | int, ...]
Payload = dict[str, Any]


@dataclass(frozen=True)
class Vocabulary:
    """What damage puts into payloads: names, meaningful strings, limits of lengths and numbers, other payloads."""

    names: Sequence[str]
    events: Sequence[str]
    strings: Sequence[str]
    lengths: Sequence[int]
    numbers: Sequence[int]
    payloads: Sequence[Payload]


UNUSUAL_NAMES = (
    *("", " ", "__proto__", "constructor", "toString", "a/b", "~1", "É", "\x00"),
    *("_md5", "x_sha256", "x_md5\n"),
)
UNUSUAL_STRINGS = (
    *(
        "",
        " ",
        "\n",
        "\x00",
        "0",
        "1",
        "-1",
        "1.0",
        "1e3",
        "true",
        "null",
        "{}",
        "EUR\n",
        " EUR",
        "\uff25\uff35\uff32",
        "é",
        "e\u0301",
    ),
    *(
        "\U0001f600",
        "😀" * 128,
        "x" * 256,
        "x" * 32,
        "x" * 64,
        "٣٤٥",
        "\u0662\u0660\u0662\u0664-06-10T08:00:00Z",
        "{waiting_for_consent}",
    ),
    *("1718006400", "1718006400000", "0001718006400000", "99999999", "100000000000", "9" * 20, "9" * 21),
    *("2024-06-10T08:00:00Z", "2024-06-10T08:00:00.123456789+02:00", "2024-06-10T08:00:00", "2024-06-10 08:00:00Z"),
    *("2024-02-30T08:00:00Z", "2024-06-10t08:00:00z", "2024-06-10T08:00:00Z\n", "2024-06-10T24:00:00Z", "2024-06-10"),
    *("2024-06-10T08:00:60Z", "2024-06-10T08:00:00+24:00", "2024-06-10T08:00:00-00:60", "1960-01-01T00:00:00Z"),
    *("0" * 32, "0" * 64, "g" * 32, "A" * 64, "0" * 31, "ada@shop.example", "10/06/2024", "2024-06-10T08:00:00+0200"),
)
UNUSUAL_NUMBERS = (
    *(0, -0.0, 1, -1, 1.0, 1.5, -1.5, 100, 255, 256, 999, 65_536, 2**31, 2**53, 2**53 + 1, 10**20, 10**400, -(10**400)),
    *(
        1e-7,
        5e-324,
        1.7976931348623157e308,
        1e22,
        99_999_999,
        10**8,
        10**11,
        10**14,
        10**17,
        1718006400000,
        1718006400.5,
    ),
)
_UNUSUAL_VALUES = (None, True, False, [], {}, [None], [[]], [{}], ["a", 1], {"": None}, {"id": "x"})


def list_paths(value: Any, parent: Path = ()) -> list[Path]:
    """Return the paths of everything inside a JSON value."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, child in children for path in ((*parent, key), *list_paths(child, (*parent, key)))]


def value_at(value: Any, path: Path) -> Any:
    """Return the value at a path."""
    for key in path:
        value = value[key]
    return value


def edit(value: Any, path: Path, change: Callable[[Any, Any], None]) -> Any:
    """Copy a value as far as the path leads, and change the copy of the object or array that the path ends in."""
    copy = value.copy()
    if len(path) == 1:
        change(copy, path[0])
    else:
        copy[path[0]] = edit(copy[path[0]], path[1:], change)
    return copy


def replace(payload: Payload, path: Path, value: Any) -> Payload:
    """Return a copy of a payload with another value at a path."""
    return edit(payload, path, lambda container, key: container.__setitem__(key, value))


def remove(payload: Payload, path: Path) -> Payload:
    """Return a copy of a payload without the value at a path."""
    return edit(payload, path, lambda container, key: container.__delitem__(key))


def _none(payload: Payload, _: Vocabulary, __: Random) -> Payload:
    return payload


def _another_value(payload: Payload, vocabulary: Vocabulary, rng: Random) -> Payload:
    values = rng.choice((_UNUSUAL_VALUES, UNUSUAL_NUMBERS, UNUSUAL_STRINGS, vocabulary.strings))
    return replace(payload, rng.choice(list_paths(payload)), rng.choice(values))


def _another_type(payload: Payload, _: Vocabulary, rng: Random) -> Payload:
    path = rng.choice(list_paths(payload))
    return replace(payload, path, _converted(value_at(payload, path), rng))


def _converted(value: Any, rng: Random) -> Any:
    """Return a value converted to another type."""
    match value:
        case bool() | None:
            return rng.choice((str(value).lower(), int(value or 0), [value]))
        case int():
            return rng.choice((str(value), float(value) if abs(value) < 2**1000 else value, [value], value != 0))
        case float():
            return rng.choice((repr(value), int(value), [value]))
        case str():
            return rng.choice(([value], {"value": value}, {value: True}, len(value), None))
        case list():
            by_index = {str(index): item for index, item in enumerate(value)}
            return rng.choice((by_index, value[:1], *value[:1], ",".join(map(str, value))))
    return rng.choice(([value], list(value.values()), str(sorted(value)), None))


def _number_limit(payload: Payload, vocabulary: Vocabulary, rng: Random) -> Payload:
    numbers = [path for path in list_paths(payload) if type(value_at(payload, path)) in (int, float)]
    if not numbers:
        return _another_value(payload, vocabulary, rng)
    path = rng.choice(numbers)
    number = value_at(payload, path)
    if isinstance(number, float) and not abs(number) < 2**53:
        return replace(payload, path, rng.choice(UNUSUAL_NUMBERS))
    near = (number + 1, number - 1, -number, number * 1000, number // 1000, number + 0.5 if abs(number) < 2**53 else 0)
    limit = rng.choice(vocabulary.numbers) + rng.choice((-1, 0, 1))
    return replace(payload, path, rng.choice((*near, limit, rng.choice(UNUSUAL_NUMBERS))))


def _string_limit(payload: Payload, vocabulary: Vocabulary, rng: Random) -> Payload:
    strings = [path for path in list_paths(payload) if isinstance(value_at(payload, path), str)]
    if not strings:
        return _another_value(payload, vocabulary, rng)
    path = rng.choice(strings)
    text = value_at(payload, path)
    near = (
        text[:-1],
        text[1:],
        f"{text}\n",
        f"\n{text}",
        f" {text}",
        text * 2,
        text.upper(),
        text.lower(),
        text.title(),
    )
    limit = rng.choice(vocabulary.lengths) + rng.choice((-1, 0, 1, 1, 1))
    longer = (text.ljust(limit, "x"), text.ljust(limit, "é"), (text or "😀") * (limit // len(text or "😀") + 1))
    digits = text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    return replace(payload, path, rng.choice((*near, *longer, digits)))


def _missing(payload: Payload, _: Vocabulary, rng: Random) -> Payload:
    return remove(payload, rng.choice(list_paths(payload)))


def _renamed(payload: Payload, vocabulary: Vocabulary, rng: Random) -> Payload:
    named = [path for path in list_paths(payload) if isinstance(path[-1], str)]
    path = rng.choice(named)
    old = path[-1]
    assert isinstance(old, str)
    new = rng.choice(
        (rng.choice(vocabulary.names), rng.choice(UNUSUAL_NAMES), old.upper(), f"{old}_md5", f"{old}_sha256", f"{old} ")
    )
    if new in value_at(payload, path[:-1]):
        return remove(payload, path)

    def rename(container: Any, key: Any) -> None:
        members = {new if name == key else name: value for name, value in container.items()}
        container.clear()
        container.update(members)

    return edit(payload, path, rename)


def _added(payload: Payload, vocabulary: Vocabulary, rng: Random) -> Payload:
    containers = [(), *(path for path in list_paths(payload) if isinstance(value_at(payload, path), dict))]
    value = rng.choice(rng.choice((_UNUSUAL_VALUES, UNUSUAL_NUMBERS, UNUSUAL_STRINGS, vocabulary.strings)))
    return replace(
        payload, (*rng.choice(containers), rng.choice((rng.choice(vocabulary.names), rng.choice(UNUSUAL_NAMES)))), value
    )


def _grafted(payload: Payload, vocabulary: Vocabulary, rng: Random) -> Payload:
    """Copy a part of another payload to its path there, or to any path."""
    other = rng.choice(vocabulary.payloads)
    inside = list_paths(other)
    if not inside:
        return _another_value(payload, vocabulary, rng)
    source = rng.choice(inside)
    value = value_at(other, source)
    place = (source[-1],) if isinstance(source[-1], str) and rng.random() < 0.3 else rng.choice(list_paths(payload))
    return replace(payload, place, value)


def _stretched(payload: Payload, vocabulary: Vocabulary, rng: Random) -> Payload:
    lists = [path for path in list_paths(payload) if isinstance(value_at(payload, path), list)]
    if not lists:
        return _another_value(payload, vocabulary, rng)
    path = rng.choice(lists)
    items = value_at(payload, path)
    unusual = rng.choice(rng.choice((_UNUSUAL_VALUES, UNUSUAL_NUMBERS, UNUSUAL_STRINGS)))
    return replace(payload, path, rng.choice(([], items * 2, [*items, unusual], [unusual, *items], items[::-1])))


def _other_event(payload: Payload, vocabulary: Vocabulary, rng: Random) -> Payload:
    """Give an event another name, so that other properties are required."""
    named = [path for path in list_paths(payload) if path[-1] in ("event_name", "event")] or [("event_name",)]
    return replace(payload, rng.choice(named), rng.choice(vocabulary.events))


KINDS: Mapping[str, Callable[[Payload, Vocabulary, Random], Payload]] = {
    "none": _none,
    "another value": _another_value,
    "another type": _another_type,
    "number near a limit": _number_limit,
    "string near a limit": _string_limit,
    "missing": _missing,
    "renamed": _renamed,
    "added": _added,
    "grafted": _grafted,
    "stretched": _stretched,
    "another event name": _other_event,
}
"""Every kind of damage."""


def damage(payload: Payload, kind: str, vocabulary: Vocabulary, rng: Random) -> Payload:
    """Return a damaged copy of a payload, which shares what is not changed; an empty payload is returned as it is."""
    return KINDS[kind](payload, vocabulary, rng) if payload else payload
