"""What is released: the wheel and the sdist, as `make release-check` builds and installs them."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest
import yaml

from environment import skip_or_fail
from lab.release import CYCLONEDX, build, find_different, install, unpack, write_sbom
from locations import ROOT

TIME = "1735689600"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build the sdist and the wheel of the checkout."""
    return build(ROOT, tmp_path_factory.mktemp("built"), TIME)


@pytest.fixture(scope="module")
def wheel(built, tmp_path_factory):
    """Unpack the wheel."""
    unpacked = tmp_path_factory.mktemp("wheel")
    zipfile.ZipFile(built[0]).extractall(unpacked)
    return unpacked


@pytest.fixture(scope="module")
def python(built, tmp_path_factory):
    """Return the Python of an environment in which only the wheel and what it needs is installed."""
    return install(tmp_path_factory.mktemp("environment"), sys.executable, str(built[0]))


def test_schemas(wheel):
    """The schemas inside the wheel are those of the checkout, byte for byte."""
    published = {path.relative_to(ROOT / "schemas"): path.read_bytes() for path in (ROOT / "schemas").rglob("*.json")}
    folder = wheel / "tcspec" / "published"
    assert {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.json")} == published
    assert published


def test_contents(wheel):
    """The wheel has the package with its type marker, and no tests, fixtures or caches."""
    assert (wheel / "tcspec" / "py.typed").is_file()
    assert {path.name.partition("-")[0] for path in wheel.iterdir()} == {"tcspec"}
    assert not [path for path in wheel.rglob("*") if path.suffix in {".pyc", ".ndjson"} or path.name == "fixtures"]


def test_builds(built, tmp_path):
    """The sdist is complete: from it, elsewhere and later, wheel and sdist are built with the same bytes."""
    folder = unpack(built[1], tmp_path / "unpacked")
    assert find_different(built, build(folder, tmp_path / "again", TIME)) == []
    assert (folder / "tests" / "conftest.py").is_file()
    assert not list(folder.glob(".venv*"))


def run(python, folder, *arguments):
    """Run the installed program in a folder."""
    return subprocess.run(
        [python.parent / "tcspec", *arguments], cwd=folder, env={}, check=False, capture_output=True, text=True
    )


def test_installed(python, tmp_path):
    """An installed tcspec is the one that runs, and finds its schemas inside the package."""
    script = (
        "import json, tcspec; print(json.dumps([tcspec.__file__, len(tcspec.validate({})), len(tcspec.json_schema())]))"
    )
    done = subprocess.run([python, "-c", script], cwd=tmp_path, env={}, check=True, capture_output=True)
    path, violations, keywords = json.loads(done.stdout)
    assert Path(path).is_relative_to(python.parent.parent)
    assert violations == 3
    assert keywords
    assert run(python, tmp_path, "schema", "--check").returncode == 0


def test_explanations(python, tmp_path):
    """An installed tcspec explains its codes, the rows that they cite, and the standard events."""
    for arguments in (("rules", "TC210"), ("rules", "K006"), ("event", "purchase")):
        done = run(python, tmp_path, *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert arguments[1] in done.stdout


def test_check(python, tmp_path):
    """An installed tcspec reports what is wrong with a file."""
    (tmp_path / "event.json").write_text('{"event_name": "search", "user": {}, "context": {}}', encoding="utf-8")
    done = run(python, tmp_path, "check", "event.json")
    assert done.returncode == 1
    assert "TC101 error: missing required property `search_term`" in done.stdout


def test_sbom(python, tmp_path):
    """The SBOM describes tcspec with its version, and everything that is installed with it and nothing else."""
    if not CYCLONEDX.is_file():
        skip_or_fail("SBOM", "make .venv-release/installed has not been run")
    write_sbom(python, tmp_path / "sbom.json", "1.2.3")
    sbom = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))
    described = sbom["metadata"]["component"]
    assert (described["name"], described["version"]) == ("tcspec", "1.2.3")
    assert described["licenses"][0]["license"]["id"] == "Apache-2.0"
    names = {component["name"].replace("_", "-") for component in sbom["components"]}
    packages = Path(sysconfig.get_path("purelib", vars={"base": python.parent.parent}))
    installed = {path.name.partition("-")[0].replace("_", "-") for path in packages.glob("*.dist-info")}
    assert names == installed - {"tcspec"}


def test_workflow():
    """The release is published without a stored password, by a job that has no other right, with pinned actions."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    jobs = workflow["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    assert [step["uses"] for step in steps if "uses" in step and len(step["uses"].partition("@")[2]) != 40] == []
    assert workflow["permissions"] == {}
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert jobs["publish"]["environment"]
    assert not any("run" in step for step in jobs["publish"]["steps"])
    assert any("make release-check" in step.get("run", "") for step in jobs["build"]["steps"])
    assert jobs["publish"]["needs"] == ["build", "compiled"]
    assert jobs["compiled"]["needs"] == "build"
    assert jobs["compiled"]["permissions"] == {}
