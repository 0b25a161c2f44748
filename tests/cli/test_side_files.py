"""Side files of every command: whatever is in their place, the run ends with an error that names the file."""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
from pathlib import Path

import pytest

from command import PROGRAM, put, tcspec

USER = {"id": "c-1", "consistent_anonymous_id": "a-1", "consent_categories": ["1"]}
EVENT = {"event_name": "login", "user": USER, "context": {"event_id": "1", "event_timestamp": 1718006400000}}
MIB = 1 << 20

JSON_READERS = {
    "baseline": ("check", "--baseline", "side.json", "a.json"),
    "written baseline": ("check", "--write-baseline", "side.json", "a.json"),
    "required events": ("check", "--require-events", "side.json", "a.json"),
    "old schema": ("schema", "--compare", "side.json", "product"),
    "new schema": ("schema", "--compare", "product", "side.json"),
}
"""The commands that read `side.json`."""

BAD_JSON = {
    "not UTF-8": b'{"a":\n"\xff"}',
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "cut": b'{"a": [1,',
    "brackets": b"[" * 100_000,
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "duplicate keys": b'{"a": 1, "a": 2}',
    "NaN": b"[NaN]",
    "huge integer": b"[" + b"9" * 100_000 + b"]",
    "huge number": b"[1e999999]",
    "lone surrogate": b'["\\ud800"]',
    "too long": b" " * (33 * MIB),
}

TOML_READERS = {
    "tcspec.toml": ("check", "a.json"),
    "pyproject.toml": ("check", "a.json"),
}

BAD_TOML = {
    "not UTF-8": b'ignore = ["\xff"]',
    "UTF-16": 'ignore = ["TC1"]'.encode("utf-16"),
    "no TOML": b"ignore = [",
    "brackets": b"a = " + b"[" * 100_000,
    "inline tables": b"a = " + b"{a=" * 100_000,
    "dotted key": b"a." * 100_000 + b"a = 1",
    "dotted table": b"[" + b'"a" . ' * 100_000 + b"a]",
    "duplicate keys": b"a = 1\na = 2",
    "huge integer": b"a = " + b"9" * 100_000,
    "no date": b"a = 2026-02-30",
    "too long": b"#" * (2 * MIB),
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    put("a.json", json.dumps(EVENT).encode())


def assert_refused(ran, path):
    """Check that a run ended with one line that names a file."""
    assert (ran.code, ran.out) == (2, "")
    lines = [line for line in ran.err.splitlines() if line.startswith("tcspec: ")]
    assert len(lines) == 1
    assert f"{path}: " in lines[0]
    assert "internal error" not in ran.err


@pytest.mark.parametrize("reader", JSON_READERS)
@pytest.mark.parametrize("content", BAD_JSON)
def test_bad_json(reader, content):
    """What is no JSON within the limits is refused in the place of every side file, which stays as it is."""
    if (reader, content) == ("old schema", "too long"):
        pytest.skip("the same as the new one, and slow")
    put("side.json", BAD_JSON[content])
    assert_refused(tcspec(*JSON_READERS[reader]), "side.json")
    assert Path("side.json").read_bytes() == BAD_JSON[content]


@pytest.mark.parametrize("name", TOML_READERS)
@pytest.mark.parametrize("content", BAD_TOML)
def test_bad_toml(name, content):
    """What is no TOML within the limits is refused as a configuration."""
    put(name, BAD_TOML[content])
    assert_refused(tcspec(*TOML_READERS[name]), name)


@pytest.mark.parametrize("reader", JSON_READERS)
def test_compressed(reader):
    """A small compressed file that expands to 3 GB is refused, and not expanded."""
    put("side.json.gz", gzip.compress(b" " * (100 * MIB)) * 30)
    arguments = [f"{each}.gz" if each == "side.json" else each for each in JSON_READERS[reader]]
    assert_refused(tcspec(*arguments), "side.json.gz")


@pytest.mark.parametrize("command", [*JSON_READERS.values(), *TOML_READERS.items()], ids=str)
def test_folder(command):
    """A folder in the place of a side file is refused."""
    name = "side.json" if "side.json" in command else command[0]
    Path(name).mkdir()
    ran = tcspec(*(command if name == "side.json" else command[1]))
    assert (ran.code, ran.out, name in ran.err) == (2, "", True)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a\0b.json", "a" * 300 + ".json", "a.json/b.json", "\0"], ids=range(4))
@pytest.mark.parametrize(
    "command",
    [
        ("check",),
        ("validate",),
        ("fix",),
        ("upgrade",),
        ("upgrade", "--write"),
        ("size",),
        ("check", "--payloads-only"),
        ("check", "a.json", "--baseline"),
        ("check", "a.json", "--write-baseline"),
        ("check", "a.json", "--require-events"),
        ("schema", "--compare", "product"),
        ("schema", "--write"),
        ("schema", "--check"),
    ],
    ids=" ".join,
)
def test_impossible_names(command, name):
    """A name that no file can have is refused wherever a path is expected, also when globs are configured."""
    put("tcspec.toml", b'[kinds]\n"b/*.json" = "event"\n')
    ran = tcspec(*command, name)
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert "internal error" not in ran.err
    assert any(reason in ran.err for reason in ("null", "File name too long", "Not a directory", "unknown name"))


@pytest.mark.parametrize("command", ["check", "validate", "fix", "upgrade", "size"])
def test_empty_path(command):
    """An empty path is a file that does not exist, also when globs are configured."""
    put("tcspec.toml", b'[kinds]\n"b/*.json" = "event"\n')
    ran = tcspec(command, "")
    assert (ran.code, "No such file" in ran.err) == (2, True)


@pytest.mark.parametrize("length", [235, 250, 255])
def test_long_names(length):
    """A file is written whatever the length of its name, up to what the file system allows."""
    name = "b" * length
    assert tcspec("check", "--write-baseline", name, "a.json").code == 0
    assert Path(name).is_file()


def run_limited(*arguments, size):
    """Run the program, whose files cannot become longer than some bytes."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    # Python would write the bytecode of what is imported, cut it off at the limit, and fail to read it ever after.
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run([PROGRAM, *arguments], capture_output=True, check=False, preexec_fn=limit, env=environment)


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        (("check", "--write-baseline", "base.json", "bad.ndjson"), "base.json"),
        (("schema", "--write", "new"), "new/event/1.0.json"),
        (("fix", "bad.ndjson"), "bad.ndjson"),
        (("upgrade", "--write", "old.json"), "old.json"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_full_disk(arguments, target):
    """On a full disk a file is as it was, nothing else is left, and the error names the file."""
    put("bad.ndjson", json.dumps({**EVENT, "user": {**USER, "consent_categories": [1]}}).encode())
    put("old.json", json.dumps({"event": "login", "properties": {"text": "x" * 99}}).encode())
    if target == "base.json":
        put("bad.ndjson", b"\n".join(b'{"event_name": "login", "a%d": {"b": NaN}}' % index for index in range(9)))
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    ran = run_limited(*arguments, size=64)
    assert ran.returncode == 2
    assert f"tcspec: {target}: File too large" in ran.stderr.decode()
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_unwritable_folder():
    """A file in a folder that cannot be written is refused."""
    Path("closed").mkdir(mode=0o500)
    assert_refused(tcspec("check", "--write-baseline", "closed/base.json", "a.json"), "closed/base.json")


def test_standard_output_is_no_baseline():
    """A baseline is a file."""
    ran = tcspec("check", "--write-baseline", "-", "a.json")
    assert (ran.code, "--write-baseline needs a file" in ran.err, Path("-").exists()) == (2, True, False)


@pytest.mark.parametrize(
    "command",
    [
        ("check", "--baseline", "", "a.json"),
        ("check", "--write-baseline", "", "a.json"),
        ("check", "--require-events", "", "a.json"),
        ("schema", "--write", ""),
        ("schema", "--check", ""),
        *(("migrate", "a.json", "b.json", option, "") for option in ("--rejects", "--report", "--journal", "--verify")),
    ],
    ids=str,
)
def test_empty_names(command):
    """An empty name, such as an unset variable of a shell, is refused: the option must not be ignored."""
    ran = tcspec(*command)
    assert (ran.code, "expected a name, got an empty string" in ran.err) == (2, True)
    assert list(Path().iterdir()) == [Path("a.json")]


@pytest.mark.parametrize("target", ["/dev/full", "/dev/null/x", "a.json/x", "missing/x", "loop"])
def test_unwritable_targets(target):
    """A file that cannot be written is an error that names it."""
    Path("loop").symlink_to("loop")
    ran = tcspec("check", "--write-baseline", target, "a.json")
    assert (ran.code, ran.err.splitlines()[-1].startswith(f"tcspec: {target}: ")) == (2, True)
