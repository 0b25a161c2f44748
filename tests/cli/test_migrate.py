from __future__ import annotations

import base64
import errno
import gzip
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from command import PROGRAM, tcspec
from tcspec import upgrade_json
from tcspec.files.lines import wrap_os_errors
from tcspec.migration.engine import migrate
from tcspec.migration.output_files import OutputFile

DEFAULTS = migrate.__kwdefaults__
LEGACY = b'{"event":"login","event_id":"1","event_timestamp":1718006400000,"properties":{"user":{"id":"c"}}}'
CURRENT = b'{"event_name":"login","user":{"id":"c"},"context":{"event_id":"1","event_timestamp":1718006400000}}'
INVALID = b'{"event":"login","event_id":"1","properties":{"user":{"id":"c"}}}'
BROKEN = b'{"event":"login"'


pytestmark = pytest.mark.usefixtures("elsewhere")


def put(name: str, *lines: bytes) -> str:
    """Write lines into a file."""
    content = b"".join(line + b"\n" for line in lines)
    Path(name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return name


def test_files():
    """Every line of the source is migrated to the target, and a summary is printed to stderr."""
    ran = tcspec("migrate", put("a.ndjson", LEGACY, b"", CURRENT), "b.ndjson")
    assert (ran.code, ran.out) == (0, "")
    assert Path("b.ndjson").read_bytes() == upgrade_json(LEGACY) + b"\n\n" + CURRENT + b"\n"
    assert ran.err.splitlines()[:3] == [
        "3 lines: 1 upgraded, 1 unchanged, 1 blank",
        "Changes, by number of events:",
        "    1         `event` becomes `event_name`",
    ]


def test_pipes():
    """A dash is standard input and output; compressed files are read and written."""
    ran = tcspec("migrate", "-", "-", stdin=LEGACY)
    assert (ran.code, ran.out.encode()) == (0, upgrade_json(LEGACY))
    assert tcspec("migrate", put("a.ndjson.gz", LEGACY), "b.ndjson.gz").code == 0
    assert gzip.decompress(Path("b.ndjson.gz").read_bytes()) == upgrade_json(LEGACY) + b"\n"


def test_rejects():
    """Rejected lines make the exit code 1, are counted by code, and the summary names their file."""
    ran = tcspec("migrate", put("a.ndjson", BROKEN, LEGACY), "b.ndjson", "--rejects", "bad.ndjson")
    assert ran.code == 1
    assert ran.err.startswith("2 lines: 1 upgraded, 1 rejected\n")
    assert "Violations:\n    1         TC001 invalid JSON\n" in ran.err
    assert f"Rejected lines are in {Path('bad.ndjson').absolute()}, their reasons beside it" in ran.err
    assert Path("bad.ndjson").read_bytes() == BROKEN + b"\n"
    assert Path("bad.ndjson.reasons.ndjson").read_text(encoding="utf-8").count("TC001") == 1


def test_invalid():
    """Events that are invalid as 2.0 make the exit code 1, and are kept or rejected as --on-invalid says."""
    put("a.ndjson", INVALID)
    ran = tcspec("migrate", "a.ndjson", "b.ndjson")
    assert (ran.code, "1 upgraded event kept that does not meet the 2.0 contract" in ran.err) == (1, True)
    ran = tcspec("migrate", "a.ndjson", "c.ndjson", "--on-invalid", "reject")
    assert (ran.code, ran.err.splitlines()[0]) == (1, "1 line: 1 rejected")
    assert Path("c.ndjson").read_bytes() == b""


def test_lines_of_invalid_events():
    """The text names the first invalid events by line and code, and the report the first 1,000."""
    put("a.ndjson", BROKEN, *[INVALID] * 1200)
    ran = tcspec("migrate", "a.ndjson", "b.ndjson", "--report", "-")
    assert "    line 1    TC201, from line 2\n    line 2    TC201, from line 3\n" in ran.err
    assert "    ...       and 1,195 more; --report FILE lists the first 1,000\n" in ran.err
    listed = json.loads(ran.out)["summary"]["invalid_events"]
    assert listed == [{"line": n + 1, "target_line": n, "codes": ["TC201"]} for n in range(1, 1001)]


def test_times():
    """Text and report count times by the unit from which they were converted, and those that may be wrong."""
    times = [
        *("1718006400", '"1718006400"', "1718006400000", '"1718006400000"', "1718006400000000", "1718006400123456789"),
        *('"2024-06-10T08:00:00Z"', "1262303999", "1262304000", "9999999999", "5", "null"),
    ]
    lines = [LEGACY.replace(b"1718006400000", time.encode()) for time in times]
    without = LEGACY.replace(b'"event_timestamp":1718006400000,', b"")
    current = CURRENT.replace(b"1718006400000", b"1718006400")
    batch = b'{"batch":[%b,%b]}' % (LEGACY, CURRENT.replace(b"1718006400000", b"946684800000"))
    ran = tcspec("migrate", put("a.ndjson", *lines, without, current, batch, BROKEN), "b.ndjson", "--report", "-")
    assert ran.err.split("Times of events:\n")[1].startswith(
        "    6         converted from seconds\n"
        "    1         converted from milliseconds in a string or float\n"
        "    1         converted from microseconds\n"
        "    1         converted from nanoseconds\n"
        "    1         converted from RFC 3339\n"
        "    2         before 2010\n"
        "    1         after the time of this run\n"
    )
    summary = json.loads(ran.out)["summary"]
    assert summary["converted_times"] == {"ms": 1, "ns": 1, "s": 6, "text": 1, "us": 1}
    assert (summary["old_times"], summary["future_times"]) == (2, 1)


def test_interruption(monkeypatch):
    """A migration that is interrupted behind a checkpoint says how to go on."""
    put("a.ndjson", *[LEGACY] * 3000)

    def interrupt(_, count, _share=None):
        if 2000 <= count < 3000:
            raise KeyboardInterrupt

    monkeypatch.setattr("tcspec.cli.progress.Progress.update", interrupt)
    for every, sentence in ((500, "tcspec: interrupted; the same command with --resume goes on"), (5000, "")):
        monkeypatch.setattr("tcspec.migration.engine.migrate.__kwdefaults__", DEFAULTS | {"checkpoint_every": every})
        ran = tcspec("migrate", "a.ndjson", "b.ndjson", "--force")
        assert (ran.code, ran.err.strip()) == (130, sentence)
    monkeypatch.undo()
    assert not Path("b.ndjson").exists()


def test_a_full_disk(monkeypatch):
    """A migration that the system stops behind a checkpoint says how to go on, and only then."""
    put("a.ndjson", *[LEGACY] * 3000)
    limit = [1 << 20]
    write = OutputFile.write_raw

    def fail(file, data):
        if file.size + len(data) > limit[0]:
            with wrap_os_errors(str(file.place)):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(file, data)

    monkeypatch.setattr(OutputFile, "write_raw", fail)
    monkeypatch.setattr("tcspec.migration.engine.migrate.__kwdefaults__", DEFAULTS | {"checkpoint_every": 1000})
    full = f"tcspec: {Path.cwd() / 'b.ndjson'}: {os.strerror(errno.ENOSPC)}"
    for size, arguments, advice in (
        (1, (), ""),
        (250_000, (), "; the same command with --resume goes on"),
        (250_000, ("--resume",), "; the same command with --resume goes on"),
    ):
        limit[0] = size
        ran = tcspec("migrate", "a.ndjson", "b.ndjson", *arguments)
        assert (ran.code, ran.err) == (2, f"{full}{advice}\n")
    # What the run before has left may be of other files.
    ran = tcspec("migrate", "missing.ndjson", "b.ndjson", "--force")
    assert ran.err == "tcspec: missing.ndjson: No such file or directory\n"
    limit[0] = 1 << 30
    assert "3,000 lines: 3,000 upgraded" in tcspec("migrate", "a.ndjson", "b.ndjson", "--resume").err


def test_a_source_that_changes(monkeypatch):
    """A source that is changed while it is read cannot be resumed, and nobody is told so."""
    put("a.ndjson", *[LEGACY] * 3000)
    monkeypatch.setattr("tcspec.cli.progress.Progress.update", lambda *_: os.utime("a.ndjson", (1, 1)))
    monkeypatch.setattr("tcspec.migration.engine.migrate.__kwdefaults__", DEFAULTS | {"checkpoint_every": 1000})
    ran = tcspec("migrate", "a.ndjson", "b.ndjson")
    assert ran.err == "tcspec: a.ndjson: was changed by another program while it was read; start again\n"


def test_stop():
    """A migration that the system stops says how to go on, as after Ctrl-C; --resume ends it."""
    put("a.ndjson", *[LEGACY] * 100_000)
    command = [PROGRAM, "migrate", "a.ndjson", "b.ndjson"]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        while not Path("b.ndjson.migration/checkpoint.json").exists():
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        message = process.stderr.read()
    assert process.returncode == 130
    assert b"tcspec: interrupted; the same command with --resume goes on" in message
    ran = tcspec("migrate", "a.ndjson", "b.ndjson")
    assert (ran.code, "--resume goes on, --force starts again" in ran.err) == (2, True)
    assert "100,000 lines: 100,000 upgraded" in tcspec("migrate", "a.ndjson", "b.ndjson", "--resume").err


def test_rejects_are_not_overwritten():
    """Rejects that are there, perhaps fixed by hand, are replaced with --force only; an empty file is no loss."""
    put("a.ndjson", LEGACY, BROKEN)
    for rejects in ("b.ndjson.rejects.ndjson", "r.ndjson"):
        put(rejects, b"fixed")
        for arguments in (("b.ndjson", "--rejects", rejects), ("-", "--rejects", rejects)):
            ran = tcspec("migrate", "a.ndjson", *arguments)
            assert (ran.code, f"{rejects} exists; --force replaces it" in ran.err) == (2, True)
            assert Path(rejects).read_bytes() == b"fixed\n"
            assert not Path("b.ndjson").exists()
    assert tcspec("migrate", "a.ndjson", "b.ndjson", "--rejects", "r.ndjson", "--force").code == 1
    assert Path("r.ndjson").read_bytes() == BROKEN + b"\n"
    Path("e.ndjson").touch()
    assert tcspec("migrate", "a.ndjson", "c.ndjson", "--rejects", "e.ndjson").code == 1


@pytest.mark.parametrize("name", ["a.http", "a.har", "a.rest", "a.har.gz"])
def test_captures(name):
    """Captured requests are no store of events: not one line of them is rejected."""
    ran = tcspec("migrate", put(name, b"POST https://x", b"", b"{}"), "b.ndjson")
    assert (ran.code, "it holds captured requests" in ran.err) == (2, True)
    assert not Path("b.ndjson").exists()


@pytest.mark.parametrize("payload", [json.loads(LEGACY), LEGACY.decode()])
def test_hint_to_name_the_column(payload):
    """Where a line has its payload under a key, the hint names the column, by which it is upgraded."""
    for row, pointer in (({"rawDataCa": payload}, "/rawDataCa"), ({"message": {"body": payload}}, "/message/body")):
        put("a.ndjson", json.dumps(row).encode())
        ran = tcspec("migrate", "a.ndjson", "b.ndjson", "--force")
        assert f"line 1 has its payload at {pointer}: migrate that with --column {pointer}\n" in ran.err
        ran = tcspec("migrate", "a.ndjson", "b.ndjson", "--force", "--column", pointer)
        assert ("1 line: 1 upgraded" in ran.err, "--column" in ran.err) == (True, False)
    assert "--column" not in tcspec("migrate", put("a.ndjson", INVALID), "b.ndjson", "--force").err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_no_hint_from_a_named_pipe():
    """A named pipe is read once: after a migration that found invalid events nobody waits for another writer."""
    os.mkfifo("pipe")
    with subprocess.Popen([PROGRAM, "migrate", "pipe", "b.ndjson"], stderr=subprocess.PIPE) as process:
        Path("pipe").write_bytes(json.dumps({"rawDataCa": json.loads(LEGACY)}).encode())
        try:
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (b"1 line: 1 unchanged" in errors, b"--column" in errors) == (True, False)


def test_hint_to_decode_base64():
    """Where the first line has its payload in base64, the hint is how to decode it."""
    row = {"message": {"data": base64.b64encode(LEGACY).decode(), "messageId": "1"}}
    ran = tcspec("migrate", put("a.ndjson", json.dumps(row).encode()), "b.ndjson")
    assert "tcspec: line 1: a payload is in base64 at /message/data: decode it first, with base64d" in ran.err


def test_kept_values():
    """Values without a place in 2.0 are counted."""
    event = json.loads(LEGACY)
    event["properties"]["context"] = "home"
    ran = tcspec("migrate", put("a.ndjson", json.dumps(event).encode()), "b.ndjson")
    assert "    1         values without a place in 2.0, kept under `context.legacy`" in ran.err


def test_never_failing():
    """With --fail-on never, rejects and invalid events pass."""
    assert tcspec("migrate", put("a.ndjson", BROKEN, INVALID), "b.ndjson", "--fail-on", "never").code == 0


def test_dry_run():
    """A dry run prints the same summary, writes nothing, and needs no target."""
    put("a.ndjson", BROKEN, LEGACY)
    for target in ((), ("b.ndjson",)):
        ran = tcspec("migrate", "a.ndjson", *target, "--dry-run")
        assert ran.code == 1
        assert ran.err.startswith("2 lines: 1 upgraded, 1 rejected (nothing written)\n")
        assert [path.name for path in Path().iterdir()] == ["a.ndjson"]
    ran = tcspec("migrate", "a.ndjson")
    assert (ran.code, "Missing argument 'TARGET'; only --dry-run needs none." in ran.err) == (2, True)


def test_json():
    """The JSON summary goes to stdout, to stderr if stdout is the target, and to the file of --report."""
    put("a.ndjson", BROKEN, LEGACY)
    ran = tcspec("migrate", "a.ndjson", "b.ndjson", "--format", "json", "--report", "report.json")
    report = json.loads(ran.out)
    assert (report["format_version"], report["source"], report["target"]) == (1, "a.ndjson", "b.ndjson")
    assert {name: report["summary"][name] for name in ("lines", "upgraded", "rejected", "codes")} == {
        "lines": 2,
        "upgraded": 1,
        "rejected": 1,
        "codes": {"TC001": 1},
    }
    assert json.loads(Path("report.json").read_text(encoding="utf-8")) == report
    ran = tcspec("migrate", "a.ndjson", "-", "--format", "json", "--rejects", "bad.ndjson")
    assert ran.out.encode() == upgrade_json(LEGACY) + b"\n"
    rejects = str(Path("bad.ndjson").absolute())
    assert json.loads(ran.err)["summary"] == report["summary"] | {"rejects_path": rejects}


def test_unwritable_report():
    """A report that cannot be written is an error before anything is migrated."""
    for path, reason in (
        ("missing/report.json", "No such file or directory"),
        (".", "is a folder; name a file"),
        ("s3://events/report.json", "is a URL"),
    ):
        ran = tcspec("migrate", put("a.ndjson", LEGACY), "b.ndjson", "--report", path)
        assert (ran.code, f": {reason}" in ran.err, Path("b.ndjson").exists()) == (2, True, False)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="everything can be written")
def test_folders_that_cannot_be_written():
    """A folder that cannot be written is an error before anything is migrated."""
    put("a.ndjson", LEGACY)
    Path("closed").mkdir(mode=0o500)
    for option in ("--report", "--rejects", "--journal"):
        ran = tcspec("migrate", "a.ndjson", "b.ndjson", option, "closed/x")
        assert (ran.code, "Permission denied" in ran.err, Path("b.ndjson").exists()) == (2, True, False)


def test_limits():
    """Options set the maximum depth and the maximum length of a line."""
    put("a.ndjson", LEGACY)
    assert "TC006" in tcspec("migrate", "a.ndjson", "b.ndjson", "--max-depth", "1").err
    assert "TC007" in tcspec("migrate", "a.ndjson", "b.ndjson", "--max-length", "10", "--force").err


def test_nothing():
    """A run without any payload fails, unless --allow-empty is set."""
    put("a.ndjson", b"", b"")
    ran = tcspec("migrate", "a.ndjson", "b.ndjson")
    assert (ran.code, ran.err.splitlines()[0]) == (1, "2 lines: 2 blank")
    assert tcspec("migrate", "a.ndjson", "b.ndjson", "--allow-empty", "--force").code == 0
    put("a.ndjson")
    assert tcspec("migrate", "a.ndjson", "b.ndjson", "--force").err.splitlines()[0] == "no line"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("missing.ndjson", "b.ndjson"), "missing.ndjson: No such file or directory"),
        (("a.ndjson", "a.ndjson"), "the source and the target are the same file"),
        (("-", "b.ndjson", "--resume"), "cannot resume"),
        (("a.ndjson", "/"), "/: is a folder; name a file"),
        (("a.ndjson", "\0"), "\\x00: no file can have this name"),
    ],
)
def test_misuse(arguments, sentence):
    """A usage error, or a file that cannot be opened, is reported in one line."""
    put("a.ndjson", LEGACY)
    ran = tcspec("migrate", *arguments)
    assert ran.code == 2
    assert ran.err.startswith(f"tcspec: {sentence}")
    assert ran.err.count("\n") == 1


def test_resume():
    """--resume without an interrupted run starts a new migration."""
    put("a.ndjson", LEGACY)
    assert tcspec("migrate", "a.ndjson", "b.ndjson", "--resume").code == 0
    assert Path("b.ndjson").read_bytes() == upgrade_json(LEGACY) + b"\n"


def test_progress(monkeypatch):
    """The progress shows how many lines were read."""
    counts = []
    monkeypatch.setattr("tcspec.cli.progress.Progress.update", lambda _, count, _share=None: counts.append(count))
    tcspec("migrate", put("a.ndjson", *[CURRENT] * 2500), "b.ndjson")
    assert [count // 1000 for count in counts] == [1, 2]
    assert counts[-1] <= 2500
