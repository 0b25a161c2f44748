from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
from pathlib import Path
from unittest import mock

import pytest

from command import put, tcspec
from tcspec import upgrade_json

LEGACY = b'{"event":"login","event_id":"1","event_timestamp":"1718006400","properties":{"user":{"id":"c"},"rate":1.10}}'
CURRENT = b'{"event_name":"login","user":{},"context":{"event_timestamp":1718006400000}}'

HAND_FORMATTED = [
    LEGACY,
    LEGACY + b"\n",
    b'{ "event": "login",\n  "event_id": "1",\n\n  "properties": { "price": 1.10,\n    "tags": ["a", "b"] } }\n\n',
    b'{\r\n\t"event": "login",\r\n\t"event_id": "1",\r\n\t"properties": {\r\n\t\t"a": [1,2]\r\n\t}\r\n}',
    '{"event": "\u00a0caf\u00e9\u202f\u200d\u3000!",\n "event_id": "1"}'.encode(),
]
"""Legacy events as people format them."""
EDITED = [
    (
        """\
{ "event": "login",
  "event_id": "1", "version": 7,

  "page": {
     "url": "/a", "title": "b"
  },
  "properties": {
    "user": {"id": "c"}, "rate": 1.10,
    "items": [
      {"id": "1"},

      {"id": "2"}
    ]
  }
}
""",
        """\
{ "event_name": "login",
  "user": {"id": "c"},
  "rate": 1.10,
  "items": [
    {"id": "1"},

    {"id": "2"}
  ],

  "context": {
     "event_id": "1",
     "version": 7,
     "page": {
        "url": "/a", "title": "b"
     }
  }
}
""",
    ),
    (
        """\
{"event": "login",
 "event_id": "1",
 "properties": {"a": 1,
                "b": [1,
                      2]}}""",
        """\
{"event_name": "login",
 "a": 1,
 "b": [1,
       2],
 "context": {
  "event_id": "1"
 }}""",
    ),
    (
        """\
{"batch": [
  {"event": "a", "event_id": "1", "properties": {"b":1}},
  {"event_name": "c"}
]}
""",
        """\
{"batch": [
  {"event_name": "a", "b":1, "context": {"event_id": "1"}},
  {"event_name": "c"}
]}
""",
    ),
    (
        """\
{
  "event" : "login"
, "properties" :
  {
    "a" : { "b" : "\\/" }
  }
}""",
        """\
{
  "event_name" : "login"
, "a" : { "b" : "\\/" }
, "context" : {}
}""",
    ),
    (
        """\
{
\t"context": { "event_timestamp": "1718006400", "page": {"location": "/a" } },
\t"event_name": "x"
}""",
        """\
{
\t"context": { "event_timestamp": 1718006400000, "page": {"location": "/a" } },
\t"event_name": "x"
}""",
    ),
]
"""Such events before and after their upgrade."""


pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("event", [LEGACY, CURRENT])
def test_stdout(event, ending):
    """The event is printed as `upgrade_json` returns it, with its line ending."""
    ran = tcspec("upgrade", put("a.json", event + ending))
    assert (ran.code, ran.out.encode()) == (0, upgrade_json(event) + ending)


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
def test_stdin(ending):
    """Standard input is upgraded likewise, indented or not."""
    assert tcspec("upgrade", "-", stdin=LEGACY + ending).out.encode() == upgrade_json(LEGACY) + ending
    pretty = json.dumps(json.loads(LEGACY), indent=2).encode()
    assert json.loads(tcspec("upgrade", "-", stdin=pretty + ending).out) == json.loads(upgrade_json(LEGACY))


def test_several():
    """Several events are printed one per line."""
    put("a.json", LEGACY)
    put("b.json.gz", gzip.compress(CURRENT))
    ran = tcspec("upgrade", "a.json", "b.json.gz", "a.json")
    assert ran.out.encode() == b"\n".join([upgrade_json(LEGACY), CURRENT, upgrade_json(LEGACY)])


def test_summary():
    """The summary on stderr has the changes and the values kept under `context.legacy`."""
    event = json.loads(LEGACY)
    event["properties"]["context"] = "home"
    err = tcspec("upgrade", put("a.json", json.dumps(event).encode())).err
    assert err.startswith("a.json: upgraded, ")
    assert "1 x       `event` becomes `event_name`" in err
    assert "kept      /properties/context as /context/legacy/properties/context" in err
    assert tcspec("upgrade", put("b.json", CURRENT)).err == "b.json: nothing to change\n"


def test_growth_over_the_limit():
    """An event that exceeds the size limit only after its upgrade is reported."""
    event = json.loads(LEGACY)
    event["properties"]["text"] = ""
    fitting = 32_768 - len(json.dumps(event, separators=(",", ":")))
    for length, is_reported in ((fitting, True), (fitting + 1, False)):
        event["properties"]["text"] = "x" * length
        put("a.json", json.dumps(event, indent=1).encode())
        assert ("TC020 error" in tcspec("upgrade", "a.json").err) is is_reported


@pytest.mark.parametrize("option", [[], ["--diff"], ["--write"], ["--quiet"]])
def test_formats_of_other_vendors(option):
    """An upgrade only moves the names of another vendor: each such event is named, in a batch and in an array too."""
    other = {"userId": "u-1", "event": "Order Completed", "properties": {"total": 1}}
    legacy = json.loads(LEGACY)
    for content, pointers in (
        (other, [""]),
        ({"batch": [legacy, other]}, ["/batch/1"]),
        ([other, legacy, other], ["/0", "/2"]),
        (legacy, []),
    ):
        put("o.json", json.dumps(content).encode())
        result = tcspec("upgrade", *option, "o.json")
        lines = [line for line in result.err.splitlines() if "TC703" in line]
        assert len(lines) == len(pointers)
        assert all("Segment" in line for line in lines)
        assert all(pointer in result.err for pointer in pointers)


class TestDiff:
    """`--diff`: print a diff."""

    def test_diff(self):
        """A diff has the lines that would change, nothing is written, and the exit code is 1."""
        text = json.dumps(json.loads(LEGACY), indent=2).encode()
        ran = tcspec("upgrade", "--diff", put("a.json", text))
        lines = ran.out.splitlines()
        assert lines[:2] == ["--- a.json", "+++ a.json"]
        assert {'-  "event": "login",', '+  "event_name": "login",', '-    "rate": 1.1', '+  "rate": 1.1,'} <= set(
            lines
        )
        assert (ran.code, Path("a.json").read_bytes()) == (1, text)
        assert ran.err.startswith("a.json: would be upgraded, ")

    def test_no_difference(self):
        """An event that needs no change has no diff."""
        ran = tcspec("upgrade", "--diff", put("a.json", CURRENT))
        assert (ran.code, ran.out) == (0, "")

    @pytest.mark.parametrize(
        "name", ["a.json", "an event.json", 'a"b\\c.json', "\u00e9t\u00e9.json", "a\tb.json", "dir/a.json"]
    )
    @pytest.mark.parametrize("text", HAND_FORMATTED)
    def test_patch_applies_it(self, text, name):
        """`patch` finds the file by its name in the diff, and makes of it what `--write` makes."""
        patch = shutil.which("patch")
        if patch is None:
            pytest.skip("patch is not installed")
        diff = tcspec("upgrade", "--diff", put(name, text)).out.encode()
        subprocess.run([patch, "--binary", "-p0"], input=diff, check=True, capture_output=True)
        patched = Path(name).read_bytes()
        assert tcspec("upgrade", "--write", put(name, text)).code == 0
        assert patched == Path(name).read_bytes() != text


class TestCheck:
    """`--check`: only set the exit code."""

    @pytest.mark.parametrize(("event", "code"), [(LEGACY, 1), (CURRENT, 0)])
    @pytest.mark.parametrize("options", [("--check",), ("--check", "--diff")])
    def test_check(self, options, event, code):
        """The exit code is 1 if something would change; nothing is written."""
        ran = tcspec("upgrade", *options, put("a.json", event))
        assert ran.code == code
        assert bool(ran.out) == (code == 1 and "--diff" in options)
        assert Path("a.json").read_bytes() == event

    def test_not_canonical(self):
        """A 2.0 event that is only not canonical is not called legacy, and no hook fails on it."""
        put("a.json", CURRENT.replace(b"1718006400000", b"1718006400"))
        put("b.json", b'{"batch": [' + Path("a.json").read_bytes() + b"]}")
        for path in ("a.json", "b.json"):
            ran = tcspec("upgrade", "--check", path)
            assert (ran.code, ran.err.splitlines()[0]) == (1, f"{path}: 2.0 already, would be made canonical, 1 change")
            ran = tcspec("upgrade", "--payloads-only", "--check", path)
            assert (ran.code, ran.err) == (0, "")
        assert tcspec("upgrade", "a.json").err.startswith("a.json: 2.0 already, made canonical, 1 change\n")

    def test_excludes_write(self):
        """--check and --write exclude each other."""
        assert tcspec("upgrade", "--check", "--write", put("a.json", LEGACY)).code == 2


class TestWrite:
    """`--write`: replace the files."""

    @pytest.mark.parametrize("indent", [None, 2, 4, "\t"])
    @pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\n\n"])
    def test_style(self, indent, ending):
        """The file keeps its indentation and its end, and numbers keep their text."""
        text = json.dumps(json.loads(LEGACY), indent=indent).replace("1.1", "1.10") + ending
        put("a.json", text.encode())
        ran = tcspec("upgrade", "--write", "a.json")
        expected = json.dumps(json.loads(upgrade_json(LEGACY)), indent=indent).replace("1.1", "1.10") + ending
        assert (ran.code, ran.out) == (0, "")
        assert Path("a.json").read_bytes().decode() == expected

    @pytest.mark.parametrize(("before", "after"), EDITED)
    @pytest.mark.parametrize("line_end", ["\n", "\r\n"])
    def test_formatted_by_hand(self, before, after, line_end):
        """What stays keeps its line, and what moves its own format at its new depth."""
        put("a.json", before.replace("\n", line_end).encode())
        assert tcspec("upgrade", "--write", "a.json").code == 0
        assert Path("a.json").read_bytes().decode() == after.replace("\n", line_end)
        assert json.loads(after) == json.loads(upgrade_json(before.encode()))

    def test_blank_lines_around(self):
        """Blank lines before and after an event stay, in a file of any name."""
        put("event", b"\n \r\n" + LEGACY + b"\n\n")
        assert tcspec("upgrade", "--write", "event").code == 0
        assert Path("event").read_bytes() == b"\n \r\n" + upgrade_json(LEGACY) + b"\n\n"

    def test_nothing_to_change(self):
        """A file that needs no change is not written."""
        put("a.json", CURRENT)
        before = Path("a.json").stat()
        tcspec("upgrade", "--write", "a.json")
        after = Path("a.json").stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)

    def test_permissions_and_links(self):
        """Permissions stay, and a symbolic link stays one."""
        put("a.json", LEGACY)
        Path("a.json").chmod(0o604)
        Path("b.json").symlink_to("a.json")
        tcspec("upgrade", "--write", "b.json")
        assert Path("b.json").is_symlink()
        assert Path("a.json").stat().st_mode & 0o777 == 0o604
        assert json.loads(Path("a.json").read_bytes()) == json.loads(upgrade_json(LEGACY))

    def test_compressed(self):
        """A compressed file stays compressed."""
        put("a.json.gz", gzip.compress(LEGACY))
        tcspec("upgrade", "--write", "a.json.gz")
        assert gzip.decompress(Path("a.json.gz").read_bytes()) == upgrade_json(LEGACY)

    def test_with_diff(self):
        """With --write and --diff, the file is replaced and the diff printed."""
        ran = tcspec("upgrade", "--write", "--diff", put("a.json", LEGACY))
        assert ran.out.startswith("--- a.json\n")
        assert ran.err.startswith("a.json: upgraded, ")
        assert Path("a.json").read_bytes() == upgrade_json(LEGACY)

    def test_stdin(self):
        """Standard input cannot be replaced."""
        assert tcspec("upgrade", "--write", "-", stdin=LEGACY).code == 2

    def test_full_disk(self):
        """A file that cannot be written stays as it was, and no other file is left beside it."""
        put("a.json", LEGACY)
        with mock.patch("os.fsync", side_effect=OSError(28, os.strerror(28))):
            ran = tcspec("upgrade", "--write", "a.json")
        assert (ran.code, ran.err) == (2, "tcspec: a.json: No space left on device\n")
        assert Path("a.json").read_bytes() == LEGACY
        assert [path.name for path in Path().iterdir()] == ["a.json"]


class TestPayloadsOnly:
    """`--payloads-only`, for hooks, which pass every file."""

    PACKAGE = b'{"name": "a package", "version": 1}'

    def test_no_events(self):
        """JSON that is not an event or a batch is skipped without a message, even if it looks legacy."""
        put("package.json", self.PACKAGE)
        assert tcspec("upgrade", "--check", "package.json").code == 1
        ran = tcspec("upgrade", "--payloads-only", "--check", "package.json", put("b.json", b'{"person": {}}'))
        assert (ran.code, ran.out, ran.err) == (0, "", "")

    def test_events(self):
        """Events and batches are upgraded, also from standard input."""
        paths = (
            put("a.json", LEGACY),
            put("b.json", b'{"batch": [' + LEGACY + b"]}"),
            put("c.json", self.PACKAGE),
        )
        assert tcspec("upgrade", "--payloads-only", "--write", *paths).code == 0
        assert [b"context" in Path(path).read_bytes() for path in paths] == [True, True, False]
        assert tcspec("upgrade", "--payloads-only", "--check", "-", stdin=LEGACY).code == 1

    def test_expected(self):
        """A file whose legacy format is expected by the project is not changed."""
        put("tcspec.toml", b'[expect]\n"old/*" = ["TC701"]\n')
        assert tcspec("upgrade", "--payloads-only", "--check", put("old/a.json", LEGACY)).code == 0
        assert tcspec("upgrade", "--check", "old/a.json").code == 1

    def test_unreadable(self):
        """An unreadable document is reported."""
        ran = tcspec("upgrade", "--payloads-only", "--check", put("a.json", b"{"))
        assert (ran.code, "TC001" in ran.err) == (1, True)
        assert tcspec("upgrade", "--payloads-only", "--check", "missing.json").code == 2


class TestBadInput:
    """Input that is not one event."""

    @pytest.mark.parametrize(
        ("content", "place", "code"),
        [
            (b'{"event":\n login}', "2:2", "TC001"),
            (b'{"a": "\xff"}', "1:8", "TC002"),
            (b"\xef\xbb\xbf" + LEGACY, "1:1", "TC003"),
            (b'{"event": 1,\n "event": 2}', "2:2", "TC004"),
            (b'{"event": "\\ud800"}', "1:11", "TC005"),
            (b"[" * 100_000, "1:201", "TC006"),
            (b'{"a": "' + b"x" * 9_000_000 + b'"}', "1:1", "TC007"),
            (b"", "1:1", "TC008"),
            (b" []", "1:2", "TC009"),
            (b'{"event": NaN}', "1:11", "TC011"),
        ],
    )
    @pytest.mark.parametrize("option", ["--write", "--check", "--diff", "--max-length=8000000"])
    def test_document(self, option, content, place, code):
        """An unreadable document is reported on stderr with its position, and not changed."""
        ran = tcspec("upgrade", option, put("a.json", content))
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith(f"a.json:{place}: {code} error: ")
        assert Path("a.json").read_bytes() == content

    def test_other_files(self):
        """The other files are upgraded."""
        put("a.json", b"{")
        put("b.json", LEGACY)
        ran = tcspec("upgrade", "a.json", "missing.json", "b.json")
        assert (ran.code, ran.out.encode()) == (2, upgrade_json(LEGACY))
        assert "tcspec: missing.json: No such file or directory\n" in ran.err

    def test_limits(self):
        """Options set the maximum depth and the maximum length."""
        put("a.json", LEGACY)
        assert "TC006" in tcspec("upgrade", "--max-depth", "2", "a.json").err
        assert "TC007" in tcspec("upgrade", "--max-length", "10", "a.json").err
        put("b.json", b'{"event": "login", "properties": {"deep": ' + b"[" * 250 + b"]" * 250 + b"}}")
        assert tcspec("upgrade", "b.json").code == 1
        assert tcspec("upgrade", "--max-depth", "300", "b.json").code == 0

    @pytest.mark.parametrize("name", ["a.ndjson", "a.jsonl.gz", "a.log", "-"])
    def test_lines(self, name):
        """Events one per line are refused, and the message names `tcspec migrate`."""
        lines = LEGACY + b"\n" + LEGACY + b"\n"
        if name != "-":
            put(name, gzip.compress(lines) if name.endswith(".gz") else lines)
        ran = tcspec("upgrade", name, stdin=lines)
        assert (ran.code, ran.out) == (2, "")
        assert "tcspec migrate SOURCE TARGET" in ran.err

    def test_empty_stdin(self):
        """Empty standard input is reported like an empty file."""
        ran = tcspec("upgrade", "-")
        assert (ran.code, ran.err[:16]) == (1, "-:1:1: TC008 err")
