"""Captures as real tools write them: every request is judged as far as it is known, and nothing else is said of it."""

from __future__ import annotations

from collections import Counter

import pytest

from locations import SHARED
from tcspec.cli.captures import check_captures, outcome_of
from tcspec.cli.checking import CheckOptions, check_files
from tcspec.jsontext.reader import DEFAULT_LIMITS
from tcspec.reporters.results import ViolationResult

FIELD = SHARED / "field"

pytestmark = pytest.mark.skipif(not FIELD.is_dir(), reason="the captures of real tools are not here")

WRONG = ["TC101", "TC201", "TC302"]
CAPTURES = {
    "01-har-base64/d-wrapped-lines.har": ((1, 0, 0), []),
    "02-har-params/a-params-only.har": ((1, 0, 0), ["TC039"]),
    "02-har-params/c-params-and-text-empty.har": ((1, 0, 0), ["TC039"]),
    "02-har-params/f-missing-postdata.har": ((0, 0, 1), []),
    "03-http-body-file/a.http": ((0, 0, 4), []),
    "04-http-system-vars/vscode.http": ((5, 0, 2), ["TC042"]),
    "06-gtm-ga-url/ga.har": ((0, 2, 0), []),
    "19-har-partial/entry-without-request.har": ((1, 0, 1), ["TC042", *WRONG]),
    "19-har-partial/first-unrecorded.har": ((1, 0, 1), WRONG),
    "19-har-partial/wrong-base64-first.har": ((1, 0, 1), ["TC042", *WRONG]),
    "20-har-playwright/attach.har": ((0, 0, 1), []),
    "20-har-playwright/minimal.har": ((0, 0, 1), []),
    "20-har-playwright/size-null.har": ((0, 0, 1), []),
    "21-har-chrome-sanitized/events-bearer.har": ((1, 0, 0), []),
    "25-http-jetbrains/a.http": ((8, 0, 4), ["TC042", "TC039", "TC042"]),
    "30-gateway/a.http": ((4, 0, 0), ["TC101", "TC302", "TC101", "TC302", "TC101", "TC101", "TC302"]),
    "30-gateway/only.har": ((1, 0, 0), WRONG),
    "31-cdp-path/only.har": ((1, 0, 0), WRONG),
    "32-vendor-hosts/page.har": ((1, 7, 0), []),
}
"""How many requests of a file are judged, passed over and unreadable, and the codes of their errors."""

FILES = {
    "06-gtm-ga-url/pixel.txt": {"TC046": "info"},
    "15-postman-bruno/coll.postman_collection.json": {"TC042": "error"},
    "15-postman-bruno/req.curl": {"TC042": "error"},
    "31-cdp-path/pixel.txt": {"TC204": "warning"},
}


@pytest.mark.parametrize("name", CAPTURES)
def test_captures(name):
    """A capture has exactly the errors that are in it."""
    results = list(check_captures(str(FIELD / "cases" / name), DEFAULT_LIMITS, rules=False))
    outcomes = Counter(map(outcome_of, results))
    found = [each for result in results if result for each in result.violations]
    counts = tuple(outcomes[outcome] for outcome in ("judged", "passed_over", "unreadable"))
    assert (counts, [each.code for each in found if each.severity.value == "error"]) == CAPTURES[name]


@pytest.mark.parametrize("name", FILES)
def test_other_files(name):
    """A file of captured requests that is not read is named, and a pixel is judged at any address."""
    results = check_files([str(FIELD / "cases" / name)], CheckOptions(rules=False), lambda _: None)
    found = {
        each.violation.code: each.violation.severity.value for each in results if isinstance(each, ViolationResult)
    }
    assert found == FILES[name]


@pytest.mark.parametrize("name", ["android_old_core.har", "web_first_party.har"])
def test_clients(name):
    """What the vendor's own clients send is no error (K118, K121)."""
    [result] = check_captures(str(FIELD / "clients" / name), DEFAULT_LIMITS)
    assert outcome_of(result) == "judged"
    assert [each.code for each in result.violations if each.severity.value == "error"] == []
