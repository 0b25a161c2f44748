from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from unittest import mock

import pytest

from command import put, tcspec
from locations import FIXTURES
from tcspec import upgrade_json

LEGACY = b'{"event":"login","event_id":"1","event_timestamp":"1718006400","properties":{"user":{"id":"c"},"rate":1.10}}'
CURRENT = b'{"event_name":"login","user":{},"context":{"event_timestamp":1718006400000}}'


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("event", [LEGACY, CURRENT])
def test_stdout(event, ending):
    """The event comes out as `upgrade_json` makes it, with the line ending that it had."""
    ran = tcspec("upgrade", put("a.json", event + ending))
    assert (ran.code, ran.out.encode()) == (0, upgrade_json(event) + ending)


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n"])
def test_stdin(ending):
    """The same from standard input, pretty-printed or not."""
    assert tcspec("upgrade", "-", stdin=LEGACY + ending).out.encode() == upgrade_json(LEGACY) + ending
    pretty = json.dumps(json.loads(LEGACY), indent=2).encode()
    assert json.loads(tcspec("upgrade", "-", stdin=pretty + ending).out) == json.loads(upgrade_json(LEGACY))


def test_several():
    """Several events come out one a line."""
    put("a.json", LEGACY)
    put("b.json.gz", gzip.compress(CURRENT))
    ran = tcspec("upgrade", "a.json", "b.json.gz", "a.json")
    assert ran.out.encode() == b"\n".join([upgrade_json(LEGACY), CURRENT, upgrade_json(LEGACY)])


def test_what_was_done_is_told():
    """What changed is told on stderr, and what was kept aside is named."""
    event = json.loads(LEGACY)
    event["properties"]["context"] = "home"
    err = tcspec("upgrade", put("a.json", json.dumps(event).encode())).err
    assert err.startswith("a.json: upgraded, ")
    assert "1 x       `event` becomes `event_name`" in err
    assert "kept      /properties/context as /context/legacy/properties/context" in err
    assert tcspec("upgrade", put("b.json", CURRENT)).err == "b.json: nothing to change\n"


def test_growing_over_the_limit_is_told():
    """An upgrade that makes an event too heavy says so; one that was too heavy before does not."""
    event = json.loads(LEGACY)
    event["properties"]["text"] = ""
    fitting = 32_768 - len(json.dumps(event, separators=(",", ":")))
    for length, is_told in ((fitting, True), (fitting + 1, False)):
        event["properties"]["text"] = "x" * length
        put("a.json", json.dumps(event, indent=1).encode())
        assert ("TC020 error" in tcspec("upgrade", "a.json").err) is is_told


class TestDiff:
    """`--diff`."""

    def test_diff(self):
        """A diff shows both texts pretty-printed, nothing is written, and the exit code says it."""
        ran = tcspec("upgrade", "--diff", put("a.json", LEGACY))
        lines = ran.out.splitlines()
        assert lines[:2] == ["--- a.json", "+++ a.json (2.0)"]
        assert {'-  "event": "login",', '+  "event_name": "login",', '-    "rate": 1.10', '+  "rate": 1.10,'} <= set(
            lines
        )
        assert (ran.code, Path("a.json").read_bytes()) == (1, LEGACY)
        assert ran.err.startswith("a.json: would be upgraded, ")

    def test_no_difference(self):
        """An event that needs no change has no diff."""
        ran = tcspec("upgrade", "--diff", put("a.json", CURRENT))
        assert (ran.code, ran.out) == (0, "")

    def test_applies(self):
        """The diff is one that `patch` could apply: every line of both texts is in it or implied by it."""
        before = FIXTURES / "event/1.0/valid/v1_web.json"
        lines = tcspec("upgrade", "--diff", before).out.splitlines()[3:]
        removed = [line[1:] for line in lines if line[0] in " -"]
        assert removed == json.dumps(json.loads(before.read_text()), indent=2, ensure_ascii=False).splitlines()


class TestCheck:
    """`--check`."""

    @pytest.mark.parametrize(("event", "code"), [(LEGACY, 1), (CURRENT, 0)])
    @pytest.mark.parametrize("options", [("--check",), ("--check", "--diff")])
    def test_check(self, options, event, code):
        """The exit code says whether something would change; nothing is written."""
        ran = tcspec("upgrade", *options, put("a.json", event))
        assert ran.code == code
        assert bool(ran.out) == (code == 1 and "--diff" in options)
        assert Path("a.json").read_bytes() == event

    def test_excludes_write(self):
        """It makes no sense together with --write."""
        assert tcspec("upgrade", "--check", "--write", put("a.json", LEGACY)).code == 2


class TestWrite:
    """`--write`."""

    @pytest.mark.parametrize("indent", [None, 2, 4, "\t"])
    @pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\n\n"])
    def test_layout(self, indent, ending):
        """The file keeps its indentation and its end, and values keep their spelling."""
        text = json.dumps(json.loads(LEGACY), indent=indent).replace("1.1", "1.10") + ending
        put("a.json", text.encode())
        ran = tcspec("upgrade", "--write", "a.json")
        expected = json.dumps(json.loads(upgrade_json(LEGACY)), indent=indent).replace("1.1", "1.10") + ending
        assert (ran.code, ran.out) == (0, "")
        assert Path("a.json").read_bytes().decode() == expected

    def test_nothing_to_change(self):
        """A file that needs no change is not touched."""
        put("a.json", CURRENT)
        before = Path("a.json").stat()
        tcspec("upgrade", "--write", "a.json")
        after = Path("a.json").stat()
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)

    def test_permissions_and_links(self):
        """Permissions stay, and a link stays a link."""
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
        """Together with --diff the file is replaced and the diff printed."""
        ran = tcspec("upgrade", "--write", "--diff", put("a.json", LEGACY))
        assert ran.out.startswith("--- a.json\n")
        assert ran.err.startswith("a.json: upgraded, ")
        assert Path("a.json").read_bytes() == upgrade_json(LEGACY)

    def test_stdin(self):
        """Standard input cannot be replaced."""
        assert tcspec("upgrade", "--write", "-", stdin=LEGACY).code == 2

    def test_full_disk(self):
        """A file that cannot be written is as it was, and nothing is left beside it."""
        put("a.json", LEGACY)
        with mock.patch("os.fsync", side_effect=OSError(28, os.strerror(28))):
            ran = tcspec("upgrade", "--write", "a.json")
        assert (ran.code, ran.err) == (2, "tcspec: a.json: No space left on device\n")
        assert Path("a.json").read_bytes() == LEGACY
        assert [path.name for path in Path().iterdir()] == ["a.json"]


class TestPayloadsOnly:
    """`--payloads-only`: for hooks, which are given every file."""

    PACKAGE = b'{"name": "a package", "version": 1}'

    def test_no_events(self):
        """JSON that is no event or batch is passed over without a word, though it may look legacy."""
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

    def test_announced(self):
        """A file whose legacy format is announced stays as it is."""
        put("tcspec.toml", b'[expect]\n"old/*" = ["TC701"]\n')
        assert tcspec("upgrade", "--payloads-only", "--check", put("old/a.json", LEGACY)).code == 0
        assert tcspec("upgrade", "--check", "old/a.json").code == 1

    def test_unreadable(self):
        """What cannot be read is told."""
        ran = tcspec("upgrade", "--payloads-only", "--check", put("a.json", b"{"))
        assert (ran.code, "TC001" in ran.err) == (1, True)
        assert tcspec("upgrade", "--payloads-only", "--check", "missing.json").code == 2


class TestBadInput:
    """What is no single event."""

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
        """What is no readable object is told on stderr with its place, and left alone."""
        ran = tcspec("upgrade", option, put("a.json", content))
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith(f"a.json:{place}: {code} error: ")
        assert Path("a.json").read_bytes() == content

    def test_others_go_on(self):
        """The other files are upgraded."""
        put("a.json", b"{")
        put("b.json", LEGACY)
        ran = tcspec("upgrade", "a.json", "missing.json", ".", "b.json")
        assert (ran.code, ran.out.encode()) == (2, upgrade_json(LEGACY))
        assert "tcspec: missing.json: No such file or directory\n" in ran.err
        assert "tcspec: .: Is a directory" in ran.err

    def test_limits(self):
        """Depth and length are limited as asked, in both directions."""
        put("a.json", LEGACY)
        assert "TC006" in tcspec("upgrade", "--max-depth", "2", "a.json").err
        assert "TC007" in tcspec("upgrade", "--max-length", "10", "a.json").err
        put("b.json", b'{"event": "login", "properties": {"deep": ' + b"[" * 250 + b"]" * 250 + b"}}")
        assert tcspec("upgrade", "b.json").code == 1
        assert tcspec("upgrade", "--max-depth", "300", "b.json").code == 0

    @pytest.mark.parametrize("name", ["a.ndjson", "a.jsonl.gz", "a.log", "-"])
    def test_lines(self, name):
        """Events one a line are for `tcspec migrate`, and that is said."""
        lines = LEGACY + b"\n" + LEGACY + b"\n"
        if name != "-":
            put(name, gzip.compress(lines) if name.endswith(".gz") else lines)
        ran = tcspec("upgrade", name, stdin=lines)
        assert (ran.code, ran.out) == (2, "")
        assert "tcspec migrate SOURCE TARGET" in ran.err

    def test_empty_stdin(self):
        """No text at all is told as it is for a file."""
        ran = tcspec("upgrade", "-")
        assert (ran.code, ran.err[:16]) == (1, "-:1:1: TC008 err")
