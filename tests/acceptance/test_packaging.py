"""The wheel contains the package with its schemas and types, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from locations import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Build the wheel of the checkout and unpack it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    unpacked = folder / "unpacked"
    zipfile.ZipFile(built).extractall(unpacked)
    return unpacked


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


def test_installed(wheel, tmp_path):
    """An installed tcspec finds its schemas inside the package, wherever it runs."""
    script = (
        "import json, tcspec; print(json.dumps([tcspec.__file__, len(tcspec.validate({})), len(tcspec.json_schema())]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env={"PYTHONPATH": str(wheel)}, check=True, capture_output=True
    )
    path, violations, keywords = json.loads(done.stdout)
    assert Path(path).is_relative_to(wheel)
    assert violations == 3
    assert keywords
