from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import tcspec
from tcspec.contract.schemas import schema_folder

NAMES = [
    *("event/1.0", "event/2.0", "batch/2.0", "pixel/2.0", "user/1.0", "product/2.0", "conversion/2.0"),
    "catalog",
]
"""The names of the published schemas, with the catalogue."""


def test_list():
    """Without a name, the published schemas are listed."""
    assert tcspec("schema").out.splitlines() == [*NAMES, "report", "migration-report"]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("event", "event/2.0.json"),
        ("event/1.0", "event/1.0.json"),
        ("event/2.0", "event/2.0.json"),
        ("batch", "batch/2.0.json"),
        ("pixel", "pixel/2.0.json"),
        ("user", "user/1.0.json"),
        ("product", "product/2.0.json"),
        ("conversion/2.0", "conversion/2.0.json"),
        ("catalog", "catalog.json"),
        ("report", "report/1.0.json"),
        ("report/1.0", "report/1.0.json"),
        ("migration-report", "migration-report/1.0.json"),
    ],
)
def test_print(name, file):
    """A schema is printed as it is published, the newest version of its kind by default."""
    ran = tcspec("schema", name)
    assert (ran.code, ran.out) == (0, (schema_folder() / file).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["evnt", "event/3.0", "event/", "../pyproject"])
def test_unknown(name):
    """An unknown name is a usage error that names the known ones."""
    ran = tcspec("schema", name)
    assert (ran.code, ran.out) == (2, "")
    names = ", ".join([*NAMES, "report", "migration-report"])
    assert ran.err == f"tcspec: unknown name {name!r}; choose from {names}\n"


def test_write_and_check(tmp_path):
    """--check names the files that differ from the models, and --write writes these and no others."""
    ran = tcspec("schema", "--write", tmp_path)
    assert (ran.code, ran.err.count("wrote ")) == (0, len(NAMES))
    assert tcspec("schema", "--write", tmp_path).err == f"{tmp_path} is up to date\n"
    assert tcspec("schema", "--check", tmp_path).code == 0
    (tmp_path / "event/2.0.json").write_text("{}", encoding="utf-8")
    (tmp_path / "catalog.json").unlink()
    ran = tcspec("schema", "--check", tmp_path)
    assert ran.code == 1
    assert ran.out.splitlines() == [str(tmp_path / "event/2.0.json"), str(tmp_path / "catalog.json")]
    assert "2 of 8 files differ" in ran.err
    unchanged = (tmp_path / "event/1.0.json").stat().st_mtime_ns
    ran = tcspec("schema", "--write", tmp_path)
    assert ran.err.splitlines() == [f"wrote {tmp_path / name}" for name in ("event/2.0.json", "catalog.json")]
    assert tcspec("schema", "--check", tmp_path).code == 0
    assert (tmp_path / "event/1.0.json").stat().st_mtime_ns == unchanged
    written = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(written) == sorted(f"{name}.json" for name in NAMES)


def test_check_published(monkeypatch, tmp_path):
    """Without a folder, --check compares the schemas that tcspec itself uses."""
    for path in (f"{name}.json" for name in NAMES):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(json.dumps({}), encoding="utf-8")
    monkeypatch.setattr("tcspec.cli.schema.schema_folder", lambda: tmp_path)
    assert tcspec("schema", "--check").out.count("\n") == len(NAMES)


def test_unwritable(tmp_path):
    """A folder that cannot be written is an error."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    ran = tcspec("schema", "--write", tmp_path / "file")
    assert (ran.code, ran.err) == (2, f"tcspec: {tmp_path / 'file'}: Not a directory\n")


def test_exclusive_options():
    """A name, --write and --check exclude each other."""
    assert tcspec("schema", "event", "--check", str(Path())).code == 2
