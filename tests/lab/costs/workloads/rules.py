"""What the rules find, found many times in one payload: what each of them looks for, and what it offers."""

from __future__ import annotations

import json
from functools import partial

from lab.costs.workloads.payloads import NOW, USER, event, purchase
from lab.costs.workloads.workload import Workload
from locations import FIXTURES
from tcspec.rules.fixes.fixing import fix_json
from tcspec.rules.linting import lint

FOLDER = FIXTURES / "rules"


def spelt(name, number):
    """Write a name with some of its letters as capitals."""
    return "".join(letter.upper() if number >> index & 1 else letter for index, letter in enumerate(name))


def again(value, size):
    """Repeat the items of the outermost lists, and write each member of the outermost objects in other ways too."""
    if isinstance(value, list):
        return value * size
    if not isinstance(value, dict):
        return value
    more = {spelt(name, number): member for number in range(1, size) for name, member in value.items()}
    return more | {name: again(member, size) for name, member in value.items()}


def _failing(path):
    """Read the first payload that a rule finds something in, and of which kind it is; rules on files have none."""
    fixture = json.loads(path.read_bytes())
    return [] if "stream" in fixture else [(fixture["kind"], fixture["failing"][0]["payload"])]


_LONG = 2_000
"""How many characters a payload has that need not be made ten times as long."""

FAILING = {path.stem: each for path in sorted(FOLDER.iterdir()) for each in _failing(path)}

FIXED = {
    "names for one property": lambda size: event(user=USER | {spelt("firstname", i): "x" for i in range(size)}),
    "prices that are elsewhere": lambda size: purchase([{"id": "1", "price": 1, "product": {}}] * size),
}
"""Payloads of which much is fixed."""

WORKLOADS = {
    **{
        f"{verb}: {code} again and again": Workload(
            lambda size, first=first: json.dumps(again(first, size)).encode(),
            partial(work, kind=kind, now=NOW),
            10 if len(json.dumps(first)) < _LONG else 2,
        )
        for code, (kind, first) in FAILING.items()
        for verb, work in (("lint", lint), ("fix_json", partial(fix_json, unsafe=True)))
    },
    **{f"lint: {name}": Workload(make, partial(lint, now=NOW)) for name, make in FIXED.items()},
    **{f"fix_json: {name}": Workload(make, partial(fix_json, unsafe=True, now=NOW)) for name, make in FIXED.items()},
}
"""The work on what is wrong by its name."""
