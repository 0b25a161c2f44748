"""Upgrades and fixes of JSON text, positions in it, lines of files."""

from __future__ import annotations

import io
import json
from decimal import Decimal

from lab.costs.workloads.payloads import EVENT, NOW, PAYLOADS, event, purchase
from lab.costs.workloads.workload import Workload
from reporting import source_of
from tcspec.files.lines import Source, iter_lines
from tcspec.jsontext.encoder import encode, find_non_json_values
from tcspec.jsontext.positions import iter_values, locate_all
from tcspec.reporters.masking import masked
from tcspec.rules.fixes.fixing import fix_json
from tcspec.upgrades.api import trace_upgrade, upgrade, upgrade_json


def legacy(root=None, **properties):
    """Return a legacy event with more members of the root and more properties."""
    return json.dumps({"event": "login", "event_id": "e-1", **(root or {}), "properties": properties}).encode()


def wide(size, value=1):
    """Return many members."""
    return {f"p{index}": value for index in range(size)}


def digits(size):
    """Return an integer that is too long for Python to parse."""
    return b"7" * 200 * size


LEGACY = {
    "many properties": lambda size: legacy(**wide(size)),
    "many root keys": lambda size: legacy(wide(size)),
    "many taken names": lambda size: legacy(wide(size), **wide(size)),
    "many user properties": lambda size: legacy(user=wide(size)),
    "many consents": lambda size: legacy(user={"consent_categories": list(range(size))}),
    "a huge consent": lambda size: legacy(user={"consent_categories": [0]}).replace(b"[0]", b"[%s]" % (digits(size))),
    "a huge integer": lambda size: legacy().replace(b'"e-1"', digits(size)),
    "a huge timestamp": lambda size: legacy({"event_timestamp": 0}).replace(b'stamp": 0', b'stamp": ' + digits(size)),
    "a huge timestamp as a string": lambda size: legacy({"event_timestamp": digits(size).decode()}),
    "a huge fraction": lambda size: legacy({"event_timestamp": 0}).replace(b'stamp": 0', b'stamp": 1.' + digits(size)),
    "a long string": lambda size: legacy(text="a" * 100 * size),
    "spare names": lambda size: legacy(
        properties=1, **wide(size), **{"set_aside" + "_" * index: 1 for index in range(int((2 * size) ** 0.5))}
    ),
    "a batch": lambda size: b'{"batch":[' + b",".join([legacy(a=1)] * (size // 4)) + b"]}",
    "a duplicate key at the end of a batch": lambda size: (
        b'{"batch":[' + b",".join([legacy(a=1)] * (size // 4)) + b',{"event":1,"event":2}]}'
    ),
    "a 2.0 event": PAYLOADS["many properties"],
}
"""Events to upgrade."""

_VALUES = sorted(set(LEGACY) - {"a duplicate key at the end of a batch"})
_SPREAD = {
    "many wrong prices": lambda size: purchase([{"id": "1", "product": {"price": f"{i}"}} for i in range(size // 4)]),
    "many root names": lambda size: event(**{f"Name {index}": "1" for index in range(size)}),
}


def parse_int(text):
    """Parse an integer of any number of digits."""
    return int(Decimal(text))


def read_lines(raw):
    """Read lines, and the rest of long ones."""
    for line in iter_lines(Source("a file", io.BytesIO(raw)), 100):
        for _ in line.rest or ():
            pass
        yield line


def doubled(size):
    """Return a value that contains another twice, and so on: small in memory, huge as JSON."""
    value: list[object] = []
    for _ in range(size):
        value = [value, value]
    return {"a": value}


def recursive(size):
    """Return a value that contains itself many times."""
    value: list[object] = []
    value += [value] * size
    return value


WORKLOADS = {
    **{f"upgrade_json: {name}": Workload(make, upgrade_json) for name, make in LEGACY.items()},
    **{f"trace_upgrade: {name}": Workload(make, trace_upgrade) for name, make in LEGACY.items()},
    **{
        f"upgrade: {name}": Workload(
            lambda size, make=LEGACY[name]: json.loads(make(size), parse_int=parse_int), upgrade
        )
        for name in _VALUES
    },
    **{
        f"fix_json: {name}": Workload(make, lambda raw: fix_json(raw, unsafe=True, now=NOW))
        for name, make in _SPREAD.items()
    },
    "iter_values: escaped quotes": Workload(lambda size: '["' + '\\"' * 100 * size + '"]', iter_values),
    "iter_values: brackets": Workload(lambda size: "[" + "[]," * 20 * size + "1]", iter_values),
    "iter_values: spaces at the end": Workload(lambda size: "[1]" + " " * 100 * size, iter_values),
    "iter_values: spaces": Workload(lambda size: "[" + " " * 250 * size + "1]", iter_values),
    "locate_all: many lines": Workload(
        lambda size: ("[" + ",".join(["\n" * 100 + "1"] * size) + "]", [f"/{index}" for index in range(size)]),
        lambda arguments: locate_all(*arguments),
    ),
    "masked: a call without values": Workload(
        lambda size: source_of(b"tc_s=1&" + b"a" * 100 * size, kind="pixel"), masked
    ),
    "masked: spaces at the end": Workload(lambda size: source_of(b'{"a":1}' + b" " * 100 * size), masked),
    "lines": Workload(lambda size: b"{}\n" * size + b"\n" * size + b"x" * 200 + b"\r\n", read_lines),
    "lines: a long one": Workload(lambda size: b"x" * 25_000 * size, read_lines),
    "lines: long ones": Workload(lambda size: (b"x" * 200 + b"\n") * size, read_lines),
    "encode": Workload(lambda size: {"lists": [[{"a": 1}]] * size, **EVENT}, encode),
    "encode: doubled": Workload(doubled, encode, 40),
    "find_non_json_values: doubled": Workload(doubled, lambda value: find_non_json_values(value, 200), 40),
    "find_non_json_values: recursive": Workload(recursive, lambda value: find_non_json_values(value, 200), 2),
    "find_non_json_values: many": Workload(lambda size: [set()] * size, lambda value: find_non_json_values(value, 200)),
}
"""The workloads by name."""
