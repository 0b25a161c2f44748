"""Inputs that once took more than linear time, from `fixtures/hostile/growing`."""

from __future__ import annotations

import json
from functools import partial

from lab.costs.workloads.payloads import NOW
from lab.costs.workloads.requests import URL
from lab.costs.workloads.workload import Workload
from locations import FIXTURES
from reporting import source_of
from tcspec.reporters.masking import masked
from tcspec.requests.captures import iter_captured_requests
from tcspec.requests.examination import check_request
from tcspec.rules.fixes.fixing import fix_json
from tcspec.rules.linting import lint
from tcspec.upgrades.api import upgrade_json
from tcspec.validation import validate

FOLDER = FIXTURES / "hostile" / "growing"

WORK = {
    "captures": iter_captured_requests,
    "headers": lambda raw: check_request("POST", URL, [line.split(": ") for line in raw.decode().splitlines()], b"{}"),
    "fix": partial(fix_json, unsafe=True, now=NOW),
    "lint": partial(lint, now=NOW),
    "mask": lambda raw: masked(source_of(raw, kind="event" if raw.startswith(b"{") else "pixel")),
    "upgrade": upgrade_json,
    "validate": validate,
}
"""The work on an input, by `does` of the fixture."""


def _workload(fixture):
    """Return the workload of a fixture: a part is repeated between a beginning and an end."""
    before, repeated, after = (fixture[part].encode() for part in ("before", "repeated", "after"))
    between = fixture["between"].encode()
    return Workload(lambda size: before + between.join([repeated] * size) + after, WORK[fixture["does"]])


WORKLOADS = {f"fixture: {path.stem}": _workload(json.loads(path.read_bytes())) for path in sorted(FOLDER.iterdir())}
"""The workloads by name."""
