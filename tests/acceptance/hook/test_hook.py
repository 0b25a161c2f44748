"""The pre-commit hooks, run by pre-commit on temporary repositories."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from command import PROGRAM
from locations import ROOT

SHIPPED = ("tcspec", "schemas", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
PRE_COMMIT = Path(sysconfig.get_path("scripts")) / "pre-commit"

USER = '"user":{"id":"c","consistent_anonymous_id":"a","consent_categories":["1"]}'
GOOD = '{"event_name":"login",' + USER + ',"context":{"event_id":"1","event_timestamp":1718006400000}}\n'
BAD = '{\n  "event_name": "login",\n  ' + USER + ',\n  "context": {"event_timestamp": 1718006400000}\n}\n'
LEGACY = '{"event":"login","event_id":"1","event_timestamp":1718006400000,"properties":{' + USER + "}}\n"
NO_PAYLOAD = '{"name": "a package", "version": "1.5.0", "event": "release"}\n'
EXPECT = '[tool.tcspec.expect]\n"fixtures/invalid/*.json" = ["TC201"]\n'

GIT = shutil.which("git") or "git"

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> None:
    """Run git with a fixed identity and without configuration of the machine."""
    identity = ("-c", "user.name=tcspec", "-c", "user.email=tcspec@example.org", "-c", "commit.gpgsign=false")
    environment = {**clean(), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run([GIT, *identity, *arguments], cwd=folder, env=environment, check=True, capture_output=True)


def clean() -> dict[str, str]:
    """Return the environment without the variables that git sets while it runs hooks."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def commit(folder: Path) -> Path:
    """Commit all files of a folder, which becomes a repository."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "files")
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
    """Return a repository of tcspec as it is in the working tree."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return commit(folder)


def pre_commit(folder: Path, home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run pre-commit on all files of a folder."""
    return subprocess.run(
        [PRE_COMMIT, *map(str, arguments), "--all-files", "--verbose"],
        cwd=commit(folder),
        env={**clean(), "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def run(hooks, tmp_path_factory):
    """Return a function that runs a hook with the configuration of a repository.

    All runs share the environment that pre-commit installs once.
    """
    home = tmp_path_factory.mktemp("pre-commit")

    def run(folder: Path, hook: str = "tcspec-check", *arguments: str) -> subprocess.CompletedProcess[str]:
        revision = subprocess.run(
            [GIT, "rev-parse", "HEAD"], cwd=hooks, env=clean(), check=True, capture_output=True, text=True
        ).stdout.strip()
        configured = {"id": hook} | ({"args": list(arguments)} if arguments else {})
        repository = {"repo": str(hooks), "rev": revision, "hooks": [configured]}
        (folder / ".pre-commit-config.yaml").write_text(json.dumps({"repos": [repository]}), encoding="utf-8")
        return pre_commit(folder, home, "run")

    return run


def test_good(run, tmp_path):
    """The hook passes a valid payload without any configuration but its name."""
    write(tmp_path, good=GOOD)
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 payload in 1 file: no violations" in done.stdout


def test_fine(run, tmp_path):
    """Valid fixtures, JSON that is not a payload, and a fixture with an expected violation pass, and are counted."""
    write(tmp_path, fixtures__good=GOOD, package=NO_PAYLOAD, list="[1, 2]\n", fixtures__invalid__no_id=BAD)
    (tmp_path / "pyproject.toml").write_text(EXPECT, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no JSON", encoding="utf-8")
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 documents skipped, not a payload" in done.stdout
    assert "2 payloads in 4 files: no violations; 1 expected violation" in done.stdout


def test_invalid(run, tmp_path):
    """Invalid payloads fail with file, line and column, in any kind of file."""
    write(tmp_path, good=GOOD, bad=BAD, broken='{"event_name":\n', old=LEGACY)
    (tmp_path / "events.ndjson").write_text(GOOD + "\n" + LEGACY, encoding="utf-8")
    done = run(tmp_path)
    assert done.returncode == 1
    assert {line.partition(" error: ")[0] for line in done.stdout.splitlines() if " error: " in line} == {
        "bad.json:4:14: TC201",
        "broken.json:2:1: TC001",
        "old.json:1:1: TC701",
        "events.ndjson:3:1: TC701",
    }


def test_the_command_agrees(run, tmp_path):
    """The hook, the command and its GitHub format report the same code, line and column."""
    write(tmp_path, bad=BAD)
    expected = "bad.json:4:14: TC201 error: "
    assert expected in run(tmp_path).stdout
    runs = [
        subprocess.run([PROGRAM, "check", *how, "bad.json"], cwd=tmp_path, capture_output=True, text=True, check=False)
        for how in ((), ("--format", "github"))
    ]
    assert expected in runs[0].stdout
    assert "::error file=bad.json,line=4,col=14,title=tcspec TC201::" in runs[1].stdout


def test_expected_violation_that_does_not_occur(run, tmp_path):
    """A fixture without its expected violation fails the hook, with the code that did not occur."""
    write(tmp_path, fixtures__invalid__good=GOOD)
    (tmp_path / "pyproject.toml").write_text(EXPECT, encoding="utf-8")
    done = run(tmp_path)
    assert done.returncode == 1
    assert "fixtures/invalid/good.json: unmet error: expected TC201, which did not occur" in done.stdout


def test_rules(run, tmp_path):
    """The hook checks the rules too, with the severities of the project."""
    date = GOOD.replace("1718006400000", '"2024-06-10T08:00:00Z"')
    write(tmp_path, good=GOOD, date=date)
    assert run(tmp_path).returncode == 0
    (tmp_path / "tcspec.toml").write_text('[severity]\nTC213 = "error"\n', encoding="utf-8")
    done = run(tmp_path)
    assert done.returncode == 1
    assert f"date.json:1:{date.index('2024-06-10')}: TC213 error: " in done.stdout


def test_baseline(run, tmp_path):
    """A hook may have a baseline: known violations pass, new ones fail."""
    write(tmp_path, bad=BAD)
    known = [{"path": "bad.json", "code": "TC201", "pointer": "/context", "count": 1}]
    (tmp_path / "known.txt").write_text(json.dumps({"baseline_version": 1, "violations": known}), encoding="utf-8")
    assert run(tmp_path, "tcspec-check", "--baseline", "known.txt").returncode == 0
    write(tmp_path, worse=BAD)
    done = run(tmp_path, "tcspec-check", "--baseline", "known.txt")
    assert done.returncode == 1
    assert "worse.json:4:14: TC201 error: " in done.stdout


class TestUpgrade:
    """`tcspec-upgrade`: no legacy events."""

    def test_fine(self, run, tmp_path):
        """2.0 events, JSON that is not an event, and a legacy event that the project expects pass."""
        write(tmp_path, good=GOOD, package=NO_PAYLOAD, tool='{"version": 1, "name": "x"}\n', fixtures__old__a=LEGACY)
        (tmp_path / "pyproject.toml").write_text(
            '[tool.tcspec.expect]\n"fixtures/old/*" = ["TC701"]\n', encoding="utf-8"
        )
        done = run(tmp_path, "tcspec-upgrade")
        assert done.returncode == 0, done.stdout + done.stderr
        assert (tmp_path / "fixtures/old/a.json").read_text(encoding="utf-8") == LEGACY

    def test_legacy(self, run, tmp_path):
        """A legacy event fails, alone or in a batch, and no file is changed."""
        batch = f'{{"batch": [{LEGACY}]}}\n'
        write(tmp_path, good=GOOD, old=LEGACY, batch=batch)
        done = run(tmp_path, "tcspec-upgrade")
        assert done.returncode == 1
        assert "old.json: would be upgraded" in done.stdout
        assert "batch.json: would be upgraded" in done.stdout
        assert "good.json" not in done.stdout
        assert (tmp_path / "old.json").read_text(encoding="utf-8") == LEGACY

    def test_write(self, run, tmp_path):
        """With `--write` it is upgraded, which pre-commit reports; then the hook passes."""
        write(tmp_path, good=GOOD, old=LEGACY, package=NO_PAYLOAD)
        done = run(tmp_path, "tcspec-upgrade", "--write")
        assert done.returncode == 1
        assert "files were modified by this hook" in done.stdout
        assert json.loads((tmp_path / "old.json").read_bytes())["event_name"] == "login"
        assert (tmp_path / "package.json").read_text(encoding="utf-8") == NO_PAYLOAD
        assert run(tmp_path, "tcspec-upgrade", "--write").returncode == 0


def test_ask_20_schema(run, tmp_path):
    """`tcspec-schema`: the schemas of a repository are those of its tcspec; without schemas it fails."""
    shutil.copytree(ROOT / "schemas", tmp_path / "schemas")
    done = run(tmp_path, "tcspec-schema")
    assert done.returncode == 0, done.stdout + done.stderr
    (tmp_path / "schemas/event/2.0.json").write_text("{}\n", encoding="utf-8")
    done = run(tmp_path, "tcspec-schema")
    assert done.returncode == 1
    assert "schemas/event/2.0.json" in done.stdout
    shutil.move(tmp_path / "schemas", tmp_path / "contract")
    assert run(tmp_path, "tcspec-schema", "contract").returncode == 1
    done = run(tmp_path, "tcspec-schema")
    assert done.returncode == 1
    assert "schemas/user/1.0.json" in done.stdout


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
        [PRE_COMMIT, "run", "tcspec-check", "--all-files", "--verbose"],
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
    assert "expected violations" in done.stdout
