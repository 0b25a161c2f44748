from __future__ import annotations

import json

from runs import EVERYTHING, VIOLATION, asked_one_by_one, run
from tcspec.reporters.ndjson import render


def lines(results):
    """Tell results as NDJSON, and read every line."""
    return [json.loads(line) for line in "".join(render(results)).splitlines()]


def test_line():
    """A violation is one line that has the file and all that is known of it."""
    (told,) = lines(run(VIOLATION))
    assert (told["path"], told["code"], told["line"], told["column"]) == ("a.json", "TC403", 2, 41)
    assert told["is_expected"] is False
    assert told["fix"] == {
        "title": "write the currency in capitals",
        "is_safe": True,
        "patch": [{"op": "replace", "path": "/currency", "value": "EUR"}],
    }


def test_everything():
    """What was expected is told as such, and so is what is wrong with a file as a whole; every line has every field."""
    told = lines(EVERYTHING)
    assert len({tuple(line) for line in told}) == 1
    assert [line["path"] for line in told if line["is_expected"]] == ["announced.json"]
    assert [(line["path"], line["code"]) for line in told if not line["code"].startswith("TC")] == [
        ("announced.json", "unmet"),
        ("missing.json", "unreadable"),
    ]
    assert lines(run()) == []


def test_streaming():
    """Violations are told as they are found."""
    assert asked_one_by_one(render)
