"""The published files are what the models describe, byte for byte."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tcspec.kinds import VERSIONS
from tcspec.models import publishing
from validators import ROOT, SCHEMAS

PATHS = [*(version.schema for version in VERSIONS), "catalog.json"]


def test_committed_files_are_what_the_models_publish():
    """The committed schemas and catalogue are up to date: `tcspec schema --write schemas` changes nothing."""
    assert publishing.find_drift(SCHEMAS) == []


def test_drift(tmp_path):
    """A file that is missing or has another content is drift."""
    for path, text in publishing.build_files().items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    assert publishing.find_drift(tmp_path) == []
    (tmp_path / "event" / "2.0.json").write_text("{}\n", encoding="utf-8")
    (tmp_path / "catalog.json").unlink()
    assert publishing.find_drift(tmp_path) == ["event/2.0.json", "catalog.json"]
    assert list(publishing.build_files()) == PATHS


def test_nothing_else_is_published():
    """The folder has one file per version of a kind, the catalogue, the schemas of reports, and nothing else."""
    found = [path.relative_to(SCHEMAS).as_posix() for path in SCHEMAS.rglob("*") if path.is_file()]
    assert sorted(found) == sorted([*PATHS, "report/1.0.json", "migration-report/1.0.json"])


@pytest.mark.slow
def test_publishing_is_deterministic():
    """Another process, with another hash seed, publishes the same bytes."""
    program = (
        "import hashlib, json; from tcspec.models.publishing import build_files; "
        "print(hashlib.sha256(json.dumps(build_files()).encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, cwd=ROOT, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


@pytest.mark.parametrize("path", PATHS)
def test_files_end_as_text_files_do(path):
    """Published files are indented by two, in UTF-8, and end with one line break."""
    text = (SCHEMAS / path).read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"
