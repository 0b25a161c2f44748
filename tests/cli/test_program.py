"""The program in a process of its own: streams, exit codes, signals, memory, and imports."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path
from unittest import mock

import click
import pytest

import tcspec as package
from command import PROGRAM, Result, program, tcspec
from tcspec import upgrade_json
from tcspec.cli.program import COMMANDS

USER = b'"user":{"id":"c","consistent_anonymous_id":"a","consent_categories":["1"]}'
EVENT = b'{"event_name":"login",' + USER + b',"context":{"event_id":"1","event_timestamp":1718006400000}}'
NO_ID = b'{"event_name":"login",' + USER + b',"context":{"event_timestamp":1718006400000}}'
LEGACY = b'{"event":"login","event_id":"1","event_timestamp":1718006400000,"properties":{' + USER + b"}}"
FULL = Path("/dev/full")
CLICK = tuple(map(int, metadata.version("click").split(".")[:2]))

ARGUMENTS = (
    ("check", "bad.json"),
    ("check", "--format", "json", "bad.json"),
    ("fix", "--diff", "untyped.json"),
    ("upgrade", "bad.json"),
    ("upgrade", "--diff", "old.json"),
    ("size", "bad.json"),
    ("timestamp", "1718006400"),
    ("rules",),
    ("schema", "event"),
    ("migrate", "bad.json", "-"),
)
"""What writes to standard output, at least once for each command."""

needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.fixture
def invalid_file():
    """Write a file with one error, and return its path."""
    Path("bad.json").write_bytes(NO_ID)
    Path("untyped.json").write_bytes(EVENT.replace(b'["1"]', b"[1]"))
    return "bad.json"


def shell(*arguments: str, redirection: str) -> Result:
    """Run the program in a shell, which can close its streams."""
    command = ["sh", "-c", f'exec "$0" "$@" {redirection}', PROGRAM, *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


class TestHelp:
    """Help and versions."""

    def test_version(self):
        """The version is that of the package."""
        assert program("--version").out == f"tcspec {package.__version__}\n"

    @pytest.mark.parametrize("option", ["-h", "--help"])
    def test_commands(self, option):
        """The help lists every command with a sentence that is not cut short."""
        out = tcspec(option).out
        for verb in COMMANDS:
            (line,) = re.findall(rf"^  {verb} +(.+)$", out, re.MULTILINE)
            assert line.endswith(".")
            assert not line.endswith("...")

    @pytest.mark.parametrize("verb", COMMANDS)
    def test_options(self, verb):
        """Every option of every command has a help text."""
        ran = tcspec(verb, "--help")
        assert ran.code == 0
        assert all(option.help for option in COMMANDS[verb].params if isinstance(option, click.Option))

    def test_unknown_command(self):
        """An unknown command is a usage error, with a suggestion."""
        ran = tcspec("vlidate")
        assert (ran.code, "No such command 'vlidate'" in ran.err) == (2, True)
        # click suggests commands since 8.4.
        assert ("Did you mean 'validate'?" in ran.err) == (CLICK >= (8, 4))


class TestImports:
    """Modules that a command does not import."""

    def test_validate(self):
        """Validating a file imports neither pydantic nor the reference engine."""
        Path("a.json").write_bytes(EVENT)
        command = [sys.executable, "-X", "importtime", PROGRAM, "check", "a.json"]
        done = subprocess.run(command, capture_output=True, check=True)
        imported = {line.rpartition("|")[2].strip() for line in done.stderr.decode().splitlines()}
        assert "tcspec.validation" in imported
        roots = {name.partition(".")[0] for name in imported}
        assert not roots & {"pydantic", "pydantic_core", "jsonschema", "referencing", "hypothesis"}
        assert not any(name.startswith(("tcspec.models", "tcspec.migration", "tcspec.upgrades")) for name in imported)

    def test_help_of_one_command(self):
        """The help of a command does not import the other commands."""
        done = subprocess.run(
            [sys.executable, "-X", "importtime", PROGRAM, "timestamp", "1"], capture_output=True, check=False
        )
        assert b"tcspec.timestamps" in done.stderr
        assert b"tcspec.validation" not in done.stderr


class TestStreams:
    """Results go to stdout, messages to stderr, and either may fail."""

    def test_split(self, invalid_file):
        """Violations are on stdout, the summary is on stderr."""
        ran = program("check", invalid_file)
        assert ran.code == 1
        assert ran.out.startswith("bad.json:1:")
        assert ran.err == "1 payload in 1 file: 1 error\n"

    def test_json_is_all_of_stdout(self, invalid_file):
        """A JSON report is all of stdout, and nothing else is on stderr."""
        ran = program("check", "--format", "json", invalid_file)
        assert json.loads(ran.out)["summary"]["error"] == 1
        assert ran.err == ""

    @needs_full
    @pytest.mark.parametrize("arguments", [*ARGUMENTS, ("--help",), ("check", "--help"), ("--version",)], ids=" ".join)
    def test_full_disk(self, invalid_file, arguments):
        """A full disk is reported once, in one line, and the exit code is 2."""
        assert invalid_file
        Path("old.json").write_bytes(LEGACY)
        with FULL.open("wb") as full:
            ran = program(*arguments, stdout=full)
        assert ran.code == 2
        assert ran.err.count("tcspec: standard output: No space left on device\n") == 1
        assert "Traceback" not in ran.err
        assert "Exception" not in ran.err

    @pytest.mark.parametrize(
        "arguments",
        [("check", "bad.json"), ("upgrade", "bad.json"), ("schema", "event"), ("migrate", "bad.json", "-")],
        ids=" ".join,
    )
    def test_closed_pipe(self, invalid_file, arguments):
        """A closed pipe ends the run quietly, with the exit code of SIGPIPE."""
        assert invalid_file
        reading, writing = os.pipe()
        os.close(reading)
        with os.fdopen(writing, "wb") as closed:
            ran = program(*arguments, stdout=closed)
        assert ran.code == 141
        assert "ipe" not in ran.err
        assert "Traceback" not in ran.err

    @pytest.mark.parametrize("closed", [">&-", "2>&-"])
    @pytest.mark.parametrize("arguments", [*ARGUMENTS, ("--help",), ("check", "--help"), ("vlidate",)], ids=" ".join)
    def test_closed_output(self, invalid_file, arguments, closed):
        """Output or messages for a closed stream make the exit code 2; where there are none it does not matter."""
        assert invalid_file
        Path("old.json").write_bytes(LEGACY)
        usual, ran = tcspec(*arguments), shell(*arguments, redirection=closed)
        lost = usual.err if closed == "2>&-" else usual.out
        assert ran.code == (2 if lost else usual.code)
        assert ("standard output: it is closed" in ran.err) == bool(lost and ran.err)
        assert "Traceback" not in ran.err
        assert "Exception" not in ran.err

    @pytest.mark.parametrize("arguments", [("check", "-"), ("fix", "-"), ("migrate", "-", "new.ndjson")], ids=" ".join)
    def test_closed_input(self, invalid_file, arguments):
        """Closed standard input is an error where it is read, and nowhere else."""
        ran = shell(*arguments, redirection="<&-")
        assert (ran.code, "it is closed" in ran.err) == (2, True)
        assert shell("check", invalid_file, redirection="<&-").code == 1

    @needs_full
    @pytest.mark.parametrize("arguments", [("check", "bad.json"), ("upgrade", "old.json"), ("vlidate",)], ids=" ".join)
    def test_full_disk_behind_messages(self, invalid_file, arguments):
        """Messages that cannot be written make the exit code 2."""
        assert invalid_file
        Path("old.json").write_bytes(LEGACY)
        with FULL.open("wb") as full:
            ran = program(*arguments, stderr=full)
        assert (ran.code, ran.err) == (2, "")

    def test_closed_streams_are_not_taken_by_files(self):
        """A file that is written never takes the place of a closed stream, so that no message ends up in it."""
        Path("old.json").write_bytes(LEGACY)
        shell("migrate", "old.json", "new.json", redirection="<&- >&- 2>&-")
        assert Path("new.json").read_bytes() == upgrade_json(LEGACY) + b"\n" * LEGACY.endswith(b"\n")

    def test_closed_pipe_of_click(self, monkeypatch, invalid_file):
        """A closed pipe ends the run likewise when click writes to it."""
        monkeypatch.setattr("tcspec.rules.checking.check_payload", mock.Mock(side_effect=BrokenPipeError))
        assert tcspec("check", invalid_file) == Result(141, "", "")

    def test_closed_pipe_ends_reading(self):
        """The rest of the input is not read after the pipe was closed."""
        command = [PROGRAM, "check", "--show-all", "-"]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdout.close()
        with pytest.raises(BrokenPipeError):
            process.stdin.writelines(itertools.repeat(NO_ID + b"\n", 100_000))
        with pytest.raises(BrokenPipeError):
            process.stdin.close()
        assert process.wait(10) == 141

    def test_any_name(self):
        """File names that are not UTF-8, and property names with control characters, are escaped on one line."""
        name = b"th\xe9.json"
        Path(os.fsdecode(name)).write_bytes(b'{"a\\n\\u001b[31m": 1, "a\\n\\u001b[31m": 2}')
        done = subprocess.run([PROGRAM, b"check", name], capture_output=True, check=False)
        assert done.returncode == 1
        assert done.stdout.startswith(rb"th\udce9.json:1:22: TC004 error: ")
        assert b"\x1b" not in done.stdout
        done = subprocess.run([PROGRAM, b"check", b"--format", b"json", name], capture_output=True, check=False)
        assert json.loads(done.stdout)["files"][0]["path"] == os.fsdecode(name)

    def test_lone_surrogates(self):
        """Property names that cannot be encoded are escaped in both formats."""
        Path("a.json").write_bytes(b'{"\\ud800": 1, "\\ud800": 2}')
        assert r"\ud800" in program("check", "a.json").out
        (file,) = json.loads(program("check", "--format", "json", "a.json").out)["files"]
        assert file["violations"][0]["pointer"] == "/\ud800"

    def test_limited_encodings(self, invalid_file):
        """A character that a terminal cannot encode is escaped."""
        Path("é.json").write_bytes(Path(invalid_file).read_bytes())
        ran = program("check", "é.json", env={**os.environ, "PYTHONIOENCODING": "ascii"})
        assert (ran.code, ran.out[:12]) == (1, r"\xe9.json:1:")


def _interruptible():
    """Restore the default action of SIGINT, which a shell ignores for background processes."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


class TestFailures:
    """Interrupted runs and internal errors."""

    def test_internal_error(self, monkeypatch, invalid_file):
        """An internal error is one line without any payload, with exit code 3; a traceback is printed on request."""

        def fail(*_, **__):
            raise ZeroDivisionError("c-20418")

        monkeypatch.setattr("tcspec.rules.checking.check_payload", fail)
        ran = tcspec("check", invalid_file)
        assert ran.code == 3
        assert ran.err == ("tcspec: internal error (ZeroDivisionError); TCSPEC_DEBUG=1 shows where, please report it\n")
        monkeypatch.setenv("TCSPEC_DEBUG", "1")
        assert "Traceback (most recent call last)" in tcspec("check", invalid_file).err

    def test_interrupted_command(self, monkeypatch, invalid_file):
        """An interrupted command prints nothing about it."""
        monkeypatch.setattr("tcspec.rules.checking.check_payload", mock.Mock(side_effect=KeyboardInterrupt))
        assert tcspec("check", invalid_file) == Result(130, "", "\n")

    def test_interrupt(self):
        """An interrupted run ends at once, without a traceback."""
        command = [PROGRAM, "check", "missing.json", "-"]
        streams = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE}
        with subprocess.Popen(command, **streams, preexec_fn=_interruptible) as process:  # noqa: PLW1509 - no threads
            message = process.stderr.readline()
            time.sleep(0.2)
            process.send_signal(signal.SIGINT)
            rest = process.stderr.read()
        assert message == b"tcspec: missing.json: No such file or directory\n"
        assert process.returncode == 130
        assert rest.strip() == b""

    def test_main(self, monkeypatch, capsys):
        """`main` exits with the exit code of the run."""
        from tcspec.cli import main  # noqa: PLC0415 - not a name of this module: pytest would take it for a test

        monkeypatch.setattr(sys, "argv", ["tcspec", "schema", "nonsense"])
        with pytest.raises(SystemExit) as left:
            main()
        assert left.value.code == 2
        assert "nonsense" in capsys.readouterr().err
