"""A part of a store is taken by names and times; nothing that cannot be read is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import tcspec
from tcspec import upgrade_json
from tcspec.migration.filters import parse_moment

NOON = 1_718_020_800_000
"""2024-06-10, 12:00 UTC."""


def event(name, time=NOON):
    """Return a legacy event as a line."""
    times = {} if time is None else {"event_timestamp": time}
    return json.dumps({"event": name, "event_id": "1", **times, "properties": {"user": {"id": "c"}}}).encode()


BATCH = b'{"batch":[%b,%b]}' % (event("login"), event("logout"))
BROKEN = b"broken"


def migrate(tmp_path, lines, *options):
    """Migrate some lines; return the lines of the target and of the rejects, and the summary."""
    source, target, rejects = tmp_path / "s", tmp_path / "t", tmp_path / "r"
    source.write_bytes(b"".join(line + b"\n" for line in lines))
    ran = tcspec("migrate", source, target, "--rejects", rejects, "--format", "json", "--force", *options)
    kept = [line for line in target.read_bytes().split(b"\n") if line]
    return kept, rejects.read_bytes().split(b"\n"), json.loads(ran.out)["summary"]


def test_names(tmp_path):
    """Events of other names are skipped; a batch is taken for any of its events, and what is broken is rejected."""
    lines = [event("login"), event("logout"), b"", BATCH, BROKEN, event("purchase"), b'{"person":{}}']
    kept, rejects, counts = migrate(tmp_path, lines, "--where-event", "login")
    assert kept == [upgrade_json(event("login")), upgrade_json(BATCH)]
    assert rejects == [BROKEN, b""]
    assert {name: counts[name] for name in ("lines", "upgraded", "skipped", "rejected", "blank")} == {
        "lines": 7, "upgraded": 2, "skipped": 3, "rejected": 1, "blank": 1,
    }  # fmt: skip
    kept, _, counts = migrate(tmp_path, lines, "--where-event", "logout", "--where-event", "purchase")
    assert (len(kept), counts["skipped"]) == (3, 2)


def test_times(tmp_path):
    """Events before --since, and from --until on, are skipped; those without a time are, too."""
    lines = [event("a", NOON - 1), event("b"), event("c", NOON + 1), event("d", None), event("e", "no time"), BROKEN]
    names = {}
    for option in ("--since", "--until"):
        kept, rejects, _ = migrate(tmp_path, lines, option, "2024-06-10T12:00:00Z")
        names[option] = [json.loads(line)["event_name"] for line in kept]
        assert rejects == [BROKEN, b""]
    assert names == {"--since": ["b", "c"], "--until": ["a"]}
    assert len(migrate(tmp_path, lines, "--since", "2024-06-10", "--until", "2024-06-11")[0]) == 3


def test_lines_of_invalid_events(tmp_path):
    """The lines of invalid events in the target do not count what was skipped."""
    lines = [event("logout"), BROKEN, event("login", None), event("logout"), event("login", None)]
    counts = migrate(tmp_path, lines, "--where-event", "login")[2]
    assert [(each["line"], each["target_line"]) for each in counts["invalid_events"]] == [(3, 1), (5, 2)]


def test_rejected_events(tmp_path):
    """An event that may not be invalid is rejected when its name is taken, and skipped when it is not."""
    lines = [event("login", None), event("logout", None)]
    counts = migrate(tmp_path, lines, "--where-event", "login", "--on-invalid", "reject")[2]
    assert (counts["rejected"], counts["skipped"]) == (1, 1)


@pytest.mark.parametrize("text", ["2024-6-1", "yesterday", "2024-02-30", "2024-06-10T08:00:00", ""])
def test_moments(text):
    """A moment is a date in UTC or a timestamp with a zone; anything else is a usage error."""
    assert parse_moment("2024-06-10") == NOON - 12 * 3_600_000
    assert parse_moment("2024-06-10T14:00:00+02:00") == parse_moment(str(NOON)) == NOON
    ran = tcspec("migrate", "s", "t", "--since", text)
    assert (ran.code, ran.err.endswith(f"got {text}\n")) == (2, True), ran.err


def test_an_event_without_a_name(tmp_path):
    """An empty name, such as that of a variable which is not set, is an error: no event would be taken."""
    Path(tmp_path / "s").write_bytes(event("login") + b"\n")
    ran = tcspec("migrate", tmp_path / "s", tmp_path / "t", "--where-event", "login", "--where-event", "")
    assert (ran.code, "expected the name of an event for --where-event, got ''" in ran.err) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


@pytest.mark.parametrize("until", ["2024-06-10", "2024-06-09T22:00:00-02:00", "2020-01-01"])
def test_a_part_without_any_time(tmp_path, until):
    """A time to end at that is not later than the one to begin at is an error: nothing would be taken."""
    Path(tmp_path / "s").write_bytes(event("login") + b"\n")
    ran = tcspec("migrate", tmp_path / "s", tmp_path / "t", "--since", "2024-06-10", "--until", until)
    assert (ran.code, "--until must be later than --since" in ran.err) == (2, True)
    assert not Path(tmp_path / "t").exists()


def test_without_validation(tmp_path):
    """Without validation nothing is known to be invalid; what cannot be upgraded is rejected all the same."""
    flat = b'{"id_site":"1","tc_event":"x"}'
    lines = [event("login", None), BROKEN, flat]
    kept, rejects, counts = migrate(tmp_path, lines, "--validate", "off")
    assert (kept, rejects) == ([upgrade_json(lines[0])], [BROKEN, flat, b""])
    assert (counts["invalid"], counts["codes"]) == (0, {"TC001": 1, "TC702": 1})
    ran = tcspec("migrate", tmp_path / "s", tmp_path / "u", "--validate", "off", "--on-invalid", "reject")
    assert (ran.code, "without validation" in ran.err) == (2, True)
    assert not Path(tmp_path / "u").exists()
