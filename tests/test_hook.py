"""The pre-commit hook, run by the real pre-commit on a repository of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
from command import PROGRAM

ROOT = Path(__file__).parent.parent
SHIPPED = ("tcspec", "schemas", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
PRE_COMMIT = Path(sysconfig.get_path("scripts")) / "pre-commit"

GOOD = '{"event_name":"login","user":{"id":"c"},"context":{"event_id":"1","event_timestamp":1718006400000}}\n'
BAD = '{\n  "event_name": "login",\n  "user": {"id": "c"},\n  "context": {"event_timestamp": 1718006400000}\n}\n'
LEGACY = '{"event":"login","event_id":"1","event_timestamp":1718006400000,"properties":{"user":{"id":"c"}}}\n'
NO_PAYLOAD = '{"name": "a package", "version": "1.5.0", "event": "release"}\n'
EXPECT = '[tool.tcspec.expect]\n"fixtures/invalid/*.json" = ["TC201"]\n'

GIT = shutil.which("git") or "git"

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> None:
    """Run git as nobody in particular, without anybody's configuration."""
    identity = ("-c", "user.name=tcspec", "-c", "user.email=tcspec@example.org", "-c", "commit.gpgsign=false")
    environment = {**clean(), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run([GIT, *identity, *arguments], cwd=folder, env=environment, check=True, capture_output=True)


def clean() -> dict[str, str]:
    """Give the environment without what git leaves in it while it runs hooks."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def commit(folder: Path) -> Path:
    """Make a repository of a folder."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "files")
    return folder


def write(folder: Path, **files: str) -> Path:
    """Write files into a folder; two underscores stand for a slash."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def hooks(tmp_path_factory):
    """Give a repository of tcspec as it stands in the working tree."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return commit(folder)


@pytest.fixture(scope="module")
def run(hooks, tmp_path_factory):
    """Give what runs the hook on all files of a repository."""
    home = tmp_path_factory.mktemp("pre-commit")

    def run(folder: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PRE_COMMIT, "try-repo", hooks, "tcspec-validate", "--all-files", "--verbose"],
            cwd=commit(folder),
            env={**clean(), "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_fine(run, tmp_path):
    """Good fixtures, JSON that is no payload, and a fixture that fails as announced pass, and are counted."""
    write(tmp_path, fixtures__good=GOOD, package=NO_PAYLOAD, list="[1, 2]\n", fixtures__invalid__no_id=BAD)
    (tmp_path / "pyproject.toml").write_text(EXPECT, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no JSON", encoding="utf-8")
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 documents passed over as no payload" in done.stdout
    assert "2 payloads in 4 files: nothing wrong; 1 violation as expected" in done.stdout


def test_bad(run, tmp_path):
    """Bad payloads fail with file, line and column, whatever kind of file they are in."""
    write(tmp_path, good=GOOD, bad=BAD, broken='{"event_name":\n', old=LEGACY)
    (tmp_path / "events.ndjson").write_text(GOOD + "\n" + LEGACY, encoding="utf-8")
    done = run(tmp_path)
    assert done.returncode == 1
    assert {line.partition(" error ")[0] for line in done.stdout.splitlines() if " error " in line} == {
        "bad.json:4:14: TC201",
        "broken.json:2:1: TC001",
        "old.json:1:1: TC701",
        "events.ndjson:3:1: TC701",
    }


def test_announced_failure_that_does_not_occur(run, tmp_path):
    """A fixture that must fail and does not fails the hook, and the code that did not occur is named."""
    write(tmp_path, fixtures__invalid__good=GOOD)
    (tmp_path / "pyproject.toml").write_text(EXPECT, encoding="utf-8")
    done = run(tmp_path)
    assert done.returncode == 1
    assert "fixtures/invalid/good.json: expected TC201 did not occur" in done.stdout


def test_no_files(run, tmp_path):
    """A commit without JSON passes."""
    (tmp_path / "notes.txt").write_text("no JSON", encoding="utf-8")
    assert run(tmp_path).returncode == 0


def test_own_fixtures(tmp_path):
    """The hook of this repository passes on its own fixtures."""
    for name in ("fixtures", "pyproject.toml", ".pre-commit-config.yaml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    done = subprocess.run(
        [PRE_COMMIT, "run", "tcspec-validate", "--all-files", "--verbose"],
        cwd=commit(tmp_path),
        env={
            **clean(),
            "PATH": f"{PROGRAM.parent}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(tmp_path / ".git/pre-commit"),
            "PRE_COMMIT_COLOR": "never",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "violations as expected" in done.stdout
