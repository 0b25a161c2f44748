"""The program on a terminal: colours and progress."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from command import PROGRAM
from tcspec.cli.progress import Progress

EVENT = b'{"event_name":"login","user":{"id":"c"},"context":{"event_id":"1","event_timestamp":1718006400000}}'
NO_ID = b'{"event_name":"login","user":{"id":"c"},"context":{"event_timestamp":1718006400000}}'
FULL = Path("/dev/full")


pytestmark = pytest.mark.usefixtures("elsewhere")


@pytest.fixture
def invalid_file():
    """Write a file with one error."""
    Path("bad.json").write_bytes(NO_ID)
    return "bad.json"


def on_terminal(*arguments: str, feed: bytes = b"", until: bytes = b"", **environment: str) -> str:
    """Run the program on a terminal, feeding standard input until a text appears; return all its output."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [PROGRAM, *arguments],
        stdin=subprocess.PIPE,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color", **environment},
    )
    os.close(theirs)
    pieces = []

    def read() -> None:
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                return
            if not piece:
                return
            pieces.append(piece)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(200 if feed else 0):
        process.stdin.write(feed)
        process.stdin.flush()
        time.sleep(0.1)
        if until in b"".join(pieces):
            break
    process.stdin.close()
    process.wait(20)
    reader.join(20)
    os.close(ours)
    return b"".join(pieces).decode()


@pytest.mark.slow
class TestTerminal:
    """Colours and progress on a terminal."""

    def test_colours(self, invalid_file):
        """On a terminal severities are coloured."""
        assert "\x1b[31m\x1b[1merror\x1b[0m" in on_terminal("check", invalid_file)

    def test_styles_are_our_own(self):
        """A name or a value can style nothing, not even as we do."""
        forged = "\x1b[31m\x1b[1merror\x1b[0m"
        Path(forged).write_text(
            json.dumps({"event_name": "search", "search_trem": forged, forged: 1}, ensure_ascii=False)
        )
        output = on_terminal("check", forged)
        assert r"\x1b[31m\x1b[1merror\x1b[0m:1:" in output
        # The severities that are ours are styled, one each time.
        assert output.count(forged) == len(re.findall(r": TC\d+ \x1b\[31m", output))

    @pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
    def test_no_colours(self, invalid_file, environment):
        """Nothing is coloured if the environment disables colours."""
        assert not re.search(r"\x1b\[[0-9;]*m", on_terminal("check", invalid_file, **environment))

    def test_progress(self):
        """A long run shows its progress, and erases it at the end."""
        output = on_terminal("check", "--ignore", "TC2,TC3", "-", feed=EVENT + b"\n", until=b"payloads")
        assert re.match(r"\d+ payloads, [\d,]+/s\r\x1b\[2K", output)
        assert re.search(r"\r\x1b\[2K\d+ payloads in 1 file: no violations\r\n\Z", output)


def test_when_progress_is_shown(monkeypatch):
    """Progress is shown once a run has taken half a second, and then ten times a second at most."""
    shown = []
    progress = Progress("payloads", started=0)
    for now in (0.1, 0.4, 0.5, 0.55, 0.59, 0.61):
        monkeypatch.setattr("tcspec.cli.progress.time", SimpleNamespace(monotonic=lambda now=now: now))
        monkeypatch.setattr("tcspec.cli.progress.show_status", lambda _, now=now: shown.append(now))
        progress.advance()
    assert shown == [0.5, 0.61]
