"""`tcspec validate --write-baseline` and `--baseline`: an old corpus starts clean, and only what is new fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import locate, put, tcspec

USER = {"id": "c-1", "consistent_anonymous_id": "a-1", "consent_categories": ["1"]}
EVENT = {"event_name": "login", "user": USER, "context": {"event_id": "1", "event_timestamp": 1718006400000}}
NO_ID = EVENT | {"context": {"event_timestamp": 1718006400000}}
PERSONAL = "Zq7Xv"


pytestmark = pytest.mark.usefixtures("elsewhere")


def text(*payloads) -> bytes:
    """Return payloads as NDJSON."""
    return b"".join(json.dumps(payload).encode() + b"\n" for payload in payloads)


def write(*arguments):
    """Write the baseline of a run."""
    return tcspec("check", "--write-baseline", "base.json", *arguments)


def compare(*arguments):
    """Compare a run with the baseline."""
    return tcspec("check", "--baseline", "base.json", *arguments)


def test_writing():
    """All violations are written, sorted and without values, and the run passes."""
    put("b/a.ndjson", text(NO_ID, EVENT, NO_ID | {"user": USER | {"email_sha256": PERSONAL}}))
    ran = write("b/a.ndjson", put("a.json", b"{"))
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == (
        "4 payloads in 2 files: no violations; 4 known violations ignored\n"
        "tcspec: wrote 4 known violations of 2 files to base.json\n"
    )
    written = Path("base.json").read_text(encoding="utf-8")
    assert [tuple(entry.values()) for entry in json.loads(written)["violations"]] == [
        ("a.json", "TC001", "", 1),
        ("b/a.ndjson", "TC201", "/context", 2),
        ("b/a.ndjson", "TC303", "/user/email_sha256", 1),
    ]
    assert PERSONAL not in written


def test_known_violations_pass():
    """Known violations are ignored and counted, wherever their line moved."""
    put("a.ndjson", text(NO_ID, EVENT))
    write("a.ndjson")
    put("a.ndjson", text(EVENT | {"context": {**EVENT["context"], "event_id": "2"}}, EVENT, NO_ID))
    ran = compare("a.ndjson")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == "3 payloads in 1 file: no violations; 1 known violation ignored\n"


def test_new_violations_fail():
    """New violations fail: of another code, pointer or file, or one more than is known."""
    put("a.ndjson", text(NO_ID))
    write("a.ndjson")
    put("a.ndjson", text(NO_ID, NO_ID, EVENT | {"user": "x"}))
    put("b.ndjson", text(NO_ID))
    ran = tcspec("check", "--baseline", "base.json", "--format", "json", "a.ndjson", "b.ndjson")
    files = json.loads(ran.out)["files"]
    assert ran.code == 1
    assert [[(each["code"], each["line"]) for each in file["violations"]] for file in files] == [
        [("TC201", 2), ("TC102", 3)],
        [("TC201", 1)],
    ]
    assert json.loads(ran.out)["summary"]["known"] == 1


def test_gone_violations_are_listed():
    """Known violations that are gone are listed on stderr, and do not fail."""
    put("a.ndjson", text(NO_ID, NO_ID))
    put("b.json", text(NO_ID))
    put("c.json", text(NO_ID))
    write("a.ndjson", "b.json", "c.json")
    put("a.ndjson", text(EVENT))
    Path("b.json").unlink()
    ran = compare("a.ndjson")
    assert ran.code == 0
    assert ran.err.splitlines()[1:] == [
        "tcspec: base.json: 3 known violations no longer found:",
        "    a.ndjson: TC201 at /context (2 times)",
        "    b.json: TC201 at /context",
    ]


def test_what_is_not_checked_is_not_gone():
    """A known violation that is not selected, or that is in an unreadable or another file, is not listed as gone."""
    put("a.json", text(NO_ID))
    put("b.json", text(EVENT))
    write("a.json")
    assert "no longer found" not in compare("b.json").err
    assert "no longer found" not in compare("--ignore", "TC2", "a.json").err
    put("tcspec.toml", b'[severity]\nTC201 = "off"\n')
    assert "no longer found" not in compare("a.json").err
    put("a.json.gz", text(NO_ID))
    known = Path("base.json").read_text(encoding="utf-8").replace("a.json", "a.json.gz")
    put("base.json", known.encode())
    ran = compare("a.json.gz")
    assert (ran.code, "no longer found" in ran.err) == (2, False)


def test_long_lists_are_cut():
    """Of many violations that are gone the first are listed, and all are counted."""
    for number in range(25):
        put(f"{number:02}.json", text(NO_ID))
    names = [f"{number:02}.json" for number in range(25)]
    write(*names)
    for name in names:
        put(name, text(EVENT))
    lines = compare(*names).err.splitlines()
    assert "25 known violations no longer found" in lines[1]
    assert lines[-1] == "    and 5 more"
    assert len(lines) == 23


def test_is_found_from_anywhere(monkeypatch):
    """Paths in a baseline are relative to it, wherever tcspec runs."""
    put("fixtures/a.json", text(NO_ID))
    write("fixtures/a.json")
    monkeypatch.chdir("fixtures")
    assert tcspec("check", "--baseline", "../base.json", "a.json").code == 0
    assert tcspec("check", "--baseline", "../base.json", Path("a.json").absolute()).code == 0


def test_expected_violations_are_not_known():
    """Expected violations are not part of a baseline, and an unmet expectation still fails."""
    put("pyproject.toml", b'[tool.tcspec.expect]\n"a.json" = ["TC201"]\n"b.json" = ["TC201"]\n')
    put("a.json", text(NO_ID))
    ran = write("a.json", put("b.json", text(EVENT)))
    assert ran.code == 1
    assert json.loads(Path("base.json").read_bytes())["violations"] == []
    assert "wrote no violations to base.json" in ran.err


def test_other_formats():
    """Known violations are left out of every format."""
    put("a.json", text(NO_ID))
    write("a.json")
    for style in ("github", "gitlab", "ndjson"):
        assert "TC201" not in compare("--format", style, "a.json").out
    assert locate("--baseline", "base.json", "a.json") == []


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--baseline", "missing.json"), "missing.json: No such file or directory"),
        (("--baseline", "a.json"), "a.json: not a baseline (--write-baseline writes one)"),
        (("--baseline", "a.json", "--write-baseline", "b.json"), "exclude each other"),
        (("--write-baseline", "missing/base.json"), "missing/base.json: No such file or directory"),
    ],
)
def test_misuse(arguments, reason):
    """A baseline that cannot be read or written is a usage error."""
    ran = tcspec("check", *arguments, put("a.json", text(EVENT)))
    assert ran.code == 2
    assert reason in ran.err


def test_nothing_but_a_baseline_is_replaced(tmp_path):
    """A file that is not a baseline is never overwritten with one."""
    path = put("a.json", b'{"event_name": "login", "user": {}}')
    ran = tcspec("check", "--write-baseline", path, path)
    assert (ran.code, (tmp_path / path).read_bytes()) == (2, b'{"event_name": "login", "user": {}}')
    assert tcspec("check", "--write-baseline", "known.txt", path).code == 0
    assert tcspec("check", "--write-baseline", "known.txt", path).code == 0


def test_impossible_names_in_a_baseline():
    """A baseline with an impossible file name is accepted, and the file counts as gone."""
    path = put("a.json", b'{"event_name": "login", "user": {}}')
    known = [{"path": "a" * 300, "code": "TC101", "pointer": "", "count": 1}]
    put("known.txt", json.dumps({"baseline_version": 1, "violations": known}).encode())
    assert tcspec("check", "--baseline", "known.txt", path).code == 1
