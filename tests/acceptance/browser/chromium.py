"""A real Chromium for the tests, told what to do a line at a time; without one they skip, unless it is required."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from environment import skip_or_fail
from node import find_node

_FOLDER = Path(__file__).parent
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@cache
def chromium() -> str:
    """Find Chromium."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        skip_or_fail("CHROMIUM", "Chromium is not installed")
    return str(found)


class Browser:
    """A running Chromium with one page open."""

    def __init__(self) -> None:
        program = chromium()
        command = [find_node(_FOLDER), "reader.mjs", program]
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(command, cwd=_FOLDER, text=True, encoding="utf-8", **streams)

    def _tell(self, command: str, **given: Any) -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps({"command": command, **given}) + "\n")
        stdin.flush()
        answer = json.loads(stdout.readline())
        assert "error" not in answer, answer
        return answer.get("value")

    def open(self, path: Path, width: int = 1400, scheme: str = "light", *, scripts: bool = True) -> None:
        """Open a file, in a window of some width, for eyes that like it light or dark."""
        self._tell("open", url=path.as_uri(), width=width, scheme=scheme, scripts=scripts)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self._tell("press", keys=keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self._tell("type", text=text)

    def ask(self, expression: str) -> Any:
        """Evaluate an expression in the page."""
        return self._tell("ask", expression=expression)

    def text(self) -> str:
        """Read what the page shows."""
        return self._tell("text")

    def noticed(self) -> dict[str, list[str]]:
        """Give the `requests` that were made, and the `problems`: what was logged, thrown or popped up."""
        return self._tell("noticed")

    def flaws(self) -> list[str]:
        """Let axe look for what keeps people from reading the page."""
        return self._tell("flaws", tags=_TAGS)

    def picture(self, path: Path) -> None:
        """Take a picture of the whole page."""
        self._tell("picture", path=str(path))

    def close(self) -> None:
        """Let the browser end."""
        self._process.communicate(timeout=30)
