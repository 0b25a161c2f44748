"""Rejects are grouped by reason, with masked examples and what would help."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import tcspec
from strategies.personal import SECRET

pytestmark = pytest.mark.usefixtures("elsewhere")


def reject(*lines, source="s.ndjson", options=()):
    """Migrate some lines, and return the path of their rejects."""
    Path(source).write_bytes(b"\n".join(lines) + b"\n")
    tcspec("migrate", source, "t.ndjson", "--rejects", "r.ndjson", "--force", *options)
    return "r.ndjson"


BROKEN = b'{"event":"login","properties":{"user":{"email":"%s"}}' % SECRET.encode()


def test_groups():
    """Each first reason has its count, its messages, examples, and what would help; the most frequent comes first."""
    path = reject(BROKEN, b"[1]", b'{"event":"a","event":"b"}', b'{"event":"a","x":1,"x":2}', BROKEN)
    ran = tcspec("rejects", path)
    assert ran.code == 1
    heads = [line for line in ran.out.splitlines() if line.startswith("TC")]
    assert heads == ["TC001 invalid JSON: 2", "TC004 duplicate JSON key: 2", "TC009 payload is not a JSON object: 1"]
    assert '    1         duplicate key "event" in an object\n' in ran.out
    assert "s.ndjson, line 1: {" in ran.out
    assert "    help      " in ran.out
    assert ran.err == "5 rejects in 1 file\n"
    assert SECRET not in ran.out
    assert tcspec("rejects", f"{path}.reasons.ndjson").out == ran.out


def test_json():
    """The groups are there for programs, with as many examples as requested."""
    path = reject(b"\xef\xbb\xbf{}", BROKEN, b"[1]")
    report = json.loads(tcspec("rejects", path, "--format", "json", "--examples", "0").out)
    assert (report["count"], report["files"], report["format_version"]) == (3, [path], 1)
    group = next(each for each in report["groups"] if each["code"] == "TC003")
    assert (group["count"], group["examples"], group["fix"]) == (1, [], "remove the byte order mark")
    shown = tcspec("rejects", path, "--format", "json").out
    assert json.loads(shown)["groups"][0]["examples"][0]["line"] == 2
    assert SECRET not in shown


def test_rows_and_arrays():
    """Of a row everything is masked, and rejects of an array are read item by item."""
    row = json.dumps({"raw": f'{{"event": "{SECRET}', "name": "Ada Lovelace"}).encode()
    shown = tcspec("rejects", reject(row, options=["--column", "raw"])).out
    assert "TC001" in shown
    assert "Ada" not in shown
    Path("s.json").write_text('[{"event":"login","properties":{}},\n\n 5, {"a": 1, "a": 2}]', "utf-8")
    tcspec("migrate", "s.json", "t.json")
    assert "TC004 duplicate JSON key: 1" in tcspec("rejects", "t.json.rejects.json").out


def test_folders():
    """Of a folder the rejects of all files are taken."""
    for name in ("a", "b"):
        Path("in").mkdir(exist_ok=True)
        Path("in", f"{name}.ndjson").write_bytes(b"broken\n")
    tcspec("migrate", "in", "out")
    ran = tcspec("rejects", "out.rejects")
    assert (ran.out.splitlines()[0], ran.err) == ("TC001 invalid JSON: 2", "2 rejects in 2 files\n")
    assert "has no rejects of a migration in it" in tcspec("rejects", "in").err


def test_nothing():
    """Without any reject the exit code is 0."""
    ran = tcspec("rejects", reject(b'{"event_name":"x","context":{}}'))
    assert (ran.code, ran.out, ran.err) == (0, "", "no reject in 1 file\n")


@pytest.mark.parametrize(
    ("records", "reasons", "sentence"),
    [
        (b"a\nb\n", b'{"violations":[{"code":"TC001","message":"x"}]}\n', "has more records than"),
        (b"", b'{"violations":[{"code":"TC001","message":"x"}]}\n', "has fewer records than"),
        (b"a\n", b"{}\n", "is not a file of reasons"),
        (b"a\n", b'{"violations":[]}\n', "is not a file of reasons"),
        (b"a\n", b'{"violations":[{"code":"TC001","message":"x","fix":"y"}]}\n', "is not a file of reasons"),
        (b"a\n", None, "No such file"),
    ],
)
def test_misuse(records, reasons, sentence):
    """Files that are not rejects with their reasons are errors."""
    Path("r").write_bytes(records)
    if reasons is not None:
        Path("r.reasons.ndjson").write_bytes(reasons)
    ran = tcspec("rejects", "r")
    assert (ran.code, sentence in ran.err) == (2, True), ran.err
