"""What can happen to a payload on its way: one change, at one place, of a kind that has a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

Path = tuple[str | int, ...]
Payload = dict[str, Any]


@dataclass(frozen=True)
class Stock:
    """What damages put into payloads.

    Names of properties and events, texts that mean something, lengths and numbers that are some limit, other payloads.
    """

    names: Sequence[str]
    events: Sequence[str]
    texts: Sequence[str]
    lengths: Sequence[int]
    numbers: Sequence[int]
    payloads: Sequence[Payload]


ODD_NAMES = ("", " ", "__proto__", "constructor", "toString", "a/b", "~1", "É", "_md5", "x_sha256", "x_md5\n", "\x00")
ODD_TEXTS = (
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
ODD_NUMBERS = (
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
_ODD_VALUES = (None, True, False, [], {}, [None], [[]], [{}], ["a", 1], {"": None}, {"id": "x"})


def paths(value: Any, before: Path = ()) -> list[Path]:
    """List the paths of everything inside a JSON value."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, child in children for path in ((*before, key), *paths(child, (*before, key)))]


def at(value: Any, path: Path) -> Any:
    """Give what stands at a path."""
    for key in path:
        value = value[key]
    return value


def edited(value: Any, path: Path, edit: Callable[[Any, Any], None]) -> Any:
    """Copy a value as far as it changes, and edit the copy of what holds the last key of the path."""
    copy = value.copy()
    if len(path) == 1:
        edit(copy, path[0])
    else:
        copy[path[0]] = edited(copy[path[0]], path[1:], edit)
    return copy


def replaced(payload: Payload, path: Path, value: Any) -> Payload:
    """Copy a payload with another value at a path."""
    return edited(payload, path, lambda holder, key: holder.__setitem__(key, value))


def without(payload: Payload, path: Path) -> Payload:
    """Copy a payload without what stands at a path."""
    return edited(payload, path, lambda holder, key: holder.__delitem__(key))


def _none(payload: Payload, _: Stock, __: Random) -> Payload:
    return payload


def _another_value(payload: Payload, stock: Stock, rng: Random) -> Payload:
    values = rng.choice((_ODD_VALUES, ODD_NUMBERS, ODD_TEXTS, stock.texts))
    return replaced(payload, rng.choice(paths(payload)), rng.choice(values))


def _another_type(payload: Payload, _: Stock, rng: Random) -> Payload:
    path = rng.choice(paths(payload))
    return replaced(payload, path, _in_other_types(at(payload, path), rng))


def _in_other_types(value: Any, rng: Random) -> Any:
    """Give a value as another type would hold it."""
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


def _edge_of_a_number(payload: Payload, stock: Stock, rng: Random) -> Payload:
    numbers = [path for path in paths(payload) if type(at(payload, path)) in (int, float)]
    if not numbers:
        return _another_value(payload, stock, rng)
    path = rng.choice(numbers)
    number = at(payload, path)
    if isinstance(number, float) and not abs(number) < 2**53:
        return replaced(payload, path, rng.choice(ODD_NUMBERS))
    near = (number + 1, number - 1, -number, number * 1000, number // 1000, number + 0.5 if abs(number) < 2**53 else 0)
    limit = rng.choice(stock.numbers) + rng.choice((-1, 0, 1))
    return replaced(payload, path, rng.choice((*near, limit, rng.choice(ODD_NUMBERS))))


def _edge_of_a_text(payload: Payload, stock: Stock, rng: Random) -> Payload:
    texts = [path for path in paths(payload) if isinstance(at(payload, path), str)]
    if not texts:
        return _another_value(payload, stock, rng)
    path = rng.choice(texts)
    text = at(payload, path)
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
    limit = rng.choice(stock.lengths) + rng.choice((-1, 0, 1, 1, 1))
    longer = (text.ljust(limit, "x"), text.ljust(limit, "é"), (text or "😀") * (limit // len(text or "😀") + 1))
    digits = text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    return replaced(payload, path, rng.choice((*near, *longer, digits)))


def _missing(payload: Payload, _: Stock, rng: Random) -> Payload:
    return without(payload, rng.choice(paths(payload)))


def _renamed(payload: Payload, stock: Stock, rng: Random) -> Payload:
    named = [path for path in paths(payload) if isinstance(path[-1], str)]
    path = rng.choice(named)
    old = path[-1]
    assert isinstance(old, str)
    new = rng.choice(
        (rng.choice(stock.names), rng.choice(ODD_NAMES), old.upper(), f"{old}_md5", f"{old}_sha256", f"{old} ")
    )
    if new in at(payload, path[:-1]):
        return without(payload, path)

    def rename(holder: Any, key: Any) -> None:
        members = {new if name == key else name: value for name, value in holder.items()}
        holder.clear()
        holder.update(members)

    return edited(payload, path, rename)


def _added(payload: Payload, stock: Stock, rng: Random) -> Payload:
    holders = [(), *(path for path in paths(payload) if isinstance(at(payload, path), dict))]
    value = rng.choice(rng.choice((_ODD_VALUES, ODD_NUMBERS, ODD_TEXTS, stock.texts)))
    return replaced(
        payload, (*rng.choice(holders), rng.choice((rng.choice(stock.names), rng.choice(ODD_NAMES)))), value
    )


def _grafted(payload: Payload, stock: Stock, rng: Random) -> Payload:
    """Take a part of another payload, to where it stands there or to anywhere."""
    other = rng.choice(stock.payloads)
    inside = paths(other)
    if not inside:
        return _another_value(payload, stock, rng)
    source = rng.choice(inside)
    value = at(other, source)
    place = (source[-1],) if isinstance(source[-1], str) and rng.random() < 0.3 else rng.choice(paths(payload))
    return replaced(payload, place, value)


def _stretched(payload: Payload, stock: Stock, rng: Random) -> Payload:
    lists = [path for path in paths(payload) if isinstance(at(payload, path), list)]
    if not lists:
        return _another_value(payload, stock, rng)
    path = rng.choice(lists)
    items = at(payload, path)
    odd = rng.choice(rng.choice((_ODD_VALUES, ODD_NUMBERS, ODD_TEXTS)))
    return replaced(payload, path, rng.choice(([], items * 2, [*items, odd], [odd, *items], items[::-1])))


def _called_otherwise(payload: Payload, stock: Stock, rng: Random) -> Payload:
    """Give an event another name, so that other properties are asked of it."""
    named = [path for path in paths(payload) if path[-1] in ("event_name", "event")] or [("event_name",)]
    return replaced(payload, rng.choice(named), rng.choice(stock.events))


DAMAGES: Mapping[str, Callable[[Payload, Stock, Random], Payload]] = {
    "none": _none,
    "another value": _another_value,
    "another type": _another_type,
    "edge of a number": _edge_of_a_number,
    "edge of a text": _edge_of_a_text,
    "missing": _missing,
    "renamed": _renamed,
    "added": _added,
    "grafted": _grafted,
    "stretched": _stretched,
    "called otherwise": _called_otherwise,
}
"""Every way of damage by name."""


def damaged(payload: Payload, way: str, stock: Stock, rng: Random) -> Payload:
    """Damage a payload in a way that has a name; an empty payload stays as it is.

    No damage changes the payload that it is given; what is the same before and after is shared.
    """
    return DAMAGES[way](payload, stock, rng) if payload else payload
