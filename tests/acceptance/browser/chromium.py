"""A real Chromium for the tests, driven by one command a line; without Chromium the tests are skipped."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from environment import skip_or_fail
from node import find_node

if TYPE_CHECKING:
    from collections.abc import Iterable

_FOLDER = Path(__file__).parent
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@cache
def find_chromium() -> str:
    """Return the path of Chromium."""
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        skip_or_fail("CHROMIUM", "Chromium is not installed")
    return str(program)


class Browser:
    """A running Chromium with one open page."""

    def __init__(self) -> None:
        command = [find_node(_FOLDER), "driver.mjs", find_chromium()]
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._process = subprocess.Popen(command, cwd=_FOLDER, text=True, encoding="utf-8", **streams)

    def _send(self, command: str, **arguments: Any) -> Any:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps({"command": command, **arguments}) + "\n")
        stdin.flush()
        answer = json.loads(stdout.readline())
        assert "error" not in answer, answer
        return answer.get("value")

    def open(self, path: Path, width: int = 1400, scheme: str = "light", *, scripts: bool = True) -> None:
        """Open a file in a window of a width, for readers who prefer a light or a dark scheme."""
        self._send("open", url=path.as_uri(), width=width, scheme=scheme, scripts=scripts)

    def visit(self, paths: Iterable[Path], widths: Iterable[int], expression: str) -> list[tuple[str, int, Any]]:
        """Return the value of an expression in each of some files, in windows of each width."""
        urls = [path.as_uri() for path in paths]
        return [tuple(each) for each in self._send("visit", urls=urls, widths=list(widths), expression=expression)]

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        self._send("press", keys=keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self._send("type", text=text)

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression in the page."""
        return self._send("evaluate", expression=expression)

    def text(self) -> str:
        """Return the visible text of the page."""
        return self._send("text")

    def requests(self) -> list[str]:
        """Return the URLs that the page requested."""
        return self._send("requests")

    def problems(self) -> list[str]:
        """Return what the page logged, threw or popped up."""
        return self._send("problems")

    def accessibility_problems(self) -> list[str]:
        """Return what axe finds that keeps people from reading the page."""
        return self._send("accessibility_problems", tags=_TAGS)

    def screenshot(self, path: Path) -> None:
        """Write a screenshot of the whole page."""
        self._send("screenshot", path=str(path))

    def close(self) -> None:
        """End the browser."""
        self._process.communicate(timeout=30)
