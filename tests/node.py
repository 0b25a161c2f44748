"""Node for the tests: what the lock file of a folder names is installed there on first use; without Node they skip."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

_LOCK = "package-lock.json"


@cache
def node(folder: Path) -> str:
    """Give the path of node, once the packages of a folder are installed."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if not program or not npm:
        unavailable("NODE", "node and npm are not installed")
    if not _is_installed(folder):
        _install(str(npm), folder)
    return str(program)


def _is_installed(folder: Path) -> bool:
    """Tell whether what is installed is what the lock file of a folder names now."""
    installed = folder / "node_modules" / _LOCK
    return installed.is_file() and installed.read_bytes() == (folder / _LOCK).read_bytes()


def unavailable(what: str, reason: str) -> None:
    """Skip a test that lacks something; fail it where TCSPEC_REQUIRE_... says that it must be there."""
    if os.environ.get(f"TCSPEC_REQUIRE_{what}") == "1":
        pytest.fail(f"required here: {reason}")
    pytest.skip(reason)


def _install(npm: str, folder: Path) -> None:
    """Install packages beside what uses them; several test processes may do so at once, the first one wins."""
    with tempfile.TemporaryDirectory(dir=folder) as fresh:
        for name in ("package.json", _LOCK, ".npmrc"):
            shutil.copy(folder / name, fresh)
        done = subprocess.run([npm, "ci"], cwd=fresh, capture_output=True, text=True, check=False)
        if done.returncode:
            unavailable("NODE", f"npm ci failed in {folder.name}: {done.stderr.strip()[-200:]}")
        shutil.copy(folder / _LOCK, Path(fresh) / "node_modules")
        if not _is_installed(folder):
            shutil.rmtree(folder / "node_modules", ignore_errors=True)
        with contextlib.suppress(OSError):
            (Path(fresh) / "node_modules").rename(folder / "node_modules")
