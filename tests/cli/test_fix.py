from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from pathlib import Path
from unittest import mock

import pytest

from command import program, put, tcspec
from tcspec.rules.fixes.fixing import Fixed

EVENT = b'{"event_name": "login", "user": {"id": "c"}, "context": {"event_id": "1", "event_timestamp": %s}, "n": 1.10}'
SECONDS, FIXED = EVENT % b"1718006400", EVENT % b"1718006400000"
PRETTY = json.dumps(json.loads(SECONDS), indent=4).replace("1.1", "1.10").encode()
PRETTY_FIXED = PRETTY.replace(b"1718006400", b"1718006400000")


pytestmark = pytest.mark.usefixtures("elsewhere")


class TestInPlace:
    """Files are fixed in place."""

    @pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n", b"\n\n"])
    @pytest.mark.parametrize(("before", "after"), [(SECONDS, FIXED), (PRETTY, PRETTY_FIXED)])
    def test_json(self, before, after, ending):
        """A file keeps its style, its end, and every byte outside the fixes; stdout stays empty."""
        ran = tcspec("fix", put("a.json", before + ending))
        assert (ran.code, ran.out) == (0, "")
        assert Path("a.json").read_bytes() == after + ending
        assert "a.json: 1 violation fixed\n" in ran.err
        assert "1 x       TC210 convert to milliseconds" in ran.err

    def test_twice(self):
        """A second run fixes nothing and does not write the file."""
        tcspec("fix", put("a.json", SECONDS))
        before = Path("a.json").stat()
        ran = tcspec("fix", "a.json")
        after = Path("a.json").stat()
        assert (ran.code, ran.err.splitlines()[0]) == (0, "a.json: nothing to fix")
        assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)

    def test_lines(self):
        """Lines are fixed one by one; blank and unreadable lines, line endings and the last line stay as they are."""
        text = b"\r\n%s\r\n \n{broken\n%s\n[1]\n%s"
        ran = tcspec("fix", put("e.ndjson", text % (SECONDS, SECONDS, FIXED)))
        assert Path("e.ndjson").read_bytes() == text % (FIXED, FIXED, FIXED)
        assert ran.code == 1
        assert "e.ndjson:4:2: TC001 error" in ran.err
        assert "e.ndjson: 2 violations fixed, 1 document passed over as no payload\n" in ran.err

    def test_several(self):
        """Every file has a summary, and an unreadable file does not stop the others from being fixed."""
        put("a.json", SECONDS)
        put("b.json", b"{")
        put("c.json", SECONDS)
        ran = tcspec("fix", "a.json", "b.json", "missing.json", "c.json")
        assert ran.code == 2
        assert "tcspec: missing.json: No such file or directory\nc.json: 1 violation fixed\n" in ran.err
        assert [Path(name).read_bytes() for name in ("a.json", "b.json", "c.json")] == [FIXED, b"{", FIXED]

    def test_permissions_and_links(self):
        """Permissions stay, and a symbolic link stays one."""
        put("a.json", SECONDS)
        Path("a.json").chmod(0o604)
        Path("b.json").symlink_to("a.json")
        tcspec("fix", "b.json")
        assert Path("b.json").is_symlink()
        assert Path("a.json").stat().st_mode & 0o777 == 0o604
        assert Path("a.json").read_bytes() == FIXED

    @pytest.mark.parametrize("name", ["a.json.gz", "a.ndjson.gz"])
    def test_compressed(self, name):
        """A compressed file stays compressed."""
        put(name, gzip.compress(SECONDS))
        assert tcspec("fix", name).code == 0
        assert gzip.decompress(Path(name).read_bytes()) == FIXED

    def test_truncated(self):
        """A truncated compressed file is not changed, even if a payload in it could be fixed."""
        whole = gzip.compress(b"\n".join([SECONDS] * 50), 0)
        cut = whole[: len(whole) // 2]
        ran = tcspec("fix", put("a.ndjson.gz", cut))
        assert (ran.code, Path("a.ndjson.gz").read_bytes()) == (2, cut)
        assert "compressed data is truncated" in ran.err
        assert [path.name for path in Path().iterdir()] == ["a.ndjson.gz"]

    def test_read_only_folders(self):
        """A file without anything to fix is not written, nor is any file beside it."""
        put("folder/a.json", FIXED)
        Path("folder").chmod(0o500)
        try:
            assert tcspec("fix", "folder/a.json").code == 0
        finally:
            Path("folder").chmod(0o700)


class TestStandardStreams:
    """`-` reads standard input and writes standard output."""

    @pytest.mark.parametrize(
        "text",
        [
            b"%s",
            b"%s\n",
            b"\n \n%s\n\n%s\r\n",
            PRETTY.replace(b"1718006400", b"%s") + b"\n",
            b"\n\n" + PRETTY.replace(b"1718006400", b"%s"),
        ],
    )
    def test_pipe(self, text):
        """Standard input is written to standard output with its fixes, whole or line by line."""
        old, new = (b"1718006400", b"1718006400000") if b"event_name" in text else (SECONDS, FIXED)
        count = text.count(b"%s")
        ran = tcspec("fix", "-", stdin=text % ((old,) * count))
        assert (ran.code, ran.out.encode()) == (0, text % ((new,) * count))

    def test_unreadable_documents_pass_through(self):
        """A document that is unreadable, or too long, is written to standard output unchanged."""
        text = b'{"a": "%s"}\n%s\n{\n' % (b"x" * 300, SECONDS)
        ran = tcspec("fix", "--max-length", "200", "-", stdin=text)
        assert (ran.code, ran.out.encode()) == (1, text.replace(SECONDS, FIXED))
        assert "-:1:1: TC007" in ran.err

    def test_too_long(self):
        """A document over the maximum length is reported and not changed."""
        put("a.json", PRETTY)
        ran = tcspec("fix", "--max-length", "50", "a.json")
        assert (ran.code, Path("a.json").read_bytes()) == (1, PRETTY)
        ran = tcspec("fix", "--max-length", "50", "-", stdin=PRETTY)
        assert (ran.code, ran.out.encode()) == (1, PRETTY)

    def test_nothing(self):
        """A run without any payload fails, unless --allow-empty is set."""
        assert tcspec("fix", "-").code == 1
        assert tcspec("fix", "--allow-empty", "-").code == 0


class TestDryRuns:
    """`--diff` and `--check` write nothing."""

    def test_diff(self):
        """A diff has the lines that would change, and the exit code is 1."""
        ran = tcspec("fix", "--diff", put("a.json", PRETTY))
        lines = ran.out.splitlines()
        assert lines[:2] == ["--- a.json", "+++ a.json"]
        assert '-        "event_timestamp": 1718006400' in lines
        assert '+        "event_timestamp": 1718006400000' in lines
        assert (ran.code, Path("a.json").read_bytes()) == (1, PRETTY)
        assert "a.json: 1 violation would be fixed\n" in ran.err

    @pytest.mark.parametrize("arguments", [("--diff",), ("--check",)])
    def test_nothing_would_change(self, arguments):
        """If nothing would change, there is no diff and the exit code is 0."""
        ran = tcspec("fix", *arguments, put("a.json", FIXED))
        assert (ran.code, ran.out) == (0, "")

    def test_check(self):
        """--check prints nothing to stdout, and the exit code is 1 if something would change."""
        ran = tcspec("fix", "--check", put("a.json", SECONDS))
        assert (ran.code, ran.out, Path("a.json").read_bytes()) == (1, "", SECONDS)

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("a.json", SECONDS),
            ("a.json", PRETTY + b"\n"),
            ("a.json", PRETTY.replace(b"\n", b"\r\n")),
            ("a.ndjson", b"\n".join([SECONDS, FIXED, SECONDS, b"", SECONDS])),
            ("a.ndjson", b"\n".join([SECONDS.replace(b"login", "a\u2028b".encode())] * 2) + b"\n"),
        ],
    )
    def test_patch_applies_it(self, name, content):
        """`patch` applies the diff, with the result of a run without `--diff`."""
        patch = shutil.which("patch")
        if patch is None:
            pytest.skip("patch is not installed")
        put(name, content)
        put("b", content)
        diff = tcspec("fix", "--diff", name).out.encode()
        tcspec("fix", name)
        subprocess.run([patch, "--binary", "b"], input=diff, check=True, capture_output=True)
        assert Path("b").read_bytes() == Path(name).read_bytes() != content


class TestChoices:
    """Which violations are fixed."""

    def test_select_and_ignore(self):
        """Codes are selected and ignored by prefix, and an unknown prefix is a usage error."""
        put("a.json", SECONDS)
        assert tcspec("fix", "--check", "--select", "tc3,TC21", "a.json").code == 1
        assert tcspec("fix", "--check", "--select", "TC3", "a.json").code == 0
        assert tcspec("fix", "--check", "--ignore", "TC2", "a.json").code == 0
        ran = tcspec("fix", "--select", "TC999", "a.json")
        assert (ran.code, "no code starts with TC999" in ran.err) == (2, True)

    def test_unsafe(self):
        """An unsafe fix is skipped and reported with its position; --unsafe applies it."""
        finer = SECONDS.replace(b"1718006400", b"1718006400123456")
        ran = tcspec("fix", put("e.ndjson", FIXED + b"\n" + finer))
        assert "skipped   TC210 on line 2 at /context/event_timestamp: its fix may change" in ran.err
        assert tcspec("fix", "--unsafe", "e.ndjson").code == 0
        assert Path("e.ndjson").read_bytes() == FIXED + b"\n" + FIXED.replace(b"6400000", b"6400123")

    @pytest.mark.parametrize("ignore", [(), ("--ignore", "TC003")])
    def test_byte_order_mark(self, ignore):
        """A byte order mark is removed from a document, and from a line of several, unless its code is ignored."""
        mark = b"\xef\xbb\xbf"
        diff = tcspec("fix", *ignore, "--diff", put("a.json", mark + FIXED)).out.encode()
        tcspec("fix", *ignore, "a.json", put("e.ndjson", FIXED + b"\n" + mark + FIXED))
        assert Path("a.json").read_bytes() == (mark if ignore else b"") + FIXED
        assert Path("e.ndjson").read_bytes() == FIXED + b"\n" + (mark if ignore else b"") + FIXED
        assert (b"-" + mark + FIXED in diff) == (not ignore)

    def test_reports_what_remains(self):
        """What was fixed, what remains and why are reported of each file, and their number of all."""
        event = json.loads(FIXED) | {"event_name": "purchase", "value": "12.50", "id": 7, "coupon": None}
        ran = tcspec("fix", put("a.json", json.dumps(event).encode()), put("b.json", SECONDS))
        first, *others = ran.err.splitlines()
        assert first == "a.json: 2 violations fixed, 1 fix skipped"
        assert "    1 x       TC402 put the number in quotes" in others
        assert "    1 x       TC402 remove the quotes" in others
        assert any(line.startswith("    skipped   TC402 on line 1 at /coupon: its fix may change") for line in others)
        assert "    no fix    TC401 on line 1 at the root: missing required property `payment_method`" in others
        remaining = sum(line.startswith(("    skipped", "    no fix")) for line in others)
        assert others[-1] == f"{remaining + 3} violations: 3 fixed, {remaining} remaining"
        assert b'"value": 12.5' in Path("a.json").read_bytes()

    def test_no_payloads(self):
        """JSON that shows no sign of being a payload is skipped, unless a kind is set."""
        other = b'{"name": "tent", "Version": "1"}'
        ran = tcspec("fix", "--allow-empty", put("package.json", other))
        assert (ran.code, ran.err) == (0, "package.json: 1 document passed over as no payload\n")
        assert tcspec("fix", "--check", "--kind", "event", "package.json").err != ran.err

    def test_kinds_of_the_project(self):
        """The project sets the kind of payloads that do not show it."""
        put("pyproject.toml", b'[tool.tcspec.kinds]\n"p.json" = "product"\n')
        err = tcspec("fix", put("p.json", b'{"name": "Tent"}')).err
        no_fix = "    no fix    TC801 on line 1 at the root: missing required property `id`\n"
        assert err == f"p.json: nothing to fix\n{no_fix}1 violation: 0 fixed, 1 remaining\n"

    @pytest.mark.parametrize(
        "project",
        [
            b'[tool.tcspec.expect]\n"a.json" = ["TC210"]',
            b'[tool.tcspec.per-path."a.*"]\nignore = ["TC2"]',
            b'[tool.tcspec.per-path."a.*".severity]\nTC210 = "off"',
        ],
    )
    def test_settings_of_the_project(self, project):
        """A violation that the project expects, ignores or turns off is not fixed."""
        put("pyproject.toml", project)
        put("b.json", SECONDS)
        assert tcspec("fix", put("a.json", SECONDS), "b.json").code == 0
        assert [Path(name).read_bytes() for name in ("a.json", "b.json")] == [SECONDS, FIXED]

    def test_the_sender_of_the_project(self):
        """The sender is set by the project, or by the command line, which wins."""
        put("tcspec.toml", b'sender = "web"')
        with mock.patch("tcspec.cli.fix.fix_json", return_value=Fixed(SECONDS)) as fixing:
            tcspec("fix", put("a.json", SECONDS))
            tcspec("fix", "--sender", "mobile", "a.json")
        assert [call.kwargs["sender"] for call in fixing.call_args_list] == ["web", "mobile"]

    def test_pixels(self):
        """URLs of pixels are not changed."""
        calls = b"?tc_s=3315&event_name=login&context[event_timestamp]=1718006400\n" * 2
        ran = tcspec("fix", "--kind", "pixel", put("calls.txt", calls))
        assert (ran.code, Path("calls.txt").read_bytes()) == (0, calls)

    def test_captured_requests(self):
        """Captured requests are records, and are not changed."""
        ran = tcspec("fix", put("a.http", b"POST https://collect.commander1.com/events\n"))
        assert (ran.code, "captured requests" in ran.err) == (2, True)

    def test_legacy(self):
        """Legacy events are not fixed: they are upgraded by `tcspec upgrade`."""
        legacy = b'{"event":"login","event_id":"1","event_timestamp":1718006400,"properties":{}}'
        assert tcspec("fix", put("a.json", legacy)).code == 0
        assert Path("a.json").read_bytes() == legacy

    def test_privacy(self):
        """A summary has no value of the payload."""
        event = SECONDS.replace(b'"c"', b'"Ada Keller"').replace(b"login", b"Northwind")
        ran = tcspec("fix", put("a.json", event))
        assert "Ada" not in ran.err


def test_as_a_program():
    """The program fixes a file, and fails with one message if standard output is full."""
    put("a.json", SECONDS)
    assert program("fix", "a.json").code == 0
    assert Path("a.json").read_bytes() == FIXED
    full = Path("/dev/full")
    if full.exists():
        with full.open("wb") as stream:
            ran = program("fix", "-", stdin=SECONDS, stdout=stream)
        assert (ran.code, ran.err.count("No space left on device")) == (2, 1)


def test_full_output():
    """A full standard output ends the run of several files with one message."""
    paths = put("a.json", SECONDS), put("b.json", SECONDS)
    full = Path("/dev/full")
    if full.exists():
        for arguments in (("fix", "--diff"), ("upgrade",)):
            with full.open("wb") as stream:
                ran = program(*arguments, *paths, stdout=stream)
            assert (ran.code, ran.err.count("No space left on device")) == (2, 1)
