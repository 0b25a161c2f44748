"""Payloads as real users reported them: each line has the codes that its situation asks for."""

from __future__ import annotations

import json

import pytest

import tcspec as library
from command import tcspec
from locations import SHARED

CASES = SHARED / "field" / "cases"

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases of real users are not here")

NAMED = {"TC703"}
PLACEHOLDERS = {"TC121", "TC310"}
FILES = {
    "07-pixel-clients/pixels.txt": {
        2: {"TC057"},
        3: {"TC057"},
        4: {"TC012"},
        5: {"TC120"},
        6: {"TC056"},
        7: {"TC056"},
        8: {"TC056"},
        9: {"TC002"},
        10: {"TC012"},
        11: {"TC012"},
        12: {"TC012"},
        15: PLACEHOLDERS,
        16: {"TC121", "TC210"},
        19: {"TC701"},
    },
    "08-foreign-exports/events.ndjson": dict.fromkeys(range(1, 10), NAMED),
    "09-ga4-items/purchase.json": {1: NAMED, 3: {"TC118"}, 10: {"TC423"}, 11: {"TC423"}},
    "10-js-nothings/e.ndjson": {1: PLACEHOLDERS, **dict.fromkeys((2, 3, 4), PLACEHOLDERS | {"TC320"})},
    "12-ticks-migrate/e.ndjson": {key: {"TC203"} for key in range(1, 12)},
    "13-ndjson-traps/gz-without-suffix.ndjson": {1: {"TC701"}},
    "14-json-array/envelope.json": {1: {"TC101"}},
    "14-json-array/events.json": {2: {"TC330"}, 3: {"TC302", "TC330"}},
    "14-json-array/legacy-array.json": {2: {"TC701"}},
    "14-json-array/wrapped.json": {1: {"TC101"}},
    "16-hashes/e.ndjson": {
        5: {"TC316"},
        6: {"TC316"},
        7: {"TC316"},
        8: {"TC316"},
        12: {"TC315"},
        13: {"TC313"},
        15: {"TC321"},
        16: {"TC121"},
        17: {"TC303"},
        18: {"TC303"},
        19: {"TC303"},
        20: {"TC121"},
    },
    "26-detect/p.ndjson": {**{key: {"TC101"} for key in (1, 2, 3, 4, 5, 7, 10)}, 6: {"TC801"}},
    "28-dups/e.ndjson": {1: {"TC121"}, 2: {"TC121"}, 4: {"TC235"}, 5: {"TC235"}, 7: {"TC430"}},
    "29-legacy-real/e.ndjson": {key: {"TC701"} for key in range(1, 11)},
    "36-flutter/e.json": {1: {"TC120"}},
}
"""The codes that a line must have, by file and line."""

UNREAD = {
    "13-ndjson-traps/concatenated.ndjson": "several JSON texts on one line",
    "13-ndjson-traps/cr-only.ndjson": "carriage return",
    "13-ndjson-traps/utf16.ndjson": "UTF-16",
}
"""What is said of files that are not read."""

CURRENCIES = {3: "EUR", 4: "EUR", 18: "CNY", 20: "CNY", 25: "BYN", 33: "EUR", 34: "EUR", 35: "EUR", 41: "TRY"}
"""The currencies to which the hints lead, by line."""


def violations(name):
    """Return the violations of a case, as JSON has them."""
    (file,) = json.loads(tcspec("check", "--format", "json", CASES / name).out)["files"]
    return file["violations"]


@pytest.mark.parametrize("name", FILES)
def test_codes(name):
    """Each line of a case has the codes that its situation asks for."""
    found = {}
    for each in violations(name):
        found.setdefault(each["line"], set()).add(each["code"])
    assert {line: codes & found.get(line, set()) for line, codes in FILES[name].items()} == FILES[name]


@pytest.mark.parametrize("name", UNREAD)
def test_unread_files(name):
    """A file that is not read is reported as what it is, and ends with exit code 2."""
    ran = tcspec("check", CASES / name)
    assert ran.code == 2
    assert UNREAD[name] in ran.err


def test_normalized_hashes():
    """An address of Gmail or a phone number that was normalized before it was hashed is no mismatch."""
    assert {each["line"] for each in violations("16-hashes/e.ndjson") if each["code"] == "TC321"} == {15}


def test_currencies():
    """The hint at a currency leads to a valid one."""
    hints = {each["line"]: each["hint"] for each in violations("17-currencies/e.ndjson") if each["code"] != "TC320"}
    assert {line: code in (hints[line] or "") for line, code in CURRENCIES.items()} == dict.fromkeys(CURRENCIES, True)


def test_upgraded_legacy_events():
    """The old page's events are upgraded and undone, and none of them is a flat hit or called a product."""
    for line in (CASES / "29-legacy-real" / "e.ndjson").read_bytes().splitlines():
        assert library.detect(library.upgrade_json(line)).version == "2.0"
    assert not {"TC702"} & {each["code"] for each in violations("26-detect/p.ndjson") if each["line"] < 8}


def test_every_case_is_tested():
    """Every folder of the cases is in this file or in that of captures."""
    from acceptance.vendor import test_field_captures as captures  # noqa: PLC0415 - only this test needs it

    tested = {name.partition("/")[0] for name in (*FILES, *UNREAD, *captures.CAPTURES, *captures.FILES)}
    assert {path.name for path in CASES.iterdir()} == tested | {"17-currencies"}
