"""The published files: how they are written, and that they are up to date."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from judges import ROOT, SCHEMAS
from tcspec.kinds import VERSIONS
from tcspec.models import publishing

PATHS = [*(version.schema for versions in VERSIONS.values() for version in versions), "catalog.json"]


def test_committed_files_are_what_the_models_publish():
    """The committed schemas and catalogue are up to date: `tcspec schema --write schemas` changes nothing."""
    assert publishing.find_drift(SCHEMAS) == []


def test_drift_is_seen_and_mended(tmp_path):
    """A file that is missing, edited or stale is named, and written anew; the others are left alone."""
    assert publishing.write_files(tmp_path) == PATHS
    assert publishing.find_drift(tmp_path) == []
    untouched = (tmp_path / "event" / "1.0.json").stat().st_mtime_ns
    (tmp_path / "event" / "2.0.json").write_text("{}\n", encoding="utf-8")
    (tmp_path / "catalog.json").unlink()
    assert publishing.find_drift(tmp_path) == ["event/2.0.json", "catalog.json"]
    assert publishing.write_files(tmp_path) == ["event/2.0.json", "catalog.json"]
    assert publishing.find_drift(tmp_path) == []
    assert (tmp_path / "event" / "1.0.json").stat().st_mtime_ns == untouched
    written = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(written) == sorted(PATHS)


def test_nothing_else_is_published():
    """The folder of published schemas holds one file a kind and version, catalogue, schema of reports, and no more."""
    found = [path.relative_to(SCHEMAS).as_posix() for path in SCHEMAS.rglob("*") if path.is_file()]
    assert sorted(found) == sorted([*PATHS, "report/1.0.json"])


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    """A file is replaced whole or not at all, and no remains are left beside it."""
    publishing.write_files(tmp_path)
    (tmp_path / "catalog.json").write_text("old\n", encoding="utf-8")

    def full_disk(_self, _target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OSError, match="No space"):
        publishing.write_files(tmp_path)
    assert (tmp_path / "catalog.json").read_text(encoding="utf-8") == "old\n"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["catalog.json"]


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
