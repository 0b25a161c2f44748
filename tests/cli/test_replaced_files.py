"""Commands that replace files keep their protection, say what a hard link loses, and never overwrite newer content."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from command import tcspec

LEGACY = b'{"event":"login","event_id":"1","event_timestamp":1718006400000,"properties":{"user":{"id":"c"}}}'
FIXABLE = b'{"event_name":"login","user":{"id":"c"},"context":{"event_id":"1","event_timestamp":1718006400}}'
COMMANDS = {"upgrade": ("upgrade", "--write"), "fix": ("fix",)}
CONTENTS = {"upgrade": LEGACY, "fix": FIXABLE}
WORKERS = {"upgrade": "tcspec.cli.upgrade.upgrade_bytes", "fix": "tcspec.cli.fix.fix_json"}


@pytest.fixture(params=COMMANDS)
def command(request, tmp_path, monkeypatch):
    """Write a file that the command changes."""
    monkeypatch.chdir(tmp_path)
    Path("a.json").write_bytes(CONTENTS[request.param])
    return request.param


def run(command, path="a.json"):
    """Let the command replace a file."""
    return tcspec(*COMMANDS[command], path)


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o640, 0o664, 0o755])
def test_permissions(command, mode):
    """The file keeps its permissions."""
    Path("a.json").chmod(mode)
    assert run(command).code == 0
    assert Path("a.json").read_bytes() != CONTENTS[command]
    assert stat.S_IMODE(Path("a.json").stat().st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give files away")
def test_owner(command):
    """The file keeps its owner and its group."""
    os.chown("a.json", 12345, 54321)
    assert run(command).code == 0
    assert Path("a.json").read_bytes() != CONTENTS[command]
    assert (Path("a.json").stat().st_uid, Path("a.json").stat().st_gid) == (12345, 54321)


def test_links(command):
    """A link stays one, and the file behind it is replaced."""
    Path("link.json").symlink_to("a.json")
    assert run(command, "link.json").code == 0
    assert Path("link.json").is_symlink()
    assert Path("a.json").read_bytes() != CONTENTS[command]


def test_hard_links(command):
    """Other names of the file keep the old content, and the command says so, unless nothing is changed."""
    Path("other.json").hardlink_to("a.json")
    ran = run(command)
    assert ran.code == 0
    assert "tcspec: a.json: 1 other name of this file (hard links) keeps the old content\n" in ran.err
    assert Path("other.json").read_bytes() == CONTENTS[command]
    Path("more.json").hardlink_to("a.json")
    assert "hard links" not in run(command).err


@pytest.mark.parametrize("change", ["write", "replace", "remove"])
def test_a_file_that_is_changed_meanwhile(command, monkeypatch, change):
    """A file that somebody else changes after it was read is as they left it, and the exit code is 2."""
    module, _, name = WORKERS[command].rpartition(".")
    real = getattr(__import__(module, fromlist=[name]), name)
    place = Path("a.json")

    def work(*arguments, **options):
        if change == "write":
            place.write_bytes(b"newer")
        elif change == "replace":
            Path("b.json").write_bytes(CONTENTS[command])
            Path("b.json").replace(place)
        else:
            place.unlink()
        return real(*arguments, **options)

    monkeypatch.setattr(WORKERS[command], work)
    ran = run(command)
    assert ran.code == 2
    expected = (
        "No such file" if (command, change) == ("upgrade", "remove") else "a.json: was changed by another program"
    )
    assert expected in ran.err
    assert "upgraded" not in ran.err
    found = {path.name: path.read_bytes() for path in Path().iterdir()}
    assert found == {"write": {"a.json": b"newer"}, "replace": {"a.json": CONTENTS[command]}, "remove": {}}[change]
