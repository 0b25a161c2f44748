"""Folders and globs as arguments: every command that reads files takes them, and means the same files."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from command import PROGRAM, program, put, tcspec

USER = {"id": "c-1", "consistent_anonymous_id": "a-1", "consent_categories": ["1"]}
EVENT = {"event_name": "login", "user": USER, "context": {"event_id": "1", "event_timestamp": 1718006400000}}
GOOD = json.dumps(EVENT).encode()
BAD = json.dumps(EVENT | {"event_name": "search"}).encode()
LEGACY = json.dumps({"event_name": "login", "event_id": "e-2", "properties": {"method": "card"}}).encode()


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put("events/b.json", BAD)
    put("events/a.json", GOOD)
    put("events/deep/c.ndjson", GOOD + b"\n" + BAD)
    put("events/notes.txt", b"no payload")
    put("node_modules/d.json", BAD)


def checked(*arguments, command="check"):
    """Return the paths of the files that are checked, in order."""
    report = json.loads(tcspec(command, "--format", "json", *arguments).out)
    return [file["path"] for file in report["files"]]


FOUND = ["events/a.json", "events/b.json", "events/deep/c.ndjson"]


@pytest.mark.parametrize("argument", [".", "events", "events/", "events/**", "**"])
@pytest.mark.parametrize("command", ["check", "validate", "size"])
def test_same_files(command, argument):
    """A folder and a glob that no shell has expanded stand for the same files in every command."""
    assert checked(argument, command=command) == FOUND


def test_same_verdicts():
    """A file has the same violations whether it is named or found."""
    named, found = (json.loads(tcspec("check", "--format", "json", *paths).out) for paths in (FOUND, ["events"]))
    assert named == found
    assert tcspec("check", "events").code == 1


@pytest.mark.parametrize("command", ["check", "validate", "size"])
@pytest.mark.parametrize(
    ("arguments", "is_refused"),
    [((".",), False), (("*.ndjson", "events"), False), (("report.ndjson",), True), (("events", "report.ndjson"), True)],
)
def test_the_report_is_no_payload(command, arguments, is_refused):
    """A file in a folder that standard output is written to is left out, and one that is named is an error."""
    put("other.ndjson", GOOD)
    report = Path("report.ndjson")
    with report.open("wb") as output:
        output.write(BAD)
        output.flush()
        done = program(command, *arguments, stdout=output, timeout=60)
    assert ("report.ndjson: is standard output" in done.err) is is_refused
    assert (done.code == 2) is is_refused
    assert b"report.ndjson" not in report.read_bytes()


@pytest.mark.parametrize("command", ["check", "validate", "size", "upgrade", "fix"])
def test_standard_input_is_not_standard_output(command):
    """What is written to the file that is read as standard input would be read again, and is refused."""
    with Path("events.ndjson").open("ab+") as file:
        file.write(BAD)
        file.seek(0)
        streams = {"stdin": file, "stdout": file, "stderr": subprocess.PIPE}
        done = subprocess.run([PROGRAM, command, "-"], check=False, timeout=60, **streams)
    assert (done.returncode, Path("events.ndjson").read_bytes()) == (2, BAD)
    assert b"-: is standard output" in done.stderr


class TestFix:
    """`tcspec fix` with folders."""

    def test_writes_what_it_reads(self):
        """Documents and lines in a folder are fixed, and captured requests are left alone."""
        seconds = GOOD.replace(b"1718006400000", b"1718006400")
        put("events/a.json", seconds)
        put("events/deep/c.ndjson", seconds + b"\n")
        put("events/d.http", b"GET https://collect.commander1.com/events\n")
        assert tcspec("fix", "events").code == 0
        assert Path("events/a.json").read_bytes() == GOOD
        assert Path("events/deep/c.ndjson").read_bytes() == GOOD + b"\n"


class TestUpgrade:
    """`tcspec upgrade` with folders."""

    def test_writes_documents(self):
        """The documents in a folder are upgraded; files of lines are for `tcspec migrate`."""
        put("events/a.json", LEGACY)
        assert tcspec("upgrade", "--check", "events").code == 1
        assert tcspec("upgrade", "--write", "events", "events/**/*.json").code == 0
        assert tcspec("upgrade", "--check", "events").code == 0
        assert "properties" not in json.loads(Path("events/a.json").read_bytes())

    def test_named_lines(self):
        """A file of lines that is named is refused as before."""
        assert tcspec("upgrade", "events/deep/c.ndjson").code == 2


class TestNothing:
    """What stands for no file."""

    @pytest.mark.parametrize("command", ["check", "validate", "fix", "size", "upgrade"])
    def test_empty_folder(self, command):
        """An empty folder holds no payload, which fails."""
        Path("empty").mkdir()
        ran = tcspec(command, "empty")
        assert (ran.code, ran.out) == (1, "")
        assert "no payload found" in ran.err

    @pytest.mark.parametrize("command", ["check", "validate", "fix", "size"])
    def test_allowed(self, command):
        """An empty folder is allowed with --allow-empty."""
        Path("empty").mkdir()
        assert tcspec(command, "empty", "--allow-empty").code == 0

    @pytest.mark.parametrize("command", ["check", "validate", "fix", "size", "upgrade"])
    @pytest.mark.parametrize("glob", ["*.xml", "events/*.nothing", "**/[x-z].json"])
    def test_glob(self, command, glob):
        """A glob that matches nothing is probably a mistake: it is an error before anything is read."""
        ran = tcspec(command, "events/a.json", glob)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == f"tcspec: {glob}: no file matches; hidden and ignored files are not searched\n"

    def test_missing_folder(self):
        """What does not exist cannot be opened, and the others are read."""
        ran = tcspec("check", "nothing", "events/a.json")
        assert ran.code == 2
        assert "nothing: No such file or directory" in ran.err
        assert "1 payload in 2 files" in ran.err


class TestSettings:
    """`.gitignore`, the configuration of the project, and the options."""

    def test_gitignore(self):
        """What a `.gitignore` lists is not read unless it is named."""
        put(".gitignore", b"/events/deep/\nb.json\n")
        assert checked("events") == FOUND[:1]
        assert checked("events", "events/b.json") == FOUND[:2]
        assert checked("--no-respect-gitignore", "events") == FOUND

    def test_configuration(self):
        """`exclude` and `include` of the project are relative to its file, whatever the working folder is."""
        put("pyproject.toml", b'[tool.tcspec]\nexclude = ["events/deep"]\ninclude = ["*.txt", "*.json", "*.ndjson"]\n')
        assert checked("events") == ["events/a.json", "events/b.json", "events/notes.txt"]
        os.chdir("events")
        assert checked(".") == ["a.json", "b.json", "notes.txt"]
        assert checked("deep/c.ndjson") == ["deep/c.ndjson"]
        assert checked("--force-exclude", "deep/c.ndjson", "a.json") == ["a.json"]

    def test_options(self):
        """`--exclude` adds to the configuration."""
        put("tcspec.toml", b'exclude = ["b.json"]\n')
        assert checked("--exclude", "deep/", "events") == FOUND[:1]
        assert checked("--exclude", "a.*", "--force-exclude", *FOUND) == FOUND[2:]

    @pytest.mark.parametrize("pattern", ["", "[z-a]", "!"])
    def test_bad_pattern(self, pattern):
        """A pattern that can match no path is a usage error."""
        ran = tcspec("check", "--exclude", pattern, "events")
        assert ran.code == 2
        assert "--exclude" in ran.err

    def test_configuration_is_read_when_it_is_needed(self):
        """Commands without settings read the configuration only for folders, globs and --force-exclude."""
        put("tcspec.toml", b"exclude = 1\n")
        assert tcspec("size", "events/a.json").code == 0
        assert tcspec("size", "events").code == 2
        assert tcspec("upgrade", "--force-exclude", "events/a.json").code == 2

    def test_hooks(self):
        """A hook that names only what is excluded passes."""
        put("tcspec.toml", b'exclude = ["events/"]\n')
        for command in (("check", "--allow-empty"), ("upgrade", "--check")):
            ran = tcspec(*command, "--force-exclude", "--payloads-only", *FOUND)
            assert (ran.code, ran.out) == (0, "")


def test_side_files():
    """A baseline in the folder that is checked is no payload."""
    assert tcspec("check", ".", "--write-baseline", "known.json").code == 0
    assert checked(".", "--baseline", "known.json") == FOUND


@pytest.mark.skipif(os.geteuid() == 0, reason="everything is readable for root")
def test_unreadable_folder():
    """A folder that cannot be listed is reported, and the others are read."""
    Path("events/deep").chmod(0)
    try:
        ran = program("check", "events")
    finally:
        Path("events/deep").chmod(0o700)
    assert ran.code == 2
    assert "events/deep: Permission denied" in ran.err
    assert "2 payloads in 3 files" in ran.err
