"""Payloads with many violations of each rule: linting and fixing them."""

from __future__ import annotations

import json
from functools import partial

from lab.costs.workloads.payloads import NOW, USER, event, purchase
from lab.costs.workloads.workload import Workload
from locations import FIXTURES
from tcspec.rules.fixes.fixing import fix_json
from tcspec.rules.linting import lint

FOLDER = FIXTURES / "rules"


def capitalize_some(name, number):
    """Return a name with some of its letters as capitals."""
    return "".join(letter.upper() if number >> index & 1 else letter for index, letter in enumerate(name))


def multiply(value, size):
    """Repeat the items of the outermost arrays, and add each member of the outermost objects under similar names."""
    if isinstance(value, list):
        return value * size
    if not isinstance(value, dict):
        return value
    more = {capitalize_some(name, number): member for number in range(1, size) for name, member in value.items()}
    return more | {name: multiply(member, size) for name, member in value.items()}


def _failing(path):
    """Return the kind and the first failing payload of a fixture; fixtures of stream rules have none."""
    fixture = json.loads(path.read_bytes())
    return [] if "stream" in fixture else [(fixture["kind"], fixture["failing"][0]["payload"])]


_LONG = 2_000
"""The length of a payload that need not be made ten times as long."""

FAILING = {path.stem: each for path in sorted(FOLDER.iterdir()) for each in _failing(path)}

FIXED = {
    "names for one property": lambda size: event(user=USER | {capitalize_some("firstname", n): 1 for n in range(size)}),
    "prices in another object": lambda size: purchase([{"id": "1", "price": 1, "product": {}}] * size),
}
"""Payloads with many fixes."""

CONFLICTING = {("fix_json", "TC120")}
"""Payloads whose fixes cannot be applied together: docs/limits.md names what is checked again for each half of them."""

WORKLOADS = {
    **{
        f"{verb}: {code} many times": Workload(
            lambda size, first=first: json.dumps(multiply(first, size)).encode(),
            partial(work, kind=kind, now=NOW),
            10 if len(json.dumps(first)) < _LONG else 2,
        )
        for code, (kind, first) in FAILING.items()
        for verb, work in (("lint", lint), ("fix_json", partial(fix_json, unsafe=True)))
        if (verb, code) not in CONFLICTING
    },
    **{f"lint: {name}": Workload(make, partial(lint, now=NOW)) for name, make in FIXED.items()},
    **{f"fix_json: {name}": Workload(make, partial(fix_json, unsafe=True, now=NOW)) for name, make in FIXED.items()},
}
"""The workloads by name."""
