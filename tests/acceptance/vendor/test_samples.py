"""The event samples of the vendor's pages: the verdict is that of their index, except for the listed ones."""

from __future__ import annotations

import json

import pytest

import tcspec
from acceptance.vendor.facts import CORPUS, load_samples

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the vendor's samples are not here")

CONTEXT = {"event_id": "sample", "event_timestamp": 1718006400000}
"""What a sample without context is completed with; the verdict of the index is about the rest."""

INFO = ("type_variant:", "type_wording:", "unknown_property:", "custom_event:", "envelope type_variant:")
"""Findings that the index itself calls information."""

MILDER = {
    "K001": ("envelope format: context.event_timestamp", "a string with a zone is convertible: a warning"),
    "K018": (
        "missing_required: user.consent_categories",
        "the server accepts events without consent: a warning",
    ),
    "K020": (
        "missing_conditional: user.email",
        "one of id, email or a hash is enough, and none is a warning",
    ),
    "K075": ("_id is array, table says string", "strings and arrays are both sent: information"),
    "K076": ("rule: livestream == true", "null is preferred for live streams: a warning"),
    "K077": ("rule: cursor_position == total_length", "equal, unless stopped: information"),
    "K078": ("rule: seek_position == cursor_position", "the wording alone says equal: information"),
    "K080": ("range: sound", "the vendor's samples are over its own maximum: a warning"),
}
"""Rows of the contradictions that turn an error of the index into a warning or information: which, and why."""

_UNKNOWN_USER = ("K018", "K020")
_LIVE = (*_UNKNOWN_USER, "K076")
_SETTINGS = (*_LIVE, "K075", "K080")

VALID_HERE = {
    "event_v2/purchase__events-readme-L1149.json": ("K001",),
    "event_v2/video_ad_break_complete__video-L1414.json": _UNKNOWN_USER,
    "event_v2/video_ad_break_start__video-L1346.json": _UNKNOWN_USER,
    "event_v2/video_ad_click__video-L1482.json": _UNKNOWN_USER,
    "event_v2/video_ad_complete__video-L1208.json": _UNKNOWN_USER,
    "event_v2/video_ad_playing__video-L1072.json": _UNKNOWN_USER,
    "event_v2/video_ad_skip__video-L1276.json": _UNKNOWN_USER,
    "event_v2/video_ad_start__video-L1002.json": _UNKNOWN_USER,
    "event_v2/video_ad_stop__video-L1140.json": _UNKNOWN_USER,
    "event_v2/video_buffer_complete__video-L321.json": _LIVE,
    "event_v2/video_buffer_start__video-L251.json": _LIVE,
    "event_v2/video_complete__video-L603.json": (*_LIVE, "K077"),
    "event_v2/video_content_complete__video-L916.json": _UNKNOWN_USER,
    "event_v2/video_content_playing__video-L774.json": _UNKNOWN_USER,
    "event_v2/video_content_quarter_reached__video-L846.json": _UNKNOWN_USER,
    "event_v2/video_content_start__video-L701.json": _UNKNOWN_USER,
    "event_v2/video_error__video-L180.json": _UNKNOWN_USER,
    "event_v2/video_fullscreen_off__video-L1915.json": _SETTINGS,
    "event_v2/video_fullscreen_on__video-L1846.json": _SETTINGS,
    "event_v2/video_pause__video-L110.json": _LIVE,
    "event_v2/video_quality__video-L1984.json": _SETTINGS,
    "event_v2/video_resume__video-L533.json": _LIVE,
    "event_v2/video_seek_complete__video-L462.json": (*_LIVE, "K078"),
    "event_v2/video_seek_start__video-L391.json": _LIVE,
    "event_v2/video_share__video-L2055.json": _SETTINGS,
    "event_v2/video_speed__video-L1639.json": _SETTINGS,
    "event_v2/video_start__video-L37.json": _LIVE,
    "event_v2/video_subtitle_off__video-L1777.json": _SETTINGS,
    "event_v2/video_subtitle_on__video-L1708.json": _SETTINGS,
    "event_v2/video_volume__video-L1570.json": _SETTINGS,
    "event_v2_trigger/begin_checkout__events-readme-L641.json": ("K018",),
    "event_v2_trigger/sign_up__concepts-L37.json": ("K020",),
}
"""Samples that are invalid in the index and valid here, with the rows of the contradictions that decided it."""

INVALID_HERE = {
    "event_v2/purchase__pixel-L64.json": ("event_name", "K117: the name is required even in a pixel"),
    "event_v2_trigger/my_event_name__nextjs-L13.json": ("user", "K028: every event needs a user"),
}
"""Samples that are valid by their event's table and lack a property of the envelope: which, and the row."""


ENTRIES = load_samples("event_v.*")
every_sample = pytest.mark.parametrize("entry", ENTRIES, ids=[entry["file"] for entry in ENTRIES])


def payload(entry):
    """Read a sample, repaired when it is not JSON, upgraded to 2.0 and completed with a context."""
    event = json.loads((CORPUS / entry.get("repaired_file", entry["file"])).read_bytes())
    if entry["kind"] == "event_v1":
        return tcspec.upgrade(event)
    return {"context": CONTEXT} | event


def verdict(entry):
    """Return the verdict of the index on what `payload` makes of the sample."""
    if entry["kind"] == "event_v1":
        return entry["satisfies_after_move"]
    sent_whole = "envelope missing_required: context" not in entry.get("violations", ())
    envelope = not sent_whole or entry["satisfies"].get("envelope", True)
    return envelope and entry["satisfies"]["event_table"]


def missing_properties(violations):
    """Return the names of the missing properties."""
    return [violation.data.get("property") for violation in violations if violation.severity == "error"]


def test_every_sample_is_tested():
    """The corpus has 99 event samples, and every exception is about one of them."""
    assert len(ENTRIES) == 99
    assert {*VALID_HERE, *INVALID_HERE} <= {entry["file"] for entry in ENTRIES}


@every_sample
def test_verdict(entry):
    """A sample is valid when it satisfies the vendor's tables according to the index, except for the listed ones."""
    found = tcspec.validate(payload(entry), version="2.0")
    name = entry["file"]
    if name in INVALID_HERE:
        assert verdict(entry)
        assert missing_properties(found) == [INVALID_HERE[name][0]]
    else:
        assert (missing_properties(found) == []) == (verdict(entry) or name in VALID_HERE)


@pytest.mark.parametrize("name", VALID_HERE)
def test_exceptions_are_explained(name):
    """Every finding of the index on an exception is information, or turned into less than an error by a cited row."""
    entry = next(entry for entry in ENTRIES if entry["file"] == name)
    assert not verdict(entry)
    findings = [
        finding
        for finding in entry["violations"]
        if not finding.startswith(INFO) and finding != "envelope missing_required: context"
    ]
    explained = {row: [finding for finding in findings if MILDER[row][0] in finding] for row in VALID_HERE[name]}
    assert all(explained.values())
    assert sorted(findings) == sorted(finding for found in explained.values() for finding in found)


@pytest.mark.parametrize(
    "entry", [entry for entry in ENTRIES if not entry["valid_json"]], ids=lambda entry: entry["file"]
)
def test_broken_samples(entry):
    """A sample that is not JSON is reported as such."""
    assert [violation.code for violation in tcspec.validate((CORPUS / entry["file"]).read_bytes())] == ["TC001"]
