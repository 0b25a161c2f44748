"""Node for the tests: install the packages of a folder on first use; without Node the tests are skipped."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from environment import skip_or_fail

_LOCK = "package-lock.json"


@cache
def find_node(folder: Path) -> str:
    """Return the path of node, after installing the packages of a folder."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if not program or not npm:
        skip_or_fail("NODE", "node and npm are not installed")
    if not _is_installed(folder):
        _install(npm, folder)
    return program


def _is_installed(folder: Path) -> bool:
    """Return whether the installed packages are those of the current lock file."""
    installed = folder / "node_modules" / _LOCK
    return installed.is_file() and installed.read_bytes() == (folder / _LOCK).read_bytes()


def _install(npm: str, folder: Path) -> None:
    """Install the packages; when several test processes do so at once, the first one to finish wins."""
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        for name in ("package.json", _LOCK, ".npmrc"):
            shutil.copy(folder / name, fresh)
        done = subprocess.run([npm, "ci", "--ignore-scripts"], cwd=fresh, capture_output=True, text=True, check=False)
        if done.returncode:
            skip_or_fail("NODE", f"npm ci failed in {folder.name}: {done.stderr.strip()[-200:]}")
        shutil.copy(folder / _LOCK, Path(fresh) / "node_modules")
        if not _is_installed(folder):
            shutil.rmtree(folder / "node_modules", ignore_errors=True)
        with contextlib.suppress(OSError):
            (Path(fresh) / "node_modules").rename(folder / "node_modules")
